//! Files beside the artifact that cannot be used.

use std::fmt;
use std::io;
use std::path::Path;

use plug_admission::{FileError, Lock, Trust};

use crate::env::Place;
use crate::failure::Explained;

/// A signature that is there and cannot be read.
#[derive(Debug, thiserror::Error)]
#[error("the signature beside the component cannot be read")]
pub(crate) struct SignatureFileError {
    pub(super) path: String,
    pub(super) source: io::Error,
}

impl Explained for SignatureFileError {
    fn code(&self) -> &'static str {
        "PLG1111"
    }

    fn place(&self) -> Option<String> {
        Some(self.path.clone())
    }

    fn help(&self) -> Vec<String> {
        vec!["look at the path and its permissions".to_owned()]
    }
}

/// A lock or a trust file that cannot be used.
#[derive(Debug)]
pub(crate) struct AdmissionFileError {
    error: FileError,
    /// The file as it was named.
    path: String,
}

pub(crate) fn read_trust(path: &Path, place: &Place) -> Result<Trust, AdmissionFileError> {
    Trust::from_file(place.input(path)).map_err(|error| AdmissionFileError::new(error, path))
}

pub(crate) fn read_lock(path: &Path, place: &Place) -> Result<Lock, AdmissionFileError> {
    Lock::from_file(place.input(path)).map_err(|error| AdmissionFileError::new(error, path))
}

impl AdmissionFileError {
    fn new(error: FileError, path: &Path) -> Self {
        Self { error, path: path.display().to_string() }
    }
}

impl std::error::Error for AdmissionFileError {}

impl fmt::Display for AdmissionFileError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.error.summary().replace(self.error.file(), &self.path))
    }
}

impl Explained for AdmissionFileError {
    fn code(&self) -> &'static str {
        self.error.code()
    }

    fn place(&self) -> Option<String> {
        self.error.mistakes().is_empty().then(|| self.path.clone())
    }

    fn details(&self) -> Option<String> {
        let shown: Vec<String> =
            self.error.mistakes().iter().map(|mistake| mistake.shown_in(&self.path)).collect();
        (!shown.is_empty()).then(|| shown.join("\n"))
    }

    fn help(&self) -> Vec<String> {
        match self.error.mistakes() {
            [] => self.error.help(),
            _ => vec!["correct it: nothing is admitted by a file with a mistake".to_owned()],
        }
    }
}
