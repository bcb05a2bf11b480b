//! A question that cannot be asked.

use std::io;

use crate::exit_code::ExitCode;
use crate::failure::Explained;

/// What to compare was not named, or is not there.
#[derive(Debug, thiserror::Error)]
pub(crate) enum CheckError {
    #[error("there is nothing to compare `{name}` with")]
    NothingOld { name: String },
    #[error("there is no contract and no plugin in this folder")]
    NothingNew,
    #[error("the contract in `{name}` has no frozen version")]
    NothingFrozen { name: String },
    #[error("the version `{version}` is not frozen")]
    NotFrozen { version: String, frozen: Vec<String>, meant: Option<String> },
    #[error("`--frozen` is about the versions of a WIT folder, and `{name}` is none")]
    FrozenOfOther { name: String },
    #[error("the frozen versions cannot be listed")]
    Unlistable { folder: String, source: io::Error },
    #[error("the plugin `{name}` has not been built")]
    NotBuilt { name: String, path: String },
    #[error("there are several plugins here")]
    SeveralPlugins { names: Vec<String> },
    #[error("`{name}` is a component, and has one direction only")]
    DirectionOfComponent { name: String },
}

impl Explained for CheckError {
    fn code(&self) -> &'static str {
        match self {
            Self::NothingOld { .. }
            | Self::NothingNew
            | Self::SeveralPlugins { .. }
            | Self::DirectionOfComponent { .. } => "PLG0905",
            Self::NothingFrozen { .. } | Self::NotFrozen { .. } | Self::FrozenOfOther { .. } => "PLG0906",
            Self::Unlistable { .. } => "PLG0901",
            Self::NotBuilt { .. } => "PLG0907",
        }
    }

    fn place(&self) -> Option<String> {
        match self {
            Self::Unlistable { folder, .. } => Some(folder.clone()),
            Self::NotBuilt { path, .. } => Some(path.clone()),
            _ => None,
        }
    }

    fn help(&self) -> Vec<String> {
        let help = match self {
            Self::NothingOld { .. } => {
                "name the old by `--against`: a folder, a file or `git:main`; or keep this version by \
                 `cargo plug contract freeze` and compare later ones with it"
            }
            Self::NothingNew => {
                "name the new: `cargo plug check-compat NEW --against OLD`; or go to the folder of a \
                 plugin, or to the one that has `wit`"
            }
            Self::NothingFrozen { .. } => {
                "`cargo plug contract freeze` keeps this version; until then, compare by `--against`"
            }
            Self::NotFrozen { meant: Some(meant), .. } => return vec![format!("did you mean `{meant}`?")],
            Self::NotFrozen { frozen, .. } => {
                return vec![format!("frozen are: {}; `--frozen all` takes them all", frozen.join(", "))];
            }
            Self::FrozenOfOther { .. } => "give the WIT folder, or name the old by `--against`",
            Self::Unlistable { .. } => "see whether the folder may be read",
            Self::NotBuilt { .. } => "build it by `cargo plug build`, or name the component",
            Self::SeveralPlugins { names } => {
                return vec![format!(
                    "name the component, such as `target/plug/{}.wasm`, or the WIT folder",
                    names.first().map_or("NAME", |name| name.as_str())
                )];
            }
            Self::DirectionOfComponent { .. } => {
                "leave `--direction` out: the question is whether this plugin runs on that host"
            }
        };
        vec![help.to_owned()]
    }

    fn exit_code(&self) -> ExitCode {
        match self {
            Self::Unlistable { .. } | Self::NotBuilt { .. } => ExitCode::Undecided,
            _ => ExitCode::Usage,
        }
    }
}
