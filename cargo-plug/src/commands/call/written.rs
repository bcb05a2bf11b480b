//! Values as they are written, read by their types. Whose values and types, the caller says.

use wasm_wave::parser::{ParserError, ParserErrorKind};
use wasm_wave::untyped::UntypedFuncCall;
use wasm_wave::wasm::{WasmType, WasmTypeKind, WasmValue};

use super::unknown_field::{self, UnknownField};

/// A value that is nested more deeply is a mistake; reading it would use up the stack.
const DEEPEST: usize = 200;

/// A text that has not the values that are wanted.
#[derive(Debug)]
pub(super) struct Unreadable {
    /// Where reading stopped, in bytes of the text.
    pub(super) at: usize,
    pub(super) objection: String,
    /// What to write there, if that can be told.
    pub(super) mend: Option<String>,
    /// What the parser calls it, if the objection is the parser's.
    pub(super) kind: Option<ParserErrorKind>,
}

/// Reads the values in brackets, or none, as `types` want them.
pub(super) fn read<V: WasmValue + 'static>(text: &str, types: &[V::Type]) -> Result<Vec<V>, Unreadable> {
    let wrong =
        |at: usize, objection: String, mend: Option<String>| Unreadable { at, objection, mend, kind: None };
    if let Some(at) = too_deep(text) {
        return Err(wrong(at, format!("a value is nested more than {DEEPEST} times"), None));
    }
    // wasm-wave reads whole calls. The name was looked up already, and it knows fewer forms of it.
    let call = if text.is_empty() { "f()".to_owned() } else { format!("f{text}") };
    let place = |at: usize| at.saturating_sub(1).min(text.len());
    let unreadable = |error: ParserError| {
        let cause = std::error::Error::source(&error).map(ToString::to_string);
        let objection = match cause.as_deref().or(error.detail()) {
            Some(detail) => format!("{}: {detail}", error.kind()),
            None => error.kind().to_string(),
        };
        Unreadable { at: place(error.span().start), objection, mend: None, kind: Some(error.kind()) }
    };
    let parsed = UntypedFuncCall::parse(&call).map_err(unreadable)?;
    let unknown = parsed.params_node().and_then(|values| unknown_field::in_call(values, types, &call));
    if let Some(UnknownField { at, name, help }) = unknown {
        return Err(wrong(place(at), format!("the record has no field `{name}`"), Some(help)));
    }
    // Last parameters that are options may be left out, and so may all of them; wasm-wave refuses that.
    if parsed.params_node().is_none() && types.iter().all(|ty| ty.kind() == WasmTypeKind::Option) {
        let absent = types.iter().map(|ty| V::make_option(ty, None));
        return absent.collect::<Result<_, _>>().map_err(|error| wrong(0, error.to_string(), None));
    }
    parsed.to_wasm_params(types).map_err(unreadable)
}

/// Where brackets are nested too deeply. Those in strings count as well; nobody nests them so.
fn too_deep(values: &str) -> Option<usize> {
    let mut depth = 0usize;
    for (at, c) in values.char_indices() {
        match c {
            '(' | '[' | '{' => depth += 1,
            ')' | ']' | '}' => depth = depth.saturating_sub(1),
            _ => {}
        }
        if depth > DEEPEST {
            return Some(at);
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use wasm_wave::value::{Type, Value};

    use super::*;

    fn told(text: &str, types: &[Type]) -> (usize, String) {
        let error = read::<Value>(text, types).unwrap_err();
        (error.at, error.objection)
    }

    #[test]
    fn values_are_read_by_their_types() {
        let types = [Type::U32, Type::option(Type::STRING)];
        let shown = |text: &str| {
            let values = read::<Value>(text, &types).unwrap();
            values.iter().map(|value| wasm_wave::to_string(value).unwrap()).collect::<Vec<_>>()
        };
        assert_eq!(shown("(1, \"x\")"), ["1", "some(\"x\")"]);
        assert_eq!(shown("(1)"), ["1", "none"], "last options may be left out");
        for text in ["", "()"] {
            assert!(read::<Value>(text, &[]).unwrap().is_empty());
            assert_eq!(read::<Value>(text, &types[1..]).unwrap().len(), 1, "and so may all");
        }
    }

    #[test]
    fn what_cannot_be_read_has_a_place() {
        let point = Type::record([("x", Type::U32)]).unwrap();
        assert_eq!(told("({y: 1, x: 2})", &[point]), (2, "the record has no field `y`".to_owned()));
        assert_eq!(told("(1, true)", &[Type::U32, Type::U32]).0, 4);
        assert_eq!(told("", &[Type::U32]).0, 0);
        let (at, objection) = told("(1", &[Type::U32]);
        assert!(at <= 2 && !objection.is_empty(), "{at} {objection}");
    }

    #[test]
    fn what_is_nested_too_deeply_is_refused_before_it_is_read() {
        let deep = |levels: usize| format!("({}{})", "[".repeat(levels), "]".repeat(levels));
        let types = [Type::list(Type::U32)];
        assert!(!told(&deep(DEEPEST - 1), &types).1.contains("nested"));
        let objection = format!("a value is nested more than {DEEPEST} times");
        assert_eq!(told(&deep(DEEPEST), &types), (DEEPEST, objection.clone()));
        assert_eq!(told(&deep(1_000_000), &types), (DEEPEST, objection));
    }
}
