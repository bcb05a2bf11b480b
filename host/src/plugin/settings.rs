//! What one plugin is run with.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::capability::HostApiSettings;
use crate::event::EventBus;
use crate::limits::Limits;

/// What one plugin is run with. Cheap to clone.
#[derive(Debug, Clone)]
pub(crate) struct Settings {
    pub(crate) plugin: Arc<str>,
    pub(crate) limits: Arc<Limits>,
    pub(crate) config: Arc<BTreeMap<String, String>>,
    pub(crate) events: EventBus,
}

impl Settings {
    pub(crate) fn host_api(&self) -> HostApiSettings {
        HostApiSettings {
            plugin: Arc::clone(&self.plugin),
            config: Arc::clone(&self.config),
            events: self.events.clone(),
        }
    }
}
