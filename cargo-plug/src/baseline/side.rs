//! One of two contracts that are compared.

use plug_contract::{Contract, Edition};

use super::Texts;
use crate::cli::LinkerName;

/// A contract, with what is needed to show places in it.
pub(crate) struct Side {
    /// As the user named it.
    pub(crate) name: String,
    /// Of a component: what it declares, or what it is.
    pub(crate) contract: Contract,
    /// The same with the `@unstable` items of all features.
    pub(crate) all_features: Contract,
    pub(crate) texts: Texts,
    /// When it is a component.
    pub(crate) plugin: Option<Plugin>,
}

/// What a component really is.
pub(crate) struct Plugin {
    pub(crate) actual: Contract,
    /// Whether it declares a contract.
    pub(crate) is_declared: bool,
}

impl Side {
    /// What plugins and hosts built for it have.
    pub(crate) fn edition(&self, linker: LinkerName) -> Edition {
        match linker {
            LinkerName::Wasmtime => {
                Edition::of_bindgen_host(self.contract.clone(), self.all_features.clone())
            }
            LinkerName::Plug | LinkerName::Spec => Edition::from(self.contract.clone()),
        }
    }
}
