//! What plug-host reports, for people.

use std::error::Error;
use std::fmt;
use std::io;

use plug_contract::SectionError;
use plug_host::{CallError, EngineError, LoadError, TrapKind};

use crate::component_file::section_help;
use crate::exit_code::ExitCode;
use crate::failure::Explained;

/// The sandbox could not make the call, or the plugin did not survive it.
#[derive(Debug)]
pub(super) enum HostFailure {
    /// What the component says of itself.
    Section(Box<SectionError>),
    Engine(EngineError),
    Load(Box<LoadError>),
    Call(Box<CallError>, Option<Moment>),
    /// The thread or the runtime that calls are made in.
    Runtime(io::Error),
}

/// What the plugin was to do when it broke, where that could be one of several things.
#[derive(Debug)]
pub(super) enum Moment {
    /// Answer this call, as it was written.
    Call(String),
    /// Drop the handle of this label.
    Drop(String),
}

impl HostFailure {
    pub(super) fn call(error: CallError, moment: Option<Moment>) -> Self {
        Self::Call(Box::new(error), moment)
    }

    /// The thread ended without an answer.
    pub(super) fn thread() -> Self {
        Self::Runtime(io::Error::other("the thread of the call ended without an answer"))
    }

    /// Whether the backtrace has numbers in the place of names.
    fn nameless(&self) -> bool {
        let trap = self.call_error().and_then(CallError::as_trap);
        trap.is_some_and(|trap| {
            trap.backtrace().frames().iter().any(|f| f.function.starts_with("<wasm function"))
        })
    }

    /// How the plugin broke, if it did: while it was called or before.
    fn call_error(&self) -> Option<&CallError> {
        match self {
            Self::Call(error, _) => Some(error),
            Self::Load(load) => match &**load {
                LoadError::Instantiate { error, .. } | LoadError::Start { error, .. } => Some(error),
                _ => None,
            },
            Self::Section(_) | Self::Engine(_) | Self::Runtime(_) => None,
        }
    }
}

impl From<SectionError> for HostFailure {
    fn from(error: SectionError) -> Self {
        Self::Section(Box::new(error))
    }
}

impl From<EngineError> for HostFailure {
    fn from(error: EngineError) -> Self {
        Self::Engine(error)
    }
}

impl From<LoadError> for HostFailure {
    fn from(error: LoadError) -> Self {
        Self::Load(Box::new(error))
    }
}

impl From<io::Error> for HostFailure {
    fn from(error: io::Error) -> Self {
        Self::Runtime(error)
    }
}

impl fmt::Display for HostFailure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Section(error) => error.fmt(f),
            Self::Engine(error) => error.fmt(f),
            Self::Load(error) => error.fmt(f),
            Self::Call(error, _) => error.fmt(f),
            Self::Runtime(_) => f.write_str("the sandbox cannot be started"),
        }
    }
}

impl Error for HostFailure {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        match self {
            Self::Section(error) => error.source(),
            Self::Engine(error) => error.source(),
            Self::Load(error) => error.source(),
            Self::Call(error, _) => error.source(),
            Self::Runtime(error) => Some(error),
        }
    }
}

impl Explained for HostFailure {
    fn code(&self) -> &'static str {
        match self {
            Self::Section(error) => error.code(),
            Self::Engine(error) => error.code(),
            Self::Load(error) => error.code(),
            Self::Call(error, _) => error.code(),
            Self::Runtime(_) => "PLG0708",
        }
    }

    fn details(&self) -> Option<String> {
        let trap = self.call_error()?.as_trap()?;
        let moment = match self {
            Self::Call(_, Some(Moment::Call(call))) => Some(format!("the call was:\n{call}")),
            Self::Call(_, Some(Moment::Drop(label))) => Some(format!("it was to drop the handle:\n{label}")),
            _ => None,
        };
        let words = trap.last_words().map(|words| format!("it wrote last:\n{words}"));
        let frames = trap.backtrace().frames();
        let backtrace = (!frames.is_empty()).then(|| format!("it was in:\n{}", trap.backtrace()));
        let details: Vec<_> = moment.into_iter().chain(words).chain(backtrace).collect();
        (!details.is_empty()).then(|| details.join("\n"))
    }

    fn help(&self) -> Vec<String> {
        let Some(error) = self.call_error() else {
            return match self {
                Self::Section(error) => vec![section_help(error).to_owned()],
                Self::Load(error) if matches!(**error, LoadError::Imports { .. }) => {
                    vec!["call it in the application that serves these imports".to_owned()]
                }
                Self::Load(error) if matches!(**error, LoadError::Refused { .. }) => {
                    vec!["`--config KEY=VALUE` gives it configuration".to_owned()]
                }
                _ => Vec::new(),
            };
        };
        match error.as_trap().map(plug_host::TrapError::kind) {
            Some(TrapKind::OutOfMemory { .. }) => vec!["`--memory SIZE` allows it more".to_owned()],
            Some(TrapKind::CpuDeadline { .. } | TrapKind::Deadline { .. }) => {
                vec!["`--deadline TIME` allows it more".to_owned()]
            }
            Some(TrapKind::InvalidData(_)) => {
                vec!["the call is right, and the plugin is not: look at its `unsafe` code, and at bindings written by hand".to_owned()]
            }
            _ => self
                .nameless()
                .then(|| "a build without `strip` has names in its backtrace".to_owned())
                .into_iter()
                .collect(),
        }
    }

    fn exit_code(&self) -> ExitCode {
        ExitCode::Failed
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::failure::Failure;

    #[test]
    fn a_thread_that_ends_has_a_code_and_a_cause() {
        let failure = Failure::from(HostFailure::thread());
        assert_eq!(failure.error().code(), "PLG0708");
        assert_eq!(failure.causes(), ["the thread of the call ended without an answer"]);
    }
}
