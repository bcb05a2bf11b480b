//! The published schemas, and as much of JSON Schema as they use.

use std::collections::BTreeSet;
use std::path::Path;

use regex::Regex;
use serde_json::Value;

/// The schema of that file in `docs/schema`.
pub(crate) fn schema(file: &str) -> Value {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/schema").join(file);
    serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap()
}

/// The keys of an object in a schema.
pub(crate) fn keys(schema: &Value, pointer: &str) -> BTreeSet<String> {
    schema.pointer(pointer).unwrap().as_object().unwrap().keys().cloned().collect()
}

/// Whether a value is as the schema says. A keyword that is not known fails the test.
pub(crate) fn check(schema: &Value, value: &Value, root: &Value) -> Result<(), String> {
    let keywords = schema.as_object().unwrap();
    for (keyword, wanted) in keywords {
        let fits = match keyword.as_str() {
            "$schema" | "$defs" | "title" | "description" => true,
            "pattern" => value.as_str().is_none_or(|text| matches(wanted, text)),
            "propertyNames" => {
                for key in value.as_object().into_iter().flatten().map(|(key, _)| key) {
                    check(wanted, &Value::from(key.as_str()), root)?;
                }
                true
            }
            "not" => check(wanted, value, root).is_err(),
            "required" => {
                let has = |key: &Value| value.get(key.as_str().unwrap()).is_some();
                !value.is_object() || wanted.as_array().unwrap().iter().all(has)
            }
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
            "properties" | "patternProperties" | "additionalProperties" => {
                for (key, inner) in value.as_object().into_iter().flatten() {
                    let by_name = keywords.get("properties").and_then(|known| known.get(key));
                    let by_pattern = keywords.get("patternProperties").and_then(|known| {
                        let mut patterns = known.as_object().unwrap().iter();
                        patterns.find(|(pattern, _)| matches(&Value::from(pattern.as_str()), key))
                    });
                    match (keyword.as_str(), by_name, by_pattern) {
                        ("properties", Some(known), _) | ("patternProperties", _, Some((_, known))) => {
                            check(known, inner, root)?;
                        }
                        ("additionalProperties", None, None) if wanted == false => {
                            return Err(format!("no key `{key}`"));
                        }
                        ("additionalProperties", None, None) if wanted != true => check(wanted, inner, root)?,
                        _ => {}
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

fn matches(pattern: &Value, text: &str) -> bool {
    Regex::new(pattern.as_str().unwrap()).unwrap().is_match(text)
}
