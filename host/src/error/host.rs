//! We failed, not the plugin.

use std::error::Error;
use std::fmt;
use std::time::Duration;

use super::LoadError;

/// The host could not make the call, or could not serve the plugin during it.
#[derive(Debug)]
pub struct HostError(Box<HostErrorKind>);

#[derive(Debug)]
pub(crate) enum HostErrorKind {
    /// So many calls were waiting already.
    QueueFull { queue: usize },
    /// The instance was not free before the deadline.
    Waited { limit: Duration },
    /// The call's closure, or a function of the host that the plugin called, failed.
    Failed { source: wasmtime::Error },
    /// The plugin was unloaded.
    Unloaded,
    /// An earlier call broke the instance, or was dropped before its end.
    Dead,
    /// The engine's ticker does not tick.
    TickerDead,
    /// Whoever called took the call back.
    Cancelled,
    /// Not within a tokio runtime.
    NoRuntime,
    /// A fresh instance was needed, and could not be made.
    NoInstance { source: LoadError },
    /// A call by name of a function that is not there.
    NoFunction { name: String, there: Vec<String>, more: usize },
    /// A call by name with more bytes of arguments than may be handed over at once.
    TooBig { function: String, size: usize, limit: usize },
    /// A call by name with arguments that do not fit.
    Arguments { function: String, reason: String },
}

impl HostError {
    pub(crate) fn new(kind: HostErrorKind) -> HostError {
        HostError(Box::new(kind))
    }

    pub(crate) fn kind(&self) -> &HostErrorKind {
        &self.0
    }

    /// The error of the closure or of a function of the host, if that is what it is.
    pub(crate) fn into_failure(self) -> Result<wasmtime::Error, HostErrorKind> {
        match *self.0 {
            HostErrorKind::Failed { source } => Ok(source),
            other => Err(other),
        }
    }

    /// Whether others were first: too many calls waited, the turn did not come in time, or there are as
    /// many instances as there may be.
    #[must_use]
    pub fn is_busy(&self) -> bool {
        match &*self.0 {
            HostErrorKind::QueueFull { .. } | HostErrorKind::Waited { .. } => true,
            HostErrorKind::NoInstance { source } => source.is_busy(),
            _ => false,
        }
    }

    /// Whether the plugin is no longer loaded.
    #[must_use]
    pub fn is_unloaded(&self) -> bool {
        matches!(*self.0, HostErrorKind::Unloaded)
    }

    /// Why no fresh instance could be made, if that is what failed.
    #[must_use]
    pub fn load_error(&self) -> Option<&LoadError> {
        match &*self.0 {
            HostErrorKind::NoInstance { source } => Some(source),
            _ => None,
        }
    }

    /// The code of its page under `docs/errors`.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match &*self.0 {
            HostErrorKind::QueueFull { .. } | HostErrorKind::Waited { .. } => "PLG0610",
            HostErrorKind::Failed { .. } => "PLG0611",
            HostErrorKind::Unloaded => "PLG0612",
            HostErrorKind::Dead => "PLG0613",
            HostErrorKind::TickerDead => "PLG0614",
            HostErrorKind::NoFunction { .. } => "PLG0615",
            HostErrorKind::Arguments { .. } => "PLG0616",
            HostErrorKind::TooBig { .. } => "PLG0623",
            HostErrorKind::Cancelled => "PLG0621",
            HostErrorKind::NoRuntime => "PLG0513",
            HostErrorKind::NoInstance { source } => source.code(),
        }
    }
}

impl fmt::Display for HostError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &*self.0 {
            HostErrorKind::QueueFull { queue } => {
                write!(f, "it is busy: {queue} calls wait already; try again later, or raise `Limits::queue`")
            }
            HostErrorKind::Waited { limit } => {
                write!(f, "it is busy: its turn did not come in time, and the call may take {limit:?} in all; try again later")
            }
            HostErrorKind::Failed { source } if source.is::<wasmtime::WasmBacktrace>() => {
                f.write_str("a function of the host that it called failed")
            }
            HostErrorKind::Failed { .. } => f.write_str("the call's own code failed"),
            HostErrorKind::Unloaded => f.write_str("it was unloaded"),
            HostErrorKind::TooBig { function, size, limit } => {
                write!(f, "the arguments of `{function}` have {size} bytes, and may have {limit}; hand over less at once, or raise `Limits::transfer`")
            }
            HostErrorKind::Cancelled => f.write_str("the call was taken back"),
            HostErrorKind::Dead => {
                f.write_str("the instance cannot be used any more: an earlier call broke it or was dropped; make a new one")
            }
            HostErrorKind::TickerDead => f.write_str(
                "the engine's ticker has not ticked for a second, so nothing would stop an endless loop; the process is starved, or the ticker is dead",
            ),
            HostErrorKind::NoRuntime => {
                f.write_str("not within a tokio runtime; the host's async functions need one with time enabled")
            }
            HostErrorKind::NoInstance { .. } => f.write_str("no fresh instance could be made"),
            HostErrorKind::NoFunction { name, there, .. } if there.is_empty() => {
                write!(f, "it has no function `{name}`; it exports none")
            }
            HostErrorKind::NoFunction { name, there, more } => {
                write!(f, "it has no function `{name}`; there are {}", there.join(", "))?;
                if *more > 0 { write!(f, ", … and {more} more") } else { Ok(()) }
            }
            HostErrorKind::Arguments { function, reason } => {
                write!(f, "the arguments do not fit `{function}`: {reason}")
            }
        }
    }
}

impl Error for HostError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        match &*self.0 {
            HostErrorKind::Failed { source } => {
                // the outermost layer is the backtrace when the plugin's own code was running
                let skipped = usize::from(source.is::<wasmtime::WasmBacktrace>());
                source.chain().nth(skipped)
            }
            HostErrorKind::NoInstance { source } => Some(source),
            _ => None,
        }
    }
}
