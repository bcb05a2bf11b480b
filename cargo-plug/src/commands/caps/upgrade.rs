//! What a new version of a plugin has and the old one has not, and the reverse.

use std::collections::BTreeMap;

use plug_policy::{Capability, Difference, Wanted};

use super::Examined;
use super::reach::{Import, Power};
use super::subject::Subject;

#[derive(Debug)]
pub(crate) struct Upgrade {
    pub(crate) gained: Changes,
    pub(crate) lost: Changes,
}

/// What one version has, and another has not.
#[derive(Debug)]
pub(crate) struct Changes {
    /// With the reason, where one want is all of it.
    pub(crate) wants: Vec<(Difference, Option<String>)>,
    /// Capabilities that no import of the other version could reach.
    pub(crate) reach: Vec<Capability>,
    /// Imports of unknown power: interfaces, and `INTERFACE#FUNCTION` where the interface is not new.
    pub(crate) unknown: Vec<String>,
    /// What takes effect under the policy.
    pub(crate) effect: Vec<Difference>,
}

impl Upgrade {
    pub(super) fn between(old: &Examined, new: &Examined) -> Self {
        Self { gained: Changes::from(old, new), lost: Changes::from(new, old) }
    }

    /// Whether the new version has more power, or may have.
    pub(crate) fn widens(&self) -> bool {
        self.gained.have_power()
    }

    /// Whether the new version has less power.
    pub(crate) fn narrows(&self) -> bool {
        self.lost.have_power()
    }
}

impl Changes {
    /// What is free is no power by being imported: the other version had it for the asking.
    fn have_power(&self) -> bool {
        let Self { wants, reach, unknown, effect } = self;
        let reach = reach.iter().any(|capability| !capability.is_free());
        !wants.is_empty() || reach || !unknown.is_empty() || !effect.is_empty()
    }

    /// What `new` has and `old` has not.
    fn from(old: &Examined, new: &Examined) -> Self {
        let wants = match (old.subject.wants.read(), new.subject.wants.read()) {
            (Some(old), Some(new)) => {
                let with_reason = |gain| {
                    let reason = reason(&gain, &new);
                    (gain, reason)
                };
                Wanted::gains(&old, &new).into_iter().map(with_reason).collect()
            }
            _ => Vec::new(),
        };
        let effect = match (&old.decision, &new.decision) {
            (Some(old), Some(new)) => old.effective.gains(&new.effective),
            _ => Vec::new(),
        };
        let (had, mut reach) = (capabilities(&old.subject), capabilities(&new.subject));
        reach.retain(|capability| !had.contains(capability));
        Self { wants, reach, unknown: unknown(&old.subject, &new.subject), effect }
    }
}

fn reason(gain: &Difference, wants: &[Wanted]) -> Option<String> {
    let want = wants.iter().find(|want| want.scope.to_string() == gain.text)?;
    Some(want.reason.clone())
}

/// The unknown imports of `new` that `old` has not.
fn unknown(old: &Subject, new: &Subject) -> Vec<String> {
    fn unknown(subject: &Subject) -> impl Iterator<Item = &Import> {
        subject.imports.iter().filter(|import| import.power == Power::Unknown)
    }
    let had: BTreeMap<&str, &Import> = unknown(old).map(|import| (import.key.as_str(), import)).collect();
    unknown(new)
        .flat_map(|import| match had.get(import.key.as_str()) {
            None => vec![import.name.clone()],
            Some(had) => {
                let functions = import.functions.difference(&had.functions);
                functions.map(|function| format!("{}#{function}", import.name)).collect()
            }
        })
        .collect()
}

fn capabilities(subject: &Subject) -> Vec<Capability> {
    let mut all: Vec<Capability> = subject.reach().into_iter().flat_map(|reach| reach.capabilities).collect();
    all.sort();
    all
}
