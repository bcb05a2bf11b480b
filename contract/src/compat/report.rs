//! The answer, for programs and for people.

use std::fmt;

use crate::hash::ContractHash;

/// How well two contracts go together; worse ones are greater.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Verdict {
    /// The same contract.
    Identical,
    /// Links and works.
    Compatible,
    /// Links, but goes wrong when called, or breaks on the next rebuild.
    Hazard,
    /// Does not link.
    Breaking,
}

impl Verdict {
    /// Whether the linker would accept it.
    #[must_use]
    pub fn links(self) -> bool {
        self < Verdict::Breaking
    }
}

impl fmt::Display for Verdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Verdict::Identical => "identical",
            Verdict::Compatible => "compatible",
            Verdict::Hazard => "hazard",
            Verdict::Breaking => "breaking",
        })
    }
}

/// One thing in which plugin and host differ.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Finding {
    /// How bad it is by itself.
    pub severity: Verdict,
    /// Where: `export acme:images/image-filter@1#apply`.
    pub path: String,
    /// What differs, in a sentence.
    pub message: String,
    /// What the host has there.
    pub expected: Option<String>,
    /// What the plugin has there.
    pub found: Option<String>,
    /// What to do about it.
    pub help: String,
    /// Further places that differ for the same reason.
    pub also: Vec<String>,
}

/// All that differs between a plugin and the contract of a host.
///
/// `Display` is the whole report for a person, over several lines.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Report {
    pub(super) host_id: String,
    pub(super) host_hash: ContractHash,
    pub(super) plugin_hash: ContractHash,
    pub(super) findings: Vec<Finding>,
    pub(super) environment: Vec<String>,
}

impl Report {
    /// The worst of all findings.
    #[must_use]
    pub fn verdict(&self) -> Verdict {
        let least = if self.host_hash == self.plugin_hash { Verdict::Identical } else { Verdict::Compatible };
        self.findings.iter().map(|finding| finding.severity).max().map_or(least, |worst| worst.max(least))
    }

    /// Each difference, imports before exports, in the order of their paths.
    #[must_use]
    pub fn findings(&self) -> &[Finding] {
        &self.findings
    }

    /// Imports of WASI that are no part of the contract: whether the host serves them is a
    /// question of its capabilities.
    #[must_use]
    pub fn environment(&self) -> &[String] {
        &self.environment
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let verdict = match self.verdict() {
            Verdict::Identical => "has exactly",
            Verdict::Compatible => "fits",
            Verdict::Hazard => "links with, but may go wrong on,",
            Verdict::Breaking => "does not fit",
        };
        write!(f, "the plugin {verdict} the contract {} ({})", self.host_id, self.host_hash.short())?;
        for finding in &self.findings {
            write!(f, "\n\n{}: {}\n  at {}", finding.severity, finding.message, finding.path)?;
            for place in &finding.also {
                write!(f, "\n     {place}")?;
            }
            if let Some(expected) = &finding.expected {
                write!(f, "\n  host:   {expected}")?;
            }
            if let Some(found) = &finding.found {
                write!(f, "\n  plugin: {found}")?;
            }
            write!(f, "\n  help: {}", finding.help)?;
        }
        Ok(())
    }
}
