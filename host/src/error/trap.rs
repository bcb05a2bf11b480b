//! The plugin broke.

use std::error::Error;
use std::fmt;
use std::time::Duration;

use plug_contract::printable;

use super::Backtrace;

/// The plugin broke, or had to be stopped. Its instance is gone; the next call gets a fresh one.
#[derive(Debug)]
pub struct TrapError(Box<Parts>);

#[derive(Debug)]
struct Parts {
    kind: TrapKind,
    backtrace: Backtrace,
    last_words: Option<String>,
    trap: Option<wasmtime::Trap>,
}

/// How a plugin broke.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum TrapKind {
    /// It panicked or aborted: the `unreachable` instruction.
    Unreachable,
    /// It read or wrote outside its memory.
    MemoryOutOfBounds,
    /// It used up its stack.
    StackOverflow,
    /// It was denied memory and could not go on without.
    OutOfMemory {
        /// Bytes that it would have had.
        wanted: usize,
        /// Bytes that it may have.
        limit: usize,
    },
    /// It computed longer than it may.
    CpuDeadline {
        /// How long it may.
        limit: Duration,
    },
    /// The whole call took longer than it may.
    Deadline {
        /// How long it may.
        limit: Duration,
    },
    /// It used up its fuel.
    OutOfFuel {
        /// How much it may use.
        limit: u64,
    },
    /// It handed over more at once than it may.
    TooMuchData {
        /// How many bytes it may.
        limit: usize,
    },
    /// It held more handles of resources than it may.
    TooManyHandles {
        /// How many it may.
        limit: usize,
    },
    /// Something that it held was revoked.
    Revoked,
    /// It handed over what is no value of the type: text that is no UTF-8, a case that there is not, a
    /// pointer out of its memory. The text says which.
    InvalidData(String),
    /// It ended itself with this exit code.
    Exited(i32),
    /// Anything else that WebAssembly does not allow.
    Other(String),
}

impl TrapError {
    pub(crate) fn new(
        kind: TrapKind,
        backtrace: Backtrace,
        last_words: Option<String>,
        trap: Option<wasmtime::Trap>,
    ) -> TrapError {
        TrapError(Box::new(Parts { kind, backtrace, last_words, trap }))
    }

    /// How it broke.
    #[must_use]
    pub fn kind(&self) -> &TrapKind {
        &self.0.kind
    }

    /// Where it was.
    #[must_use]
    pub fn backtrace(&self) -> &Backtrace {
        &self.0.backtrace
    }

    /// What the plugin wrote last during the call, at level error or to standard error: after a
    /// panic, its message and place. It is as the plugin wrote it; `{:#}` of the error escapes control
    /// characters.
    #[must_use]
    pub fn last_words(&self) -> Option<&str> {
        self.0.last_words.as_deref()
    }

    /// The code of its page under `docs/errors`.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self.0.kind {
            TrapKind::Unreachable => "PLG0601",
            TrapKind::MemoryOutOfBounds => "PLG0602",
            TrapKind::StackOverflow => "PLG0603",
            TrapKind::OutOfMemory { .. } => "PLG0604",
            TrapKind::CpuDeadline { .. } => "PLG0605",
            TrapKind::Deadline { .. } => "PLG0606",
            TrapKind::OutOfFuel { .. } => "PLG0622",
            TrapKind::Other(_) => "PLG0607",
            TrapKind::Exited(_) => "PLG0608",
            TrapKind::Revoked => "PLG0620",
            TrapKind::TooMuchData { .. } => "PLG0617",
            TrapKind::TooManyHandles { .. } => "PLG0618",
            TrapKind::InvalidData(_) => "PLG0619",
        }
    }
}

impl fmt::Display for TrapKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            TrapKind::Unreachable => f.write_str("panicked or aborted"),
            TrapKind::MemoryOutOfBounds => f.write_str("reached outside its memory"),
            TrapKind::StackOverflow => f.write_str("used up its stack"),
            TrapKind::OutOfMemory { wanted, limit } => {
                write!(f, "ran out of memory: it wanted {wanted} bytes and may have {limit}")
            }
            TrapKind::CpuDeadline { limit } => {
                write!(f, "was stopped: it computed longer than the {limit:?} that a call may")
            }
            TrapKind::Deadline { limit } => {
                write!(f, "was stopped: the call took longer than the {limit:?} that it may")
            }
            TrapKind::OutOfFuel { limit } => {
                write!(f, "was stopped: it used up the {limit} units of fuel that a call may")
            }
            TrapKind::TooMuchData { limit } => {
                write!(f, "handed over more than the {limit} bytes that it may at once")
            }
            TrapKind::TooManyHandles { limit } => {
                write!(f, "held more than the {limit} handles that it may")
            }
            TrapKind::Revoked => f.write_str("was stopped: something that it held was revoked"),
            TrapKind::InvalidData(what) => write!(f, "handed over what is no value of its type: {what}"),
            TrapKind::Exited(code) => write!(f, "ended itself with exit code {code}"),
            TrapKind::Other(what) => write!(f, "broke: {what}"),
        }
    }
}

/// The plain form is one line; `{:#}` adds what the plugin wrote and the backtrace.
impl fmt::Display for TrapError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.kind.fmt(f)?;
        if !f.alternate() {
            return Ok(());
        }
        if let Some(words) = self.last_words() {
            write!(f, "\nit wrote:")?;
            for line in words.lines() {
                write!(f, "\n  {}", printable::line(line))?;
            }
        }
        if !self.0.backtrace.frames().is_empty() {
            write!(f, "\nit was in:\n{}", self.0.backtrace)?;
        }
        Ok(())
    }
}

impl Error for TrapError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        self.0.trap.as_ref().map(|trap| trap as &(dyn Error + 'static))
    }
}
