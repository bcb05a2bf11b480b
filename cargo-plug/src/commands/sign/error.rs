//! Keys, passwords and files that are of no use.

use std::io;

use crate::failure::Explained;

/// A key that cannot be used.
#[derive(Debug, thiserror::Error)]
pub(crate) enum KeyFileError {
    #[error("the key cannot be read")]
    Unreadable { path: String, source: io::Error },
    #[error("this is no {wanted} key: {why}")]
    NoKey { path: String, wanted: &'static str, why: String },
    #[error("there is a file of this name already")]
    Exists { path: String },
    #[error("the secret key has a password, and none was given")]
    NoPassword { path: String },
    #[error("the password is not that of the key")]
    WrongPassword { path: String },
    #[error("the password cannot be used: {why}")]
    Password { path: Option<String>, why: String },
    #[error("no key could be made: {why}")]
    Failed { why: String },
}

impl Explained for KeyFileError {
    fn code(&self) -> &'static str {
        match self {
            Self::Unreadable { .. } | Self::NoKey { .. } | Self::Failed { .. } => "PLG1119",
            Self::NoPassword { .. } | Self::WrongPassword { .. } | Self::Password { .. } => "PLG1121",
            Self::Exists { .. } => "PLG1123",
        }
    }

    fn place(&self) -> Option<String> {
        match self {
            Self::Unreadable { path, .. }
            | Self::NoKey { path, .. }
            | Self::Exists { path }
            | Self::NoPassword { path }
            | Self::WrongPassword { path } => Some(path.clone()),
            Self::Password { path, .. } => path.clone(),
            Self::Failed { .. } => None,
        }
    }

    fn help(&self) -> Vec<String> {
        let help = match self {
            Self::Unreadable { .. } => {
                "look at the path and its permissions; `cargo plug keygen` makes a pair of keys"
            }
            Self::NoKey { wanted: "secret", .. } => "give the file that ends with `.key`",
            Self::NoKey { .. } => {
                "give the file that ends with `.pub`, or the 56 characters in it that begin with `RW`"
            }
            Self::Exists { .. } => {
                "choose another name by `--out`: what was signed with a key that is gone can still be verified, but \
                 never signed again"
            }
            Self::NoPassword { .. } => {
                "set PLUG_KEY_PASSWORD, give `--password-file FILE`, or run it in a terminal"
            }
            Self::WrongPassword { .. } => "give the password that the key was made with",
            Self::Password { .. } => {
                "set PLUG_KEY_PASSWORD, give `--password-file FILE`, run it in a terminal, or do without by `--no-password`"
            }
            Self::Failed { .. } => "see whether the system gives random numbers",
        };
        vec![help.to_owned()]
    }
}

/// A file that cannot be written.
#[derive(Debug, thiserror::Error)]
#[error("the file cannot be written")]
pub(crate) struct WriteError {
    path: String,
    source: io::Error,
}

impl WriteError {
    pub(crate) fn new(path: &str, source: io::Error) -> Self {
        Self { path: path.to_owned(), source }
    }
}

impl Explained for WriteError {
    fn code(&self) -> &'static str {
        "PLG1122"
    }

    fn place(&self) -> Option<String> {
        Some(self.path.clone())
    }

    fn help(&self) -> Vec<String> {
        vec!["see whether the folder is there and may be written to".to_owned()]
    }
}
