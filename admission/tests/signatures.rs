//! Each way in which a signature can be wrong, with the real bytes: all are refused.

mod support;

use ct_codecs::{Base64, Decoder as _, Encoder as _};
use plug_admission::{Admission, Candidate, MAX_SIGNATURE_BYTES, SignatureError, Trust, comment};
use plug_contract::{Digest, SECTION_NAME};
use support::{Somebody, append, artifact, refusal, signed_only, stripped};

#[test]
fn a_good_signature_is_admitted() {
    let (somebody, bytes) = (Somebody::new(), artifact());
    let signature = somebody.sign("upper", &bytes);
    let candidate = Candidate::new("upper", &bytes).signature(Some(&signature));
    let admitted = signed_only(&somebody).check(&candidate).unwrap();
    let signer = admitted.signer.unwrap();
    assert_eq!((signer.name.as_str(), signer.key), ("acme", somebody.key().id()));
    assert_eq!(admitted.digest, Digest::of(&bytes));
    assert!(!admitted.is_pinned);
    // the least that a signature has to say
    let signature = somebody.sign_saying(&bytes, "plugin:upper");
    let candidate = Candidate::new("upper", &bytes).signature(Some(&signature));
    assert!(signed_only(&somebody).check(&candidate).is_ok());
}

#[test]
fn without_a_signature() {
    let (somebody, bytes) = (Somebody::new(), artifact());
    assert_eq!(refusal(&signed_only(&somebody), &bytes, None), ["PLG1110"]);
    // a policy may ask for it where the host does not
    let admission = Admission::new().trust(Trust::new().with(somebody.trusted(&["*"])));
    let candidate = Candidate::new("upper", &bytes);
    assert!(admission.check(&candidate).is_ok());
    let refused = admission.check(&candidate.require_signature(true)).unwrap_err();
    assert_eq!(refused.code(), "PLG1110");
}

#[test]
fn of_a_key_that_is_not_known() {
    let (somebody, stranger, bytes) = (Somebody::new(), Somebody::new(), artifact());
    let signature = stranger.sign("upper", &bytes);
    assert_eq!(refusal(&signed_only(&somebody), &bytes, Some(&signature)), ["PLG1112"]);
    // a signature that is there has to be good, required or not
    let admission = signed_only(&somebody).require_signature(false);
    assert_eq!(refusal(&admission, &bytes, Some(&signature)), ["PLG1112"]);
    let nobody = Admission::new().trust(Trust::new()).require_signature(true);
    assert_eq!(refusal(&nobody, &bytes, Some(&signature)), ["PLG1112"]);
}

#[test]
fn of_a_stranger_who_names_a_key_that_is_trusted() {
    let (somebody, stranger, bytes) = (Somebody::new(), Somebody::new(), artifact());
    let signature = String::from_utf8(stranger.sign("upper", &bytes)).unwrap();
    let good = String::from_utf8(somebody.sign("upper", &bytes)).unwrap();
    // behind two bytes for the algorithm stand eight for the number of the key
    let bytes_of = |text: &str| Base64::decode_to_vec(line(text, 1), None).unwrap();
    let forged = [&bytes_of(&good)[..10], &bytes_of(&signature)[10..]].concat();
    let forged = Base64::encode_to_string(forged).unwrap();
    let forged = signature.replacen(line(&signature, 1), &forged, 1);
    assert_eq!(refusal(&signed_only(&somebody), &bytes, Some(forged.as_bytes())), ["PLG1115"]);
}

fn line(text: &str, index: usize) -> &str {
    text.lines().nth(index).unwrap()
}

#[test]
fn of_a_key_that_may_not_sign_this_plugin() {
    let (somebody, bytes) = (Somebody::new(), artifact());
    let signature = somebody.sign("upper", &bytes);
    for plugins in [&["lower"][..], &[], &["upper-*", "uppe"], &["UPPER"]] {
        let admission = Admission::new().trust(Trust::new().with(somebody.trusted(plugins)));
        assert_eq!(refusal(&admission, &bytes, Some(&signature)), ["PLG1114"], "{plugins:?}");
    }
    for plugins in [&["upper"][..], &["up*"], &["*"], &["lower", "upper"]] {
        let admission = Admission::new().trust(Trust::new().with(somebody.trusted(plugins)));
        let candidate = Candidate::new("upper", &bytes).signature(Some(&signature));
        assert!(admission.check(&candidate).is_ok(), "{plugins:?}");
    }
}

