//! The values of `cargo plug call`, in WAVE: `cargo fuzz run wave`.
//!
//! The reader is a part of the command line, which is no library, so its files are taken in here.
//! There it makes wasmtime's values, here wasm-wave's own.
#![no_main]
#![allow(dead_code, reason = "the command line uses more of them")]

#[path = "../../cargo-plug/src/commands/call/excerpt.rs"]
mod excerpt;
#[path = "../../cargo-plug/src/commands/call/unknown_field.rs"]
mod unknown_field;
#[path = "../../cargo-plug/src/commands/call/written.rs"]
mod written;

mod nearest {
    pub(crate) use plug_policy::nearest;
}

use std::sync::LazyLock;

use libfuzzer_sys::fuzz_target;
use wasm_wave::value::{Type, Value};

static PARAMS: LazyLock<Vec<Vec<Type>>> = LazyLock::new(|| {
    let point = Type::record([("x", Type::F64), ("y", Type::F32), ("name", Type::STRING)]).unwrap();
    let shape = [("none", None), ("circle", Some(point.clone())), ("path", Some(Type::list(point.clone())))];
    let shape = Type::variant(shape).unwrap();
    let color = Type::enum_ty(["red", "green", "some", "ok", "true"]).unwrap();
    let flags = Type::flags(["a", "b", "none"]).unwrap();
    let result = Type::result(Some(shape.clone()), Some(Type::STRING));
    let deep = (0..8).fold(Type::option(Type::BOOL), |ty, _| Type::option(Type::list(ty)));
    vec![
        Vec::new(),
        vec![point.clone()],
        vec![Type::list(Type::U8), Type::STRING, Type::CHAR],
        vec![Type::tuple([Type::S64, Type::U64, Type::S8]).unwrap(), shape],
        vec![color, flags, result],
        vec![Type::option(Type::option(point)), Type::option(Type::STRING)],
        vec![deep, Type::result(None, None)],
    ]
});

fuzz_target!(|text: &str| {
    let _ = excerpt::excerpt(text, text.len() / 2);
    for types in PARAMS.iter() {
        match written::read::<Value>(text, types) {
            Ok(values) => {
                assert_eq!(values.len(), types.len());
                let shown = shown(&values);
                let again = written::read::<Value>(&shown, types)
                    .unwrap_or_else(|error| panic!("{shown}: {error:?}"));
                // as text, since not a number is not equal to itself
                assert_eq!(self::shown(&again), shown);
            }
            Err(error) => {
                assert!(error.at <= text.len(), "{error:?}");
                let marked = excerpt::excerpt(text, error.at);
                assert!(marked.ends_with('^') && marked.lines().count() == 2, "{marked}");
                assert!(!error.objection.is_empty());
            }
        }
    }
});

/// The values as they would be written.
fn shown(values: &[Value]) -> String {
    let values: Vec<String> = values.iter().map(|value| wasm_wave::to_string(value).unwrap()).collect();
    format!("({})", values.join(", "))
}
