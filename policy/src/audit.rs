//! What was denied in a run, as a host records it.

use std::collections::BTreeMap;
use std::path::Path;

use serde::{Deserialize, Serialize};

use crate::capability::Capability;
use crate::mistake::shown;
use crate::suggest::{Denial, Suggestion};
use crate::text_file::{TextFileError, read_text};

/// The largest audit file that is read.
pub const MAX_AUDIT_BYTES: u64 = 64 << 20;

/// A denial, as a line of an audit file: one object of JSON. Fields that are not known are passed
/// over.
///
/// ```
/// use plug_policy::{AuditRecord, Capability, Denial};
///
/// let record = AuditRecord::new("weather", Denial::new(Capability::Net, "api.example.com:443"));
/// assert_eq!(
///     record.to_line(),
///     r#"{"plugin":"weather","capability":"net","access":"api.example.com:443","allowed_by":"net = [\"api.example.com:443\"]"}"#
/// );
/// assert_eq!(AuditRecord::from_line(&record.to_line()), Ok(record));
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct AuditRecord {
    /// The plugin's name on the host.
    pub plugin: String,
    /// Which revision of it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub revision: Option<String>,
    /// What would have allowed it.
    pub capability: Capability,
    /// The access as the scope of a grant. It may hold anything that the plugin has said.
    pub access: String,
    /// When, by RFC 3339.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at: Option<String>,
    /// The line of policy that would allow it; none if no grant can.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub allowed_by: Option<String>,
}

impl AuditRecord {
    /// That this was denied to `plugin`.
    #[must_use]
    pub fn new(plugin: impl Into<String>, denial: Denial) -> AuditRecord {
        AuditRecord {
            plugin: plugin.into(),
            revision: None,
            allowed_by: denial.line().map(|line| line.to_string()),
            capability: denial.capability,
            access: denial.access,
            at: None,
        }
    }

    /// Sets the revision of the plugin.
    #[must_use]
    pub fn revision(mut self, revision: impl Into<String>) -> AuditRecord {
        self.revision = Some(revision.into());
        self
    }

    /// Sets the time, which is written by RFC 3339.
    #[must_use]
    pub fn at(mut self, time: impl Into<String>) -> AuditRecord {
        self.at = Some(time.into());
        self
    }

    /// What was denied.
    #[must_use]
    pub fn denial(&self) -> Denial {
        Denial::new(self.capability.clone(), self.access.clone())
    }

    /// The line of an audit file, without its end.
    #[must_use]
    pub fn to_line(&self) -> String {
        serde_json::to_string(self).expect("texts are always JSON")
    }

    /// Reads a line of an audit file.
    ///
    /// # Errors
    ///
    /// When it is no record; the text says why.
    pub fn from_line(line: &str) -> Result<AuditRecord, String> {
        if !line.trim_start().starts_with('{') {
            return Err("it is no object of JSON".to_owned());
        }
        serde_json::from_str(line).map_err(|error| {
            let place = format!(" at line {} column {}", error.line(), error.column());
            let text = error.to_string();
            match text.strip_suffix(&place) {
                Some(what) => format!("{} at column {}", shown(what), error.column()),
                None => shown(&text),
            }
        })
    }
}

/// What was denied in a run, by plugin, as the least policy that allows it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Audit {
    plugins: BTreeMap<String, Suggestion>,
}

impl Audit {
    /// Reads an audit file.
    ///
    /// # Errors
    ///
    /// When it cannot be read, is larger than [`MAX_AUDIT_BYTES`], or has a line that is no record.
    pub fn from_file(path: impl AsRef<Path>) -> Result<Audit, AuditError> {
        let path = path.as_ref();
        let file = path.display().to_string();
        match read_text(path, MAX_AUDIT_BYTES) {
            Ok(text) => Audit::parse(&file, &text),
            Err(source) => Err(AuditError::Read { file, source }),
        }
    }

    /// Reads the text of an audit file; `file` is its name in messages.
    ///
    /// # Errors
    ///
    /// When a line is no record.
    pub fn parse(file: &str, text: &str) -> Result<Audit, AuditError> {
        let mut audit = Audit::default();
        for (at, line) in text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty()) {
            match AuditRecord::from_line(line) {
                Ok(record) => audit.add(&record),
                Err(what) => return Err(AuditError::Record { file: file.to_owned(), line: at + 1, what }),
            }
        }
        Ok(audit)
    }

    /// Adds a denial.
    pub fn add(&mut self, record: &AuditRecord) {
        let new = || Suggestion::new(record.plugin.clone());
        self.plugins.entry(record.plugin.clone()).or_insert_with(new).add(&record.denial());
    }

    /// The least policy for each plugin, by name.
    pub fn suggestions(&self) -> impl Iterator<Item = &Suggestion> {
        self.plugins.values()
    }
}

/// An audit file that cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum AuditError {
    /// It cannot be read.
    #[error("the audit file `{file}` cannot be read")]
    Read {
        /// The file.
        file: String,
        /// Why.
        source: TextFileError,
    },
    /// A line is no record.
    #[error("line {line} of the audit file `{file}` is no record of a denial: {what}")]
    Record {
        /// The file.
        file: String,
        /// The line, from 1.
        line: usize,
        /// Why.
        what: String,
    },
}

impl AuditError {
    /// The code of the error, for `cargo plug explain`.
    #[must_use]
    pub fn code(&self) -> &'static str {
        "PLG1008"
    }

    /// What to do.
    #[must_use]
    pub fn help(&self) -> &'static str {
        match self {
            AuditError::Read { source, .. } => source.help,
            AuditError::Record { .. } => {
                "remove the line if the host was stopped while it wrote; else give the file that the host wrote"
            }
        }
    }
}
