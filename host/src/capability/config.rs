//! The plugin's own configuration.

use std::collections::BTreeMap;
use std::sync::Arc;

use plug_policy::Capability as Name;
use wasmtime::component::Linker;

use super::definition::{Capability, InstanceContext, PluginContext};
use super::permit::Permit;
use super::state::State;
use crate::error::ConfigureError;

/// `config`: the keys that are granted, by `initialize` and by `get-config`, which comes with the
/// [log](super::log).
#[derive(Debug)]
pub(crate) struct ConfigCapability;

/// The configuration as an instance sees it.
#[derive(Debug)]
pub(crate) struct ConfigInstance {
    permit: Permit,
    entries: Arc<BTreeMap<String, String>>,
}

impl Capability for ConfigCapability {
    const NAME: &'static str = "config";
    const INTERFACES: &'static [&'static str] = &[];
    type Plugin = Arc<BTreeMap<String, String>>;
    type Instance = ConfigInstance;

    fn link<A: Send + 'static>(_: &mut Linker<State<A>>) -> wasmtime::Result<()> {
        Ok(())
    }

    fn configure(&self, plugin: &PluginContext<'_>) -> Result<Self::Plugin, ConfigureError> {
        Ok(Arc::clone(&plugin.surroundings.config))
    }

    fn instantiate(entries: &Self::Plugin, instance: &mut InstanceContext<'_>) -> ConfigInstance {
        ConfigInstance { permit: instance.permit.clone(), entries: Arc::clone(entries) }
    }
}

impl ConfigInstance {
    /// The value of a key, if there is one and it is granted. A key that is not granted is not told
    /// from one that is not there.
    pub(super) fn get(&self, key: &str) -> Option<String> {
        let allowed = self.permit.check(Name::Config, key, |effective| effective.config.allows(key));
        self.entries.get(key).filter(|_| allowed).cloned()
    }

    /// All that is granted, for `initialize`.
    pub(super) fn all(&self) -> Vec<(String, String)> {
        let granted = |key: &str| self.permit.allows(|effective| effective.config.allows(key));
        self.entries
            .iter()
            .filter(|(key, _)| granted(key))
            .map(|(key, value)| (key.clone(), value.clone()))
            .collect()
    }
}
