//! What plugins tell the application.

use std::sync::Arc;

use tokio::sync::broadcast;
use tokio::sync::broadcast::error::{RecvError, TryRecvError};

/// An event that a plugin emitted.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Event {
    /// The plugin's name on this host.
    pub plugin: Arc<str>,
    /// What kind of event the plugin says it is.
    pub event_type: Arc<str>,
    /// What the plugin says about it.
    pub payload: Arc<str>,
}

/// The events of all plugins of a host, from the subscription on.
///
/// The host keeps the newest events up to a bound. A subscriber that is too slow loses the oldest
/// ones; [`missed`](Events::missed) tells how many.
#[derive(Debug)]
pub struct Events {
    receiver: broadcast::Receiver<Event>,
    missed: u64,
}

impl Events {
    /// The next event; none when the host and all its plugins are gone.
    pub async fn next(&mut self) -> Option<Event> {
        loop {
            match self.receiver.recv().await {
                Ok(event) => return Some(event),
                Err(RecvError::Lagged(lost)) => self.missed += lost,
                Err(RecvError::Closed) => return None,
            }
        }
    }

    /// The next event, if there already is one.
    pub fn try_next(&mut self) -> Option<Event> {
        loop {
            match self.receiver.try_recv() {
                Ok(event) => return Some(event),
                Err(TryRecvError::Lagged(lost)) => self.missed += lost,
                Err(TryRecvError::Empty | TryRecvError::Closed) => return None,
            }
        }
    }

    /// How many events were lost because they were not fetched in time.
    #[must_use]
    pub fn missed(&self) -> u64 {
        self.missed
    }
}

/// Where plugins' events go.
#[derive(Debug, Clone)]
pub(crate) struct EventBus(broadcast::Sender<Event>);

impl EventBus {
    pub(crate) fn new(capacity: usize) -> EventBus {
        // tokio refuses zero and absurd capacities by a panic
        EventBus(broadcast::Sender::new(capacity.clamp(1, 1 << 20)))
    }

    pub(crate) fn emit(&self, event: Event) {
        // without subscribers there is nobody to tell, which is no failure
        let _ = self.0.send(event);
    }

    pub(crate) fn subscribe(&self) -> Events {
        Events { receiver: self.0.subscribe(), missed: 0 }
    }
}
