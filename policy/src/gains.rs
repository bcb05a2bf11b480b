//! What a change gives, and what it takes away.

use crate::capability::Capability;
use crate::effective::Effective;
use crate::grant::{FsAccess, Grant};
use crate::want::{WantScope, Wanted};

/// A power that one has and another has not.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Difference {
    /// The capability.
    pub capability: Capability,
    /// As it is written on the command line, without the values of variables.
    pub text: String,
}

impl Effective {
    /// What `new` can do and this cannot.
    #[must_use]
    pub fn gains(&self, new: &Effective) -> Vec<Difference> {
        let mut gains = Vec::new();
        for preopen in &new.fs.0 {
            if !self.fs.0.iter().any(|old| old.covers(preopen)) {
                let capability = match preopen.access {
                    FsAccess::Read => Capability::FsRead,
                    FsAccess::Write => Capability::FsWrite,
                };
                let text = crate::mistake::shown(&format!("{capability}={preopen}"));
                gains.push(Difference { capability, text });
            }
        }
        let old = self.others();
        for grant in new.others().iter().filter(|grant| !old.iter().any(|old| old.covers(grant))) {
            gains.push(Difference { capability: grant.capability(), text: Grant::shown(grant) });
        }
        gains
    }

    /// What this can do and `new` cannot.
    ///
    /// Where it [is fixed](Capability::is_fixed), an instance that has it keeps it for its life.
    #[must_use]
    pub fn losses(&self, new: &Effective) -> Vec<Difference> {
        new.gains(self)
    }
}

impl Wanted {
    /// What the `new` version of a plugin wants and the `old` one does not, whether required or not.
    #[must_use]
    pub fn gains(old: &[Wanted], new: &[Wanted]) -> Vec<Difference> {
        let old = with_free(old);
        with_free(new)
            .iter()
            .filter(|want| !old.iter().any(|old| old.covers(want)))
            .map(|want| Difference {
                capability: want.capability(),
                text: crate::mistake::shown(&want.to_string()),
            })
            .collect()
    }
}

/// The wants, with all of what is free where they say nothing of it.
fn with_free(wants: &[Wanted]) -> Vec<WantScope> {
    let mut scopes: Vec<WantScope> = wants.iter().map(|want| want.scope.clone()).collect();
    for free in Capability::BUILT_IN.into_iter().filter(|capability| capability.is_free()) {
        if !scopes.iter().any(|scope| scope.capability() == free) {
            scopes.push(WantScope::Any(free));
        }
    }
    scopes
}
