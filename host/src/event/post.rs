//! Where events go.

use std::fmt;
use std::sync::{Arc, Mutex, PoisonError, Weak};

use arc_swap::ArcSwap;

use super::{Bus, Event, Events, Inbox};

/// Takes events to the application's subscribers and to the plugins that subscribed. Emitting never waits.
/// Cheap to clone.
#[derive(Clone)]
pub(crate) struct Post(Arc<Parts>);

struct Parts {
    application: Bus<Event>,
    plugins: ArcSwap<Vec<Weak<Inbox>>>,
    /// Held while the list is changed; never by those who emit.
    writer: Mutex<()>,
}

impl Post {
    /// A subscriber of the application's may be `capacity` events behind.
    pub(crate) fn new(capacity: usize) -> Post {
        Post(Arc::new(Parts {
            application: Bus::new(capacity),
            plugins: ArcSwap::default(),
            writer: Mutex::default(),
        }))
    }

    pub(crate) fn emit(&self, event: Event) {
        for inbox in self.0.plugins.load().iter().filter_map(Weak::upgrade) {
            inbox.offer(&event);
        }
        self.0.application.emit(event);
    }

    pub(crate) fn subscribe(&self) -> Events {
        self.0.application.subscribe()
    }

    /// Brings events to the inbox from now on, until it is closed or gone.
    pub(crate) fn deliver_to(&self, inbox: &Arc<Inbox>) {
        let _writer = self.0.writer.lock().unwrap_or_else(PoisonError::into_inner);
        let plugins = self.0.plugins.load();
        let is_open = |inbox: &&Weak<Inbox>| inbox.upgrade().is_some_and(|inbox| !inbox.is_closed());
        let mut kept: Vec<_> = plugins.iter().filter(is_open).cloned().collect();
        kept.push(Arc::downgrade(inbox));
        self.0.plugins.store(Arc::new(kept));
    }
}

impl fmt::Debug for Post {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Post").field("plugins", &self.0.plugins.load().len()).finish_non_exhaustive()
    }
}
