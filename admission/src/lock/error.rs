//! A plugin that is not what is pinned.

use plug_contract::{ContractHash, Digest, printable};
use plug_policy::Difference;

use crate::failure::Stage;
use crate::signature::Signer;

/// A plugin is not what is pinned under its name.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum PinError {
    /// Nothing is pinned under its name.
    #[error("nothing is pinned under this name")]
    NotPinned,
    /// It has other bytes.
    #[error("it is {actual}, and {pinned} is pinned")]
    Digest {
        /// The digest in the lock.
        pinned: Digest,
        /// Its own.
        actual: Digest,
    },
    /// It imports or exports something else.
    #[error("its contract is {}, and {pinned} is pinned", actual.map_or("not known".to_owned(), |it| it.to_string()))]
    Contract {
        /// The hash in the lock.
        pinned: ContractHash,
        /// Its own, if it is known.
        actual: Option<ContractHash>,
    },
    /// It wants more.
    #[error("it wants more than is pinned: {}", listed(.gains))]
    Wider {
        /// What it wants beyond what is pinned.
        gains: Vec<Difference>,
    },
    /// Somebody else signed it.
    #[error("it is signed by {actual}, and the signature of {pinned} is pinned")]
    Signer {
        /// The one in the lock.
        pinned: Signer,
        /// The one who signed.
        actual: Signer,
    },
}

fn listed(gains: &[Difference]) -> String {
    let texts = gains.iter().map(|gain| format!("`{}`", printable::line(&gain.text)));
    texts.collect::<Vec<_>>().join(", ")
}

impl PinError {
    /// What was looked at.
    #[must_use]
    pub fn stage(&self) -> Stage {
        match self {
            PinError::NotPinned | PinError::Digest { .. } => Stage::Digest,
            PinError::Signer { .. } => Stage::Signature,
            PinError::Contract { .. } => Stage::Contract,
            PinError::Wider { .. } => Stage::Capabilities,
        }
    }

    /// The code of the error, for `cargo plug explain`.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            PinError::NotPinned => "PLG1105",
            PinError::Digest { .. } => "PLG1106",
            PinError::Contract { .. } => "PLG1107",
            PinError::Wider { .. } => "PLG1108",
            PinError::Signer { .. } => "PLG1109",
        }
    }

    /// What to do.
    #[must_use]
    pub fn help(&self) -> String {
        match self {
            PinError::NotPinned => "if it shall be loaded, pin it: `cargo plug lock NAME=FILE`",
            PinError::Digest { .. } => {
                "if the new version shall be loaded, pin it: `cargo plug lock NAME=FILE` shows what changes"
            }
            PinError::Contract { .. } => {
                "see what changed by `cargo plug contract diff`, and pin the new version by `cargo plug lock`"
            }
            PinError::Wider { .. } => {
                "if it shall have that, pin it: `cargo plug lock NAME=FILE --accept-capabilities`"
            }
            PinError::Signer { .. } => {
                "ask who signs it now; if that is right, pin it: `cargo plug lock NAME=FILE --accept-signer`"
            }
        }
        .to_owned()
    }
}
