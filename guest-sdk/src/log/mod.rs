//! The host's log: one line at a time, under the plugin's name.
//!
//! ```
//! use plug_guest_sdk::{info, warn};
//!
//! let rows = 3;
//! info!("read {rows} rows");
//! warn!("row {} has no name", 2);
//! ```
//!
//! With the feature `log` the macros of the crate `log` do the same, with the feature `tracing`
//! those of `tracing`, where the open spans are put before the message. Nothing needs to be
//! installed for that.

use std::fmt;
use std::sync::atomic::{AtomicU8, Ordering};

#[cfg(feature = "log")]
pub(crate) mod facade;
mod macros;
#[cfg(feature = "tracing")]
pub(crate) mod subscriber;

pub use crate::private::host_api::Level;
pub use crate::{debug, error, info, trace, warn};

/// The least level that is written.
static LEAST: AtomicU8 = AtomicU8::new(Level::Trace as u8);

/// From now on, lines below `least` are dropped here, before they are put together and cross over
/// to the host. At first everything goes to the host, which has a filter of its own.
pub fn set_least_level(least: Level) {
    LEAST.store(least as u8, Ordering::Relaxed);
    #[cfg(feature = "log")]
    ::log::set_max_level(facade::filter(least));
    #[cfg(feature = "tracing")]
    tracing_core::callsite::rebuild_interest_cache();
}

/// Whether lines of that level are written: to leave out work that is only done for the log.
#[must_use]
pub fn is_enabled(level: Level) -> bool {
    level as u8 >= LEAST.load(Ordering::Relaxed)
}

/// Writes one line; the macros are the usual way to it.
pub fn write(level: Level, message: fmt::Arguments<'_>) {
    if !is_enabled(level) {
        return;
    }
    match message.as_str() {
        Some(text) => crate::host::log(level, text),
        None => crate::host::log(level, &message.to_string()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing;

    #[test]
    fn a_line_has_its_level_and_its_text() {
        testing::reset();
        let n = 2;
        warn!("plain");
        info!("{n} and {}", 3);
        let lines = testing::log();
        assert_eq!(lines.len(), 2);
        assert_eq!((lines[0].level, lines[0].message.as_str()), (Level::Warn, "plain"));
        assert_eq!((lines[1].level, lines[1].message.as_str()), (Level::Info, "2 and 3"));
    }

    #[test]
    fn levels_are_ordered_by_weight() {
        assert!(Level::Trace < Level::Debug && Level::Warn < Level::Error);
        assert!(Level::Trace as u8 == 0);
    }
}
