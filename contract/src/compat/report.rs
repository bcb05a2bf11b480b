//! The answer, for programs and for people.

use std::fmt;

use super::engine;
use super::rules::{Bump, Rule};
use super::verdict::{Direction, Verdict, Verdicts};
use super::version::declared_bump;
use crate::hash::ContractHash;
use crate::model::{Contract, Location};

/// One of the two contracts of a report.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Subject {
    /// Package, world and exact version.
    pub id: String,
    /// The exact version.
    pub version: Option<semver::Version>,
    /// The contract hash.
    pub hash: ContractHash,
    /// What the linker sees of it.
    pub abi_hash: ContractHash,
}

impl Subject {
    pub(super) fn of(contract: &Contract) -> Subject {
        Subject {
            id: contract.id(),
            version: contract.version().cloned(),
            hash: contract.hash(),
            abi_hash: contract.abi_hash(),
        }
    }
}

/// What one of the two has at the place of a finding.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Part {
    /// As WIT writes it, in one line.
    pub text: String,
    /// Where, when it was read from text.
    pub location: Option<Location>,
}

/// One change between two contracts.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Finding {
    /// What kind of change it is.
    pub rule: &'static Rule,
    /// What changed: `acme:images/image-filter@1#apply`, at its definition.
    pub path: String,
    /// What changed, in a sentence.
    pub message: String,
    /// What to do about it.
    pub help: String,
    /// What it does by itself, in each direction that was judged.
    pub verdicts: Verdicts,
    /// What it does to one component, when one was judged too.
    pub plugin: Option<Verdict>,
    /// By how much the version has to rise for it.
    pub bump: Bump,
    /// What the old contract has there; for a component on a host, what the host has.
    pub old: Option<Part>,
    /// What the new contract has there; for a component on a host, what the plugin has.
    pub new: Option<Part>,
    /// The imports and exports that reach it: `export acme:images/image-filter@1#apply`. In order.
    pub uses: Vec<String>,
    /// Why somebody overruled the verdict.
    pub overruled: Option<String>,
}

impl Finding {
    /// The worst verdict of all directions.
    #[must_use]
    pub fn verdict(&self) -> Verdict {
        self.verdicts.worst().unwrap_or(Verdict::Compatible)
    }
}

/// How many functions are what they were.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub struct Tally {
    /// The same on both sides.
    pub equal: usize,
    /// On both sides, but not the same.
    pub changed: usize,
    /// Only in the new contract.
    pub added: usize,
    /// Only in the old contract.
    pub removed: usize,
}

/// Which question a report answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scope {
    /// Two versions of a contract: all that changed.
    Contracts,
    /// One component on one host: what the component uses, and what the host demands.
    Component,
}

/// All that differs between two contracts, or between a component and the contract of a host.
///
/// `Display` is the whole report for a person, over several lines.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Report {
    pub(super) scope: Scope,
    pub(super) old: Subject,
    pub(super) new: Subject,
    pub(super) least: Verdicts,
    pub(super) findings: Vec<Finding>,
    pub(super) environment: Vec<String>,
    pub(super) tally: Tally,
    pub(super) omitted: usize,
}

/// The most findings that are kept about a component, which may come from anyone.
pub(super) const MAX_FINDINGS: usize = 256;
/// The most findings, and places of one, that `Display` writes out.
const SHOWN_FINDINGS: usize = 20;
const SHOWN_USES: usize = 8;

impl Report {
    /// Which question it answers.
    #[must_use]
    pub fn scope(&self) -> Scope {
        self.scope
    }

    /// The old contract; for a component, the host's.
    #[must_use]
    pub fn old(&self) -> &Subject {
        &self.old
    }

    /// The new contract; for a component, its own actual one.
    #[must_use]
    #[expect(clippy::new_ret_no_self, reason = "the other one is `old`")]
    pub fn new(&self) -> &Subject {
        &self.new
    }

    /// The verdict for each direction that was judged: the worst of all findings.
    #[must_use]
    pub fn verdicts(&self) -> Verdicts {
        let mut out = self.least;
        for finding in &self.findings {
            for direction in [Direction::OldPluginOnNewHost, Direction::NewPluginOnOldHost] {
                if let (Some(_), Some(verdict)) = (self.least.get(direction), finding.verdicts.get(direction))
                {
                    out.raise(direction, verdict);
                }
            }
        }
        out
    }

    /// The worst verdict of all directions.
    #[must_use]
    pub fn verdict(&self) -> Verdict {
        self.verdicts().worst().unwrap_or(Verdict::Identical)
    }

