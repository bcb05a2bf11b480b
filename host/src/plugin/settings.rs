//! What one plugin is run with.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::capability::{HostApiSettings, Rates};
use crate::event::EventBus;
use crate::limits::Limits;

/// What one plugin is run with. Cheap to clone.
#[derive(Debug, Clone)]
pub(crate) struct Settings {
    pub(crate) plugin: Arc<str>,
    pub(crate) limits: Arc<Limits>,
    pub(crate) config: Arc<BTreeMap<String, String>>,
    pub(crate) events: EventBus,
    rates: Arc<Rates>,
}

impl Settings {
    pub(crate) fn new(
        plugin: Arc<str>,
        limits: Arc<Limits>,
        config: Arc<BTreeMap<String, String>>,
        events: EventBus,
    ) -> Settings {
        let rates = Arc::new(Rates::new(&limits));
        Settings { plugin, limits, config, events, rates }
    }

    pub(crate) fn host_api(&self) -> HostApiSettings {
        HostApiSettings {
            plugin: Arc::clone(&self.plugin),
            config: Arc::clone(&self.config),
            events: self.events.clone(),
            rates: Arc::clone(&self.rates),
        }
    }
}
