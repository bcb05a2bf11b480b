//! The names under which plugins are loaded.

use std::collections::BTreeMap;
use std::path::Path;

use plug_admission::{NameError, check_name};

use crate::cli::NamedFile;
use crate::exit_code::ExitCode;
use crate::failure::Explained;

/// A plugin without a name, or two with the same.
#[derive(Debug, thiserror::Error)]
pub(crate) enum NamesError {
    #[error("`{name}` cannot be the name of a plugin: {why}")]
    Wrong { name: String, why: NameError },
    #[error("two files have the name `{name}`: {first} and {second}")]
    Twice { name: String, first: String, second: String },
    #[error("`--plugin` names one plugin, and there are {count} files")]
    Many { count: usize },
}

impl Explained for NamesError {
    fn code(&self) -> &'static str {
        "PLG1120"
    }

    fn help(&self) -> Vec<String> {
        let help = match self {
            Self::Wrong { .. } => {
                "give the name under which the host loads it, by `NAME=FILE` or `--plugin NAME`"
            }
            Self::Twice { .. } | Self::Many { .. } => "give each its own name: `NAME=FILE`",
        };
        vec![help.to_owned()]
    }

    fn exit_code(&self) -> ExitCode {
        ExitCode::Usage
    }
}

/// The name that was given, or that of the file without its ending.
pub(crate) fn of_file(given: Option<&str>, path: &Path) -> Result<String, NamesError> {
    let stem = || path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
    let name = given.map_or_else(stem, str::to_owned);
    match check_name(&name) {
        Ok(()) => Ok(name),
        Err(why) => Err(NamesError::Wrong { name, why }),
    }
}

/// The names of all files, each its own.
pub(crate) fn of_files(files: &[NamedFile]) -> Result<Vec<(String, &Path)>, NamesError> {
    let mut seen: BTreeMap<String, &Path> = BTreeMap::new();
    files
        .iter()
        .map(|file| {
            let name = of_file(file.name.as_deref(), &file.path)?;
            match seen.insert(name.clone(), &file.path) {
                None => Ok((name, file.path.as_path())),
                Some(first) => Err(NamesError::Twice {
                    name,
                    first: first.display().to_string(),
                    second: file.path.display().to_string(),
                }),
            }
        })
        .collect()
}
