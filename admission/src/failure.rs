//! One reason why an artifact may not be loaded.

use std::error::Error;
use std::fmt;

use plug_contract::ArtifactError;

use crate::lock::PinError;
use crate::signature::SignatureError;

/// What is looked at, in the order of admission.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Stage {
    /// How large the artifact is.
    Size,
    /// Whether it is a component.
    Kind,
    /// Whether its bytes are those that are pinned.
    Digest,
    /// Who signed it.
    Signature,
    /// What it imports and exports.
    Contract,
    /// What it wants to be able to do.
    Capabilities,
}

impl fmt::Display for Stage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Stage::Size => "size",
            Stage::Kind => "kind",
            Stage::Digest => "digest",
            Stage::Signature => "signature",
            Stage::Contract => "contract",
            Stage::Capabilities => "capabilities",
        })
    }
}

/// A refusal that is decided elsewhere, such as by a host's judge or policy.
pub trait Refusal: Error + Send + Sync + 'static {
    /// Where it belongs in the order of admission.
    fn stage(&self) -> Stage;

    /// The code of the error, for `cargo plug explain`.
    fn code(&self) -> &'static str;

    /// What to do, one line each.
    fn help(&self) -> Vec<String>;
}

/// An artifact that is larger than may be loaded here.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("it has {size} bytes, more than the {limit} that may be loaded here")]
#[non_exhaustive]
pub struct SizeError {
    /// Its size in bytes.
    pub size: u64,
    /// How many it may have.
    pub limit: u64,
}

/// One reason why an artifact may not be loaded.
#[derive(Debug)]
#[non_exhaustive]
pub enum Failure {
    /// It is too large. Nothing else was looked at.
    Size(SizeError),
    /// It is no component.
    Kind(ArtifactError),
    /// It is not what the lock says.
    Pin(PinError),
    /// Its signature is missing or of no use.
    Signature(SignatureError),
    /// Something that was decided elsewhere.
    Other(Box<dyn Refusal>),
}

impl Failure {
    /// A refusal that was decided elsewhere.
    pub fn other(refusal: impl Refusal) -> Failure {
        Failure::Other(Box::new(refusal))
    }

    /// What was looked at.
    #[must_use]
    pub fn stage(&self) -> Stage {
        match self {
            Failure::Size(_) => Stage::Size,
            Failure::Kind(_) => Stage::Kind,
            Failure::Pin(error) => error.stage(),
            Failure::Signature(_) => Stage::Signature,
            Failure::Other(refusal) => refusal.stage(),
        }
    }

    /// The code of the error, for `cargo plug explain`.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Failure::Size(_) => "PLG1118",
            Failure::Kind(error) => error.code(),
            Failure::Pin(error) => error.code(),
            Failure::Signature(error) => error.code(),
            Failure::Other(refusal) => refusal.code(),
        }
    }

    /// What to do, one line each.
    #[must_use]
    pub fn help(&self) -> Vec<String> {
        match self {
            Failure::Size(_) => {
                vec!["raise the limit of the host, or leave large data out of the plugin".to_owned()]
            }
            Failure::Kind(_) => vec!["build it by `cargo plug build`".to_owned()],
            Failure::Pin(error) => vec![error.help()],
            Failure::Signature(error) => vec![error.help()],
            Failure::Other(refusal) => refusal.help(),
        }
    }

    fn error(&self) -> &(dyn Error + 'static) {
        match self {
            Failure::Size(error) => error,
            Failure::Kind(error) => error,
            Failure::Pin(error) => error,
            Failure::Signature(error) => error,
            Failure::Other(refusal) => &**refusal,
        }
    }
}

impl Error for Failure {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        self.error().source()
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self.error(), f)
    }
}

impl From<SizeError> for Failure {
    fn from(error: SizeError) -> Failure {
        Failure::Size(error)
    }
}

impl From<ArtifactError> for Failure {
    fn from(error: ArtifactError) -> Failure {
        Failure::Kind(error)
    }
}

impl From<PinError> for Failure {
    fn from(error: PinError) -> Failure {
        Failure::Pin(error)
    }
}

impl From<SignatureError> for Failure {
    fn from(error: SignatureError) -> Failure {
        Failure::Signature(error)
    }
}
