//! One entry of a policy: the defaults, or what holds for a contract or a plugin.

use std::collections::BTreeMap;
use std::path::Path;

use crate::capability::Capability;
use crate::grant::Grant;
use crate::grants::Grants;
use crate::limits::LimitsPatch;
use crate::preset::Preset;

/// What one entry of a policy says. What it does not name is left as it is.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Entry {
    pub(crate) preset: Option<Preset>,
    pub(crate) grants: BTreeMap<Capability, Vec<Grant>>,
    pub(crate) limits: LimitsPatch,
    pub(crate) audit: Option<bool>,
    pub(crate) require_signature: Option<bool>,
}

impl Entry {
    /// An entry that says nothing.
    #[must_use]
    pub fn new() -> Entry {
        Entry::default()
    }

    /// Begins afresh: what less specific entries say is forgotten, grants and limits.
    #[must_use]
    pub fn preset(mut self, preset: Preset) -> Entry {
        self.preset = Some(preset);
        self
    }

    /// Names a grant. All grants of its capability that the entry names together replace those of
    /// less specific entries.
    #[must_use]
    pub fn allow(mut self, grant: Grant) -> Entry {
        self.grants.entry(grant.capability()).or_default().push(grant);
        self
    }

    /// Names a capability of which nothing is granted, whatever less specific entries say.
    #[must_use]
    pub fn deny(mut self, capability: Capability) -> Entry {
        self.grants.insert(capability, Vec::new());
        self
    }

    /// Sets limits.
    #[must_use]
    pub fn limits(mut self, limits: LimitsPatch) -> Entry {
        self.limits = limits.over(self.limits);
        self
    }

    /// Whether denials are recorded in full. Nothing is loosened by it.
    #[must_use]
    pub fn audit(mut self, audit: bool) -> Entry {
        self.audit = Some(audit);
        self
    }

    /// Whether a plugin is loaded only with a signature of somebody who is trusted.
    #[must_use]
    pub fn require_signature(mut self, require: bool) -> Entry {
        self.require_signature = Some(require);
        self
    }
}

/// What a policy says for one plugin.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct PluginPolicy {
    /// What it is granted.
    pub grants: Grants,
    /// Its limits, as far as the policy sets them.
    pub limits: LimitsPatch,
    /// Whether its denials are recorded in full.
    pub audit: bool,
    /// Whether it is loaded only with a signature of somebody who is trusted.
    pub require_signature: bool,
}

impl PluginPolicy {
    /// What a preset says, with its folders below `base`.
    pub(super) fn of(preset: Preset, base: &Path) -> PluginPolicy {
        let mut grants = Grants::default();
        for grant in preset.grants().list() {
            grants.allow(grant.anchored(base));
        }
        PluginPolicy { grants, limits: preset.limits(), audit: false, require_signature: false }
    }

    /// Puts a more specific entry over what was said so far.
    pub(super) fn apply(&mut self, entry: &Entry, base: &Path) {
        if let Some(preset) = entry.preset {
            let PluginPolicy { audit, require_signature, .. } = *self;
            *self = PluginPolicy { audit, require_signature, ..PluginPolicy::of(preset, base) };
        }
        for capability in entry.grants.keys() {
            self.grants.revoke_all(capability);
        }
        for grant in entry.grants.values().flatten() {
            self.grants.allow(grant.clone().anchored(base));
        }
        self.limits = entry.limits.over(self.limits);
        self.audit = entry.audit.unwrap_or(self.audit);
        self.require_signature = entry.require_signature.unwrap_or(self.require_signature);
    }
}
