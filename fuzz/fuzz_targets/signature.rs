//! Signatures, in minisign's format: `cargo fuzz run signature`.
#![no_main]

use std::sync::LazyLock;

use libfuzzer_sys::fuzz_target;
use plug_admission::{Admission, Candidate, Signature, Trust, TrustedKey};
use plug_fuzz::shown;

const ARTIFACT: &[u8] = include_bytes!("../../admission/tests/minisign/upper.wasm");
const SIGNATURE: &[u8] = include_bytes!("../../admission/tests/minisign/upper.wasm.minisig");
const KEY: &str = include_str!("../../admission/tests/minisign/minisign.pub");

static ADMISSION: LazyLock<Admission> = LazyLock::new(|| {
    let key = KEY.parse().expect("it is a key");
    Admission::new().trust(Trust::new().with(TrustedKey::new("minisign", key))).require_signature(true)
});

fuzz_target!(|bytes: &[u8]| {
    match Signature::read(bytes) {
        Ok(signature) => {
            let _ = (format!("{signature:?}"), signature.key().to_string());
        }
        Err(error) => shown(&error),
    }
    let candidate = Candidate::new("upper", ARTIFACT).signature(Some(bytes));
    match ADMISSION.check(&candidate) {
        // nobody forges one: it is the good one, but for the line that is not signed
        Ok(_) => assert_eq!(signed(bytes), signed(SIGNATURE)),
        Err(refused) => shown(&refused),
    }
});

fn signed(signature: &[u8]) -> Vec<&str> {
    std::str::from_utf8(signature).expect("it was read").lines().skip(1).collect()
}
