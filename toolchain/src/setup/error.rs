//! Why set-up did not succeed.

use std::fmt;
use std::io;
use std::path::{Path, PathBuf};

/// Set-up did not make the target available.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum SetupError {
    /// None of the ways worked.
    #[error("the target wasm32-wasip2 could not be installed{}", listed(.attempts))]
    NoWay {
        /// What was tried, and what came of it.
        attempts: Vec<Attempt>,
        /// What a person can do.
        by_hand: String,
    },
    /// The toolchain belongs to somebody else.
    #[error("the toolchain's folder {} cannot be written", .folder.display())]
    NotWritable {
        /// The folder.
        folder: PathBuf,
        /// What the system says.
        source: io::Error,
    },
    /// The target was installed, but does not compile anything.
    #[error("the target was installed, but compiles nothing: {reason}")]
    Unusable {
        /// What the compiler says.
        reason: String,
    },
    /// A file or folder could not be read or written.
    #[error("cannot {doing} {}", .path.display())]
    Files {
        /// What was being done with it, as in "write to".
        doing: &'static str,
        /// The file or folder.
        path: PathBuf,
        /// What the system says.
        source: io::Error,
    },
}

/// One way that was tried.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attempt {
    way: &'static str,
    why: String,
}

impl Attempt {
    pub(super) fn new(way: &'static str, why: String) -> Self {
        Self { way, why }
    }

    /// `rustup`, or `from source`.
    pub fn way(&self) -> &'static str {
        self.way
    }

    /// What came of it.
    pub fn why(&self) -> &str {
        &self.why
    }
}

impl fmt::Display for Attempt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.way, self.why)
    }
}

fn listed(attempts: &[Attempt]) -> String {
    attempts.iter().map(|attempt| format!("\n  {attempt}")).collect()
}

impl SetupError {
    pub(super) fn files(doing: &'static str, path: &Path) -> impl FnOnce(io::Error) -> Self {
        move |source| Self::Files { doing, path: path.to_owned(), source }
    }

    /// The number of its page under `docs/errors`.
    pub fn code(&self) -> &'static str {
        match self {
            Self::NoWay { .. } => "PLG0404",
            Self::NotWritable { .. } => "PLG0405",
            Self::Unusable { .. } => "PLG0406",
            Self::Files { .. } => "PLG0407",
        }
    }

    /// What to do about it.
    pub fn mend(&self) -> String {
        match self {
            Self::NoWay { by_hand, .. } => by_hand.clone(),
            Self::NotWritable { folder, .. } => format!(
                "run it as the user that {} belongs to, or install a toolchain of your own with \
                 rustup",
                folder.display()
            ),
            Self::Unusable { .. } => {
                "`cargo plug doctor` tells whether a linker is missing; `rustup toolchain \
                 uninstall` and `install` give a fresh toolchain"
                    .to_owned()
            }
            Self::Files { .. } => "free the disk space or mend the permissions that the cause \
                                   names, and run it again: nothing was left half done"
                .to_owned(),
        }
    }
}
