//! What an upgrade would gain.

use crate::capability::Capability;
use crate::effective::Effective;
use crate::grant::{FsAccess, Grant};
use crate::want::{WantScope, Wanted};

/// A power that the new one has and the old one has not.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Gain {
    /// The capability.
    pub capability: Capability,
    /// As it is written on the command line, without the values of variables.
    pub text: String,
}

impl Effective {
    /// What `new` can do and this cannot.
    #[must_use]
    pub fn gains(&self, new: &Effective) -> Vec<Gain> {
        let mut gains = Vec::new();
        for preopen in &new.fs.0 {
            if !self.fs.0.iter().any(|old| old.covers(preopen)) {
                let capability = match preopen.access {
                    FsAccess::Read => Capability::FsRead,
                    FsAccess::Write => Capability::FsWrite,
                };
                gains.push(Gain {
                    capability,
                    text: crate::mistake::shown(&format!("{capability}={preopen}")),
                });
            }
        }
        let old = self.others();
        for grant in new.others().iter().filter(|grant| !old.iter().any(|old| old.covers(grant))) {
            gains.push(Gain { capability: grant.capability(), text: Grant::shown(grant) });
        }
        gains
    }
}

impl Wanted {
    /// What the `new` version of a plugin wants and the `old` one does not, whether required or not.
    #[must_use]
    pub fn gains(old: &[Wanted], new: &[Wanted]) -> Vec<Gain> {
        let old = with_free(old);
        with_free(new)
            .iter()
            .filter(|want| !old.iter().any(|old| old.covers(want)))
            .map(|want| Gain {
                capability: want.capability(),
                text: crate::mistake::shown(&want.to_string()),
            })
            .collect()
    }
}

/// The wants, with all of what is free where they say nothing of it.
fn with_free(wants: &[Wanted]) -> Vec<WantScope> {
    let mut scopes: Vec<WantScope> = wants.iter().map(|want| want.scope.clone()).collect();
    for free in Capability::ALL.into_iter().filter(|capability| capability.is_free()) {
        if !scopes.iter().any(|scope| scope.capability() == free) {
            scopes.push(WantScope::Any(free));
        }
    }
    scopes
}
