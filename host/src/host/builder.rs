//! How a host is set up.

use std::collections::{BTreeMap, HashMap};
use std::fmt;
use std::sync::Arc;

use wasmtime::component::Linker;

use super::{Host, Parts};
use crate::capability;
use crate::engine::{Engine, EngineError};
use crate::error::Cause;
use crate::event::EventBus;
use crate::limits::Limits;
use crate::plugin::AppFactory;
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
    events: usize,
}

/// What plugins are run with when they are loaded.
#[derive(Debug, Default)]
pub(super) struct Defaults {
    limits: Arc<Limits>,
    limits_of: HashMap<String, Arc<Limits>>,
    config_of: HashMap<String, Arc<BTreeMap<String, String>>>,
}

/// No host can be made.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum BuildError {
    /// No engine can be made.
    #[error(transparent)]
    Engine(#[from] EngineError),
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
            BuildError::Imports { .. } => "PLG0512",
        }
    }
}

impl Defaults {
    pub(super) fn limits(&self, plugin: &str) -> Arc<Limits> {
        Arc::clone(self.limits_of.get(plugin).unwrap_or(&self.limits))
    }

    pub(super) fn config(&self, plugin: &str) -> Arc<BTreeMap<String, String>> {
        self.config_of.get(plugin).cloned().unwrap_or_default()
    }
}

impl<W: World> HostBuilder<W> {
    pub(super) fn new(app: impl Fn(&str) -> W::App + Send + Sync + 'static) -> HostBuilder<W> {
        HostBuilder { engine: None, app: Arc::new(app), defaults: Defaults::default(), events: EVENTS }
    }

    /// Uses an engine that is there already: hosts of several worlds can share one. Otherwise the
    /// host makes one.
    pub fn engine(mut self, engine: Engine) -> Self {
        self.engine = Some(engine);
        self
    }

    /// The limits of all plugins that have none of their own. [`Limits::default`] otherwise.
    pub fn limits(mut self, limits: Limits) -> Self {
        self.defaults.limits = Arc::new(limits);
        self
    }

    /// The limits of the plugin that is loaded under that name.
    pub fn limits_for(mut self, plugin: impl Into<String>, limits: Limits) -> Self {
        self.defaults.limits_of.insert(plugin.into(), Arc::new(limits));
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
        let mut linker = Linker::new(engine.wasmtime());
        capability::link(&mut linker).and_then(|()| W::link(&mut linker)).map_err(|source| {
            BuildError::Imports { world: W::contract().id(), source: Cause::new(source) }
        })?;
        Ok(Host(Arc::new(Parts {
            engine,
            linker,
            app: self.app,
            defaults: self.defaults,
            events: EventBus::new(self.events),
            registry: Registry::new(),
        })))
    }
}

impl<W: World> fmt::Debug for HostBuilder<W> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("HostBuilder")
            .field("engine", &self.engine)
            .field("defaults", &self.defaults)
            .finish_non_exhaustive()
    }
}