#[test]
fn of_a_key_that_is_revoked() {
    let (somebody, bytes) = (Somebody::new(), artifact());
    let signature = somebody.sign("upper", &bytes);
    let admission = Admission::new().trust(Trust::new().with(somebody.trusted(&["*"]).revoked()));
    assert_eq!(refusal(&admission, &bytes, Some(&signature)), ["PLG1113"]);
}

#[test]
fn what_is_wrong_for_different_reasons_is_told_together() {
    let (somebody, bytes) = (Somebody::new(), artifact());
    let signature = somebody.sign("upper", &bytes);
    let admission = Admission::new().trust(Trust::new().with(somebody.trusted(&["lower"]).revoked()));
    let mut changed = bytes;
    append(&mut changed, "x", b"y");
    assert_eq!(refusal(&admission, &changed, Some(&signature)), ["PLG1113", "PLG1114", "PLG1115"]);
}

#[test]
fn one_byte_changed_anywhere() {
    let (somebody, bytes) = (Somebody::new(), artifact());
    let admission = signed_only(&somebody);
    let signature = somebody.sign("upper", &bytes);
    for at in 0..bytes.len() {
        let mut changed = bytes.clone();
        changed[at] ^= 1;
        let codes = refusal(&admission, &changed, Some(&signature));
        assert!(codes.contains(&"PLG1115"), "byte {at}: {codes:?}");
    }
    for at in [bytes.len() - 1, 8, 0] {
        assert!(refusal(&admission, &bytes[..at], Some(&signature)).contains(&"PLG1115"), "cut at {at}");
    }
}