    /// Each change: the worst first, then by path.
    #[must_use]
    pub fn findings(&self) -> &[Finding] {
        &self.findings
    }

    /// By how much the version has to rise for all changes together.
    #[must_use]
    pub fn required_bump(&self) -> Bump {
        self.findings.iter().map(|finding| finding.bump).max().unwrap_or(Bump::None)
    }

    /// By how much it did rise; `None` when one of the two has no version or it went down.
    ///
    /// As cargo counts: on `0.y.z` a new `y` is major and a new `z` minor, on `0.0.z` every change
    /// is major, and so is a change of prerelease.
    #[must_use]
    pub fn declared_bump(&self) -> Option<Bump> {
        declared_bump(self.old.version.as_ref()?, self.new.version.as_ref()?)
    }

    /// How many more findings there were about a component: only the worst 256 are kept.
    #[must_use]
    pub fn omitted(&self) -> usize {
        self.omitted
    }

    /// Imports of WASI that are no part of the contract: whether the host serves them is a
    /// question of its capabilities. For a component only.
    #[must_use]
    pub fn environment(&self) -> &[String] {
        &self.environment
    }

    /// How many functions are what they were.
    #[must_use]
    pub fn tally(&self) -> Tally {
        self.tally
    }

    /// Says of each finding what it does to one component, by the report on that component.
    #[must_use]
    pub fn with_plugin(mut self, component: &Report) -> Report {
        for finding in &mut self.findings {
            let is_of_engine = |finding: &Finding| finding.rule.id == engine::RULE;
            let judged = component.findings.iter().filter(|other| {
                // what an engine lacks is the cause of nothing else at that place
                is_of_engine(other) == is_of_engine(finding)
                    && (other.path == finding.path
                        || other.uses.iter().any(|path| finding.uses.contains(path)))
            });
            let verdict = judged.map(Finding::verdict).max().unwrap_or(Verdict::Compatible);
            finding.plugin = Some(verdict.min(finding.verdict()));
        }
        self
    }

    /// Overrules the verdicts of all findings of a rule, at one path or everywhere, and says why.
    /// Returns how many there were.
    ///
    /// The bump follows: what somebody takes for compatible needs no new track, and what he takes for
    /// breaking needs one.
    pub fn overrule(&mut self, rule: &str, path: Option<&str>, verdict: Verdict, reason: &str) -> usize {
        let mut count = 0;
        for finding in &mut self.findings {
            if finding.rule.id.eq_ignore_ascii_case(rule) && path.is_none_or(|path| finding.path == path) {
                for slot in [
                    &mut finding.verdicts.old_plugin_on_new_host,
                    &mut finding.verdicts.new_plugin_on_old_host,
                    &mut finding.plugin,
                ] {
                    *slot = slot.map(|_| verdict);
                }
                finding.bump = match verdict {
                    Verdict::Identical | Verdict::Compatible => finding.bump.min(Bump::Minor),
                    Verdict::Hazard => finding.bump,
                    Verdict::Breaking => Bump::Major,
                };
                finding.overruled = Some(reason.to_owned());
                count += 1;
            }
        }
        count
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
        let (subject, old, new) = match self.scope {
            Scope::Component => ("the plugin", "host:  ", "plugin:"),
            Scope::Contracts => ("the new contract", "old:", "new:"),
        };
        write!(f, "{subject} {verdict} the contract {} ({})", self.old.id, self.old.hash.short())?;
        for finding in self.findings.iter().take(SHOWN_FINDINGS) {
            let rule = finding.rule;
            match self.scope {
                Scope::Contracts => {
                    write!(f, "\n\n{}[{} {}]: {}", finding.verdict(), rule.id, rule.name, finding.message)?;
                }
                // who of the two moved on is not known, and rules are named after what changed
                Scope::Component => write!(f, "\n\n{}: {}", finding.verdict(), finding.message)?,
            }
            let mut word = "at";
            for place in finding.uses.iter().take(SHOWN_USES) {
                write!(f, "\n  {word} {place}")?;
                word = "  ";
            }
            if finding.uses.len() > SHOWN_USES {
                write!(f, "\n     and {} more", finding.uses.len() - SHOWN_USES)?;
            }
            if let Some(part) = &finding.old {
                write!(f, "\n  {old} {}", part.text)?;
            }
            if let Some(part) = &finding.new {
                write!(f, "\n  {new} {}", part.text)?;
            }
            write!(f, "\n  help: {}", finding.help)?;
        }
        let more = self.findings.len().saturating_sub(SHOWN_FINDINGS) + self.omitted;
        if more > 0 {
            write!(f, "\n\nand {more} more")?;
        }
        Ok(())
    }
}
