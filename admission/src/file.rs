//! A lock or a trust file that cannot be used.

use std::fmt;

use plug_contract::printable;
use plug_policy::{FileMistake, FileMistakes, TextFileError};

/// A lock or a trust file that cannot be used. As text it shows each mistake in place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FileError {
    kind: &'static FileKind,
    file: String,
    problem: Problem,
}

/// Which file it is, in words and codes.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct FileKind {
    pub(crate) name: &'static str,
    pub(crate) unreadable: &'static str,
    pub(crate) wrong: &'static str,
    /// What to do about a text that has not the right form.
    pub(crate) form: &'static str,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Problem {
    Read(TextFileError),
    Mistakes(Vec<FileMistake>),
}

impl FileKind {
    pub(crate) fn unreadable(&'static self, file: &str, error: TextFileError) -> FileError {
        FileError { kind: self, file: file.to_owned(), problem: Problem::Read(error) }
    }

    /// Notes what the reader of TOML did not take.
    pub(crate) fn note(&self, mistakes: &mut FileMistakes<'_>, error: &toml::de::Error) {
        let end = mistakes.text().len();
        // it names keys as the text has them
        let what = printable::line(error.message().lines().next().unwrap_or_default());
        mistakes.note(self.wrong, error.span().unwrap_or(end..end), what, self.form);
    }

    /// The error, if there was a mistake.
    pub(crate) fn wrong(&'static self, file: &str, mistakes: FileMistakes<'_>) -> Option<FileError> {
        let found = mistakes.into_list();
        (!found.is_empty()).then(|| FileError {
            kind: self,
            file: file.to_owned(),
            problem: Problem::Mistakes(found),
        })
    }
}

impl FileError {
    /// The code of the error, for `cargo plug explain`.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match &self.problem {
            Problem::Read(_) => self.kind.unreadable,
            Problem::Mistakes(mistakes) => mistakes.first().map_or(self.kind.wrong, |mistake| mistake.code),
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
        match &self.problem {
            Problem::Read(_) => &[],
            Problem::Mistakes(mistakes) => mistakes,
        }
    }

    /// What is wrong, in a line without the mistakes and their mends.
    #[must_use]
    pub fn summary(&self) -> String {
        match &self.problem {
            Problem::Read(error) => {
                format!("the {} `{}` cannot be read: {}", self.kind.name, self.file, error.what)
            }
            Problem::Mistakes(_) => format!("the {} `{}` is wrong", self.kind.name, self.file),
        }
    }

    /// What to do; more than one for more than one mistake.
    #[must_use]
    pub fn help(&self) -> Vec<String> {
        match &self.problem {
            Problem::Read(error) => vec![error.help.to_owned()],
            Problem::Mistakes(mistakes) => mistakes.iter().map(|mistake| mistake.help.clone()).collect(),
        }
    }
}

impl std::error::Error for FileError {}

impl fmt::Display for FileError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.summary())?;
        match &self.problem {
            Problem::Read(error) => write!(f, "; {}", error.help),
            Problem::Mistakes(mistakes) => {
                mistakes.iter().try_for_each(|mistake| write!(f, "\n{}", mistake.shown_in(&self.file)))
            }
        }
    }
}
