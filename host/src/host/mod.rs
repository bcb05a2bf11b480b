//! The application's own view: everything under one roof.

mod builder;
mod name;

pub use builder::{BuildError, HostBuilder};

use std::fmt;
use std::sync::Arc;

use plug_admission::Admission;

use crate::artifact::Artifact;
use crate::capability::CapabilityManager;
use crate::engine::Engine;
use crate::error::{LoadError, ShutdownError, UnloadError};
use crate::event::{Emitter, Event, Events, Post};
use crate::plugin::{AppFactory, Linkers, Plugin, Terms};
use crate::registry::{PluginHandle, PluginInfo, Registry};
use crate::world::World;
use builder::Defaults;

/// Loads plugins of the world `W`, and keeps them by name. Cheap to clone.
///
/// When the last clone and the last [`PluginHandle`] are gone, the instances are dropped without
/// being told; [`unload`](Host::unload) and [`shutdown`](Host::shutdown) tell them.
pub struct Host<W: World>(Arc<Parts<W>>);

struct Parts<W: World> {
    engine: Engine,
    linkers: Linkers<W::App>,
    app: AppFactory<W::App>,
    defaults: Defaults,
    manager: CapabilityManager,
    admission: Arc<Admission>,
    events: Post,
    registry: Registry<W>,
}

impl<W: World<App: Default>> Host<W> {
    /// A host whose application state, if the world has imports of its own, is the default one for
    /// each instance.
    pub fn builder() -> HostBuilder<W> {
        HostBuilder::new(|_| W::App::default())
    }
}

impl<W: World> Host<W> {
    /// A host whose application state is made by `app`, for each instance of the plugin of that
    /// name.
    pub fn builder_with(app: impl Fn(&str) -> W::App + Send + Sync + 'static) -> HostBuilder<W> {
        HostBuilder::new(app)
    }

    /// Loads a plugin under a name: judges, compiles, links, makes an instance, and asks the plugin
    /// who it is. Compiling runs on a thread where blocking is allowed.
    ///
    /// # Errors
    /// At the first stage that fails; see [`LoadError`].
    pub async fn load(&self, name: &str, artifact: Artifact) -> Result<PluginHandle<W>, LoadError> {
        let plugin = self.checked_name(name)?;
        if self.0.registry.contains(&plugin) {
            return Err(LoadError::AlreadyLoaded { plugin });
        }
        let prepared = self.prepare(name, artifact).await?;
        let mut instance = prepared.instantiate().await?;
        let metadata = match instance.metadata().await {
            Ok(metadata) => metadata,
            Err(error) => return Err(LoadError::Start { plugin, error: Box::new(error) }),
        };
        let handle = PluginHandle::new(instance, metadata);
        match self.0.registry.insert(Arc::clone(&plugin), handle.clone()) {
            Ok(()) => {
                handle.listen(&self.0.events);
                let loaded = handle.plugin();
                tracing::info!(%plugin, digest = %loaded.digest(), revision = %loaded.revision(), "loaded");
                Ok(handle)
            }
            Err(late) => {
                // another load of the same name was quicker
                if let Err(error) = late.close().await {
                    tracing::warn!(%plugin, "{error}");
                }
                Err(LoadError::AlreadyLoaded { plugin })
            }
        }
    }

    /// Judges, compiles and links without loading: for instances of one's own.
    ///
    /// # Errors
    /// At the first stage that fails; see [`LoadError`].
    pub async fn prepare(&self, name: &str, artifact: Artifact) -> Result<Plugin<W>, LoadError> {
        let plugin = self.checked_name(name)?;
        let terms = Terms {
            manager: &self.0.manager,
            limits: self.0.defaults.limits(&plugin),
            config: self.0.defaults.config(&plugin),
            events: self.0.events.clone(),
            admission: Arc::clone(&self.0.admission),
            resolver: self.0.defaults.resolver(),
            artifact: artifact.digest(),
            contract: Some(W::contract().hash()),
        };
        Plugin::prepare(&self.0.engine, &self.0.linkers, artifact, plugin, terms, Arc::clone(&self.0.app))
            .await
    }

    /// The plugin of that name.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<PluginHandle<W>> {
        self.0.registry.get(name)
    }

    /// What is known of all plugins, by name.
    #[must_use]
    pub fn list(&self) -> Vec<PluginInfo> {
        self.0.registry.snapshot().values().map(PluginHandle::info).collect()
    }

    /// Takes a plugin away: no call begins any more, the one that runs comes to its end, and the
    /// plugin is told.
    ///
    /// # Errors
    /// When there is no such plugin, or it does not shut down in order; then it is gone all the
    /// same.
    pub async fn unload(&self, name: &str) -> Result<(), UnloadError> {
        let handle =
            self.0.registry.remove(name).ok_or_else(|| UnloadError::NotLoaded { plugin: name.to_owned() })?;
        let closed = handle.close().await;
        tracing::info!(plugin = name, "unloaded");
        closed.map_err(|error| UnloadError::Shutdown { plugin: name.into(), error: Box::new(error) })
    }

    /// Unloads all plugins, one after the other. The host can be used again afterwards.
    ///
    /// # Errors
    /// What [`unload`](Host::unload) has to say about those that do not shut down in order.
    pub async fn shutdown(&self) -> Result<(), ShutdownError> {
        let mut errors = Vec::new();
        for name in self.0.registry.snapshot().keys() {
            match self.unload(name).await {
                // somebody else was quicker
                Ok(()) | Err(UnloadError::NotLoaded { .. }) => {}
                Err(error) => errors.push(error),
            }
        }
        ShutdownError::of(errors)
    }

    /// Tells the plugins that subscribe to that topic, and the application's own subscribers, of an event.
    /// It waits for nobody: see [`Limits::event_queue`](crate::Limits#structfield.event_queue).
    pub fn emit(&self, topic: impl Into<Arc<str>>, payload: impl Into<Arc<str>>) {
        let (event_type, payload) = (topic.into(), payload.into());
        self.0.events.emit(Event { emitter: Emitter::Host, event_type, payload });
    }

    /// The events of all plugins, and those of [`emit`](Host::emit), from now on.
    #[must_use]
    pub fn events(&self) -> Events {
        self.0.events.subscribe()
    }

    /// Who may do what: to look it up, to grant and to revoke while the host runs.
    #[must_use]
    pub fn capabilities(&self) -> &CapabilityManager {
        &self.0.manager
    }

    /// The engine, to be shared with other hosts.
    #[must_use]
    pub fn engine(&self) -> &Engine {
        &self.0.engine
    }

    fn checked_name(&self, name: &str) -> Result<Arc<str>, LoadError> {
        name::check(name).map_err(|reason| LoadError::BadName { name: name::shown(name), reason })?;
        Ok(name.into())
    }
}

impl<W: World> Clone for Host<W> {
    fn clone(&self) -> Self {
        Host(Arc::clone(&self.0))
    }
}

impl<W: World> fmt::Debug for Host<W> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let plugins: Vec<_> = self.0.registry.snapshot().keys().cloned().collect();
        f.debug_struct("Host")
            .field("world", &W::contract().id())
            .field("plugins", &plugins)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests;