#[test]
fn a_section_stripped_altered_or_added() {
    let (somebody, bytes) = (Somebody::new(), artifact());
    let admission = signed_only(&somebody);
    let signature = somebody.sign("upper", &bytes);
    for name in [SECTION_NAME, "producers"] {
        assert_eq!(refusal(&admission, &stripped(&bytes, name), Some(&signature)), ["PLG1115"], "{name}");
    }
    let mut altered = stripped(&bytes, SECTION_NAME);
    append(&mut altered, SECTION_NAME, br#"{"format":1,"wants":["net"]}"#);
    assert_eq!(refusal(&admission, &altered, Some(&signature)), ["PLG1115"]);
    let mut added = bytes.clone();
    append(&mut added, "note", b"");
    assert_eq!(refusal(&admission, &added, Some(&signature)), ["PLG1115"]);
    // put back as it was, it is the same artifact
    let mut again = stripped(&bytes, SECTION_NAME);
    append(&mut again, SECTION_NAME, br#"{"format":1,"wants":[]}"#);
    assert_eq!(again, bytes);
}

#[test]
fn of_another_file() {
    let (somebody, bytes) = (Somebody::new(), artifact());
    let mut other = bytes.clone();
    append(&mut other, "version", b"2");
    let signature = somebody.sign("upper", &other);
    assert_eq!(refusal(&signed_only(&somebody), &bytes, Some(&signature)), ["PLG1115"]);
}

#[test]
fn for_another_plugin_or_for_none_by_name() {
    let (somebody, bytes) = (Somebody::new(), artifact());
    let admission = Admission::new().trust(Trust::new().with(somebody.trusted(&["*"])));
    for comment in ["plugin:lower", "timestamp:1700000000\tfile:upper.wasm\thashed", "", "xplugin:upper"] {
        let signature = somebody.sign_saying(&bytes, comment);
        assert_eq!(refusal(&admission, &bytes, Some(&signature)), ["PLG1116"], "{comment:?}");
    }
    for comment in ["plugin:upper plugin:lower", "plugin:upper\tplugin:upper"] {
        let signature = somebody.sign_saying(&bytes, comment);
        assert_eq!(refusal(&admission, &bytes, Some(&signature)), ["PLG1111"], "{comment:?}");
    }
    // signed by the right key over the right bytes, and yet it says that these are others
    let comment = comment("upper", &Digest::of(b"other"));
    let signature = somebody.sign_saying(&bytes, &comment);
    assert_eq!(refusal(&admission, &bytes, Some(&signature)), ["PLG1115"]);
}

#[test]
fn a_comment_that_was_changed() {
    let (somebody, bytes) = (Somebody::new(), artifact());
    let admission = Admission::new().trust(Trust::new().with(somebody.trusted(&["*"])));
    let signature = String::from_utf8(somebody.sign("lower", &bytes)).unwrap();
    let renamed = signature.replace("plugin:lower", "plugin:upper");
    assert_ne!(renamed, signature);
    assert_eq!(refusal(&admission, &bytes, Some(renamed.as_bytes())), ["PLG1115"]);
    // the comment, with its own signature, of another one
    let other = String::from_utf8(somebody.sign("upper", b"other")).unwrap();
    let mixed = [line(&signature, 0), line(&signature, 1), line(&other, 2), line(&other, 3)].join("\n");
    assert_eq!(refusal(&admission, &bytes, Some(mixed.as_bytes())), ["PLG1115"]);
}

#[test]
fn cut_anywhere() {
    let (somebody, bytes) = (Somebody::new(), artifact());
    let admission = signed_only(&somebody);
    let signature = somebody.sign("upper", &bytes);
    let whole = signature.trim_ascii_end().len();
    for end in 0..whole {
        let codes = refusal(&admission, &bytes, Some(&signature[..end]));
        assert!(codes == ["PLG1111"] || codes == ["PLG1115"], "cut at {end}: {codes:?}");
    }
    let candidate = Candidate::new("upper", &bytes).signature(Some(&signature[..whole]));
    assert!(admission.check(&candidate).is_ok(), "the end of the last line may be missing");
}

#[test]
fn one_byte_changed_in_the_signature() {
    let (somebody, bytes) = (Somebody::new(), artifact());
    let admission = signed_only(&somebody);
    let signature = somebody.sign("upper", &bytes);
    let untrusted = signature.iter().position(|byte| *byte == b'\n').unwrap();
    // the last character of a line may hold bits that say nothing; `g` and `A` differ in the first
    for at in untrusted + 1..signature.trim_ascii_end().len() {
        let mut changed = signature.clone();
        changed[at] = if changed[at] == b'g' { b'A' } else { b'g' };
        let codes = refusal(&admission, &bytes, Some(&changed));
        assert!(codes.len() == 1 && codes[0].starts_with("PLG111"), "byte {at}: {codes:?}");
    }
}

#[test]
fn too_large_two_at_once_or_no_text() {
    let (somebody, bytes) = (Somebody::new(), artifact());
    let admission = signed_only(&somebody);
    let good = somebody.sign("upper", &bytes);
    let told = |signature: &[u8]| {
        let candidate = Candidate::new("upper", &bytes).signature(Some(signature));
        let refused = admission.check(&candidate).unwrap_err();
        assert_eq!(refused.code(), "PLG1111");
        refused.failures()[0].to_string()
    };
    let comment = "x".repeat(MAX_SIGNATURE_BYTES);
    let large = somebody.sign_saying(&bytes, &format!("plugin:upper {comment}"));
    assert_eq!(told(&large), "its signature cannot be read: the file is too large");
    let two = [good.as_slice(), &good].concat();
    assert_eq!(told(&two), "its signature cannot be read: there is more in the file than one signature");
    assert_eq!(told(b"\xff\xfe"), "its signature cannot be read: it is no text");
    assert_eq!(told(b""), "its signature cannot be read: the file ends early");
    assert_eq!(told(b"a\nb\nc\nd\n"), "its signature cannot be read: it is no signature of minisign");
    assert_eq!(
        told(b"untrusted comment: x\nRWQ\ntrusted comment: plugin:upper\nx\n"),
        "its signature cannot be read: its second line is no signature"
    );
}

#[test]
fn of_the_old_kind() {
    let old = "untrusted comment: signature from minisign secret key\n\
        RWQf6LRCGA9i59SLOFxz6NxvASXDJeRtuZykwQepbDEGt87ig1BNpWaVWuNrm73YiIiJbq71Wi+dP9eKL8OC351vwIasSSbXxwA=\n\
        trusted comment: timestamp:1555779966\tfile:test\n\
        QtKMXWyYcwdpZAlPF7tE2ENJkRd1ujvKjlj1m9RtHTBnZPa5WKU5uWRs5GoP5M/VqE81QFuMKI5k/SfNQUaOAA==\n";
    let candidate = Candidate::new("upper", b"\0asm\x0d\0\x01\0").signature(Some(old.as_bytes()));
    let refused = signed_only(&Somebody::new()).check(&candidate).unwrap_err();
    assert_eq!(refused.failures()[0].to_string(), SignatureError::Legacy.to_string());
    assert_eq!(refused.code(), "PLG1111");
}

#[test]
fn where_nobody_is_trusted() {
    let (somebody, bytes) = (Somebody::new(), artifact());
    let signature = somebody.sign("upper", &bytes);
    let admission = Admission::new().require_signature(true);
    assert_eq!(refusal(&admission, &bytes, Some(&signature)), ["PLG1117"]);
    assert_eq!(refusal(&admission, &bytes, None), ["PLG1117"]);
    // without trust a signature says nothing, so nobody is said to have signed
    let candidate = Candidate::new("upper", &bytes).signature(Some(b"nonsense"));
    assert_eq!(Admission::new().check(&candidate).unwrap().signer, None);
}
