//! What a plugin says of itself, and the wants in it: `cargo fuzz run manifest`.
#![no_main]

use libfuzzer_sys::fuzz_target;
use plug_contract::Manifest;
use plug_fuzz::{harmless, shown};
use plug_policy::{Effective, Grant, GrantError, Grants, Policy, WantScope, Wanted};

fuzz_target!(|text: &str| {
    if let Ok(manifest) = serde_json::from_str::<Manifest>(text) {
        let written = serde_json::to_string(&manifest).expect("a manifest is always JSON");
        assert_eq!(serde_json::from_str::<Manifest>(&written).unwrap(), manifest);
        match Wanted::read(&manifest.capabilities) {
            Ok(wants) => wanted(&wants),
            Err(error) => shown(&error),
        }
    }
    // JSON is a long way to a want: here are some as they are
    for line in text.lines().take(8) {
        match line.parse::<WantScope>() {
            Ok(scope) => wanted(&[Wanted::new(scope, line, true)]),
            Err(error) => mistaken(&error),
        }
        match line.parse::<Grant>() {
            Ok(grant) => assert_eq!(grant.to_string().parse::<Grant>().unwrap(), grant),
            Err(error) => mistaken(&error),
        }
    }
});

fn wanted(wants: &[Wanted]) {
    for want in wants {
        assert_eq!(want.scope.to_string().parse::<WantScope>().as_ref(), Ok(&want.scope));
        assert!(want.scope.covers(&want.scope), "{}", want.scope);
        assert!(WantScope::Any(want.scope.capability()).covers(&want.scope), "{}", want.scope);
    }
    assert!(Wanted::gains(wants, wants).is_empty());
    // what is said to let a plugin in is a policy
    if let Err(refused) = Effective::decide("it's \"x\"", wants, &Grants::restricted()) {
        shown(&refused);
        refused.help().iter().for_each(|help| harmless(help));
        for denied in refused.denied() {
            let policy = denied.line.in_table("it's \"x\"");
            let policy = Policy::parse("policy.toml", &policy).unwrap_or_else(|error| panic!("{error}"));
            let grants = policy.resolve("it's \"x\"", None).grants;
            let decided = Effective::decide("x", std::slice::from_ref(&denied.wanted), &grants);
            assert!(decided.is_ok(), "{} by `{}`", denied.wanted.scope, denied.line);
        }
    }
}

fn mistaken(error: &GrantError) {
    shown(error);
    error.marked().iter().for_each(|line| harmless(line));
    assert!(error.text().get(error.span()).is_some(), "{error:?}");
    assert!(error.marked()[1].ends_with('^') && !error.help().is_empty(), "{error:?}");
}
