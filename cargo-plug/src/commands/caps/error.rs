//! Files that cannot be used, as the command line shows them.

use std::fmt;
use std::path::Path;

use plug_policy::AuditError;

use crate::failure::Explained;

#[derive(Debug)]
pub(super) struct AuditFileError {
    error: AuditError,
    /// The file as it was named.
    path: String,
}

impl AuditFileError {
    pub(super) fn new(error: AuditError, path: &Path) -> Self {
        Self { error, path: path.display().to_string() }
    }
}

impl std::error::Error for AuditFileError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        self.error.source()
    }
}

impl fmt::Display for AuditFileError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.error {
            AuditError::Record { what, .. } => write!(f, "this is no record of a denial: {what}"),
            _ => f.write_str("the audit file cannot be read"),
        }
    }
}

impl Explained for AuditFileError {
    fn code(&self) -> &'static str {
        self.error.code()
    }

    fn place(&self) -> Option<String> {
        Some(match &self.error {
            AuditError::Record { line, .. } => format!("{}:{line}", self.path),
            _ => self.path.clone(),
        })
    }

    fn help(&self) -> Vec<String> {
        vec![self.error.help().to_owned()]
    }
}
