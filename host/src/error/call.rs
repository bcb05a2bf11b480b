//! A call failed in one of three ways.

use std::error::Error;
use std::fmt;
use std::sync::Arc;

use plug_admission::Revision;

use super::{GuestError, HostError, HostErrorKind, Identity, LoadError, TrapError, TrapKind};

/// A call failed: the plugin said no, the plugin broke, or the host failed.
///
/// `Display` is one line; `{:#}` adds the code, the revision, what the plugin wrote last, and the backtrace.
#[derive(Debug)]
#[non_exhaustive]
pub enum CallError {
    /// The plugin answered with an error. It is well, and so is its instance.
    #[non_exhaustive]
    Guest {
        /// The plugin's name on this host.
        plugin: Arc<str>,
        /// The deployment of it that was called.
        revision: Revision,
        /// What it answered.
        error: GuestError,
    },
    /// The plugin broke, or had to be stopped. Its instance is gone.
    #[non_exhaustive]
    Trap {
        /// The plugin's name on this host.
        plugin: Arc<str>,
        /// The deployment of it that was called.
        revision: Revision,
        /// How and where.
        error: TrapError,
    },
    /// The host could not make the call, or could not serve the plugin during it.
    #[non_exhaustive]
    Host {
        /// The plugin's name on this host.
        plugin: Arc<str>,
        /// The deployment of it that was called.
        revision: Revision,
        /// Why not.
        error: HostError,
    },
}

impl CallError {
    pub(crate) fn guest(who: Identity, error: GuestError) -> CallError {
        let Identity { plugin, revision } = who;
        CallError::Guest { plugin, revision, error }
    }

    pub(crate) fn trap(who: Identity, error: TrapError) -> CallError {
        let Identity { plugin, revision } = who;
        CallError::Trap { plugin, revision, error }
    }

    pub(crate) fn host(who: Identity, kind: HostErrorKind) -> CallError {
        let Identity { plugin, revision } = who;
        CallError::Host { plugin, revision, error: HostError::new(kind) }
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

    /// The deployment of the plugin that was called: artifact, configuration, powers, limits and contract,
    /// by hash.
    #[must_use]
    pub fn revision(&self) -> Revision {
        match self {
            CallError::Guest { revision, .. }
            | CallError::Trap { revision, .. }
            | CallError::Host { revision, .. } => *revision,
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

    /// Whether too much was handed over at once, by the plugin or to it: the same call fails again, unlike
    /// one that was [busy](Self::is_busy).
    #[must_use]
    pub fn is_too_big(&self) -> bool {
        self.as_trap().is_some_and(|trap| matches!(trap.kind(), TrapKind::TooMuchData { .. }))
            || self.as_host().is_some_and(|host| matches!(host.kind(), HostErrorKind::TooBig { .. }))
    }

    /// Whether whoever called took the call back.
    #[must_use]
    pub fn is_cancelled(&self) -> bool {
        self.as_host().is_some_and(|host| matches!(host.kind(), HostErrorKind::Cancelled))
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
        let plugin = self.plugin();
        let plugin = match f.alternate() {
            true => format!("plugin `{plugin}` ({})", self.revision().short()),
            false => format!("plugin `{plugin}`"),
        };
        match self {
            CallError::Guest { error, .. } => write!(f, "{plugin} answered: {error}"),
            CallError::Trap { error, .. } => {
                write!(f, "{plugin} ")?;
                fmt::Display::fmt(error, f)
            }
            CallError::Host { error, .. } => write!(f, "cannot call {plugin}: {error}"),
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
