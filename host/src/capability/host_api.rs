//! `plug:plugin/host-api`: log, configuration, events.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::Mutex;

use crate::bindings::host_api::{Host, Level};
use crate::event::{Event, EventBus};
use crate::limits::Limits;

use super::rate::{Rate, Verdict};

/// Where all that plugins log is found among the events of `tracing`.
const TARGET: &str = "plug::plugin";
/// How much of what a plugin wrote last is kept for the error of a call that broke.
const LAST_WORDS: usize = 2 << 10;

/// What our interface is set up with, for one plugin.
#[derive(Debug, Clone)]
pub(crate) struct HostApiSettings {
    pub(crate) plugin: Arc<str>,
    pub(crate) config: Arc<BTreeMap<String, String>>,
    pub(crate) events: EventBus,
    pub(crate) rates: Arc<Rates>,
}

/// How much a plugin has logged and emitted: all its instances together, so that a trap does not
/// buy it a fresh allowance.
#[derive(Debug)]
pub(crate) struct Rates {
    log: Mutex<Rate>,
    events: Mutex<Rate>,
}

impl Rates {
    pub(crate) fn new(limits: &Limits) -> Rates {
        Rates {
            log: Mutex::new(Rate::new(limits.log_rate)),
            events: Mutex::new(Rate::new(limits.event_rate)),
        }
    }
}

/// Our interface, for one instance.
#[derive(Debug)]
pub(crate) struct HostApi {
    settings: HostApiSettings,
    log: Log,
    event_bytes: usize,
}

/// The log of one instance. Standard output and error of the instance write to it too.
#[derive(Debug, Clone)]
pub(super) struct Log {
    plugin: Arc<str>,
    longest: usize,
    rates: Arc<Rates>,
    shared: Arc<Mutex<Shared>>,
}

#[derive(Debug, Default)]
struct Shared {
    /// The last thing that sounded like trouble.
    last_words: String,
}

/// Where a line of the log comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Origin {
    /// Our interface.
    Log,
    /// Standard output.
    Stdout,
    /// Standard error.
    Stderr,
}

impl HostApi {
    pub(crate) fn new(settings: HostApiSettings, limits: &Limits) -> HostApi {
        let log = Log {
            plugin: Arc::clone(&settings.plugin),
            longest: limits.log_message,
            rates: Arc::clone(&settings.rates),
            shared: Arc::default(),
        };
        HostApi { settings, log, event_bytes: limits.event_bytes }
    }

    pub(crate) fn plugin(&self) -> &Arc<str> {
        &self.settings.plugin
    }

    pub(super) fn log(&self) -> &Log {
        &self.log
    }

    /// Forgets what the plugin wrote before.
    pub(crate) fn begin_call(&self) {
        self.log.shared().last_words.clear();
    }

    /// What the plugin wrote last at level error or to standard error, if it wrote anything.
    pub(crate) fn take_last_words(&self) -> Option<String> {
        let words = std::mem::take(&mut self.log.shared().last_words);
        let words = words.trim_end();
        (!words.is_empty()).then(|| words.to_owned())
    }
}

impl Log {
    fn shared(&self) -> std::sync::MutexGuard<'_, Shared> {
        // a panic while it was held leaves nothing half-done
        self.shared.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
    }

    /// The longest line that is kept whole.
    pub(super) fn longest(&self) -> usize {
        self.longest
    }

    /// Writes one message, cut off after the longest allowed. Fails when there are too many.
    pub(super) fn write(&self, level: Level, origin: Origin, message: &str) -> Result<(), String> {
        let (kept, cut) = truncated(message, self.longest);
        if level == Level::Error || origin == Origin::Stderr {
            self.shared().remember(kept, origin);
        }
        let refused_before = take(&self.rates.log, "log messages")?;
        if refused_before > 0 {
            tracing::warn!(target: TARGET, plugin = %self.plugin, "{refused_before} log messages were dropped: too many in a second");
        }
        macro_rules! emit {
            ($level:ident) => {
                match (origin, cut) {
                    (Origin::Log, 0) => tracing::$level!(target: TARGET, plugin = %self.plugin, "{kept}"),
                    (Origin::Log, _) => tracing::$level!(target: TARGET, plugin = %self.plugin, cut, "{kept}"),
                    (Origin::Stdout, _) => tracing::$level!(target: TARGET, plugin = %self.plugin, stream = "stdout", "{kept}"),
                    (Origin::Stderr, _) => tracing::$level!(target: TARGET, plugin = %self.plugin, stream = "stderr", "{kept}"),
                }
            };
        }
        match level {
            Level::Trace => emit!(trace),
            Level::Debug => emit!(debug),
            Level::Info => emit!(info),
            Level::Warn => emit!(warn),
            Level::Error => emit!(error),
        }
        Ok(())
    }
}

impl Shared {
    /// A message of the log stands for itself; lines of standard error belong together.
    fn remember(&mut self, text: &str, origin: Origin) {
        if origin == Origin::Log {
            self.last_words.clear();
        }
        if self.last_words.len() >= LAST_WORDS {
            return;
        }
        if !self.last_words.is_empty() {
            self.last_words.push('\n');
        }
        let room = LAST_WORDS.saturating_sub(self.last_words.len());
        self.last_words.push_str(truncated(text, room).0);
    }
}

impl Host for HostApi {
    fn log_message(&mut self, level: Level, message: String) -> Result<(), String> {
        self.log.write(level, Origin::Log, &message)
    }

    fn get_config(&mut self, key: String) -> Option<String> {
        self.settings.config.get(&key).cloned()
    }

    fn emit_event(&mut self, event_type: String, payload: String) -> Result<(), String> {
        let size = event_type.len().saturating_add(payload.len());
        if size > self.event_bytes {
            return Err(format!("an event of {size} bytes; the host takes up to {}", self.event_bytes));
        }
        take(&self.settings.rates.events, "events")?;
        self.settings.events.emit(Event {
            plugin: Arc::clone(&self.settings.plugin),
            event_type: event_type.into(),
            payload: payload.into(),
        });
        Ok(())
    }
}

/// Takes one more, if there may be one; says how many were refused before.
fn take(rate: &Mutex<Rate>, what: &str) -> Result<u64, String> {
    let mut rate = rate.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
    match rate.take() {
        Verdict::Pass { refused_before } => Ok(refused_before),
        Verdict::Refuse => Err(format!("more than {} {what} in a second", rate.per_second())),
    }
}

/// At most `longest` bytes of `text`, and how many bytes were cut off.
fn truncated(text: &str, longest: usize) -> (&str, usize) {
    let end = text.floor_char_boundary(longest);
    (&text[..end], text.len() - end)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fresh_instance_has_no_fresh_allowance() {
        let limits = Limits::default().log_rate(3).event_rate(3);
        let settings = HostApiSettings {
            plugin: "x".into(),
            config: Arc::default(),
            events: EventBus::new(8),
            rates: Arc::new(Rates::new(&limits)),
        };
        let mut first = HostApi::new(settings.clone(), &limits);
        for _ in 0..3 {
            first.log_message(Level::Info, "again".to_owned()).unwrap();
            first.emit_event("again".to_owned(), String::new()).unwrap();
        }
        drop(first);
        let mut second = HostApi::new(settings, &limits);
        assert!(second.log_message(Level::Info, "again".to_owned()).is_err());
        assert!(second.emit_event("again".to_owned(), String::new()).is_err());
    }
}
