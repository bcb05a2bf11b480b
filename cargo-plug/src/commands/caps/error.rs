//! A policy that cannot be used, as the command line shows it.

use std::fmt;
use std::path::Path;

use plug_policy::PolicyError;

use crate::failure::Explained;

#[derive(Debug)]
pub(super) struct PolicyFileError {
    error: PolicyError,
    /// The file as it was named.
    path: String,
}

impl PolicyFileError {
    pub(super) fn new(error: PolicyError, path: &Path) -> Self {
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
