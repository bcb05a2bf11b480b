//! A component's bytes.

use std::panic::{AssertUnwindSafe, catch_unwind};

use wasmparser::component_types::ComponentEntityType;
use wasmparser::types::{Types, TypesRef};
use wasmparser::{ComponentExternalKind, Payload, Validator, WasmFeatures};
use wit_component::DecodedWasm;
use wit_parser::Resolve;

use crate::artifact::{ArtifactError, ArtifactKind, canonical_name, sniff};
use crate::model::{Contract, Side};
use crate::nesting::check_nesting;

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
        let (decoded, types) = decode(bytes)?;
        match decoded {
            DecodedWasm::Component(resolve, world) => {
                let contract = super::resolve::contract(&resolve, world, None)
                    .map_err(|why| ArtifactError::NoWit { reason: why.to_string() })?;
                Ok(contract.retain(|side, interface, name| has_item(types.as_ref(), side, interface, name)))
            }
            DecodedWasm::WitPackage(..) => Err(ArtifactError::WitPackage),
        }
    }
}

/// Whether the component really has the function or resource on that side. wit-parser's decoder makes
/// one interface of both sides, with what either has.
fn has_item(types: TypesRef<'_>, side: Side, interface: &str, name: &str) -> bool {
    let item = match side {
        Side::Import => types.component_item_for_import(interface),
        Side::Export => types.component_item_for_export(interface),
    };
    match item.map(|item| item.ty) {
        Some(ComponentEntityType::Instance(id)) => types[id].exports.contains_key(name),
        // under another name than the decoder gives it: nothing is known against it
        _ => true,
    }
}

/// The packages in a WIT package of binary form.
pub(super) fn decode_package(bytes: &[u8]) -> Result<Resolve, ArtifactError> {
    match decode(bytes)?.0 {
        DecodedWasm::WitPackage(resolve, _) => Ok(resolve),
        DecodedWasm::Component(..) => {
            Err(ArtifactError::NoWit { reason: "it is a component with code".to_owned() })
        }
    }
}

/// The first type that the component exports at its root, where worlds have functions and interfaces
/// alone.
fn root_type(bytes: &[u8]) -> Option<String> {
    let mut depth = 0;
    for payload in wasmparser::Parser::new(0).parse_all(bytes).map_while(Result::ok) {
        match payload {
            Payload::Version { .. } => depth += 1,
            Payload::End(_) => depth -= 1,
            Payload::ComponentExportSection(exports) if depth == 1 => {
                let mut exports = exports.into_iter().map_while(Result::ok);
                if let Some(found) = exports.find(|export| export.kind == ComponentExternalKind::Type) {
                    return Some(found.name.name.to_owned());
                }
            }
            _ => {}
        }
    }
    None
}

fn decode(bytes: &[u8]) -> Result<(DecodedWasm, Types), ArtifactError> {
    check_nesting(bytes)?;
    // Whatever a component may use is let through here: what an engine takes is the engine's word.
    let types = Validator::new_with_features(WasmFeatures::all())
        .validate_all(bytes)
        .map_err(|why| ArtifactError::Invalid { source: why.into() })?;
    // wit-parser's decoder takes valid bytes for granted to be WIT-shaped and has `unreachable!`
    // where they are not (a component that exports a value, say). It owns all it touches.
    let decoded = catch_unwind(AssertUnwindSafe(|| wit_component::decode(bytes)))
        .map_err(|_| ArtifactError::NoWit { reason: "it uses a form that WIT cannot express".to_owned() })?
        .map_err(|why| ArtifactError::NoWit {
            reason: match root_type(bytes) {
                Some(name) => format!("it exports the type `{name}` by itself, not within an interface"),
                None => format!("{why:#}"),
            },
        })?;
    Ok((decoded, types))
}
