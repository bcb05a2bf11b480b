//! A call failed in one of three ways.

use std::error::Error;
use std::fmt;
use std::sync::Arc;

use super::{GuestError, HostError, HostErrorKind, LoadError, TrapError, TrapKind};

/// A call failed: the plugin said no, the plugin broke, or the host failed.
///
/// `Display` is one line; `{:#}` adds the code, what the plugin wrote last, and the backtrace.
#[derive(Debug)]
#[non_exhaustive]
pub enum CallError {
    /// The plugin answered with an error. It is well, and so is its instance.
    #[non_exhaustive]
    Guest {
        /// The plugin's name on this host.
        plugin: Arc<str>,
        /// What it answered.
        error: GuestError,
    },
    /// The plugin broke, or had to be stopped. Its instance is gone.
    #[non_exhaustive]
    Trap {
        /// The plugin's name on this host.
        plugin: Arc<str>,
        /// How and where.
        error: TrapError,
    },
    /// The host could not make the call, or could not serve the plugin during it.
    #[non_exhaustive]
    Host {
        /// The plugin's name on this host.
        plugin: Arc<str>,
        /// Why not.
        error: HostError,
    },
}

impl CallError {
    pub(crate) fn guest(plugin: Arc<str>, error: GuestError) -> CallError {
        CallError::Guest { plugin, error }
    }

    pub(crate) fn trap(plugin: Arc<str>, error: TrapError) -> CallError {
        CallError::Trap { plugin, error }
    }

    pub(crate) fn host(plugin: Arc<str>, kind: HostErrorKind) -> CallError {
        CallError::Host { plugin, error: HostError::new(kind) }
    }

    /// The plugin's name on this host.
    #[must_use]
    pub fn plugin(&self) -> &str {
        match self {
            CallError::Guest { plugin, .. }
            | CallError::Trap { plugin, .. }
            | CallError::Host { plugin, .. } => plugin,
        }
    }

    /// The plugin's own answer, if that is what failed.
    #[must_use]
    pub fn as_guest(&self) -> Option<&GuestError> {
        match self {
            CallError::Guest { error, .. } => Some(error),
            _ => None,
        }
    }

    /// How the plugin broke, if it did; also when a fresh instance of it broke as it was made.
    #[must_use]
    pub fn as_trap(&self) -> Option<&TrapError> {
        match self {
            CallError::Trap { error, .. } => Some(error),
            CallError::Host { error, .. } => error.load_error().and_then(LoadError::as_trap),
            CallError::Guest { .. } => None,
        }
    }

    /// What the host failed at, if it did.
    #[must_use]
    pub fn as_host(&self) -> Option<&HostError> {
        match self {
            CallError::Host { error, .. } => Some(error),
            _ => None,
        }
    }

    /// Whether the plugin was stopped because it took too long, computing or in all.
    #[must_use]
    pub fn is_deadline(&self) -> bool {
        self.as_trap().is_some_and(|trap| {
            matches!(trap.kind(), TrapKind::CpuDeadline { .. } | TrapKind::Deadline { .. })
        })
    }

    /// Whether the plugin broke because it was denied memory.
    #[must_use]
    pub fn is_out_of_memory(&self) -> bool {
        self.as_trap().is_some_and(|trap| matches!(trap.kind(), TrapKind::OutOfMemory { .. }))
    }

    /// Whether the call never began because others were first.
    #[must_use]
    pub fn is_busy(&self) -> bool {
        self.as_host().is_some_and(HostError::is_busy)
    }

    /// Whether the same call may well succeed a little later, and nothing of it has happened yet.
    #[must_use]
    pub fn is_retryable(&self) -> bool {
        self.is_busy() || self.as_host().is_some_and(|host| matches!(host.kind(), HostErrorKind::TickerDead))
    }

    /// Whether the instance may be called again: it answered in order, or the call never began.
    pub(crate) fn leaves_instance_usable(&self) -> bool {
        match self {
            CallError::Guest { .. } => true,
            CallError::Trap { .. } => false,
            CallError::Host { error, .. } => {
                matches!(error.kind(), HostErrorKind::NoRuntime | HostErrorKind::TickerDead)
            }
        }
    }

    /// The code of its page under `docs/errors`.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            CallError::Guest { .. } => "PLG0609",
            CallError::Trap { error, .. } => error.code(),
            CallError::Host { error, .. } => error.code(),
        }
    }
}

impl fmt::Display for CallError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if f.alternate() {
            write!(f, "[{}] ", self.code())?;
        }
        match self {
            CallError::Guest { plugin, error } => write!(f, "plugin `{plugin}` answered: {error}"),
            CallError::Trap { plugin, error } => {
                write!(f, "plugin `{plugin}` ")?;
                fmt::Display::fmt(error, f)
            }
            CallError::Host { plugin, error } => write!(f, "cannot call plugin `{plugin}`: {error}"),
        }
    }
}

impl Error for CallError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        // the three are part of the message above, so the chain goes on behind them
        match self {
            CallError::Guest { error, .. } => error.source(),
            CallError::Trap { error, .. } => error.source(),
            CallError::Host { error, .. } => error.source(),
        }
    }
}
