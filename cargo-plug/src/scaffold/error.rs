use std::io;
use std::path::PathBuf;

use plug_contract::{WitError, WitErrorKind};

use super::ImplError;
use crate::exit_code::ExitCode;
use crate::failure::Explained;

/// Why no plugin was scaffolded. Nothing was written when one of these is returned.
#[derive(Debug, thiserror::Error)]
pub(crate) enum ScaffoldError {
    #[error("`{name}` cannot be the name of a plugin: {objection}")]
    Name { name: String, objection: String, proposal: Option<String> },
    #[error("the folder is there already")]
    Exists { folder: String, init: bool, files: Vec<String> },
    #[error("this is not the folder of plug-guest-sdk: {objection}")]
    Sdk { folder: String, objection: String },
    #[error("the contract cannot be copied: {objection}")]
    Copy { place: String, objection: String },
    #[error("the contract cannot be copied")]
    CopyIo { place: String, source: io::Error },
    #[error("the folder cannot be written")]
    Write { path: PathBuf, source: io::Error },
    #[error("the workspace around it cannot take the new plugin: {objection}")]
    Workspace { manifest: PathBuf, objection: String },
    #[error("the workspace around it cannot take the new plugin: it has a package `{name}` already")]
    NameTaken { name: String, manifest: PathBuf },
    #[error("the contract `{world}` does not include our base: it does not export `plug:plugin/lifecycle`")]
    NoBase { world: String, folder: String, others: Vec<String> },
    #[error("{error}")]
    Wit { folder: String, error: WitError },
    #[error("the contract `{world}` cannot be scaffolded")]
    Impl { world: String, source: ImplError },
}

impl Explained for ScaffoldError {
    fn code(&self) -> &'static str {
        match self {
            Self::Name { .. } => "PLG0001",
            Self::Exists { .. } => "PLG0002",
            Self::Sdk { .. } => "PLG0003",
            Self::Copy { .. } | Self::CopyIo { .. } => "PLG0004",
            Self::Write { .. } => "PLG0005",
            Self::Workspace { .. } | Self::NameTaken { .. } => "PLG0006",
            Self::Impl { .. } => "PLG0008",
            Self::NoBase { .. } => "PLG0104",
            Self::Wit { error, .. } => error.code(),
        }
    }

    fn place(&self) -> Option<String> {
        match self {
            Self::Exists { folder, files, .. } => match files.as_slice() {
                [] => Some(folder.clone()),
                files => Some(files.join(", ")),
            },
            Self::Sdk { folder, .. } | Self::NoBase { folder, .. } => Some(folder.clone()),
            Self::Copy { place, .. } | Self::CopyIo { place, .. } => Some(place.clone()),
            Self::Write { path, .. }
            | Self::Workspace { manifest: path, .. }
            | Self::NameTaken { manifest: path, .. } => Some(path.display().to_string()),
            Self::Wit { folder, error } => error.location().is_none().then(|| folder.clone()),
            Self::Name { .. } | Self::Impl { .. } => None,
        }
    }

    fn help(&self) -> Vec<String> {
        match self {
            Self::Name { proposal: Some(name), .. } => vec![format!("call it `{name}`")],
            Self::Name { proposal: None, .. } => {
                vec!["a name begins with a letter and has letters, digits, `-` and `_`".to_owned()]
            }
            Self::Exists { init: false, folder, .. } => {
                vec![format!(
                    "take another name, choose the folder by `--path`, or run `cargo plug init` in `{folder}`"
                )]
            }
            Self::Exists { init: true, .. } => {
                vec!["move these files away, or choose another folder".to_owned()]
            }
            Self::Sdk { .. } => {
                vec!["give the folder that holds the `Cargo.toml` of plug-guest-sdk".to_owned()]
            }
            Self::Copy { .. } | Self::CopyIo { .. } => {
                vec!["give a folder with `.wit` files, and what they depend on in its folder `deps`".to_owned()]
            }
            Self::Write { .. } => vec!["see that the folder around it is there and can be written".to_owned()],
            Self::Workspace { .. } => vec![
                "enter the plugin under `members` or `exclude` in that file by hand, or choose a folder elsewhere"
                    .to_owned(),
            ],
            Self::NameTaken { .. } => {
                vec!["give the plugin another name; `--path` chooses its folder only".to_owned()]
            }
            Self::NoBase { others, .. } => {
                let mut help = vec!["write `include plug:plugin/base@1.0.0;` into the world".to_owned()];
                if !others.is_empty() {
                    help.push(format!("or choose one that does by `--world`: {}", others.join(", ")));
                }
                help
            }
            Self::Wit { error, .. } => error.help(),
            Self::Impl { .. } => {
                vec!["the SDK cannot express this yet; ask the contract's author for a form without it".to_owned()]
            }
        }
    }

    fn exit_code(&self) -> ExitCode {
        match self {
            Self::Name { .. } => ExitCode::Usage,
            Self::Wit { error, .. } if error.kind() == WitErrorKind::World => ExitCode::Usage,
            _ => ExitCode::Failed,
        }
    }
}
