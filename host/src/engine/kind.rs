//! The two kinds of wasmtime engine, and which one a component needs.

use wasmparser::{Validator, WasmFeatures};
use wasmtime::Config;

/// Which of its two wasmtime engines an [`Engine`](super::Engine) runs a component on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum EngineKind {
    /// Without concurrency, maps and lists of fixed length. Calls cost half, so all components that can
    /// run on it do.
    Lean,
    /// With them: for components that have async functions, streams or futures, use the concurrency of
    /// the component model within, or pass maps or lists of fixed length.
    Full,
}

/// What a lean engine takes: what wasmtime has on by itself, as its cargo features are chosen here, and
/// without concurrency.
const LEAN: WasmFeatures = WasmFeatures::WASM3
    .difference(WasmFeatures::GC_TYPES)
    .difference(WasmFeatures::EXCEPTIONS)
    .difference(WasmFeatures::THREADS)
    .union(WasmFeatures::COMPONENT_MODEL);

/// What a full engine takes. More of what wasmtime has is experimental, and stays off.
const FULL: WasmFeatures =
    LEAN.union(WasmFeatures::CM_ASYNC).union(WasmFeatures::CM_MAP).union(WasmFeatures::CM_FIXED_LENGTH_LISTS);

impl EngineKind {
    /// The kind that a component has to be compiled by: the lean one if that will do.
    ///
    /// # Errors
    /// When it is valid for neither; what the full one has against it.
    pub(super) fn needed_by(component: &[u8]) -> Result<EngineKind, wasmparser::Error> {
        if validate(component, LEAN).is_ok() {
            return Ok(EngineKind::Lean);
        }
        validate(component, FULL).map(|()| EngineKind::Full)
    }

    /// What the kinds differ in; all else is the same for both.
    pub(super) fn configure(self, config: &mut Config) {
        let is_full = self == EngineKind::Full;
        config.concurrency_support(is_full);
        config.wasm_component_model_map(is_full);
        config.wasm_component_model_fixed_length_lists(is_full);
    }
}

fn validate(component: &[u8], features: WasmFeatures) -> Result<(), wasmparser::Error> {
    Validator::new_with_features(features).validate_all(component).map(drop)
}
