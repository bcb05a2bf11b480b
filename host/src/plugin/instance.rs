//! A running plugin.

use std::fmt;

use wasmtime::{AsContextMut as _, Store, StoreContextMut};

use super::lifecycle::{Life, Metadata, initialize};
use super::prepare::Plugin;
use super::run::{Clock, new_store, run};
use crate::capability::State;
use crate::error::{CallError, GuestError, HostErrorKind, LoadError};
use crate::event::Event;
use crate::world::World;

/// What the closure of a call passes on to the bindings. `&mut store` where it is needed again.
pub type CallStore<'a, W> = StoreContextMut<'a, State<<W as World>::App>>;

/// A plugin with a memory of its own. It is never shared: calls take it by `&mut`.
///
/// After a call that broke, was stopped, or whose future was dropped before its end, the instance
/// is dead: every later call fails, and a new instance has to be made.
pub struct Instance<W: World> {
    plugin: Plugin<W>,
    store: Store<State<W::App>>,
    bindings: W::Bindings,
    life: Life,
    alive: bool,
}

impl<W: World> Instance<W> {
    pub(super) async fn start(plugin: Plugin<W>, clock: Clock) -> Result<Instance<W>, LoadError> {
        let mut store =
            new_store(plugin.engine(), plugin.pre().engine(), plugin.new_app(), plugin.settings())?;
        let body = async |store: &mut Store<State<W::App>>| {
            let instance = plugin.pre().instantiate_async(&mut *store).await?;
            Ok(plugin.bind(store, &instance))
        };
        let made = run(plugin.engine(), plugin.settings(), &mut store, clock, body).await;
        let bound = made.map_err(|error| LoadError::Instantiate {
            plugin: plugin.settings().plugin.clone(),
            error: Box::new(error),
        })?;
        // no code of the plugin ran here: wasmtime compared the types of the exports
        let (life, bindings) = bound.map_err(|source| plugin.cannot_link(source))?;
        initialize(plugin.engine(), plugin.settings(), &mut store, clock, &life).await?;
        Ok(Instance { plugin, store, bindings, life, alive: true })
    }

    /// Calls the plugin. The closure gets the world's bindings and the store that they need.
    ///
    /// The call runs in the caller's task. Its limits are the plugin's: see [`Limits`](crate::Limits).
    ///
    /// # Errors
    /// When the plugin breaks or is stopped, the closure or a function of the host fails, or the
    /// instance is dead.
    pub async fn call<T, F>(&mut self, call: F) -> Result<T, CallError>
    where
        F: AsyncFnOnce(&W::Bindings, CallStore<'_, W>) -> wasmtime::Result<T>,
    {
        self.call_by(Clock::start(self.plugin.limits().deadline), call).await
    }

    /// Calls a function that answers with a WIT `result`; the plugin's own error becomes a
    /// [`CallError::Guest`].
    ///
    /// # Errors
    /// As [`call`](Instance::call), and when the plugin answers with an error.
    pub async fn try_call<T, E, F>(&mut self, call: F) -> Result<T, CallError>
    where
        E: Into<Box<dyn std::error::Error + Send + Sync>>,
        F: AsyncFnOnce(&W::Bindings, CallStore<'_, W>) -> wasmtime::Result<Result<T, E>>,
    {
        self.call(async |bindings, store| answered(call(bindings, store).await?)).await
    }

    pub(crate) async fn call_by<T, F>(&mut self, clock: Clock, call: F) -> Result<T, CallError>
    where
        F: AsyncFnOnce(&W::Bindings, CallStore<'_, W>) -> wasmtime::Result<T>,
    {
        self.guarded(clock, async |views, store| call(views.bindings, store.as_context_mut()).await).await
    }

    /// Asks the plugin who it is.
    ///
    /// # Errors
    /// As [`call`](Instance::call).
    pub async fn metadata(&mut self) -> Result<Metadata, CallError> {
        self.metadata_by(Clock::start(self.plugin.limits().deadline)).await
    }

    pub(crate) async fn metadata_by(&mut self, clock: Clock) -> Result<Metadata, CallError> {
        self.guarded(clock, async |views, store| views.life.metadata(store).await).await
    }

    /// Whether the plugin has a handler of events.
    pub(crate) fn hears(&self) -> bool {
        self.life.hears()
    }

    pub(crate) async fn on_event_by(&mut self, clock: Clock, event: &Event) -> Result<(), CallError> {
        self.guarded(clock, async |views, store| views.life.on_event(store, event).await).await
    }

    /// Tells the plugin that its end has come, and drops it.
    ///
    /// # Errors
    /// As [`call`](Instance::call), and when the plugin answers with an error.
    pub async fn shutdown(mut self) -> Result<(), CallError> {
        let clock = Clock::start(self.plugin.limits().deadline);
        self.guarded(clock, async |views, store| views.life.shutdown(store).await).await
    }

    /// Whether the instance can be called: nothing broke it, and nothing that it holds was revoked.
    #[must_use]
    pub fn is_alive(&self) -> bool {
        self.alive && !self.store.data().is_revoked()
    }

    /// The plugin that it is an instance of.
    #[must_use]
    pub fn plugin(&self) -> &Plugin<W> {
        &self.plugin
    }

    /// The application's own state and what the host knows of the instance.
    #[must_use]
    pub fn state(&self) -> &State<W::App> {
        self.store.data()
    }

    /// The same, to be changed between calls.
    pub fn state_mut(&mut self) -> &mut State<W::App> {
        self.store.data_mut()
    }

    /// The instance counts as dead until the call has come to its end in order.
    async fn guarded<T, F>(&mut self, clock: Clock, body: F) -> Result<T, CallError>
    where
        F: AsyncFnOnce(Views<'_, W>, &mut Store<State<W::App>>) -> wasmtime::Result<T>,
    {
        let settings = self.plugin.settings();
        if !std::mem::replace(&mut self.alive, false) {
            return Err(CallError::host(self.store.data().identity(), HostErrorKind::Dead));
        }
        let views = Views { bindings: &self.bindings, life: &self.life };
        let outcome = run(self.plugin.engine(), settings, &mut self.store, clock, async |store| {
            body(views, store).await
        })
        .await;
        self.alive = outcome.as_ref().err().is_none_or(CallError::leaves_instance_usable);
        outcome
    }
}

/// The two views on one instance.
struct Views<'a, W: World> {
    bindings: &'a W::Bindings,
    life: &'a Life,
}

/// The plugin's own `err` as an error of the call.
pub(crate) fn answered<T, E>(answer: Result<T, E>) -> wasmtime::Result<T>
where
    E: Into<Box<dyn std::error::Error + Send + Sync>>,
{
    answer.map_err(|error| wasmtime::Error::new(GuestError::new(error)))
}

impl<W: World> fmt::Debug for Instance<W> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Instance")
            .field("plugin", &self.plugin)
            .field("alive", &self.alive)
            .finish_non_exhaustive()
    }
}
