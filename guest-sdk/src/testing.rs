//! A stand-in for the host in unit tests. Each thread, and so each test, has its own.
//!
//! ```
//! use plug_guest_sdk::{config, events, info, testing};
//!
//! testing::set_config([("greeting", "hello")]);
//! info!("{}", config::require::<String>("greeting")?);
//! events::emit("greeted", "")?;
//!
//! assert_eq!(testing::log()[0].message, "hello");
//! assert_eq!(testing::events()[0].event_type, "greeted");
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

use crate::host::{Stage, with_stage};
use crate::log::Level;

/// A line that was logged.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LogLine {
    /// Its level.
    pub level: Level,
    /// Its text.
    pub message: String,
}

/// An event that was emitted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Event {
    /// What kind of event it is.
    pub event_type: String,
    /// What it carries.
    pub payload: String,
}

/// Sets the whole configuration; keys of an earlier one are gone.
pub fn set_config<K: Into<String>, V: Into<String>>(values: impl IntoIterator<Item = (K, V)>) {
    let config = values.into_iter().map(|(key, value)| (key.into(), value.into())).collect();
    with_stage(|stage| stage.config = config);
}

/// The lines that were logged on this thread, oldest first.
#[must_use]
pub fn log() -> Vec<LogLine> {
    with_stage(|stage| stage.log.clone())
}

/// The events that were emitted on this thread, oldest first.
#[must_use]
pub fn events() -> Vec<Event> {
    with_stage(|stage| stage.events.clone())
}

/// From now on no event is taken, for that reason.
pub fn refuse_events(reason: impl Into<String>) {
    with_stage(|stage| stage.event_refusal = Some(reason.into()));
}

/// As it was when the thread began.
pub fn reset() {
    with_stage(|stage| *stage = Stage::default());
}
