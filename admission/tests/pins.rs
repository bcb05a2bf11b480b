//! What is pinned, and what differs from it.

mod support;

use plug_admission::{Admission, Candidate, Failure, Lock, Pin, PinError, Refusal, Stage, Trust};
use plug_contract::{ArtifactError, Digest, Want};
use plug_policy::Wanted;
use support::{Somebody, append, artifact, codes, contract};

fn wants(texts: &[&str]) -> Vec<Wanted> {
    let wants: Vec<Want> = texts.iter().map(|text| Want::new(*text, "why", true)).collect();
    Wanted::read(&wants).unwrap()
}

fn locked(pin: Pin) -> Admission {
    let mut lock = Lock::new();
    assert_eq!(lock.set("upper", pin), Ok(None));
    Admission::new().lock(lock)
}

#[test]
fn what_is_pinned_is_admitted() {
    let bytes = artifact();
    let wanted = wants(&["net=a.b:80", "fs:read=/data"]);
    let admission = locked(Pin::new(Digest::of(&bytes), contract('b')).capabilities(&wanted));
    let candidate = Candidate::new("upper", &bytes).contract(contract('b')).wants(&wanted);
    assert!(admission.check(&candidate).unwrap().is_pinned);
    // less may be wanted
    assert!(admission.check(&candidate.wants(&wanted[1..])).is_ok());
}

#[test]
fn nothing_else_is_admitted() {
    let bytes = artifact();
    let admission = locked(Pin::new(Digest::of(&bytes), contract('b')));
    let candidate = Candidate::new("lower", &bytes).contract(contract('b'));
    assert_eq!(codes(&admission.check(&candidate).unwrap_err()), ["PLG1105"]);
    let candidate = Candidate::new("upper", &bytes).contract(contract('b'));
    assert!(Admission::new().lock(Lock::new()).check(&candidate).is_err());
}

#[test]
fn each_difference_is_told() {
    let bytes = artifact();
    let mut changed = bytes.clone();
    append(&mut changed, "x", b"y");
    let wanted = wants(&["net=a.b:80"]);
    let admission = locked(Pin::new(Digest::of(&bytes), contract('b')).capabilities(&wanted));
    let same = Candidate::new("upper", &bytes).contract(contract('b')).wants(&wanted);
    let of = |candidate: Candidate<'_>| codes(&admission.check(&candidate).unwrap_err());
    assert_eq!(of(Candidate::new("upper", &changed).contract(contract('b')).wants(&wanted)), ["PLG1106"]);
    assert_eq!(of(same.contract(contract('c'))), ["PLG1107"]);
    assert_eq!(of(Candidate::new("upper", &bytes)), ["PLG1107"], "a contract that nobody read fits no pin");
    for wider in [&["net=*.b:80"][..], &["net=a.b:80", "env=LANG"], &["net"]] {
        assert_eq!(of(same.wants(&wants(wider))), ["PLG1108"], "{wider:?}");
    }
}

#[test]
fn a_wider_want_tells_a_terminal_nothing() {
    let bytes = artifact();
    let admission = locked(Pin::new(Digest::of(&bytes), contract('a')));
    let wants = wants(&["env=\u{202e}GNAL"]);
    let candidate = Candidate::new("upper", &bytes).contract(contract('a')).wants(&wants);
    let told = admission.check(&candidate).unwrap_err().to_string();
    assert!(told.contains(r"`env=\u{202e}GNAL`"), "{told}");
    assert_eq!(plug_contract::printable::lines(&told), told);
}

#[test]
fn less_of_what_is_free_is_pinned_too() {
    let bytes = artifact();
    let admission =
        locked(Pin::new(Digest::of(&bytes), contract('b')).capabilities(&wants(&["clocks=frozen"])));
    let candidate = Candidate::new("upper", &bytes).contract(contract('b'));
    // who says nothing of clocks has real ones
    assert_eq!(codes(&admission.check(&candidate).unwrap_err()), ["PLG1108"]);
    assert!(admission.check(&candidate.wants(&wants(&["clocks=frozen"]))).is_ok());
}

