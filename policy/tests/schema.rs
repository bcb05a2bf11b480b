//! The published schema says what the code says.

use std::collections::BTreeSet;
use std::path::Path;

use plug_policy::{Capability, Policy};
use serde_json::Value;

fn schema() -> Value {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/schema/policy.v1.json");
    serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap()
}

/// JSON Schema, as much of it as this schema uses: another keyword fails the test. Patterns are left
/// to the code, whose language they do not hold wholly.
fn check(schema: &Value, value: &Value, root: &Value) -> Result<(), String> {
    let keywords = schema.as_object().unwrap();
    for (keyword, wanted) in keywords {
        let fits = match keyword.as_str() {
            "$schema" | "$defs" | "title" | "description" | "pattern" | "propertyNames" => true,
            "$ref" => {
                let target = root.pointer(wanted.as_str().unwrap().trim_start_matches('#')).unwrap();
                check(target, value, root)?;
                true
            }
            "enum" => wanted.as_array().unwrap().contains(value),
            "type" => match wanted.as_str().unwrap() {
                "object" => value.is_object(),
                "array" => value.is_array(),
                "string" => value.is_string(),
                "boolean" => value.is_boolean(),
                "integer" => value.is_i64() || value.is_u64(),
                other => panic!("there is no type `{other}`"),
            },
            "anyOf" => wanted.as_array().unwrap().iter().any(|branch| check(branch, value, root).is_ok()),
            "properties" | "additionalProperties" => {
                for (key, inner) in value.as_object().into_iter().flatten() {
                    match keywords.get("properties").and_then(|known| known.get(key)) {
                        Some(known) if keyword == "properties" => check(known, inner, root)?,
                        Some(_) => {}
                        None if keyword == "properties" => {}
                        None if wanted == false => return Err(format!("no key `{key}`")),
                        None => check(wanted, inner, root)?,
                    }
                }
                true
            }
            "items" => {
                for inner in value.as_array().into_iter().flatten() {
                    check(wanted, inner, root)?;
                }
                true
            }
            "maxItems" => value.as_array().is_none_or(|items| items.len() as u64 <= wanted.as_u64().unwrap()),
            "maxLength" => value.as_str().is_none_or(|text| text.len() as u64 <= wanted.as_u64().unwrap()),
            "minimum" => value.as_i64().is_none_or(|number| number >= wanted.as_i64().unwrap()),
            "maximum" => value.as_i64().is_none_or(|number| number <= wanted.as_i64().unwrap()),
            other => panic!("this validator does not know `{other}`"),
        };
        if !fits {
            return Err(format!("{value} is not {keyword} {wanted}"));
        }
    }
    Ok(())
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
    ] {
        let (schema, code) = both(text);
        assert!(schema.is_err(), "the schema accepts {text}");
        assert!(code.is_err(), "the code accepts {text}");
    }
}

fn keys(schema: &Value, pointer: &str) -> BTreeSet<String> {
    schema.pointer(pointer).unwrap().as_object().unwrap().keys().cloned().collect()
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
    for capability in Capability::ALL {
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
