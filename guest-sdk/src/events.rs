//! What a plugin tells the host, and through it whoever listens.
//!
//! ```
//! use plug_guest_sdk::events;
//!
//! events::emit("batch-done", r#"{"rows": 3}"#)?;
//! # assert_eq!(plug_guest_sdk::testing::events()[0].event_type, "batch-done");
//! # Ok::<(), events::EventError>(())
//! ```
//!
//! To receive events, give the plugin a function
//! `on_event(event_type: String, payload: String) -> Result<(), String>`.

use std::error::Error;
use std::fmt;

/// Hands an event to the host. Host and listeners agree on what the types mean and how the payload
/// is written; JSON is usual.
///
/// # Errors
/// When the host does not take it: it may bound how many there are and how large.
pub fn emit(event_type: &str, payload: &str) -> Result<(), EventError> {
    crate::host::emit(event_type, payload)
        .map_err(|reason| EventError { event_type: event_type.to_owned(), reason })
}

/// The host did not take an event.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EventError {
    event_type: String,
    reason: String,
}

impl EventError {
    /// What the host says about it.
    #[must_use]
    pub fn reason(&self) -> &str {
        &self.reason
    }
}

impl fmt::Display for EventError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the host did not take the event `{}`: {}", self.event_type, self.reason)
    }
}

impl Error for EventError {}

/// For functions that answer the host with a text.
impl From<EventError> for String {
    fn from(error: EventError) -> String {
        error.to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{self, Event};

    #[test]
    fn an_event_arrives() {
        testing::reset();
        emit("a", "1").unwrap();
        assert_eq!(testing::events(), [Event { event_type: "a".into(), payload: "1".into() }]);
    }

    #[test]
    fn a_refusal_says_why() {
        testing::refuse_events("too many");
        let error = emit("a", "1").unwrap_err();
        assert_eq!(error.reason(), "too many");
        assert_eq!(String::from(error), "the host did not take the event `a`: too many");
    }
}
