//! The published schema says what the code says.

mod json_schema;

use std::collections::BTreeSet;
use std::path::Path;

use json_schema::{check, keys};
use plug_policy::{Capability, CustomName, Policy};
use serde_json::Value;

fn schema() -> Value {
    json_schema::schema("policy.v1.json")
}

/// What the schema says, and what the code says.
fn both(text: &str) -> (Result<(), String>, Result<Policy, String>) {
    let document: toml::Table = text.parse().unwrap();
    let schema = schema();
    let by_schema = check(&schema, &serde_json::to_value(document).unwrap(), &schema);
    (by_schema, Policy::parse("policy.toml", text).map_err(|error| error.to_string()))
}

#[test]
fn both_accept_the_examples() {
    let mut examples = vec![include_str!("policies/whole.toml").to_owned(), String::new()];
    let pages = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/errors");
    for page in ["PLG1003", "PLG1004", "PLG1005", "PLG1006", "PLG1007"] {
        let page = std::fs::read_to_string(pages.join(format!("{page}.md"))).unwrap();
        let mend = page.split("\n## What to do\n").nth(1).unwrap();
        examples
            .extend(mend.split("```toml\n").skip(1).map(|rest| rest.split("```").next().unwrap().to_owned()));
    }
    assert!(examples.len() > 4, "the pages show policies");
    for example in examples {
        let (schema, code) = both(&example);
        assert_eq!(schema, Ok(()), "{example}");
        assert!(code.is_ok(), "{}", code.unwrap_err());
    }
}

#[test]
fn both_refuse_the_same() {
    for text in [
        "x = 1",
        "default = {}",
        "defaults = 1",
        "[defaults]\nx = 1",
        "[defaults]\nfs = []",
        "[defaults]\n'fs:raed' = []",
        "[defaults]\nlimits.x = 1",
        "[defaults]\nlimits.table_elements = 1",
        "[plugin]\nx = 1",
        "[plugin.x]\ny = 1",
        "[contract.'a:b']\nx = 1",
        "[defaults]\nnet = 1",
        "[defaults]\nnet = [1]",
        "[defaults]\npreset = 'x'",
        "[defaults]\naudit = 1",
        "[defaults]\nrequire-signature = 'no'",
        "[defaults]\nlog = 'x'",
        "[defaults]\nclocks = 'x'",
        "[defaults]\nclocks = ['real']",
        "[defaults]\nstdio = 'x'",
        "[defaults]\nrandom = 1",
        "[defaults]\nlimits.memory = 1",
        "[defaults]\nlimits.cpu = 1",
        "[defaults]\nlimits.queue = -1",
        "[defaults]\nlimits.queue = 4294967296",
        "[defaults]\nlimits.queue = '1'",
        "[defaults]\nlimits = 1",
        "[defaults]\n'acme:kv/store' = 1",
        "[defaults]\n'acme:kv/store' = [1]",
        "[defaults]\n'acme:kv/Store' = []",
        "[defaults]\n'acme:kv' = []",
        "[defaults]\n'wasi:http/types' = []",
        "[defaults]\n'fs:read/data' = []",
        "[contract.x]",
        "[contract.'acme:images@01']",
        "[defaults]\nrandom = 'seeded:x'",
        "[defaults]\nlimits.memory = '32'",
        "[defaults]\nlimits.cpu = '1h'",
    ] {
        let (schema, code) = both(text);
        assert!(schema.is_err(), "the schema accepts {text}");
        assert!(code.is_err(), "the code accepts {text}");
    }
}

/// The keys that the code proposes for one that is not known.
fn known(text: &str) -> BTreeSet<String> {
    let error = Policy::parse("policy.toml", text).unwrap_err();
    let help = &error.mistakes()[0].help;
    help.strip_prefix("it may have: ").unwrap().split(", ").map(str::to_owned).collect()
}

#[test]
fn both_have_the_same_keys() {
    let schema = schema();
    assert_eq!(keys(&schema, "/properties"), known("qqqqqqqqqq = 1"));
    assert_eq!(keys(&schema, "/$defs/entry/properties"), known("[defaults]\nqqqqqqqqqq = 1"));
    assert_eq!(keys(&schema, "/$defs/limits/properties"), known("[defaults.limits]\nqqqqqqqqqq = 1"));
    for capability in Capability::BUILT_IN {
        assert!(known("[defaults]\nqqqqqqqqqq = 1").contains(capability.as_str()));
    }
}

#[test]
fn all_limits_of_the_host_can_be_set() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../host/src/limits.rs");
    let source = std::fs::read_to_string(path).unwrap();
    let fields = source.split("pub struct Limits {").nth(1).unwrap().split("\n}").next().unwrap();
    let fields: BTreeSet<String> = fields
        .lines()
        .filter_map(|line| line.trim().strip_prefix("pub ")?.split(':').next())
        .map(|name| name.replace('_', "-"))
        .collect();
    assert_eq!(fields, known("[defaults.limits]\nqqqqqqqqqq = 1"));
}

#[test]
fn both_know_the_names_of_an_application_by_the_same_rule() {
    let families = Capability::BUILT_IN.map(|known| {
        let name = known.as_str();
        format!("{}:kv/store", name.split(':').next().unwrap())
    });
    let names = [
        "acme:kv/store",
        "a:b/c",
        "acme-2:a-b/c-2d",
        "acme:kv/store@1",
        "acme:kv/",
        ":kv/store",
        "acme:kv/a/b",
        "acme:kv/a_b",
        "acme:-kv/store",
        "acme:kv-/store",
        "acme:kv/2d",
        "acme:kv/é",
        " acme:kv/store",
        "acme:kv/store ",
        "plug:kv/store",
        "wasi:kv/store",
        "plugs:kv/store",
        "netx:kv/store",
    ];
    for name in names.into_iter().chain(families.iter().map(String::as_str)) {
        let (schema, code) = both(&format!("[defaults]\n'{name}' = ['a.*']"));
        let is_name = CustomName::new(name).is_some();
        assert_eq!((schema.is_ok(), code.is_ok()), (is_name, is_name), "{name}: {schema:?}");
    }
}
