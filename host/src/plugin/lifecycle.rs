//! The base world as a second view on any instance: the host drives it through its life without
//! knowing the application's contract.

use wasmtime::Store;
use wasmtime::component::{Instance, InstancePre};

use super::run::{Clock, run};
use super::settings::Settings;
use crate::bindings::{Base, BaseIndices};
use crate::capability::State;
use crate::engine::Engine;
use crate::error::{CallError, GuestError, LoadError};
use crate::event::Event;

/// What a plugin says of itself is the guest's choice, so it is bounded.
const LONGEST_TEXT: usize = 4 << 10;

/// Who a plugin says it is.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Metadata {
    /// Its own name for itself; the host may have loaded it under another.
    pub name: String,
    /// Its version.
    pub version: String,
    /// What it does.
    pub description: String,
}

/// Where `lifecycle` is in a component.
#[derive(Clone)]
pub(crate) struct Lifecycle(BaseIndices);

/// `lifecycle` of an instance.
pub(crate) struct Life(Base);

impl Lifecycle {
    pub(crate) fn prepare<A: 'static>(pre: &InstancePre<State<A>>) -> wasmtime::Result<Lifecycle> {
        BaseIndices::new(pre).map(Lifecycle)
    }

    pub(crate) fn bind<A: Send + 'static>(
        &self,
        store: &mut Store<State<A>>,
        instance: &Instance,
    ) -> wasmtime::Result<Life> {
        self.0.load(store, instance).map(Life)
    }
}

impl Life {
    pub(crate) async fn initialize<A: Send + 'static>(
        &self,
        store: &mut Store<State<A>>,
        config: &[(String, String)],
    ) -> wasmtime::Result<()> {
        let answer = self.0.plug_plugin_lifecycle().call_initialize(store, config).await?;
        answer.map_err(refused)
    }

    pub(crate) async fn shutdown<A: Send + 'static>(
        &self,
        store: &mut Store<State<A>>,
    ) -> wasmtime::Result<()> {
        let answer = self.0.plug_plugin_lifecycle().call_shutdown(store).await?;
        answer.map_err(refused)
    }

    pub(crate) async fn metadata<A: Send + 'static>(
        &self,
        store: &mut Store<State<A>>,
    ) -> wasmtime::Result<Metadata> {
        let said = self.0.plug_plugin_lifecycle().call_get_metadata(store).await?;
        Ok(Metadata {
            name: bounded(said.name),
            version: bounded(said.version),
            description: bounded(said.description),
        })
    }
}

impl Life {
    /// Whether the plugin has a handler of events.
    pub(crate) fn hears(&self) -> bool {
        self.0.plug_plugin_event_handler().is_some()
    }

    /// Tells the plugin of an event, if it has a handler.
    pub(crate) async fn on_event<A: Send + 'static>(
        &self,
        store: &mut Store<State<A>>,
        event: &Event,
    ) -> wasmtime::Result<()> {
        let Some(handler) = self.0.plug_plugin_event_handler() else { return Ok(()) };
        let answer = handler.call_on_event(store, &event.event_type, &event.payload).await?;
        answer.map_err(refused)
    }
}

/// Initializes a fresh instance with the plugin's configuration.
pub(crate) async fn initialize<A: Send + 'static>(
    engine: &Engine,
    settings: &Settings,
    store: &mut Store<State<A>>,
    clock: Clock,
    life: &Life,
) -> Result<(), LoadError> {
    let config = store.data().config();
    let body = async |store: &mut Store<State<A>>| life.initialize(store, &config).await;
    let plugin = || settings.plugin.clone();
    match run(engine, settings, store, clock, body).await {
        Ok(()) => Ok(()),
        Err(CallError::Guest { error, .. }) => {
            Err(LoadError::Refused { plugin: plugin(), message: error.to_string() })
        }
        Err(error) => Err(LoadError::Start { plugin: plugin(), error: Box::new(error) }),
    }
}

fn refused(message: String) -> wasmtime::Error {
    wasmtime::Error::new(GuestError::new(bounded(message)))
}

fn bounded(mut text: String) -> String {
    text.truncate(text.floor_char_boundary(LONGEST_TEXT));
    text
}
