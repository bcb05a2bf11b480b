//! Events: what plugins and the application tell each other.

mod bus;
mod inbox;
mod post;

use std::fmt;
use std::sync::Arc;

use plug_admission::Revision;

pub(crate) use bus::Bus;
pub use bus::Subscription;
pub(crate) use inbox::{Inbox, Topics};
pub(crate) use post::Post;

/// An event that a plugin or the application emitted.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Event {
    /// Who emitted it.
    pub emitter: Emitter,
    /// What kind of event the emitter says it is: its topic.
    pub event_type: Arc<str>,
    /// What the emitter says about it.
    pub payload: Arc<str>,
}

/// Who emitted an event.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Emitter {
    /// A plugin.
    #[non_exhaustive]
    Plugin {
        /// Its name on this host.
        name: Arc<str>,
        /// The deployment of it.
        revision: Revision,
    },
    /// The application, by [`Host::emit`](crate::Host::emit).
    Host,
}

/// The events of all plugins of a host and its own, from the subscription on.
pub type Events = Subscription<Event>;

impl Event {
    /// The name of the plugin that emitted it; none for one of the application's.
    #[must_use]
    pub fn plugin(&self) -> Option<&str> {
        match &self.emitter {
            Emitter::Plugin { name, .. } => Some(name),
            Emitter::Host => None,
        }
    }
}

impl fmt::Display for Emitter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Emitter::Plugin { name, .. } => f.pad(name),
            Emitter::Host => f.pad("the host"),
        }
    }
}
