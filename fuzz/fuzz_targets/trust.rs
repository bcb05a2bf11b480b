//! Trust files, which say whose signatures count: `cargo fuzz run trust`.
#![no_main]

use libfuzzer_sys::fuzz_target;
use plug_admission::{Admission, Candidate, PublicKey, Trust};
use plug_fuzz::shown;

const ARTIFACT: &[u8] = include_bytes!("../../admission/tests/minisign/upper.wasm");
const SIGNATURE: &[u8] = include_bytes!("../../admission/tests/minisign/upper.wasm.minisig");
const KEY: &str = include_str!("../../admission/tests/minisign/minisign.pub");

fuzz_target!(|text: &str| {
    if let Ok(key) = text.parse::<PublicKey>() {
        assert_eq!(key.to_string().parse::<PublicKey>().as_ref(), Ok(&key));
        assert_eq!(key.id().to_string().parse(), Ok(key.id()));
    }
    let trust = match Trust::parse("trust.toml", text) {
        Ok(trust) => trust,
        Err(error) => return shown(&error),
    };
    let signer: PublicKey = KEY.parse().expect("it is a key");
    let trusted = trust.keys().any(|key| {
        key.key == signer && !key.revoked && key.plugins.iter().any(|plugin| plugin.matches("upper"))
    });
    let candidate = Candidate::new("upper", ARTIFACT).signature(Some(SIGNATURE));
    let decided = Admission::new().trust(trust).check(&candidate);
    assert_eq!(decided.is_ok(), trusted, "{text}");
    if let Err(refused) = decided {
        shown(&refused);
    }
});
