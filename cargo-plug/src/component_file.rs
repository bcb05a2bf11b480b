//! Reading a component from disk.

use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

use plug_contract::{ArtifactError, MAX_ARTIFACT_BYTES, SECTION_FORMAT, SectionError};

use crate::failure::Explained;

/// A file that is no component, or cannot be read.
#[derive(Debug, thiserror::Error)]
pub(crate) enum ComponentFileError {
    #[error("this is a folder, not a component")]
    Folder { path: String },
    #[error("the file cannot be read")]
    Unreadable { path: String, source: io::Error },
    #[error("the file is larger than the {} MiB that an artifact may have", MAX_ARTIFACT_BYTES >> 20)]
    TooLarge { path: String },
    #[error("{}", headline(.source))]
    Artifact { path: String, source: ArtifactError },
}

impl Explained for ComponentFileError {
    fn code(&self) -> &'static str {
        match self {
            Self::Folder { .. } => "PLG0204",
            Self::Unreadable { .. } => "PLG0205",
            Self::TooLarge { .. } => "PLG0206",
            Self::Artifact { source, .. } => source.code(),
        }
    }

    fn place(&self) -> Option<String> {
        match self {
            Self::Folder { path }
            | Self::Unreadable { path, .. }
            | Self::TooLarge { path }
            | Self::Artifact { path, .. } => Some(path.clone()),
        }
    }

    fn help(&self) -> Vec<String> {
        let help = match self {
            Self::Folder { .. } => "give the `.wasm` file; `cargo plug build` writes it to `target/plug`",
            Self::Unreadable { .. } => {
                "see whether it is there; `cargo plug build` writes it to `target/plug`"
            }
            Self::TooLarge { .. } => "leave large data out of the component",
            Self::Artifact { source: ArtifactError::CoreModule, .. } => {
                "build it by `cargo plug build`, or make a component of it by `wasm-tools component new`"
            }
            Self::Artifact { source: ArtifactError::WitPackage, .. } => {
                "`cargo plug inspect` shows what is in it; a plugin has code"
            }
            Self::Artifact { source: ArtifactError::CanonicalNames { .. }, .. } => {
                "build it by `cargo plug build`, or leave `--emit-canonical-names` out of `wasm-tools component new`"
            }
            Self::Artifact { source: ArtifactError::NoWit { .. }, .. } => {
                "export interfaces and functions, with types in the interfaces; as it is, `cargo plug call` can call it, and hosts cannot load it"
            }
            Self::Artifact { .. } => {
                "see whether the file was copied as a whole; build it by `cargo plug build`"
            }
        };
        vec![help.to_owned()]
    }
}

fn headline(error: &ArtifactError) -> &'static str {
    match error {
        ArtifactError::NoWit { .. } => "this component has no contract",
        _ => "this is no component",
    }
}

/// What to do about a section that cannot be read.
pub(crate) fn section_help(error: &SectionError) -> &'static str {
    match error {
        SectionError::UnknownFormat { format } if *format > SECTION_FORMAT => {
            "it is of a newer tool: update cargo-plug by `cargo install cargo-plug`"
        }
        _ => "build it anew by `cargo plug build`",
    }
}

/// The bytes of the file, no more than an artifact may have.
pub(crate) fn read(path: &Path, shown: &str) -> Result<Vec<u8>, ComponentFileError> {
    let unreadable = |source| ComponentFileError::Unreadable { path: shown.to_owned(), source };
    if path.is_dir() {
        return Err(ComponentFileError::Folder { path: shown.to_owned() });
    }
    let file = File::open(path).map_err(unreadable)?;
    let mut bytes = Vec::new();
    file.take(MAX_ARTIFACT_BYTES + 1).read_to_end(&mut bytes).map_err(unreadable)?;
    if bytes.len() as u64 > MAX_ARTIFACT_BYTES {
        return Err(ComponentFileError::TooLarge { path: shown.to_owned() });
    }
    Ok(bytes)
}
