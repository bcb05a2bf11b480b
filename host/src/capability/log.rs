//! The log: what plugins say, as events of `tracing`.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use plug_contract::printable;
use plug_policy::Capability as Name;
use wasmtime::component::Linker;

use super::definition::{Capability, InstanceContext, PluginContext};
use super::permit::Permit;
use super::rate::Allowance;
use super::state::State;
use crate::bindings::host_api::Level;
use crate::error::ConfigureError;

/// Where all that plugins log is found among the events of `tracing`.
const TARGET: &str = "plug::plugin";
/// How much of what a plugin wrote last is kept for the error of a call that broke.
const LAST_WORDS: usize = 2 << 10;

/// `log`: messages by `plug:plugin/host-api`, which links it.
#[derive(Debug)]
pub(crate) struct LogCapability;

/// The log of one instance, as its functions see it.
#[derive(Debug)]
pub(crate) struct LogInstance {
    permit: Permit,
    sink: LogSink,
}

impl Capability for LogCapability {
    const NAME: &'static str = "log";
    const INTERFACES: &'static [&'static str] = &["plug:plugin/host-api@1"];
    type Plugin = ();
    type Instance = LogInstance;

    fn link<A: Send + 'static>(linker: &mut Linker<State<A>>) -> wasmtime::Result<()> {
        super::host_api::link(linker)
    }

    fn configure(&self, _: &PluginContext<'_>) -> Result<(), ConfigureError> {
        Ok(())
    }

    fn instantiate((): &(), instance: &mut InstanceContext<'_>) -> LogInstance {
        LogInstance { permit: instance.permit.clone(), sink: instance.log.clone() }
    }
}

impl LogInstance {
    pub(super) fn write(&self, level: Level, message: &str) -> Result<(), String> {
        if self.permit.check(Name::Log, "", |effective| effective.log) {
            self.sink.write(level, Origin::Log, message)
        } else {
            Err("the log is not granted".to_owned())
        }
    }
}

/// Where the messages of one instance go, and the lines of its standard output and error.
#[derive(Debug, Clone)]
pub(crate) struct LogSink {
    plugin: Arc<str>,
    longest: usize,
    rate: Arc<Allowance>,
    bytes: Arc<Allowance>,
    shared: Arc<Mutex<Shared>>,
}

#[derive(Debug, Default)]
struct Shared {
    /// The last thing that sounded like trouble.
    last_words: String,
    /// Messages that were dropped, of which nothing was said yet.
    dropped: u64,
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

impl LogSink {
    /// Messages are cut off after `longest` bytes; `rate` and `bytes` are those of all instances of the
    /// plugin.
    pub(super) fn new(
        plugin: Arc<str>,
        longest: usize,
        rate: Arc<Allowance>,
        bytes: Arc<Allowance>,
    ) -> LogSink {
        LogSink { plugin, longest, rate, bytes, shared: Arc::default() }
    }

    fn shared(&self) -> MutexGuard<'_, Shared> {
        // a panic while it was held leaves nothing half-done
        self.shared.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Forgets what the plugin wrote before.
    pub(super) fn begin_call(&self) {
        self.shared().last_words.clear();
    }

    /// What the plugin wrote last at level error or to standard error, if it wrote anything.
    pub(super) fn take_last_words(&self) -> Option<String> {
        let words = std::mem::take(&mut self.shared().last_words);
        let words = words.trim_end();
        (!words.is_empty()).then(|| words.to_owned())
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
        // one message is one line of the host's log, whatever is in it
        let kept = printable::line(kept);
        let size = u32::try_from(kept.len()).unwrap_or(u32::MAX);
        let dropped = self.rate.take("log messages")?;
        self.shared().dropped += dropped;
        let dropped = self.bytes.take_many("bytes of log messages", size)?;
        let dropped = std::mem::take(&mut self.shared().dropped) + dropped;
        if dropped > 0 {
            tracing::warn!(target: TARGET, plugin = %self.plugin, "{dropped} log messages were dropped: too many in a second");
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

/// At most `longest` bytes of `text`, and how many bytes were cut off.
fn truncated(text: &str, longest: usize) -> (&str, usize) {
    let end = text.floor_char_boundary(longest);
    (&text[..end], text.len() - end)
}
