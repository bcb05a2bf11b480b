//! Events that plugins emit.

use std::sync::Arc;

use plug_policy::Capability as Name;
use wasmtime::component::Linker;

use super::definition::{Capability, InstanceContext, PluginContext};
use super::permit::Permit;
use super::rate::Allowance;
use super::state::State;
use crate::error::{ConfigureError, Identity};
use crate::event::{Emitter, Event, Post};

/// `events`: by `emit-event`, which comes with the [log](super::log).
#[derive(Debug)]
pub(crate) struct EventsCapability;

/// What the instances of a plugin share.
#[derive(Debug, Clone)]
pub(crate) struct EventsPlugin {
    post: Post,
    largest: usize,
}

/// The way out for the events of an instance.
#[derive(Debug)]
pub(crate) struct EventsInstance {
    permit: Permit,
    plugin: EventsPlugin,
    rate: Arc<Allowance>,
}

impl Capability for EventsCapability {
    const NAME: &'static str = "events";
    const INTERFACES: &'static [&'static str] = &[];
    type Plugin = EventsPlugin;
    type Instance = EventsInstance;

    fn link<A: Send + 'static>(_: &mut Linker<State<A>>) -> wasmtime::Result<()> {
        Ok(())
    }

    fn configure(&self, plugin: &PluginContext<'_>) -> Result<EventsPlugin, ConfigureError> {
        let post = plugin.surroundings.events.clone();
        Ok(EventsPlugin { post, largest: plugin.limits().event_bytes })
    }

    fn instantiate(plugin: &EventsPlugin, instance: &mut InstanceContext<'_>) -> EventsInstance {
        EventsInstance {
            permit: instance.permit.clone(),
            plugin: plugin.clone(),
            rate: Arc::clone(instance.events),
        }
    }
}

impl EventsInstance {
    pub(super) fn emit(&self, topic: String, payload: String) -> Result<(), String> {
        let size = topic.len().saturating_add(payload.len());
        if size > self.plugin.largest {
            return Err(format!("an event of {size} bytes; the host takes up to {}", self.plugin.largest));
        }
        if !self.permit.check(Name::EventsEmit, &topic, |effective| effective.events.allows_emit(&topic)) {
            return Err("events of this type are not granted".to_owned());
        }
        self.rate.take("events")?;
        let Identity { plugin: name, revision } = self.permit.identity().clone();
        self.plugin.post.emit(Event {
            emitter: Emitter::Plugin { name, revision },
            event_type: topic.into(),
            payload: payload.into(),
        });
        Ok(())
    }
}
