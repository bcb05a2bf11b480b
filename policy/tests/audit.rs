//! Records of denials: lines of a file, their published schema, and the policy that comes of them.

mod json_schema;

use std::collections::BTreeSet;

use json_schema::{check, keys, schema};
use plug_policy::{Audit, AuditError, AuditRecord, Capability, Denial, MAX_AUDIT_BYTES, Policy};
use proptest::prelude::*;
use serde_json::Value;

fn record(capability: &str, access: &str) -> AuditRecord {
    AuditRecord::new("weather", Denial::new(Capability::from_name(capability).unwrap(), access))
}

fn object(line: &str) -> Value {
    serde_json::from_str(line).unwrap()
}

#[test]
fn the_schema_says_what_is_written_and_read() {
    let schema = schema("audit.v1.json");
    let full = record("net", "a.b:80").revision("rev1:0123").at("2026-01-02T03:04:05Z");
    let object = object(&full.to_line());
    assert_eq!(check(&schema, &object, &schema), Ok(()));
    let fields: BTreeSet<String> = object.as_object().unwrap().keys().cloned().collect();
    assert_eq!(keys(&schema, "/properties"), fields);
    for field in &fields {
        let mut without = object.clone();
        without.as_object_mut().unwrap().remove(field);
        let read = AuditRecord::from_line(&without.to_string());
        assert_eq!(check(&schema, &without, &schema).is_ok(), read.is_ok(), "{field}");
        let mut wrong = object.clone();
        wrong[field] = Value::from(1);
        assert!(check(&schema, &wrong, &schema).is_err(), "{field}");
        assert!(AuditRecord::from_line(&wrong.to_string()).is_err(), "{field}");
    }
    let known: BTreeSet<String> =
        serde_json::from_value(schema.pointer("/properties/capability/anyOf/0/enum").unwrap().clone())
            .unwrap();
    assert_eq!(known, Capability::BUILT_IN.iter().map(ToString::to_string).collect());
    for name in ["acme:kv/store", "acme:kv", "net:x/y", "fs:raed", "wasi:a/b", "plug:a/b", "acme:kv/Store"] {
        let mut named = object.clone();
        named["capability"] = Value::from(name);
        let read = AuditRecord::from_line(&named.to_string());
        assert_eq!(check(&schema, &named, &schema).is_ok(), read.is_ok(), "{name}");
        assert_eq!(read.is_ok(), Capability::from_name(name).is_some(), "{name}");
    }
}

#[test]
fn a_run_becomes_a_policy() {
    let text = concat!(
        r#"{"plugin":"weather","capability":"net","access":"api.example.com:443"}"#,
        "\n\r\n",
        r#"{"plugin":"we\"ird","capability":"log","access":"","at":"2026-01-02T03:04:05Z","more":{"x":[1]}}"#,
        "\n",
        r#"{"plugin":"weather","capability":"acme:kv/store","access":"users.7"}"#,
        "\n",
        r#"{"plugin":"weather","capability":"net","access":"api.example.com:443","allowed_by":"net = [\"*:*\"]"}"#,
    );
    let audit = Audit::parse("audit.jsonl", text).unwrap();
    let told: String = audit.suggestions().map(ToString::to_string).collect();
    assert_eq!(
        told,
        r#"[plugin."we\"ird"]
log = true
[plugin."weather"]
net = ["api.example.com:443"]
"acme:kv/store" = ["users.7"]
"#
    );
    assert!(Policy::parse("policy.toml", &told).is_ok());
    assert_eq!(Audit::parse("audit.jsonl", ""), Ok(Audit::default()));
}

#[test]
fn a_line_that_is_no_record_is_told_by_its_number() {
    let good = record("log", "").to_line();
    for (line, what) in [
        ("", None),
        ("{", Some("EOF while parsing an object at column 1")),
        (r#"{"plugin":"x","capability":"net"}"#, Some("missing field `access` at column 33")),
        (
            r#"{"plugin":"x","capability":"fs:raed","access":""}"#,
            Some("there is no capability `fs:raed`; did you mean `fs:read`? at column 36"),
        ),
        (
            r#"{"plugin":"x","capability":1,"access":""}"#,
            Some("invalid type: integer `1`, expected a string at column 28"),
        ),
        (r#"["x", null, "log", "", null, null]"#, Some("it is no object of JSON")),
        ("null", Some("it is no object of JSON")),
        (&good[..20], Some("EOF while parsing a value at column 20")),
    ] {
        let text = format!("{good}\n{line}\n{good}\n");
        let error = match (what, Audit::parse("audit.jsonl", &text)) {
            (None, Ok(_)) => continue,
            (_, read) => read.unwrap_err(),
        };
        assert_eq!(error.code(), "PLG1008");
        let told =
            format!("line 2 of the audit file `audit.jsonl` is no record of a denial: {}", what.unwrap());
        assert_eq!(error.to_string(), told);
        assert!(error.help().starts_with("remove the line"));
    }
    let long = format!("{{\"plugin\":{}", "[".repeat(1 << 20));
    assert!(Audit::parse("x", &long).unwrap_err().to_string().len() < 300);
}

#[test]
fn a_file_that_cannot_be_read() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("audit.jsonl");
    let told = |told: &str| match Audit::from_file(&path).unwrap_err() {
        error @ AuditError::Read { .. } => {
            assert_eq!(error.code(), "PLG1008");
            let cause = std::error::Error::source(&error).unwrap().to_string();
            assert!(cause.contains(told) && error.to_string().contains("audit.jsonl"), "{error}: {cause}");
            assert!(!error.help().is_empty());
        }
        error => panic!("{error}"),
    };
    told("No such file");
    std::fs::write(&path, b"\xff").unwrap();
    told("it is no text in UTF-8");
    let file = std::fs::File::create(&path).unwrap();
    file.set_len(MAX_AUDIT_BYTES + 1).unwrap();
    told("it has more than 67108864 bytes");
    std::fs::write(&path, record("log", "").to_line()).unwrap();
    assert_eq!(Audit::from_file(&path).unwrap().suggestions().count(), 1);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1_000))]

    #[test]
    fn what_is_written_is_one_line_and_read_again(plugin in ".{0,20}", access in any::<String>(), at in 0..15_usize) {
        let own = Capability::from_name("acme:kv/store").unwrap();
        let capability = Capability::BUILT_IN.get(at).cloned().unwrap_or(own);
        let record = AuditRecord::new(plugin, Denial::new(capability, access));
        let line = record.to_line();
        prop_assert!(!line.contains(['\n', '\r']));
        prop_assert_eq!(AuditRecord::from_line(&line), Ok(record.clone()));
        let audit = Audit::parse("x", &line).unwrap();
        let text: String = audit.suggestions().map(ToString::to_string).collect();
        let policy = Policy::parse("x", &text).unwrap_or_else(|error| panic!("{error}"));
        prop_assert_eq!(record.allowed_by.is_some(), audit.suggestions().any(|one| one.grants().count() == 1));
        if let Some(line) = record.allowed_by {
            let alone = Policy::parse("x", &format!("[defaults]\n{line}")).unwrap();
            prop_assert_eq!(alone.resolve("x", None).grants, policy.resolve(&record.plugin, None).grants);
        }
    }

    #[test]
    fn any_text_is_read_or_refused(text in any::<String>()) {
        if let Err(error) = Audit::parse("x", &text) {
            prop_assert!(!error.to_string().contains('\n'));
        }
    }
}
