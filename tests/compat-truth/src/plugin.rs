//! Plugins made of a world, without a guest toolchain.

use plug_contract::{ArtifactError, Contract};
use wasmtime::component::Component;
use wit_component::{ComponentEncoder, StringEncoding};
use wit_parser::{LiftLowerAbi, ManglingAndAbi, Resolve, WorldId, WorldItem};

use crate::engine::engine;
use crate::error::Error;
use crate::world::World;

/// Which of the world's imports a plugin calls. What it does not call, the encoder leaves out of the
/// component, as it does with every plugin.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Imports {
    /// All of them, but for functions that no host provides: those of an optional interface that is
    /// imported for the sake of its types alone.
    All,
    /// None.
    None,
    /// Each function and each drop of a resource with an even chance, which the number decides; of
    /// an interface that is exported, too, all or nothing.
    Some(u64),
}

impl Imports {
    /// Leaves those in the world that are called. Only the dummy module is made of what is left.
    fn trim(self, resolve: &mut Resolve, world: WorldId) {
        let (mut chances, all) = match self {
            Imports::All => return,
            Imports::None => (0, false),
            Imports::Some(number) => (number, true),
        };
        // a full-period generator: its high bits are good enough for a coin
        let mut keep = || {
            chances = chances.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            all && chances >> 63 == 1
        };
        let mut imports = std::mem::take(&mut resolve.worlds[world].imports);
        imports.retain(|_, item| match item {
            WorldItem::Interface { id, .. } => {
                // a copy: the same interface may be exported, and whole
                let mut interface = resolve.interfaces[*id].clone();
                interface.functions.retain(|_, _| keep());
                interface.types.retain(|_, _| keep());
                *id = resolve.interfaces.alloc(interface);
                true
            }
            WorldItem::Function(_) | WorldItem::Type { .. } => keep(),
        });
        resolve.worlds[world].imports = imports;
    }
}

/// Takes away what is in optional interfaces that the plugin imports for their types, and not because
/// its world imports them.
fn trim_unserved(world: &World, called: &mut Resolve, id: WorldId) -> Result<(), Error> {
    let optional = world.optional_exports()?;
    let own = &world.gated().resolve().worlds[id].imports;
    let mut imports = std::mem::take(&mut called.worlds[id].imports);
    for (key, item) in &mut imports {
        let is_unserved = !own.contains_key(key) && optional.contains(&called.name_world_key(key));
        if let WorldItem::Interface { id, .. } = item
            && is_unserved
        {
            let mut interface = called.interfaces[*id].clone();
            interface.functions.clear();
            interface.types.clear();
            *id = called.interfaces.alloc(interface);
        }
    }
    called.worlds[id].imports = imports;
    Ok(())
}

/// A compiled component that exports all that its world demands.
pub struct Plugin {
    bytes: Vec<u8>,
    component: Component,
}

impl Plugin {
    /// Makes it of a world, without any of its optional exports.
    ///
    /// # Errors
    /// When no component can be made of the world, or the engine does not take it.
    pub fn new(world: &World, imports: Imports) -> Result<Plugin, Error> {
        Plugin::with_optional(world, imports, &[])
    }

    /// Makes it of a world and those of its optional exports.
    ///
    /// # Errors
    /// When no component can be made of the world, or the engine does not take it.
    pub fn with_optional(world: &World, imports: Imports, optional: &[String]) -> Result<Plugin, Error> {
        let (resolve, id) = world.gated_resolve(optional)?;
        let mut called = resolve.clone();
        match imports {
            Imports::All => trim_unserved(world, &mut called, id)?,
            Imports::None | Imports::Some(_) => imports.trim(&mut called, id),
        }
        let abi = ManglingAndAbi::Legacy(LiftLowerAbi::Sync);
        let mut module = wit_component::dummy_module(&called, id, abi);
        let encode = |module: &mut Vec<u8>| {
            wit_component::embed_component_metadata(module, &resolve, id, StringEncoding::UTF8)?;
            ComponentEncoder::default().module(module)?.validate(false).encode()
        };
        let bytes = encode(&mut module).map_err(|why| Error::Plugin(format!("{why:#}")))?;
        let component = Component::new(engine(), &bytes).map_err(|why| Error::Engine(format!("{why:#}")))?;
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
