//! JSON Schema, as much of it as our schemas use. A keyword that is not known here fails the test,
//! so none goes unchecked.

use serde_json::Value;

use crate::project::repository;

/// Panics with the place unless `document` is what `docs/schema/NAME` says. Fields that the schema
/// does not name are mistakes of the schema.
pub(crate) fn assert_valid(name: &str, document: &Value) {
    let text = std::fs::read_to_string(repository().join("docs/schema").join(name)).expect("it is there");
    let root: Value = serde_json::from_str(&text).expect("a schema is JSON");
    if let Err(mistake) = check(&root, document, &root, "$") {
        panic!("{name}: {mistake}\n{document:#}");
    }
}

fn check(schema: &Value, value: &Value, root: &Value, place: &str) -> Result<(), String> {
    for (keyword, wanted) in schema.as_object().expect("a schema is an object") {
        match keyword.as_str() {
            "$schema" | "$defs" | "title" | "description" => {}
            "$ref" => {
                let pointer =
                    wanted.as_str().and_then(|text| text.strip_prefix('#')).expect("a local reference");
                let target = root.pointer(pointer).unwrap_or_else(|| panic!("no {pointer}"));
                check(target, value, root, place)?;
            }
            "const" if wanted != value => return Err(format!("{place}: {value} is not {wanted}")),
            "const" => {}
            "enum" => {
                if !wanted.as_array().expect("a list").contains(value) {
                    return Err(format!("{place}: {value} is none of {wanted}"));
                }
            }
            "type" => {
                let one = [wanted.clone()];
                let types = wanted.as_array().map_or(&one[..], Vec::as_slice);
                if !types.iter().any(|name| is_a(name.as_str().expect("a name"), value)) {
                    return Err(format!("{place}: {value} is no {wanted}"));
                }
            }
            "anyOf" => {
                let branches = wanted.as_array().expect("a list");
                if !branches.iter().any(|branch| check(branch, value, root, place).is_ok()) {
                    return Err(format!("{place}: {value} is none of {wanted}"));
                }
            }
            "required" => {
                for key in wanted.as_array().expect("a list").iter().filter_map(Value::as_str) {
                    if value.get(key).is_none() {
                        return Err(format!("{place}: no `{key}`"));
                    }
                }
            }
            "properties" => {
                for (key, inner) in value.as_object().into_iter().flatten() {
                    let schema =
                        wanted.get(key).ok_or_else(|| format!("{place}: `{key}` is not in the schema"))?;
                    check(schema, inner, root, &format!("{place}.{key}"))?;
                }
            }
            "items" => {
                for (index, inner) in value.as_array().into_iter().flatten().enumerate() {
                    check(wanted, inner, root, &format!("{place}[{index}]"))?;
                }
            }
            "minItems" => {
                let least = wanted.as_u64().expect("a number");
                if value.as_array().is_some_and(|items| (items.len() as u64) < least) {
                    return Err(format!("{place}: fewer than {least}"));
                }
            }
            other => panic!("this validator does not know `{other}`"),
        }
    }
    Ok(())
}

fn is_a(name: &str, value: &Value) -> bool {
    match name {
        "object" => value.is_object(),
        "array" => value.is_array(),
        "string" => value.is_string(),
        "boolean" => value.is_boolean(),
        "integer" => value.is_u64() || value.is_i64(),
        "null" => value.is_null(),
        other => panic!("there is no type `{other}`"),
    }
}

#[test]
fn the_validator_finds_mistakes() {
    let schema = serde_json::json!({
        "type": "object", "required": ["a"],
        "properties": { "a": { "enum": [1, 2] }, "b": { "type": ["string", "null"] } }
    });
    let told = |value: Value| check(&schema, &value, &schema, "$").unwrap_err();
    assert_eq!(told(serde_json::json!({})), "$: no `a`");
    assert_eq!(told(serde_json::json!({"a": 3})), "$.a: 3 is none of [1,2]");
    assert_eq!(told(serde_json::json!({"a": 1, "b": 1})), "$.b: 1 is no [\"string\",\"null\"]");
    assert_eq!(told(serde_json::json!({"a": 1, "c": 1})), "$: `c` is not in the schema");
    assert!(check(&schema, &serde_json::json!({"a": 2, "b": null}), &schema, "$").is_ok());
}
