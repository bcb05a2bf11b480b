//! Values of the component model as JSON.

use plug_host::wasmtime::component::Val;
use serde_json::{Map, Value, json};

/// Records are objects, lists and tuples arrays, flags arrays of names, maps arrays of pairs. A case is its name, or
/// `{"name": payload}` if it has a payload; a result likewise with `ok` and `err`. `none` is null,
/// and `some(x)` is x, or `{"some": x}` where x could be null itself. Numbers that JSON does not
/// have are strings.
pub(super) fn json_value(value: &Val) -> Value {
    match value {
        Val::Bool(value) => json!(value),
        Val::S8(value) => json!(value),
        Val::U8(value) => json!(value),
        Val::S16(value) => json!(value),
        Val::U16(value) => json!(value),
        Val::S32(value) => json!(value),
        Val::U32(value) => json!(value),
        Val::S64(value) => json!(value),
        Val::U64(value) => json!(value),
        Val::Float32(value) => float(f64::from(*value), json!(value)),
        Val::Float64(value) => float(*value, json!(value)),
        Val::Char(value) => json!(value),
        Val::String(value) => json!(value),
        Val::Enum(name) => json!(name),
        Val::Flags(names) => json!(names),
        Val::List(values) | Val::Tuple(values) => values.iter().map(json_value).collect(),
        Val::FixedLengthList(values) => values.iter().map(json_value).collect(),
        Val::Map(pairs) => {
            pairs.iter().map(|(key, value)| json!([json_value(key), json_value(value)])).collect()
        }
        Val::Record(fields) => {
            Value::Object(fields.iter().map(|(name, value)| (name.clone(), json_value(value))).collect())
        }
        Val::Variant(name, payload) => case(name, payload.as_deref()),
        Val::Option(None) => Value::Null,
        Val::Option(Some(value)) => match &**value {
            Val::Option(_) => case("some", Some(value)),
            value => json_value(value),
        },
        Val::Result(Ok(payload)) => case("ok", payload.as_deref()),
        Val::Result(Err(payload)) => case("err", payload.as_deref()),
        // Refused before the call, since they have no text.
        other => json!(format!("{other:?}")),
    }
}

fn case(name: &str, payload: Option<&Val>) -> Value {
    match payload {
        None => json!(name),
        Some(payload) => {
            let mut object = Map::new();
            object.insert(name.to_owned(), json_value(payload));
            Value::Object(object)
        }
    }
}

fn float(value: f64, number: Value) -> Value {
    if value.is_finite() {
        number
    } else if value.is_nan() {
        json!("nan")
    } else {
        json!(if value > 0.0 { "inf" } else { "-inf" })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_of_value_has_its_form() {
        let some = |value| Val::Option(Some(Box::new(value)));
        for (value, expected) in [
            (Val::Bool(true), "true"),
            (Val::U64(u64::MAX), "18446744073709551615"),
            (Val::S8(-1), "-1"),
            (Val::Float32(0.5), "0.5"),
            (Val::Float64(f64::NAN), "\"nan\""),
            (Val::Float32(f32::NEG_INFINITY), "\"-inf\""),
            (Val::Char('ß'), "\"ß\""),
            (Val::List(vec![Val::U8(1), Val::U8(2)]), "[1,2]"),
            (
                Val::Record(vec![("b".into(), Val::U8(1)), ("a".into(), Val::Bool(false))]),
                "{\"a\":false,\"b\":1}",
            ),
            (Val::Variant("none".into(), None), "\"none\""),
            (Val::Variant("big".into(), Some(Box::new(Val::U8(1)))), "{\"big\":1}"),
            (Val::Option(None), "null"),
            (some(Val::U8(1)), "1"),
            (some(Val::Option(None)), "{\"some\":null}"),
            (Val::Result(Ok(None)), "\"ok\""),
            (Val::Result(Err(Some(Box::new(Val::String("no".into()))))), "{\"err\":\"no\"}"),
            (Val::Flags(vec!["a".into()]), "[\"a\"]"),
            (Val::Map(vec![(Val::String("a".into()), Val::U8(1))]), "[[\"a\",1]]"),
        ] {
            assert_eq!(json_value(&value).to_string(), expected, "{value:?}");
        }
    }
}
