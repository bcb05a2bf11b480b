//! One version of a contract, as its plugins see it and as its hosts see it.

use crate::model::Contract;

/// One version of a contract in both of its roles: what plugins built for it have, and what hosts
/// built for it serve and demand.
///
/// The two are the same but for `@unstable` items: wasmtime's `bindgen!` reads WIT with all
/// features on and demands even unstable exports, while a guest leaves out what it did not ask for.
#[derive(Debug, Clone)]
pub struct Edition {
    pub(super) plugin: Contract,
    pub(super) host: Contract,
    /// With every `@unstable` item on.
    pub(super) unstable: Option<Contract>,
}

impl From<Contract> for Edition {
    fn from(contract: Contract) -> Edition {
        Edition { plugin: contract.clone(), host: contract, unstable: None }
    }
}

impl Edition {
    /// An edition whose hosts are made with wasmtime's `bindgen!`: `all_features` is the same world
    /// read with [`WitOptions::all_features`](crate::WitOptions::all_features), and its exports are
    /// what those hosts demand.
    #[must_use]
    pub fn of_bindgen_host(contract: Contract, all_features: Contract) -> Edition {
        let host = contract.with_exports_of(&all_features);
        Edition { plugin: contract, host, unstable: Some(all_features) }
    }

    /// What plugins built for it have.
    #[must_use]
    pub fn plugin(&self) -> &Contract {
        &self.plugin
    }

    /// What hosts built for it serve and demand.
    #[must_use]
    pub fn host(&self) -> &Contract {
        &self.host
    }
}

/// What puts plugin and host together.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Linker {
    /// wasmtime's linker, as a host uses it, on an engine that has every feature.
    #[default]
    Wasmtime,
    /// The same linker in a host of `plug_host::world!`, which is made without some features: its contract
    /// may need [`EngineFeature::OF_PLUG_HOST`](crate::EngineFeature::OF_PLUG_HOST), and a plugin beside
    /// that [`EngineFeature::OF_PLUG_ENGINE`](crate::EngineFeature::OF_PLUG_ENGINE).
    Plug,
    /// The component model's own subtyping, as composition of components uses it: stricter on
    /// names, ownership and exact versions.
    Spec,
}
