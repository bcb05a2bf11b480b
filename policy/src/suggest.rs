//! The least policy that would have allowed what was denied.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::capability::Capability;
use crate::grant::Grant;
use crate::line::{PolicyLine, folder};
use crate::mistake::{MAX_TEXT, shown};
use crate::want::WantScope;

/// An access that was denied, as a host records it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Denial {
    /// What would have allowed it.
    pub capability: Capability,
    /// The access as the scope of a grant: `api.example.com:443`, a path within the plugin, a name.
    /// It may hold anything that the plugin has said.
    pub access: String,
}

impl Denial {
    /// That `access` was denied.
    #[must_use]
    pub fn new(capability: Capability, access: impl Into<String>) -> Denial {
        Denial { capability, access: access.into() }
    }

    /// What would grant this access and no more; none if no grant can.
    fn least(&self) -> Option<Grant> {
        if self.access.len() > MAX_TEXT {
            return None;
        }
        if self.capability == Capability::Log {
            return Some(Grant::Log);
        }
        // whether an address is private is no part of what is wanted
        let public = match self.capability {
            Capability::NetPrivate => Capability::Net,
            Capability::HttpPrivate => Capability::Http,
            other => other,
        };
        // a plugin that asked for the topic `*` is not to be granted all topics
        let want = WantScope::parse_scope(public, &self.access).ok().filter(WantScope::is_single)?;
        let scope = match &want {
            WantScope::Fs(fs) => folder(fs.guest.as_str()),
            other => other.scope()?,
        };
        Grant::parse_scope(self.capability, &scope).ok()
    }
}

/// The least policy for a plugin. Its text is a table of a policy file.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Suggestion {
    /// The plugin.
    pub plugin: String,
    /// The lines, one for each capability.
    pub lines: Vec<PolicyLine>,
    /// Accesses that no grant can allow, as text for people.
    pub hopeless: Vec<String>,
}

impl Suggestion {
    /// The least policy for `plugin` that allows all that was denied. It stands beside what is
    /// granted already: a key that is there takes the new entries into its list.
    #[must_use]
    pub fn of(plugin: &str, denials: &[Denial]) -> Suggestion {
        let mut grants: Vec<Grant> = Vec::new();
        let mut hopeless = Vec::new();
        for denial in denials {
            match denial.least() {
                Some(new) => {
                    if !grants.iter().any(|old| covers(old, &new)) {
                        grants.retain(|old| !covers(&new, old));
                        grants.push(new);
                    }
                }
                None => {
                    let text = shown(&format!("{}={}", denial.capability, denial.access));
                    if !hopeless.contains(&text) {
                        hopeless.push(text);
                    }
                }
            }
        }
        grants.sort();
        let lines = Capability::ALL.into_iter().filter_map(|capability| {
            let of_it = grants.iter().filter(|grant| grant.capability() == capability);
            let scopes: Vec<String> = of_it.map(Grant::scope).collect();
            (!scopes.is_empty()).then(|| PolicyLine::new(capability, scopes))
        });
        Suggestion { plugin: plugin.to_owned(), lines: lines.collect(), hopeless }
    }

    /// The grants of all lines.
    pub fn grants(&self) -> impl Iterator<Item = Grant> {
        self.lines.iter().flat_map(PolicyLine::grants)
    }
}

/// A folder that was made up for a path covers those made up for paths below it.
fn covers(old: &Grant, new: &Grant) -> bool {
    match (old, new) {
        (Grant::Fs(old), Grant::Fs(new)) => old.access >= new.access && old.guest.holds(&new.guest),
        _ => old.covers(new),
    }
}

impl fmt::Display for Suggestion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{}", PolicyLine::table(&self.plugin))?;
        if self.grants().any(|grant| matches!(grant, Grant::Fs(_))) {
            writeln!(
                f,
                "# The folders before the arrows are made up: name those that the plugin shall see."
            )?;
        }
        for line in &self.lines {
            writeln!(f, "{line}")?;
        }
        Ok(())
    }
}
