//! A policy file, as the command line takes it.

use std::fmt;
use std::path::Path;

use plug_policy::{Policy, PolicyError};

use crate::env::Place;
use crate::failure::{Explained, Failure};

/// Reads a policy file.
pub(crate) fn read(path: &Path, place: &Place) -> Result<Policy, Failure> {
    let read = Policy::from_file(place.resolve(path));
    read.map_err(|error| PolicyFileError::new(error, path).into())
}

/// A policy that cannot be used.
#[derive(Debug)]
struct PolicyFileError {
    error: PolicyError,
    /// The file as it was named.
    path: String,
}

impl PolicyFileError {
    fn new(error: PolicyError, path: &Path) -> Self {
        Self { error, path: path.display().to_string() }
    }

    /// The first line, and the mistakes below it. Their help stands with them.
    fn parts(&self) -> (String, Option<String>) {
        let text = self.error.to_string().replace(self.error.file(), &self.path);
        match text.split_once('\n') {
            Some((first, mistakes)) => (first.to_owned(), Some(mistakes.to_owned())),
            None => {
                let help = self.error.help().concat();
                let what = text
                    .strip_suffix(help.as_str())
                    .map_or(text.as_str(), |what| what.trim_end_matches("; "));
                (what.to_owned(), None)
            }
        }
    }
}

impl std::error::Error for PolicyFileError {}

impl fmt::Display for PolicyFileError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.parts().0)
    }
}

impl Explained for PolicyFileError {
    fn code(&self) -> &'static str {
        self.error.code()
    }

    fn place(&self) -> Option<String> {
        let first = self.error.mistakes().first();
        first.is_none().then(|| self.path.clone())
    }

    fn details(&self) -> Option<String> {
        self.parts().1
    }

    fn help(&self) -> Vec<String> {
        match self.error.mistakes() {
            [] => self.error.help(),
            _ => vec!["correct it: nothing of a policy with a mistake takes effect".to_owned()],
        }
    }
}