#[test]
fn a_pinned_signer_has_to_have_signed() {
    let (somebody, other, bytes) = (Somebody::new(), Somebody::new(), artifact());
    let mut second = other.trusted(&["*"]);
    second.name = "other".to_owned();
    let trust = Trust::new().with(somebody.trusted(&["*"])).with(second);
    let candidate = Candidate::new("upper", &bytes).contract(contract('b'));
    let signature = somebody.sign("upper", &bytes);
    let signed = candidate.signature(Some(&signature));
    let signer = Admission::new().trust(trust.clone()).check(&signed).unwrap().signer;

    let admission = locked(Pin::new(Digest::of(&bytes), contract('b')).signer(signer));
    // nobody is trusted, though the bytes are those that were signed
    assert_eq!(codes(&admission.check(&signed).unwrap_err()), ["PLG1117"]);
    let admission = admission.trust(trust);
    assert!(admission.check(&signed).unwrap().signer.is_some());
    assert_eq!(codes(&admission.check(&candidate).unwrap_err()), ["PLG1110"]);
    let by_other = other.sign("upper", &bytes);
    let refused = admission.check(&candidate.signature(Some(&by_other))).unwrap_err();
    assert_eq!(codes(&refused), ["PLG1109"]);
    let told = format!(
        "it is signed by `other` ({}), and the signature of `acme` ({}) is pinned",
        other.key().id(),
        somebody.key().id()
    );
    assert_eq!(refused.failures()[0].to_string(), told);
}

/// What a host finds out by itself.
#[derive(Debug, thiserror::Error)]
#[error("it does not fit")]
struct DoesNotFit(#[source] std::io::Error);

impl Refusal for DoesNotFit {
    fn stage(&self) -> Stage {
        Stage::Contract
    }

    fn code(&self) -> &'static str {
        "PLG0501"
    }

    fn help(&self) -> Vec<String> {
        vec!["load another".to_owned()]
    }
}

#[test]
fn all_is_told_together_in_the_order_of_admission() {
    let (somebody, bytes) = (Somebody::new(), artifact());
    let mut changed = bytes.clone();
    append(&mut changed, "x", b"y");
    let signature = somebody.sign("upper", &bytes);
    let admission = locked(Pin::new(Digest::of(&bytes), contract('b')))
        .trust(Trust::new().with(somebody.trusted(&["*"])));
    let wanted = wants(&["env=LANG"]);
    let candidate =
        Candidate::new("upper", &changed).contract(contract('b')).wants(&wanted).signature(Some(&signature));
    let own = Failure::other(DoesNotFit(std::io::Error::other("no `run`")));
    let refused = admission.check_with(&candidate, [own]).unwrap_err();
    assert_eq!(codes(&refused), ["PLG1106", "PLG1115", "PLG0501", "PLG1108"]);
    let own = Failure::other(DoesNotFit(std::io::Error::other("no `run`")));
    assert_eq!(codes(&admission.check(&candidate).unwrap_err().with([own])), codes(&refused));
    assert_eq!((refused.plugin(), refused.code(), refused.help().len()), ("upper", "PLG1106", 4));
    let (old, new, key) = (Digest::of(&bytes), Digest::of(&changed), somebody.key().id());
    assert_eq!(
        refused.to_string(),
        format!(
            "the plugin `upper` may not be loaded\n\
             digest [PLG1106]: it is {new}, and {old} is pinned\n  \
               help: if the new version shall be loaded, pin it: `cargo plug lock NAME=FILE` shows what changes\n\
             signature [PLG1115]: its signature by `acme` ({key}) is not one of these bytes, or its comment was \
             changed\n  \
               help: get artifact and signature again, both of the same version\n\
             contract [PLG0501]: it does not fit\n  because: no `run`\n  help: load another\n\
             capabilities [PLG1108]: it wants more than is pinned: `env=LANG`\n  \
               help: if it shall have that, pin it: `cargo plug lock NAME=FILE --accept-capabilities`"
        )
    );
}

#[test]
fn size_and_kind_come_first() {
    let bytes = artifact();
    let small = Admission::new().require_signature(true).max_bytes(bytes.len() as u64 - 1);
    let candidate = Candidate::new("upper", &bytes);
    // so large a thing is not read through for more
    assert_eq!(codes(&small.check(&candidate).unwrap_err()), ["PLG1118"]);
    assert!(Admission::new().max_bytes(bytes.len() as u64).check(&candidate).is_ok());

    let of = |bytes: &[u8]| codes(&Admission::new().check(&Candidate::new("upper", bytes)).unwrap_err());
    assert_eq!(of(b"hello"), ["PLG0201"]);
    assert_eq!(of(b"\0asm\x01\0\0\0"), ["PLG0202"]);
    let package = wat::parse_str(r#"(component (type (component)) (export "types" (type 0)))"#).unwrap();
    assert_eq!(of(&package), ["PLG0209"]);
    // what is no component differs from what is pinned as well, and has no contract that could
    let admission = locked(Pin::new(Digest::of(&bytes), contract('b')));
    let refused = admission.check(&Candidate::new("upper", b"hello")).unwrap_err();
    assert_eq!(codes(&refused), ["PLG0201", "PLG1106"]);
    assert!(matches!(refused.failures()[0], Failure::Kind(ArtifactError::NotWasm { .. })));
    assert!(matches!(refused.failures()[1], Failure::Pin(PinError::Digest { .. })));
}
