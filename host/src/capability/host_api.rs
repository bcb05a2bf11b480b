//! `plug:plugin/host-api`: one interface, served by three capabilities.

use wasmtime::component::{HasData, Linker};

use super::config::ConfigInstance;
use super::events::EventsInstance;
use super::log::LogInstance;
use super::state::State;
use crate::bindings::host_api::{self, Host, Level};

/// What the interface needs of an instance.
pub(super) struct HostApi<'a> {
    pub(super) log: &'a LogInstance,
    pub(super) config: &'a ConfigInstance,
    pub(super) events: &'a EventsInstance,
}

struct HasHostApi;

impl HasData for HasHostApi {
    type Data<'a> = HostApi<'a>;
}

pub(super) fn link<A: Send + 'static>(linker: &mut Linker<State<A>>) -> wasmtime::Result<()> {
    host_api::add_to_linker::<_, HasHostApi>(linker, |state: &mut State<A>| {
        let own = state.built_in();
        HostApi { log: &own.log, config: &own.config, events: &own.events }
    })
}

impl Host for HostApi<'_> {
    fn log_message(&mut self, level: Level, message: String) -> Result<(), String> {
        self.log.write(level, &message)
    }

    fn get_config(&mut self, key: String) -> Option<String> {
        self.config.get(&key)
    }

    fn emit_event(&mut self, event_type: String, payload: String) -> Result<(), String> {
        self.events.emit(event_type, payload)
    }
}
