//! A contract that cannot be read.

use std::error::Error;
use std::fmt;
use std::io;
use std::path::Path;

use plug_contract::{SectionError, WitError, WitErrorKind};

use super::git::GitError;
use super::reference::ReferenceError;
use crate::component_file::{ComponentFileError, section_help};
use crate::contract_lock::LockError;
use crate::exit_code::ExitCode;
use crate::failure::Explained;

/// What was given to compare is no contract, or cannot be read.
#[derive(Debug, thiserror::Error)]
pub(crate) enum BaselineError {
    #[error("there is no `{name}`")]
    Missing { name: String },
    #[error("`{name}` cannot be read")]
    Unreadable { name: String, source: io::Error },
    #[error("`{name}` is nothing that has a contract")]
    UnknownKind { name: String },
    #[error("the contract in `{name}` cannot be read")]
    Wit { name: String, source: Box<TextError> },
    #[error("{error}")]
    World { name: String, error: Box<WitError> },
    #[error("what `{name}` declares cannot be read")]
    Section { name: String, source: SectionError },
    #[error(transparent)]
    File(ComponentFileError),
    #[error("`{name}` is no lock of a contract")]
    Lock { name: String, source: LockError },
    #[error("`{name}` cannot be had from git")]
    Git { name: String, source: GitError },
    #[error(transparent)]
    Reference(#[from] ReferenceError),
}

/// What is wrong with WIT text; files have the names by which the user knows them.
#[derive(Debug)]
pub(crate) struct TextError {
    error: WitError,
    /// A folder made for this run, and what it is called.
    checkout: Option<(String, String)>,
}

impl From<WitError> for TextError {
    fn from(error: WitError) -> Self {
        Self { error, checkout: None }
    }
}

impl fmt::Display for TextError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = self.error.to_string();
        match &self.checkout {
            Some((folder, shown)) => f.write_str(&text.replace(folder, shown)),
            None => f.write_str(&text),
        }
    }
}

impl Error for TextError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        self.error.source()
    }
}

impl Explained for BaselineError {
    fn code(&self) -> &'static str {
        match self {
            Self::Missing { .. } | Self::Unreadable { .. } | Self::UnknownKind { .. } => "PLG0901",
            Self::Wit { source, .. } => source.error.code(),
            Self::World { error, .. } => error.code(),
            Self::Section { source, .. } => source.code(),
            Self::File(source) => source.code(),
            Self::Lock { .. } => "PLG0903",
            Self::Git { .. } | Self::Reference(_) => "PLG0902",
        }
    }

    fn place(&self) -> Option<String> {
        match self {
            Self::File(source) => source.place(),
            Self::World { name, .. } => Some(name.clone()),
            _ => None,
        }
    }

    fn help(&self) -> Vec<String> {
        const KINDS: &str = "a contract is read from a WIT folder, a `.wit` file, a component, a binary WIT \
                             package, a `contract.lock`, or `git:REV[:PATH]`";
        let help = match self {
            Self::Missing { .. } | Self::UnknownKind { .. } => KINDS,
            Self::Unreadable { .. } => "see whether it may be read",
            Self::World { .. } => "a contract is one world: choose it by `--world` or `--against-world`",
            Self::Wit { name, source } => match source.error.kind() {
                WitErrorKind::Unreadable if Path::new(name).join("wit").is_dir() => {
                    return vec![format!("did you mean `{}`?", Path::new(name).join("wit").display())];
                }
                _ => return Explained::help(&source.error),
            },
            Self::Section { source, .. } => section_help(source),
            Self::File(source) => return source.help(),
            Self::Lock { source, .. } => source.help(),
            Self::Git { source, .. } => return source.help(),
            Self::Reference(ReferenceError::Empty) => KINDS,
            Self::Reference(ReferenceError::NoRevision(_)) => {
                "write `git:main`, `git:v1.2.0:wit` or the like"
            }
        };
        vec![help.to_owned()]
    }

    fn exit_code(&self) -> ExitCode {
        match self {
            Self::World { .. } | Self::Reference(_) => ExitCode::Usage,
            _ => ExitCode::Undecided,
        }
    }
}

impl BaselineError {
    pub(crate) fn wit(name: &str) -> impl Fn(WitError) -> Self + '_ {
        move |error| match error.kind() {
            WitErrorKind::World => Self::World { name: name.to_owned(), error: Box::new(error) },
            _ => Self::Wit { name: name.to_owned(), source: Box::new(error.into()) },
        }
    }

    pub(super) fn unreadable(name: &str) -> impl Fn(io::Error) -> Self + '_ {
        move |source| match source.kind() {
            io::ErrorKind::NotFound => Self::Missing { name: name.to_owned() },
            _ => Self::Unreadable { name: name.to_owned(), source },
        }
    }

    /// The same, with the files below `folder` called by their place in a revision.
    pub(super) fn in_checkout(mut self, folder: &Path, shown: &str) -> Self {
        if let Self::Wit { source, .. } = &mut self {
            source.checkout = Some((format!("{}/", folder.display()), shown.to_owned()));
        }
        self
    }
}
