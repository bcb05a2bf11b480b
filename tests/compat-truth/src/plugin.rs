//! Plugins made of a world, without a guest toolchain.

use plug_contract::{ArtifactError, Contract};
use wasmtime::component::Component;
use wit_component::{ComponentEncoder, StringEncoding};
use wit_parser::{LiftLowerAbi, ManglingAndAbi};

use crate::concurrent;
use crate::engine::engine;
use crate::error::Error;
use crate::world::{self, World};

/// Which of the world's imports a plugin calls. What it does not call, the encoder leaves out of the
/// component, as it does with every plugin.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Imports {
    /// All of them.
    All,
    /// None.
    None,
}

/// A compiled component that exports all that its world has.
pub struct Plugin {
    bytes: Vec<u8>,
    component: Component,
}

impl Plugin {
    /// Makes it of a world.
    ///
    /// # Errors
    /// When no component can be made of the world, or the engine does not take it.
    pub fn new(world: &World, imports: Imports) -> Result<Plugin, Error> {
        let (resolve, id) = world.gated_resolve()?;
        if !concurrent::COMPILED_IN && world::needs_concurrent(&resolve, id) {
            return Err(Error::NeedsConcurrent);
        }
        let abi = ManglingAndAbi::Legacy(LiftLowerAbi::Sync);
        let mut module = match imports {
            Imports::All => wit_component::dummy_module(&resolve, id, abi),
            Imports::None => {
                let mut deaf = resolve.clone();
                deaf.worlds[id].imports.clear();
                wit_component::dummy_module(&deaf, id, abi)
            }
        };
        let encode = |module: &mut Vec<u8>| {
            wit_component::embed_component_metadata(module, &resolve, id, StringEncoding::UTF8)?;
            ComponentEncoder::default().module(module)?.validate(false).encode()
        };
        let bytes = encode(&mut module).map_err(|why| Error::Plugin(format!("{why:#}")))?;
        let component = Component::new(engine(), &bytes).map_err(|why| Error::Plugin(format!("{why:#}")))?;
        Ok(Plugin { bytes, component })
    }

    /// The contract of what came out.
    ///
    /// # Errors
    /// As [`Contract::from_component`].
    pub fn contract(&self) -> Result<Contract, ArtifactError> {
        Contract::from_component(&self.bytes)
    }

    pub(crate) fn component(&self) -> &Component {
        &self.component
    }
}
