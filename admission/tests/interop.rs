//! Signatures and keys of the tool minisign.

mod support;

use std::path::Path;

use plug_admission::{Admission, Candidate, PublicKey, Trust, TrustedKey};
use support::codes;

fn file(name: &str) -> Vec<u8> {
    std::fs::read(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/minisign").join(name)).unwrap()
}

/// Files that minisign 0.11 of Debian wrote: `minisign -G -W`, and `minisign -S -m upper.wasm
/// -t plugin:upper`, the second time with `-l`. With the tool itself, `cargo plug` is tried.
#[test]
fn what_minisign_signed_is_admitted() {
    let key: PublicKey = String::from_utf8(file("minisign.pub")).unwrap().parse().unwrap();
    let admission = Admission::new().trust(Trust::new().with(TrustedKey::new("minisign", key)));
    let (bytes, signature) = (file("upper.wasm"), file("upper.wasm.minisig"));
    let candidate = Candidate::new("upper", &bytes).signature(Some(&signature));
    let signer = admission.check(&candidate).unwrap().signer.unwrap();
    assert_eq!(signer.name, "minisign");

    let lower = Candidate::new("lower", &bytes).signature(Some(&signature));
    assert_eq!(codes(&admission.check(&lower).unwrap_err()), ["PLG1116"]);
    let legacy = file("upper.wasm.legacy.minisig");
    let candidate = candidate.signature(Some(&legacy));
    assert_eq!(codes(&admission.check(&candidate).unwrap_err()), ["PLG1111"]);
}
