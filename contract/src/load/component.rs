//! A component's bytes.

use std::panic::{AssertUnwindSafe, catch_unwind};

use wasmparser::{Validator, WasmFeatures};
use wit_component::DecodedWasm;
use wit_parser::Resolve;

use crate::artifact::{ArtifactError, ArtifactKind, canonical_name, sniff};
use crate::model::Contract;

impl Contract {
    /// The actual contract of a component: what its bytes import and export. The name of its
    /// world is not in the bytes, nor is what it could have imported but does not use.
    ///
    /// # Errors
    /// When the bytes are no valid component, its names are canonical ones, or its types cannot be
    /// read as WIT.
    pub fn from_component(bytes: &[u8]) -> Result<Contract, ArtifactError> {
        match sniff(bytes)? {
            ArtifactKind::WitPackage => return Err(ArtifactError::WitPackage),
            ArtifactKind::Component => {}
        }
        if let Some((name, suffix)) = canonical_name(bytes) {
            return Err(ArtifactError::CanonicalNames { name, suffix });
        }
        match decode(bytes)? {
            DecodedWasm::Component(resolve, world) => super::resolve::contract(&resolve, world, None)
                .map_err(|why| ArtifactError::NoWit { reason: why.to_string() }),
            DecodedWasm::WitPackage(..) => Err(ArtifactError::WitPackage),
        }
    }
}

/// The packages in a WIT package of binary form.
pub(super) fn decode_package(bytes: &[u8]) -> Result<Resolve, ArtifactError> {
    match decode(bytes)? {
        DecodedWasm::WitPackage(resolve, _) => Ok(resolve),
        DecodedWasm::Component(..) => {
            Err(ArtifactError::NoWit { reason: "it is a component with code".to_owned() })
        }
    }
}

fn decode(bytes: &[u8]) -> Result<DecodedWasm, ArtifactError> {
    // Whatever a component may use is let through here: what an engine takes is the engine's word.
    Validator::new_with_features(WasmFeatures::all())
        .validate_all(bytes)
        .map_err(|source| ArtifactError::Invalid { source })?;
    // wit-parser's decoder takes valid bytes for granted to be WIT-shaped and has `unreachable!`
    // where they are not (a component that exports a value, say). It owns all it touches.
    catch_unwind(AssertUnwindSafe(|| wit_component::decode(bytes)))
        .map_err(|_| ArtifactError::NoWit { reason: "it uses a form that WIT cannot express".to_owned() })?
        .map_err(|why| ArtifactError::NoWit { reason: format!("{why:#}") })
}
