//! Fields of records that a type does not have: wasm-wave leaves them out without a word.

use wasm_wave::ast::Node;
use wasm_wave::wasm::{WasmType, WasmTypeKind};

use crate::nearest::nearest;

/// A field that stands in a value and not in its type.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct UnknownField {
    /// Where its name begins, in bytes.
    pub(super) at: usize,
    pub(super) name: String,
    pub(super) help: String,
}

/// The first one in the values of a call.
pub(super) fn in_call<T: WasmType>(values: &Node, types: &[T], text: &str) -> Option<UnknownField> {
    values.as_tuple().ok()?.zip(types).find_map(|(value, ty)| in_value(value, ty, text))
}

/// The first one in a value. What does not fit its type is not looked into: reading it says so.
fn in_value<T: WasmType>(value: &Node, ty: &T, text: &str) -> Option<UnknownField> {
    match ty.kind() {
        WasmTypeKind::Record => in_record(value, ty, text),
        WasmTypeKind::List => {
            let element = ty.list_element_type()?;
            value.as_list().ok()?.find_map(|value| in_value(value, &element, text))
        }
        WasmTypeKind::Tuple => {
            let mut types = ty.tuple_element_types();
            value.as_tuple().ok()?.find_map(|value| in_value(value, &types.next()?, text))
        }
        WasmTypeKind::Option => {
            // `some` may be left out, and so may `ok`.
            let inner = value.as_option().unwrap_or(Some(value))?;
            in_value(inner, &ty.option_some_type()?, text)
        }
        WasmTypeKind::Result => {
            let (ok, err) = ty.result_types()?;
            match value.as_result().unwrap_or(Ok(Some(value))) {
                Ok(inner) => in_value(inner?, &ok?, text),
                Err(inner) => in_value(inner?, &err?, text),
            }
        }
        WasmTypeKind::Variant => {
            let (label, payload) = value.as_variant(text).ok()?;
            let (_, case) = ty.variant_cases().find(|(case, _)| case == label)?;
            in_value(payload?, &case?, text)
        }
        _ => None,
    }
}

fn in_record<T: WasmType>(value: &Node, ty: &T, text: &str) -> Option<UnknownField> {
    let known: Vec<_> = ty.record_fields().collect();
    value.as_record(text).ok()?.find_map(|(name, inner)| {
        if let Some((_, ty)) = known.iter().find(|(known, _)| known == name) {
            return in_value(inner, ty, text);
        }
        let names = || known.iter().map(|(name, _)| name.as_ref());
        let help = match nearest(name, names()) {
            Some(meant) => format!("did you mean `{meant}`?"),
            None => format!("its fields are: {}", names().collect::<Vec<_>>().join(", ")),
        };
        // The name is a part of the text, which tells where it is.
        let at = name.as_ptr().addr().saturating_sub(text.as_ptr().addr());
        Some(UnknownField { at, name: name.to_owned(), help })
    })
}

#[cfg(test)]
mod tests {
    use wasm_wave::untyped::UntypedFuncCall;
    use wasm_wave::value::Type;

    use super::*;

    fn first(text: &str) -> Option<(usize, String, String)> {
        let inner = Type::record([("name", Type::STRING), ("count", Type::U32)]).unwrap();
        let tuple = Type::tuple([Type::U32, inner.clone()]).unwrap();
        let choice = Type::variant([("none-of-it", None), ("one", Some(inner.clone()))]).unwrap();
        let ty = Type::record([
            ("plain", inner.clone()),
            ("many", Type::list(inner.clone())),
            ("maybe", Type::option(inner.clone())),
            ("pair", tuple),
            ("choice", choice),
            ("outcome", Type::result(Some(inner.clone()), Some(inner))),
        ])
        .unwrap();
        let call = UntypedFuncCall::parse(text).unwrap();
        in_call(call.params_node()?, &[ty], text).map(|field| (field.at, field.name, field.help))
    }

    #[test]
    fn a_field_is_found_wherever_it_is() {
        for text in [
            "f({plain: {name: \"x\", extra: 1}})",
            "f({many: [{name: \"x\"}, {extra: 1}]})",
            "f({maybe: some({extra: 1})})",
            "f({maybe: {extra: 1}})",
            "f({pair: (1, {extra: 1})})",
            "f({choice: one({extra: 1})})",
            "f({outcome: ok({extra: 1})})",
            "f({outcome: err({extra: 1})})",
            "f({outcome: {extra: 1}})",
            "f({extra: 1})",
        ] {
            let (at, name, _) = first(text).unwrap_or_else(|| panic!("{text}"));
            assert_eq!((at, name.as_str()), (text.find("extra").unwrap(), "extra"), "{text}");
        }
    }

    #[test]
    fn what_was_meant_is_proposed() {
        let help = |text: &str| first(text).unwrap().2;
        assert_eq!(help("f({plain: {nmae: \"x\"}})"), "did you mean `name`?");
        assert_eq!(help("f({plain: {xyz: 1}})"), "its fields are: name, count");
    }

    #[test]
    fn what_fits_is_left_alone() {
        for text in [
            "f()",
            "f({plain: {name: \"x\", %count: 1}, maybe: none, choice: none-of-it, outcome: ok})",
            // These do not fit for another reason, which reading them tells.
            "f(1)",
            "f({many: 1, pair: (1), choice: two({extra: 1})})",
            "f({}, {extra: 1})",
        ] {
            assert_eq!(first(text), None, "{text}");
        }
    }
}
