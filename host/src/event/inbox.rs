//! The events that wait for one plugin.

use std::collections::VecDeque;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering::SeqCst};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::Notify;

use super::Event;

/// Whether a plugin may be told of a topic now.
pub(crate) trait Topics: Send + Sync + 'static {
    fn has(&self, topic: &str) -> bool;
}

/// A bounded queue in front of one plugin. Who puts something in never waits: when it is full, the oldest
/// event makes room, and is counted.
pub(crate) struct Inbox {
    /// The plugin's own events do not come back to it.
    plugin: Arc<str>,
    topics: Box<dyn Topics>,
    capacity: usize,
    queue: Mutex<VecDeque<Event>>,
    arrived: Notify,
    missed: AtomicU64,
    closed: AtomicBool,
}

impl Inbox {
    pub(crate) fn new(plugin: Arc<str>, topics: impl Topics, capacity: usize) -> Inbox {
        Inbox {
            plugin,
            topics: Box::new(topics),
            capacity,
            queue: Mutex::default(),
            arrived: Notify::new(),
            missed: AtomicU64::new(0),
            closed: AtomicBool::new(false),
        }
    }

    /// Takes an event that concerns the plugin.
    pub(super) fn offer(&self, event: &Event) {
        if event.plugin() == Some(&*self.plugin) || !self.topics.has(&event.event_type) {
            return;
        }
        {
            let mut queue = self.queue();
            if self.is_closed() {
                return;
            }
            if queue.len() >= self.capacity {
                queue.pop_front();
                self.missed.fetch_add(1, SeqCst);
            }
            if self.capacity > 0 {
                queue.push_back(event.clone());
            }
        }
        self.arrived.notify_one();
    }

    /// The next event of which the plugin may still be told; none when the inbox is closed.
    pub(crate) async fn next(&self) -> Option<Event> {
        loop {
            if self.is_closed() {
                return None;
            }
            // the guard is gone before anything is waited for
            let next = self.queue().pop_front();
            match next {
                // what was revoked since it arrived is not told any more
                Some(event) if self.topics.has(&event.event_type) => return Some(event),
                Some(_) => {}
                None => self.arrived.notified().await,
            }
        }
    }

    /// Nothing is taken or given any more.
    pub(crate) fn close(&self) {
        self.closed.store(true, SeqCst);
        self.queue().clear();
        self.arrived.notify_one();
    }

    pub(super) fn is_closed(&self) -> bool {
        self.closed.load(SeqCst)
    }

    /// How many events had to make room.
    pub(crate) fn missed(&self) -> u64 {
        self.missed.load(SeqCst)
    }

    /// How many events wait.
    pub(crate) fn waiting(&self) -> usize {
        self.queue().len()
    }

    fn queue(&self) -> MutexGuard<'_, VecDeque<Event>> {
        // a panic while it was held leaves a queue as good as any
        self.queue.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::super::Emitter;
    use super::*;

    struct Prefix(&'static str);

    impl Topics for Prefix {
        fn has(&self, topic: &str) -> bool {
            topic.starts_with(self.0)
        }
    }

    fn event(topic: &str) -> Event {
        Event { emitter: Emitter::Host, event_type: topic.into(), payload: "".into() }
    }

    #[tokio::test]
    async fn the_oldest_makes_room() {
        let inbox = Inbox::new("x".into(), Prefix("a"), 2);
        for topic in ["a1", "b1", "a2", "a3"] {
            inbox.offer(&event(topic));
        }
        assert_eq!((inbox.waiting(), inbox.missed()), (2, 1));
        assert_eq!(&*inbox.next().await.unwrap().event_type, "a2");
        assert_eq!(&*inbox.next().await.unwrap().event_type, "a3");
        inbox.close();
        inbox.offer(&event("a4"));
        assert_eq!(inbox.next().await, None);
        let none = Inbox::new("x".into(), Prefix(""), 0);
        none.offer(&event("a"));
        assert_eq!(none.waiting(), 0);
    }

    /// Whoever waits when it is closed goes home.
    #[tokio::test]
    async fn closing_wakes() {
        let inbox = Arc::new(Inbox::new("x".into(), Prefix(""), 2));
        let waits = tokio::spawn({
            let inbox = Arc::clone(&inbox);
            async move { inbox.next().await }
        });
        tokio::task::yield_now().await;
        inbox.close();
        assert_eq!(waits.await.unwrap(), None);
    }
}
