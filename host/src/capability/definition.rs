//! What a capability is.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

use plug_admission::{Deployment, Revision};
use plug_contract::{ContractHash, Digest};
use plug_policy::Effective;
use wasmtime::component::Linker;
use wasmtime_wasi::WasiCtxBuilder;

use super::log::LogSink;
use super::net::SharedResolver;
use super::permit::Permit;
use super::rate::Allowance;
use super::state::State;
use crate::error::ConfigureError;
use crate::event::Post;
use crate::limits::Limits;

/// A power of the host that plugins can be granted, on three time scales: linked once for all
/// plugins, configured once for each plugin from what it is granted, made once for each instance.
///
/// What the host brings itself (folders, connections, the log, …) is made of these, and an
/// application adds its own by [`HostBuilder::capability`](crate::HostBuilder::capability). Denied
/// unless granted: `configure` gets what takes effect, and what is asked for later is asked of the
/// [`Permit`], which knows of revocations too.
pub trait Capability: Send + Sync + 'static {
    /// Its name, as it stands in manifests and policies: `acme:counters/store`.
    const NAME: &'static str;

    /// The interfaces that it serves, each with its track: `acme:counters/store@1`, `wasi:random/*@0.2`.
    const INTERFACES: &'static [&'static str];

    /// What is made once for each plugin: its grant, understood and checked.
    type Plugin: Send + Sync + 'static;

    /// What each instance has of it, in its [`State`].
    type Instance: Send + 'static;

    /// Adds the functions of its interfaces. They find what belongs to the instance by
    /// [`State::of`].
    ///
    /// # Errors
    /// When something of that name is already there.
    fn link<A: Send + 'static>(linker: &mut Linker<State<A>>) -> wasmtime::Result<()>;

    /// Understands what a plugin is granted. Also called when that changes.
    ///
    /// # Errors
    /// When it cannot be given: a folder that is not there, a name that says nothing.
    fn configure(&self, plugin: &PluginContext<'_>) -> Result<Self::Plugin, ConfigureError>;

    /// Makes what an instance has of it.
    fn instantiate(plugin: &Self::Plugin, instance: &mut InstanceContext<'_>) -> Self::Instance;
}

/// What a capability may know of a plugin.
#[derive(Debug)]
pub struct PluginContext<'a> {
    pub(super) plugin: &'a Arc<str>,
    pub(super) effective: &'a Effective,
    pub(super) surroundings: &'a Surroundings,
}

/// What stays the same for a plugin whatever it is granted.
#[derive(Debug, Clone)]
pub(crate) struct Surroundings {
    pub(crate) artifact: Digest,
    /// The contract of the host; none for a component that is called without one.
    pub(crate) contract: Option<ContractHash>,
    pub(crate) limits: Arc<Limits>,
    pub(crate) config: Arc<BTreeMap<String, String>>,
    pub(crate) events: Post,
    pub(crate) resolver: SharedResolver,
}

impl Surroundings {
    /// The fingerprint of the plugin as it is deployed with these powers.
    pub(crate) fn revision(&self, effective: &Effective) -> Revision {
        let config: Vec<(String, String)> =
            self.config.iter().map(|(key, value)| (key.clone(), value.clone())).collect();
        let (artifact, contract) = (self.artifact, self.contract);
        let limits = self.limits.numbers();
        Deployment { artifact, config: &config, effective, limits: &limits, contract }.revision()
    }
}

impl PluginContext<'_> {
    /// The plugin's name on this host.
    #[must_use]
    pub fn plugin(&self) -> &str {
        self.plugin
    }

    /// All that takes effect for the plugin.
    #[must_use]
    pub fn effective(&self) -> &Effective {
        self.effective
    }

    /// Its limits.
    #[must_use]
    pub fn limits(&self) -> &Limits {
        &self.surroundings.limits
    }
}

/// What a capability may know of an instance as it is made.
pub struct InstanceContext<'a> {
    pub(super) permit: &'a Permit,
    pub(super) wasi: &'a mut WasiCtxBuilder,
    pub(super) log: &'a LogSink,
    pub(super) events: &'a Arc<Allowance>,
}

impl InstanceContext<'_> {
    /// Where to ask whether an access is granted. Cheap to clone, to be kept by the instance.
    #[must_use]
    pub fn permit(&self) -> &Permit {
        self.permit
    }

    /// The plugin's name on this host.
    #[must_use]
    pub fn plugin(&self) -> &str {
        self.permit.plugin()
    }
}

impl fmt::Debug for InstanceContext<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("InstanceContext").field("permit", self.permit).finish_non_exhaustive()
    }
}
