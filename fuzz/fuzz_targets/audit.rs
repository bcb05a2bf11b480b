//! Records of denials, and the policy that is made of them: `cargo fuzz run audit`.
#![no_main]

use libfuzzer_sys::fuzz_target;
use plug_fuzz::{harmless, shown};
use plug_policy::{Audit, AuditRecord, Policy};

fuzz_target!(|text: &str| {
    for line in text.lines() {
        let Ok(record) = AuditRecord::from_line(line) else { continue };
        assert_eq!(AuditRecord::from_line(&record.to_line()).as_ref(), Ok(&record));
        let _ = record.denial().advice(&record.plugin);
    }
    let audit = match Audit::parse("audit.jsonl", text) {
        Ok(audit) => audit,
        Err(error) => return shown(&error),
    };
    for suggestion in audit.suggestions() {
        let text = suggestion.to_string();
        harmless(&text);
        let policy = Policy::parse("policy.toml", &text).unwrap_or_else(|error| panic!("{error}\n{text}"));
        let granted = policy.resolve(suggestion.plugin(), None).grants.list();
        for grant in suggestion.grants() {
            let is_granted = granted.iter().any(|other| other.covers(grant));
            assert!(is_granted, "{grant} is suggested, and not granted by\n{text}");
        }
    }
});
