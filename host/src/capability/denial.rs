//! What plugins tried and may not, and what else happens to their power.

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::sync::atomic::{AtomicBool, Ordering::Relaxed};
use std::sync::{Arc, Mutex, PoisonError};

use plug_admission::Revision;
use plug_policy::{AuditRecord, Capability as Name, Denial, Grant};

use crate::error::Identity;
use crate::event::{Bus, Subscription};

/// As many different denials are kept of each capability of a plugin: noise about one does not hide
/// what is tried of another.
const KEPT: usize = 256;
/// The same, of a plugin in audit.
const KEPT_IN_AUDIT: usize = 1 << 13;
/// The longest access that is kept; no longer one can be granted.
const LONGEST: usize = 1024;

/// What happens to the power of plugins, from the subscription on.
pub type PolicyEvents = Subscription<PolicyEvent>;

pub(crate) type PolicyBus = Bus<PolicyEvent>;

/// Something about what a plugin may do.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum PolicyEvent {
    /// A plugin tried what it may not. Told once for each access, not for each time.
    #[non_exhaustive]
    Denied {
        /// The plugin's name on this host.
        plugin: Arc<str>,
        /// The deployment of it that tried.
        revision: Revision,
        /// What would have allowed it.
        capability: Name,
        /// The access as the scope of a grant. It may hold anything that the plugin has said.
        access: Arc<str>,
        /// The lines of a policy file that would allow it; none if no grant can.
        allow: Option<Arc<str>>,
    },
    /// A plugin was granted something. It takes effect with its next instance.
    #[non_exhaustive]
    Granted {
        /// The plugin's name on this host.
        plugin: Arc<str>,
        /// What the next instance of it is of; none while it gets none, or is not loaded.
        revision: Option<Revision>,
        /// What.
        grant: Grant,
        /// Why, as whoever granted it said.
        reason: Arc<str>,
    },
    /// The whole policy was replaced.
    #[non_exhaustive]
    Replaced {
        /// Why, as whoever replaced it said.
        reason: Arc<str>,
    },
    /// Something was taken away from a plugin, at once.
    #[non_exhaustive]
    Revoked {
        /// The plugin's name on this host.
        plugin: Arc<str>,
        /// What the next instance of it is of; none while it gets none, or is not loaded.
        revision: Option<Revision>,
        /// What.
        grant: Grant,
        /// Why, as whoever revoked it said.
        reason: Arc<str>,
        /// Whether instances that are alive had to be ended, since they held it already.
        ended: bool,
    },
}

/// The denials of one plugin, all its instances together.
#[derive(Debug)]
pub(super) struct Denials {
    bus: PolicyBus,
    audit: AtomicBool,
    /// Each access with the revision that tried it first.
    seen: Mutex<HashMap<Name, HashMap<Arc<str>, Revision>>>,
}

impl Denials {
    pub(super) fn new(bus: PolicyBus, audit: bool) -> Denials {
        Denials { bus, audit: AtomicBool::new(audit), seen: Mutex::default() }
    }

    pub(super) fn set_audit(&self, audit: bool) {
        self.audit.store(audit, Relaxed);
    }

    /// Keeps a denial, and tells of it if it is the first of its kind.
    pub(super) fn record(&self, who: &Identity, capability: Name, access: &str) {
        let Identity { plugin, revision } = who;
        let access: Arc<str> = access[..access.floor_char_boundary(LONGEST)].into();
        let most = if self.audit.load(Relaxed) { KEPT_IN_AUDIT } else { KEPT };
        let is_last = {
            let mut seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
            let of_it = seen.entry(capability.clone()).or_default();
            // a plugin that invents new names without end is not told of any more
            if of_it.len() >= most {
                return;
            }
            match of_it.entry(Arc::clone(&access)) {
                Entry::Occupied(_) => return,
                Entry::Vacant(entry) => entry.insert(*revision),
            };
            of_it.len() == most
        };
        let denial = Denial::new(capability.clone(), &*access);
        let allow: Option<Arc<str>> = denial.advice(plugin).map(Into::into);
        match &allow {
            Some(allow) => tracing::warn!(%plugin, "denied {capability}={access:?}; to allow it:\n{allow}"),
            None => tracing::warn!(%plugin, "denied {capability}={access:?}; nothing can allow it"),
        }
        if is_last {
            tracing::warn!(%plugin, "that were {most} different ones of `{capability}`; no further ones are told");
        }
        let (plugin, revision) = (Arc::clone(plugin), *revision);
        self.bus.emit(PolicyEvent::Denied { plugin, revision, capability, access, allow });
    }

    /// What was denied so far, each access once.
    pub(super) fn records(&self, plugin: &str) -> Vec<AuditRecord> {
        let seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        let all = seen.iter().flat_map(|(name, of_it)| of_it.iter().map(move |tried| (name, tried)));
        let mut records: Vec<AuditRecord> = all
            .map(|(name, (access, revision))| {
                AuditRecord::new(plugin, Denial::new(name.clone(), &**access)).revision(revision.to_string())
            })
            .collect();
        records.sort_by(|a, b| (&a.capability, &a.access).cmp(&(&b.capability, &b.access)));
        records
    }
}
