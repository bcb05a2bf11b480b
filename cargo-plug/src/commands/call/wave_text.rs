//! Results as WAVE.

use plug_host::wasmtime::component::Val;
use wasm_wave::writer::WriterError;

/// The value in WAVE, which has no maps: they are lists of pairs.
pub(super) fn wave_text(value: Val) -> Result<String, WriterError> {
    wasm_wave::to_string(&without_maps(value))
}

fn without_maps(value: Val) -> Val {
    let each = |values: Vec<Val>| values.into_iter().map(without_maps).collect();
    let boxed = |value: Box<Val>| Box::new(without_maps(*value));
    match value {
        Val::Map(pairs) => Val::List(
            pairs
                .into_iter()
                .map(|(key, value)| Val::Tuple(vec![without_maps(key), without_maps(value)]))
                .collect(),
        ),
        Val::List(values) => Val::List(each(values)),
        Val::FixedLengthList(values) => Val::FixedLengthList(each(values)),
        Val::Tuple(values) => Val::Tuple(each(values)),
        Val::Record(fields) => {
            Val::Record(fields.into_iter().map(|(name, value)| (name, without_maps(value))).collect())
        }
        Val::Variant(name, payload) => Val::Variant(name, payload.map(boxed)),
        Val::Option(value) => Val::Option(value.map(boxed)),
        Val::Result(Ok(value)) => Val::Result(Ok(value.map(boxed))),
        Val::Result(Err(value)) => Val::Result(Err(value.map(boxed))),
        other => other,
    }
}
