//! What a user meets when a command fails.

use std::error::Error;

use crate::exit_code::ExitCode;

/// An error with a code, a place and a way out. Each operation has an error type of its own; the
/// command line sees all of them through this.
pub(crate) trait Explained: Error + 'static {
    /// The code, with a page in `docs/errors`.
    fn code(&self) -> &'static str;

    /// Where it happened: a file, a place in a file.
    fn place(&self) -> Option<String> {
        None
    }

    /// More than fits into a line, such as a report of all differences.
    fn details(&self) -> Option<String> {
        None
    }

    /// What to do about it, one line each.
    fn help(&self) -> Vec<String> {
        Vec::new()
    }

    /// How the run ends.
    fn exit_code(&self) -> ExitCode {
        ExitCode::Failed
    }
}

/// Any error of a command.
#[derive(Debug)]
pub(crate) struct Failure(Box<dyn Explained>);

impl Failure {
    pub(crate) fn error(&self) -> &dyn Explained {
        &*self.0
    }

    pub(crate) fn exit_code(&self) -> ExitCode {
        self.0.exit_code()
    }

    /// The messages of the causes, outermost first.
    pub(crate) fn causes(&self) -> Vec<String> {
        let mut causes = Vec::new();
        let mut next = self.0.source();
        while let Some(cause) = next {
            causes.push(cause.to_string());
            next = cause.source();
        }
        causes
    }
}

impl<E: Explained> From<E> for Failure {
    fn from(error: E) -> Self {
        Self(Box::new(error))
    }
}

impl Explained for plug_contract::WitError {
    fn code(&self) -> &'static str {
        self.code()
    }

    fn help(&self) -> Vec<String> {
        use plug_contract::WitErrorKind;

        let help = match self.kind() {
            WitErrorKind::Syntax => "correct the text there",
            WitErrorKind::Unreadable => "give a folder that has `.wit` files",
            WitErrorKind::MissingPackage => "put the package into the folder `deps` beside the `.wit` files",
            WitErrorKind::World => "choose one by `--world`, or in `[package.metadata.plug]` by `world`",
            WitErrorKind::Optional => "put it into an interface, and let the `-optional` world export that",
            WitErrorKind::TooLarge => {
                "give the folder of one contract, with what it depends on and nothing else"
            }
            _ => return Vec::new(),
        };
        vec![help.to_owned()]
    }
}

impl Explained for plug_toolchain::ToolchainError {
    fn code(&self) -> &'static str {
        self.code()
    }

    fn help(&self) -> Vec<String> {
        vec![self.mend()]
    }
}

impl Explained for plug_toolchain::SetupError {
    fn code(&self) -> &'static str {
        self.code()
    }

    fn help(&self) -> Vec<String> {
        vec![self.mend()]
    }
}
