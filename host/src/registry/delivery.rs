//! The events of others, on their way to one plugin.

use std::fmt;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::sync::{Arc, Weak};

use super::PluginHandle;
use super::handle::Loaded;
use crate::error::HostError;
use crate::event::{Inbox, Post};
use crate::plugin::Plugin;
use crate::pool::Told;
use crate::world::World;

/// Told and failed, by plugins' names on the host.
const DELIVERED: &str = "plug_events_delivered_total";
const FAILED: &str = "plug_events_failed_total";

/// What is known of the events that a plugin gets.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct DeliveryInfo {
    /// How many it was told of.
    pub delivered: u64,
    /// At how many of those it answered with an error or broke.
    pub failed: u64,
    /// How many made room for newer ones, since it was too slow: see
    /// [`Limits::event_queue`](crate::Limits#structfield.event_queue).
    pub missed: u64,
    /// How many wait.
    pub waiting: usize,
}

/// Brings events to a plugin as long as it lives.
pub(super) struct Delivery {
    inbox: Arc<Inbox>,
    delivered: AtomicU64,
    failed: AtomicU64,
}

impl Delivery {
    /// For a plugin that has a handler.
    pub(super) fn new<W: World>(plugin: &Plugin<W>) -> Delivery {
        Delivery { inbox: Arc::new(plugin.inbox()), delivered: AtomicU64::new(0), failed: AtomicU64::new(0) }
    }

    pub(super) fn info(&self) -> DeliveryInfo {
        DeliveryInfo {
            delivered: self.delivered.load(Relaxed),
            failed: self.failed.load(Relaxed),
            missed: self.inbox.missed(),
            waiting: self.inbox.waiting(),
        }
    }

    pub(super) fn close(&self) {
        self.inbox.close();
    }
}

impl Drop for Delivery {
    fn drop(&mut self) {
        self.inbox.close();
    }
}

impl<W: World> PluginHandle<W> {
    /// Has events brought to the plugin from now on, if it has a handler: one after the other, in a task of
    /// its own, in the order in which they were emitted.
    pub(crate) fn listen(&self, post: &Post) {
        let Some(delivery) = &self.0.delivery else { return };
        post.deliver_to(&delivery.inbox);
        tokio::spawn(deliver(Arc::clone(&delivery.inbox), Arc::downgrade(&self.0)));
    }
}

impl<W: World> Loaded<W> {
    fn told(&self, has_failed: bool) {
        let Some(delivery) = &self.delivery else { return };
        let plugin = self.resident.plugin().name();
        delivery.delivered.fetch_add(1, Relaxed);
        metrics::counter!(DELIVERED, "plugin" => plugin.to_owned()).increment(1);
        if has_failed {
            delivery.failed.fetch_add(1, Relaxed);
            metrics::counter!(FAILED, "plugin" => plugin.to_owned()).increment(1);
        }
    }
}

async fn deliver<W: World>(inbox: Arc<Inbox>, plugin: Weak<Loaded<W>>) {
    while let Some(event) = inbox.next().await {
        // whoever unloads the plugin does not wait for its events
        let Some(loaded) = plugin.upgrade() else { return };
        let topic = Arc::clone(&event.event_type);
        let emitter = event.emitter.clone();
        // in a task of its own: functions of the application may panic, and the next event is still to be told
        let told = tokio::spawn({
            let loaded = Arc::clone(&loaded);
            async move { loaded.resident.on_event(&event).await }
        });
        let why: Box<dyn fmt::Display + Send> = match told.await {
            Ok(Ok(Told::NotAny)) => continue,
            Ok(Err(error)) if error.as_host().is_some_and(HostError::is_unloaded) => return,
            Ok(Ok(Told::Yes)) => {
                loaded.told(false);
                continue;
            }
            Ok(Err(error)) => Box::new(error),
            Err(panic) => Box::new(panic),
        };
        loaded.told(true);
        let plugin = loaded.resident.plugin().name();
        tracing::warn!(plugin, ?topic, from = %emitter, "an event was not handled: {why}");
    }
}
