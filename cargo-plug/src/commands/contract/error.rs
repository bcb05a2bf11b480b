//! A contract that cannot be frozen.

use std::io;

use crate::exit_code::ExitCode;
use crate::failure::Explained;

/// Why nothing was frozen, or looked at.
#[derive(Debug, thiserror::Error)]
pub(crate) enum ContractError {
    #[error("there is no WIT folder here")]
    NoContract,
    #[error("`{name}` is no WIT folder")]
    NoFolder { name: String },
    #[error("the package {package} has no version")]
    Unversioned { package: String, folder: String },
    #[error("the package {package} has no world")]
    NoWorld { package: String, folder: String },
    #[error("{package} is frozen already, with other content: {what}")]
    FrozenOtherwise { package: String, folder: String, what: String },
    #[error("{folder} cannot be read")]
    Unreadable { folder: String, source: io::Error },
}

impl Explained for ContractError {
    fn code(&self) -> &'static str {
        match self {
            Self::NoContract | Self::NoFolder { .. } => "PLG0905",
            Self::Unversioned { .. } | Self::NoWorld { .. } => "PLG0908",
            Self::FrozenOtherwise { .. } => "PLG0909",
            Self::Unreadable { .. } => "PLG0901",
        }
    }

    fn place(&self) -> Option<String> {
        match self {
            Self::NoContract | Self::NoFolder { .. } => None,
            Self::Unversioned { folder, .. }
            | Self::NoWorld { folder, .. }
            | Self::FrozenOtherwise { folder, .. }
            | Self::Unreadable { folder, .. } => Some(folder.clone()),
        }
    }

    fn help(&self) -> Vec<String> {
        let help = match self {
            Self::NoContract => "go to the folder that has `wit`, or name the WIT folder",
            Self::NoFolder { .. } => "give the folder that has the `.wit` files",
            Self::Unversioned { package, .. } => {
                return vec![format!(
                    "write `package {package}@1.0.0;` in the `.wit` file: what has no version cannot be \
                     told from what comes after it"
                )];
            }
            Self::NoWorld { .. } => "a contract is a world: write `world NAME { … }`",
            Self::FrozenOtherwise { .. } => {
                "what is frozen stays: raise the version in the `.wit` file, then freeze that; `cargo \
                 plug check-compat` says by how much"
            }
            Self::Unreadable { .. } => "see whether it may be read",
        };
        vec![help.to_owned()]
    }

    fn exit_code(&self) -> ExitCode {
        match self {
            Self::NoContract | Self::NoFolder { .. } => ExitCode::Usage,
            Self::Unreadable { .. } => ExitCode::Undecided,
            _ => ExitCode::Failed,
        }
    }
}
