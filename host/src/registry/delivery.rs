//! The events of others, on their way to one plugin.

use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::sync::{Arc, Weak};

use super::PluginHandle;
use super::handle::Loaded;
use crate::event::{Inbox, Post};
use crate::plugin::Plugin;
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

async fn deliver<W: World>(inbox: Arc<Inbox>, plugin: Weak<Loaded<W>>) {
    while let Some(event) = inbox.next().await {
        // whoever unloads the plugin does not wait for its events
        let Some(loaded) = plugin.upgrade() else { return };
        let Some(delivery) = &loaded.delivery else { return };
        let plugin = loaded.resident.plugin().name();
        delivery.delivered.fetch_add(1, Relaxed);
        metrics::counter!(DELIVERED, "plugin" => plugin.to_owned()).increment(1);
        if let Err(error) = loaded.resident.on_event(&event).await {
            delivery.failed.fetch_add(1, Relaxed);
            metrics::counter!(FAILED, "plugin" => plugin.to_owned()).increment(1);
            tracing::warn!(plugin, topic = ?event.event_type, from = %event.emitter, "an event was not handled: {error}");
        }
    }
}
