//! `--audit`

use std::io;
use std::path::{Path, PathBuf};

use plug_policy::AuditRecord;

use crate::atomic_file;
use crate::env::Place;
use crate::failure::{Explained, Failure};

/// The file cannot be written.
#[derive(Debug, thiserror::Error)]
#[error("what was denied cannot be written down")]
struct AuditWriteError {
    path: PathBuf,
    source: io::Error,
}

impl Explained for AuditWriteError {
    fn code(&self) -> &'static str {
        "PLG0710"
    }

    fn place(&self) -> Option<String> {
        Some(self.path.display().to_string())
    }

    fn help(&self) -> Vec<String> {
        vec!["name a file in a folder that is there and that you may write to".to_owned()]
    }
}

/// Writes one line for each denial.
pub(super) fn write(denied: &[AuditRecord], path: &Path, place: &Place) -> Result<(), Failure> {
    let lines: String = denied.iter().map(|record| record.to_line() + "\n").collect();
    let written = atomic_file::write(&place.resolve(path), lines.as_bytes());
    written.map_err(|source| AuditWriteError { path: path.to_owned(), source }.into())
}
