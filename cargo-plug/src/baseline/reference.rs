//! How a contract is named on the command line.

use std::fmt;
use std::path::PathBuf;
use std::str::FromStr;

/// A path, or a place in the history of a git repository.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Reference {
    Path(PathBuf),
    /// `git:REV[:PATH]`
    Git {
        rev: String,
        path: Option<String>,
    },
}

/// A name that names nothing.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(crate) enum ReferenceError {
    #[error("the name of a contract is empty")]
    Empty,
    /// `git:` without a revision.
    #[error("`{0}` names no revision")]
    NoRevision(String),
}

impl FromStr for Reference {
    type Err = ReferenceError;

    fn from_str(text: &str) -> Result<Self, ReferenceError> {
        if text.is_empty() {
            return Err(ReferenceError::Empty);
        }
        let Some(place) = text.strip_prefix("git:") else { return Ok(Self::Path(PathBuf::from(text))) };
        // No revision has a colon but in `:/text` and `REV^{/text}`, which are for people.
        let (rev, path) = match place.split_once(':') {
            Some((rev, path)) => (rev, Some(path.to_owned())),
            None => (place, None),
        };
        if rev.is_empty() {
            return Err(ReferenceError::NoRevision(text.to_owned()));
        }
        Ok(Self::Git { rev: rev.to_owned(), path })
    }
}

impl fmt::Display for Reference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Path(path) => write!(f, "{}", path.display()),
            Self::Git { rev, path: None } => write!(f, "git:{rev}"),
            Self::Git { rev, path: Some(path) } => write!(f, "git:{rev}:{path}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_told_apart() {
        let git = |rev: &str, path: Option<&str>| Reference::Git {
            rev: rev.to_owned(),
            path: path.map(str::to_owned),
        };
        for (text, read) in [
            ("host/wit", Reference::Path("host/wit".into())),
            ("./git:x", Reference::Path("./git:x".into())),
            ("git:v1.2.0", git("v1.2.0", None)),
            ("git:HEAD~3:host/wit", git("HEAD~3", Some("host/wit"))),
            ("git:main:a:b", git("main", Some("a:b"))),
        ] {
            assert_eq!(text.parse(), Ok(read.clone()), "{text}");
            assert_eq!(read.to_string(), text);
        }
        for text in ["", "git:", "git::wit"] {
            assert!(text.parse::<Reference>().is_err(), "{text}");
        }
    }
}
