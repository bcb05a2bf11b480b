//! A policy file that cannot be used.

use std::fmt;

use crate::file_mistake::{FileMistake, FileMistakes};

/// A policy file that cannot be used. As text it shows each mistake in place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PolicyError {
    file: String,
    kind: Kind,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Kind {
    Read { what: String, help: String },
    Mistakes(Vec<FileMistake>),
}

impl PolicyError {
    /// The error, if there was a mistake.
    pub(super) fn of(file: &str, mistakes: FileMistakes<'_>) -> Option<PolicyError> {
        let found = mistakes.into_list();
        (!found.is_empty()).then(|| PolicyError { file: file.to_owned(), kind: Kind::Mistakes(found) })
    }

    pub(super) fn read(file: String, what: String, help: &str) -> PolicyError {
        PolicyError { file, kind: Kind::Read { what, help: help.to_owned() } }
    }

    /// The code of the error, for `cargo plug explain`: that of the first mistake.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match &self.kind {
            Kind::Read { .. } => "PLG1003",
            Kind::Mistakes(mistakes) => mistakes.first().map_or("PLG1004", |mistake| mistake.code),
        }
    }

    /// The file.
    #[must_use]
    pub fn file(&self) -> &str {
        &self.file
    }

    /// The mistakes in it; none if it cannot be read at all.
    #[must_use]
    pub fn mistakes(&self) -> &[FileMistake] {
        match &self.kind {
            Kind::Read { .. } => &[],
            Kind::Mistakes(mistakes) => mistakes,
        }
    }

    /// What to do; more than one for more than one mistake.
    #[must_use]
    pub fn help(&self) -> Vec<String> {
        match &self.kind {
            Kind::Read { help, .. } => vec![help.clone()],
            Kind::Mistakes(mistakes) => mistakes.iter().map(|mistake| mistake.help.clone()).collect(),
        }
    }
}

impl std::error::Error for PolicyError {}

impl fmt::Display for PolicyError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.kind {
            Kind::Read { what, help } => {
                write!(f, "the policy `{}` cannot be read: {what}; {help}", self.file)
            }
            Kind::Mistakes(mistakes) => {
                write!(f, "the policy `{}` is wrong", self.file)?;
                for mistake in mistakes {
                    write!(f, "\n{}", mistake.shown_in(&self.file))?;
                }
                Ok(())
            }
        }
    }
}
