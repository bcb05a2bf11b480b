//! The least policy that would have allowed what was denied.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use serde::{Deserialize, Serialize};

use crate::capability::Capability;
use crate::grant::Grant;
use crate::line::{PolicyLine, folder};
use crate::mistake::{MAX_TEXT, shown};
use crate::policy::{MAX_CUSTOM, MAX_GRANTS};
use crate::want::WantScope;

/// As many accesses that no grant can allow are told of a plugin.
const MOST_HOPELESS: usize = 256;

/// An access that was denied, as a host records it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Denial {
    /// What would have allowed it.
    pub capability: Capability,
    /// The access as the scope of a grant: `api.example.com:443`, a folder within the plugin, a name.
    /// It may hold anything that the plugin has said.
    pub access: String,
}

impl Denial {
    /// That `access` was denied.
    #[must_use]
    pub fn new(capability: Capability, access: impl Into<String>) -> Denial {
        Denial { capability, access: access.into() }
    }

    /// The line of policy that would allow it and no more; none if no grant can.
    #[must_use]
    pub fn line(&self) -> Option<PolicyLine> {
        self.least().map(|grant| PolicyLine::new(grant.capability(), vec![grant.scope()]))
    }

    /// The same for `plugin`, with the head of its table, to be pasted into a policy.
    #[must_use]
    pub fn advice(&self, plugin: &str) -> Option<String> {
        self.line().map(|line| line.in_table(plugin))
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
        let public = match &self.capability {
            Capability::NetPrivate => &Capability::Net,
            Capability::HttpPrivate => &Capability::Http,
            other => other,
        };
        // a plugin that asked for the topic `*` is not to be granted all topics
        let want = WantScope::parse_scope(public, &self.access).ok().filter(WantScope::is_single)?;
        let scope = match &want {
            WantScope::Fs(fs) => folder(fs.guest.as_str()),
            other => other.scope()?,
        };
        Grant::parse_scope(&self.capability, &scope).ok()
    }
}

/// The least policy for a plugin that allows all that was denied. Its text is a table of a policy
/// file.
///
/// It stands beside what is granted already: a key that is there takes the new entries into its
/// list. It is never larger than an entry of a policy may be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Suggestion {
    plugin: String,
    /// By [`family`]; none covers another.
    grants: BTreeMap<Capability, Vec<Grant>>,
    hopeless: BTreeSet<String>,
    left_out: BTreeMap<Capability, u64>,
}

impl Suggestion {
    /// For a plugin to which nothing was denied.
    #[must_use]
    pub fn new(plugin: impl Into<String>) -> Suggestion {
        Suggestion {
            plugin: plugin.into(),
            grants: BTreeMap::new(),
            hopeless: BTreeSet::new(),
            left_out: BTreeMap::new(),
        }
    }

    /// For `plugin`, to which all of `denials` happened.
    #[must_use]
    pub fn of<'a>(plugin: &str, denials: impl IntoIterator<Item = &'a Denial>) -> Suggestion {
        let mut suggestion = Suggestion::new(plugin);
        denials.into_iter().for_each(|denial| suggestion.add(denial));
        suggestion
    }

    /// Allows what was denied.
    pub fn add(&mut self, denial: &Denial) {
        match denial.least() {
            Some(new) => {
                let capability = new.capability();
                if !self.has_room_for(&capability) {
                    *self.left_out.entry(capability).or_default() += 1;
                    return;
                }
                let alike = self.grants.entry(family(&capability)).or_default();
                if alike.iter().any(|old| covers(old, &new)) {
                    return;
                }
                alike.retain(|old| !covers(&new, old));
                let of_it = alike.iter().filter(|old| old.capability() == capability).count();
                if of_it < MAX_GRANTS {
                    alike.push(new);
                } else {
                    *self.left_out.entry(capability).or_default() += 1;
                }
            }
            None if self.hopeless.len() < MOST_HOPELESS => {
                self.hopeless.insert(shown(&format!("{}={}", denial.capability, denial.access)));
            }
            None => {}
        }
    }

    /// Whether an entry of a policy can name the capability.
    fn has_room_for(&self, capability: &Capability) -> bool {
        let is_custom = |capability: &Capability| matches!(capability, Capability::Custom(_));
        !is_custom(capability)
            || self.grants.contains_key(capability)
            || self.grants.keys().filter(|named| is_custom(named)).count() < MAX_CUSTOM
    }

    /// The plugin.
    #[must_use]
    pub fn plugin(&self) -> &str {
        &self.plugin
    }

    /// The lines, one for each capability.
    #[must_use]
    pub fn lines(&self) -> Vec<PolicyLine> {
        let mut lines: BTreeMap<Capability, BTreeSet<&Grant>> = BTreeMap::new();
        for grant in self.grants() {
            lines.entry(grant.capability()).or_default().insert(grant);
        }
        let line = |(capability, grants): (_, BTreeSet<&Grant>)| {
            PolicyLine::new(capability, grants.into_iter().map(Grant::scope).collect())
        };
        lines.into_iter().map(line).collect()
    }

    /// Its grants.
    pub fn grants(&self) -> impl Iterator<Item = &Grant> {
        self.grants.values().flatten()
    }

    /// Accesses that no grant can allow, as text for people. Of very many only some are kept.
    pub fn hopeless(&self) -> impl Iterator<Item = &str> {
        self.hopeless.iter().map(String::as_str)
    }

    /// How many denials could be allowed by a grant, but have no room in an entry of a policy.
    pub fn left_out(&self) -> impl Iterator<Item = (&Capability, u64)> {
        self.left_out.iter().map(|(capability, count)| (capability, *count))
    }
}

/// The first of those of which one can cover a grant of another.
fn family(capability: &Capability) -> Capability {
    match capability {
        Capability::FsWrite => Capability::FsRead,
        Capability::NetPrivate => Capability::Net,
        Capability::HttpPrivate => Capability::Http,
        other => other.clone(),
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
        for text in &self.hopeless {
            writeln!(f, "# No grant can allow this: {text}")?;
        }
        for (capability, count) in &self.left_out {
            let noun = if *count == 1 { "denial" } else { "denials" };
            writeln!(
                f,
                "# An entry has no room for {count} more {noun} of `{capability}`: grant it by wider scopes."
            )?;
        }
        if self.grants().any(|grant| matches!(grant, Grant::Fs(_))) {
            writeln!(
                f,
                "# The folders before the arrows are made up: name those that the plugin shall see."
            )?;
        }
        for line in self.lines() {
            writeln!(f, "{line}")?;
        }
        Ok(())
    }
}
