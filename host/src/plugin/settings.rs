//! What one plugin is run with.

use std::collections::BTreeMap;
use std::sync::Arc;

use plug_admission::Admission;
use plug_contract::{ContractHash, Digest, Section};
use plug_policy::{Capability as Name, PluginPolicy, WantScope, Wanted};

use crate::capability::{CapabilityManager, Powers, SharedResolver, Surroundings};
use crate::engine::Engine;
use crate::error::{Identity, LoadError, Withheld};
use crate::event::Post;
use crate::limits::Limits;

/// What one plugin is run with. Cheap to clone.
#[derive(Debug, Clone)]
pub(crate) struct Settings {
    pub(crate) plugin: Arc<str>,
    pub(crate) limits: Arc<Limits>,
    pub(crate) powers: Arc<Powers>,
}

impl Settings {
    /// These, if the engine counts what is limited.
    pub(crate) fn on(self, engine: &Engine) -> Result<Settings, LoadError> {
        match self.limits.fuel {
            Some(_) if !engine.counts_fuel() => Err(LoadError::Uncounted { plugin: self.plugin }),
            _ => Ok(self),
        }
    }

    /// The plugin as it is deployed now.
    pub(crate) fn identity(&self) -> Identity {
        Identity { plugin: Arc::clone(&self.plugin), revision: self.powers.revision() }
    }
}

/// On what terms a host takes a plugin, before the plugin has been asked.
#[derive(Debug)]
pub(crate) struct Terms<'a> {
    pub(crate) manager: &'a CapabilityManager,
    /// The limits without those of the policy.
    pub(crate) limits: Limits,
    pub(crate) config: Arc<BTreeMap<String, String>>,
    pub(crate) events: Post,
    pub(crate) resolver: SharedResolver,
    pub(crate) admission: Arc<Admission>,
    pub(crate) artifact: Digest,
    /// The contract of the host; none for a component that is called without one.
    pub(crate) contract: Option<ContractHash>,
}

impl Terms<'_> {
    /// What the plugin is run with, by what its manifest says: no more than both want. The policy has
    /// the last word on limits, but for what the plugin itself can do without.
    pub(crate) fn settle(self, plugin: &Arc<str>, section: Option<&Section>) -> Result<Settings, LoadError> {
        let wants = self.wants(section);
        self.settle_with(plugin, section, wants, true)
    }

    /// The same, for a component that is called without a contract: without a manifest, it wants
    /// whatever is granted. Without a policy the limits hold as they are given.
    pub(crate) fn settle_any(
        self,
        plugin: &Arc<str>,
        section: Option<&Section>,
    ) -> Result<Settings, LoadError> {
        let wants = match section {
            Some(_) => self.wants(section),
            None => Ok(whatever_is_granted()),
        };
        let has_policy = self.manager.has_policy();
        self.settle_with(plugin, section, wants, has_policy)
    }

    /// What the plugin wants: nothing without a manifest.
    pub(super) fn wants(&self, section: Option<&Section>) -> Result<Vec<Wanted>, Withheld> {
        let manifest = section.map(|section| &section.manifest);
        let wants = manifest.map_or(Ok(Vec::new()), |manifest| Wanted::read(&manifest.capabilities));
        wants.map_err(|error| Withheld::Wants(Arc::new(error)))
    }

    fn settle_with(
        self,
        plugin: &Arc<str>,
        section: Option<&Section>,
        wants: Result<Vec<Wanted>, Withheld>,
        adjusts_limits: bool,
    ) -> Result<Settings, LoadError> {
        let Terms { manager, limits, config, events, resolver, artifact, contract, .. } = self;
        let surroundings = |policy: &PluginPolicy| {
            let limits = match adjusts_limits {
                true => lowered(limits.patched(policy.limits), section),
                false => limits,
            };
            Surroundings { artifact, contract, limits: Arc::new(limits), config, events, resolver }
        };
        match wants.and_then(|wants| manager.admit(plugin, wants, surroundings)) {
            Ok(powers) => {
                let limits = Arc::clone(powers.limits());
                Ok(Settings { plugin: Arc::clone(plugin), limits, powers })
            }
            Err(withheld) => {
                Err(LoadError::Withheld { plugin: Arc::clone(plugin), source: Box::new(withheld) })
            }
        }
    }
}

fn lowered(limits: Limits, section: Option<&Section>) -> Limits {
    match section {
        Some(section) => limits.lowered_by(&section.manifest.limits),
        None => limits,
    }
}

fn whatever_is_granted() -> Vec<Wanted> {
    let public = |name: &Name| !matches!(name, Name::NetPrivate | Name::HttpPrivate);
    let all = Name::BUILT_IN.into_iter().filter(public).map(WantScope::Any);
    all.map(|want| Wanted::new(want, "it has no manifest", false)).collect()
}
