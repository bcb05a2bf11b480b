//! How a host is set up.

use std::collections::{BTreeMap, HashMap};
use std::fmt;
use std::sync::Arc;

use plug_admission::Admission;
use plug_policy::Policy;

use super::{Host, Parts};
use crate::capability::{
    self, Capability, CapabilityManager, CapabilityNameError, CustomBuilder, Resolver, SharedResolver,
};
use crate::engine::{Engine, EngineError};
use crate::error::Cause;
use crate::event::Post;
use crate::limits::Limits;
use crate::plugin::{AppFactory, Linkers};
use crate::registry::Registry;
use crate::world::World;

/// As many events as a slow subscriber can be behind.
const EVENTS: usize = 1024;

/// Sets up a [`Host`].
#[must_use]
pub struct HostBuilder<W: World> {
    engine: Option<Engine>,
    app: AppFactory<W::App>,
    defaults: Defaults,
    policy: Option<Policy>,
    admission: Arc<Admission>,
    custom: CustomBuilder<W::App>,
    events: usize,
}

/// What plugins are run with when they are loaded.
#[derive(Debug, Default)]
pub(super) struct Defaults {
    limits: Limits,
    limits_of: HashMap<String, Limits>,
    config_of: HashMap<String, Arc<BTreeMap<String, String>>>,
    resolver: SharedResolver,
}

/// No host can be made.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum BuildError {
    /// No engine can be made.
    #[error(transparent)]
    Engine(#[from] EngineError),
    /// A capability of the application has a name that it cannot have.
    #[error(transparent)]
    Capability(#[from] CapabilityNameError),
    /// No capability serves an import of the world that one is to serve.
    #[error("no capability serves `{import}`, which the world `{world}` imports")]
    #[non_exhaustive]
    Unserved {
        /// The world.
        world: String,
        /// The import.
        import: &'static str,
    },
    /// The world's own imports cannot be linked.
    #[error("the imports of the world `{world}` cannot be linked")]
    #[non_exhaustive]
    Imports {
        /// The world.
        world: String,
        /// wasmtime's own error.
        #[source]
        source: Cause,
    },
}

impl BuildError {
    /// The code of its page under `docs/errors`.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            BuildError::Engine(error) => error.code(),
            BuildError::Capability(_) => "PLG0521",
            BuildError::Unserved { .. } => "PLG0522",
            BuildError::Imports { .. } => "PLG0512",
        }
    }
}

impl Defaults {
    pub(super) fn limits(&self, plugin: &str) -> Limits {
        self.limits_of.get(plugin).unwrap_or(&self.limits).clone()
    }

    pub(super) fn config(&self, plugin: &str) -> Arc<BTreeMap<String, String>> {
        self.config_of.get(plugin).cloned().unwrap_or_default()
    }

    pub(super) fn resolver(&self) -> SharedResolver {
        self.resolver.clone()
    }
}

impl<W: World> HostBuilder<W> {
    pub(super) fn new(app: impl Fn(&str) -> W::App + Send + Sync + 'static) -> HostBuilder<W> {
        HostBuilder {
            engine: None,
            app: Arc::new(app),
            defaults: Defaults::default(),
            policy: None,
            admission: Arc::default(),
            custom: CustomBuilder::new(),
            events: EVENTS,
        }
    }

    /// Uses an engine that is there already: hosts of several worlds can share one. Otherwise the
    /// host makes one.
    pub fn engine(mut self, engine: Engine) -> Self {
        self.engine = Some(engine);
        self
    }

    /// The limits of all plugins that have none of their own. [`Limits::default`] otherwise.
    pub fn limits(mut self, limits: Limits) -> Self {
        self.defaults.limits = limits;
        self
    }

    /// The limits of the plugin that is loaded under that name.
    pub fn limits_for(mut self, plugin: impl Into<String>, limits: Limits) -> Self {
        self.defaults.limits_of.insert(plugin.into(), limits);
        self
    }

    /// What plugins may do. Without a policy, no more than compute, log, and read their own
    /// configuration: [`Policy::restricted`], with the limits that are set here.
    ///
    /// The limits of a policy go over those of [`limits`](Self::limits) and
    /// [`limits_for`](Self::limits_for); what a plugin's own manifest says lowers them.
    pub fn policy(mut self, policy: Policy) -> Self {
        self.policy = Some(policy);
        self
    }

    /// What an artifact has to be for being loaded: pinned, signed. Without it, any component that fits
    /// may be.
    pub fn admission(mut self, admission: Admission) -> Self {
        self.admission = Arc::new(admission);
        self
    }

    /// Adds a capability of the application's own, which plugins can want and policies can grant.
    pub fn capability(mut self, capability: impl Capability) -> Self {
        self.custom.add(capability);
        self
    }

    /// The configuration of the plugin that is loaded under that name. It gets the whole of it when
    /// it is initialized, and can ask for single keys later.
    pub fn config<K, V>(mut self, plugin: impl Into<String>, pairs: impl IntoIterator<Item = (K, V)>) -> Self
    where
        K: Into<String>,
        V: Into<String>,
    {
        let pairs = pairs.into_iter().map(|(key, value)| (key.into(), value.into())).collect();
        self.defaults.config_of.insert(plugin.into(), Arc::new(pairs));
        self
    }

    /// Looks up names for plugins that are granted connections. The operating system's resolver otherwise.
    pub fn resolver(mut self, resolver: impl Resolver) -> Self {
        self.defaults.resolver = SharedResolver::new(resolver);
        self
    }

    /// How many events a slow subscriber can be behind before it loses some. 1,024.
    pub fn event_capacity(mut self, events: usize) -> Self {
        self.events = events;
        self
    }

    /// Makes the host.
    ///
    /// # Errors
    /// When no engine can be made, or the world's own imports collide with what the host links.
    pub fn build(self) -> Result<Host<W>, BuildError> {
        let engine = match self.engine {
            Some(engine) => engine,
            None => Engine::new()?,
        };
        self.custom.check()?;
        let (links, custom) = self.custom.into_parts();
        let linkers = Linkers::new(&engine, move |linker| {
            capability::link(linker)?;
            W::link(linker)?;
            links.link(linker)
        })
        .map_err(|source| BuildError::Imports { world: W::contract().id(), source: Cause::new(source) })?;
        if let Some(import) = W::capabilities().iter().find(|import| !custom.serves(import)) {
            return Err(BuildError::Unserved { world: W::contract().id(), import });
        }
        Ok(Host(Arc::new(Parts {
            engine,
            linkers,
            app: self.app,
            defaults: self.defaults,
            admission: self.admission,
            manager: CapabilityManager::new(self.policy, Some(&W::contract().id()), custom),
            events: Post::new(self.events),
            registry: Registry::new(),
        })))
    }
}

impl<W: World> fmt::Debug for HostBuilder<W> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("HostBuilder")
            .field("engine", &self.engine)
            .field("defaults", &self.defaults)
            .field("policy", &self.policy)
            .finish_non_exhaustive()
    }
}
