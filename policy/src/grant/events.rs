//! Events, by topic.

use super::pattern::Pattern;

/// The topics of events that a plugin may send and receive. None by default.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct EventRules {
    pub(crate) emit: Vec<Pattern>,
    pub(crate) subscribe: Vec<Pattern>,
}

impl EventRules {
    /// What it may send.
    #[must_use]
    pub fn emit(&self) -> &[Pattern] {
        &self.emit
    }

    /// What it may receive.
    #[must_use]
    pub fn subscribe(&self) -> &[Pattern] {
        &self.subscribe
    }

    /// Whether the plugin may send an event on `topic`.
    #[must_use]
    pub fn allows_emit(&self, topic: &str) -> bool {
        self.emit.iter().any(|pattern| pattern.matches(topic))
    }

    /// Whether the plugin may receive an event on `topic`.
    #[must_use]
    pub fn allows_subscribe(&self, topic: &str) -> bool {
        self.subscribe.iter().any(|pattern| pattern.matches(topic))
    }
}
