//! Who may do what, while the host runs.

use std::collections::{BTreeMap, HashMap};
use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};

use arc_swap::ArcSwapOption;
use plug_admission::Revision;
use plug_policy::{AuditRecord, Effective, Grant, LimitsPatch, PluginPolicy, Policy, Wanted};

use super::custom::CustomCapabilities;
use super::definition::Surroundings;
use super::denial::{PolicyBus, PolicyEvent, PolicyEvents};
use super::powers::Powers;
use crate::error::Withheld;

/// As many events as a slow subscriber can be behind.
const EVENTS: usize = 1024;

/// Looks up, grants and revokes what plugins may do, while they run. Cheap to clone.
///
/// A grant takes effect with the plugin's next instance, a revocation at once, in living instances
/// too: what is asked for each time (configuration, log, events, capabilities of the application) is
/// denied from then on. An instance may hold folders, connections, requests, variables, clocks, random
/// numbers and standard output, so it is ended when one of these is revoked, and its state with it.
/// What is changed here holds until [`set_policy`](Self::set_policy) or the end of the host; it is
/// not written to the policy file.
#[derive(Clone)]
pub struct CapabilityManager(Arc<Parts>);

struct Parts {
    /// None when the application has set none: nothing is granted, and no limit is changed.
    policy: ArcSwapOption<Policy>,
    /// The contract by which entries of the policy are chosen: the host's own.
    contract: Option<Arc<str>>,
    /// What was changed since, by plugin. Also the lock of all who change anything.
    state: Mutex<Changed>,
    custom: CustomCapabilities,
    bus: PolicyBus,
}

#[derive(Default)]
struct Changed {
    /// What was granted and revoked since the policy was set, in order.
    changes: BTreeMap<Arc<str>, Vec<Change>>,
    /// The plugins that are there, by name; there may be several of one name, as during a reload.
    plugins: HashMap<Arc<str>, Vec<Governed>>,
}

/// A change of what a plugin is granted.
#[derive(Debug, Clone)]
enum Change {
    Grant(Grant),
    Revoke(Grant),
    Audit,
}

/// A plugin that is there.
struct Governed {
    wants: Arc<[Wanted]>,
    powers: Weak<Powers>,
}

/// What a plugin may do was not changed, or not wholly.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ChangeError {
    /// It has no grant that would be taken away. Nothing was changed.
    #[error(
        "nothing is revoked of plugin `{plugin}`: none of its grants is within `{grant}`; it is granted {}",
        listed(.granted)
    )]
    #[non_exhaustive]
    NothingRevoked {
        /// The plugin's name on this host.
        plugin: String,
        /// What was to be revoked.
        grant: Grant,
        /// What it is granted of that capability. A part of one of them cannot be revoked.
        granted: Vec<Grant>,
    },
    /// What was granted cannot be given to it. Nothing was changed.
    #[error("plugin `{plugin}` cannot be given that: {source}")]
    #[non_exhaustive]
    NotGiven {
        /// The plugin's name on this host.
        plugin: String,
        /// Why.
        source: Withheld,
    },
    /// It cannot work without what is revoked, or what remains cannot be given to it. It is revoked all
    /// the same.
    #[error("plugin `{plugin}` gets no instance any more: {source}")]
    #[non_exhaustive]
    NoInstance {
        /// The plugin's name on this host.
        plugin: String,
        /// Why.
        source: Withheld,
    },
}

fn listed(grants: &[Grant]) -> String {
    match grants {
        [] => "nothing of that capability".to_owned(),
        grants => grants.iter().map(|grant| format!("`{grant}`")).collect::<Vec<_>>().join(", "),
    }
}

impl ChangeError {
    /// The code of its page under `docs/errors`.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            ChangeError::NothingRevoked { .. } => "PLG0523",
            ChangeError::NotGiven { source, .. } | ChangeError::NoInstance { source, .. } => source.code(),
        }
    }
}

impl Changed {
    /// Forgets the plugins that are gone, of whatever name: a host may give each one that it loads another.
    fn forget_gone(&mut self) {
        self.plugins.retain(|_, of_name| {
            of_name.retain(|governed| governed.powers.strong_count() > 0);
            !of_name.is_empty()
        });
    }

    /// What the next instance of the plugin is of, if there is such a plugin.
    fn revision(&self, plugin: &str) -> Option<Revision> {
        let newest = self.plugins.get(plugin)?.iter().rev().find_map(|governed| governed.powers.upgrade());
        newest.map(|powers| powers.revision())
    }
}

impl Change {
    fn apply(&self, policy: &mut PluginPolicy) {
        match self {
            Change::Grant(grant) => policy.grants.allow(grant.clone()),
            Change::Revoke(grant) => drop(policy.grants.revoke(grant)),
            Change::Audit => policy.audit = true,
        }
    }
}

impl CapabilityManager {
    /// For plugins of a host of that contract.
    pub(crate) fn new(
        policy: Option<Policy>,
        contract: Option<&str>,
        custom: CustomCapabilities,
    ) -> CapabilityManager {
        if let Some(policy) = &policy {
            warn_of_unknown(policy, &custom);
        }
        CapabilityManager(Arc::new(Parts {
            policy: ArcSwapOption::new(policy.map(Arc::new)),
            contract: contract.map(Into::into),
            state: Mutex::default(),
            custom,
            bus: PolicyBus::new(EVENTS),
        }))
    }

    /// Whether a capability, of the host's or of the application's, serves the interface.
    pub(crate) fn serves(&self, interface: &str) -> bool {
        super::built_in::serves(interface) || self.0.custom.serves(interface)
    }

    /// Whether the application has set a policy.
    pub(crate) fn has_policy(&self) -> bool {
        self.0.policy.load().is_some()
    }

    fn state(&self) -> MutexGuard<'_, Changed> {
        // what a panic leaves behind is a map with or without an entry
        self.0.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// What a plugin of that name is granted now, whether there is one or not: the policy, and what was
    /// changed since.
    #[must_use]
    pub fn policy_of(&self, plugin: &str) -> PluginPolicy {
        self.0.resolve(&self.state(), plugin)
    }

    /// What takes effect for a plugin that is loaded: what it wants and is granted.
    #[must_use]
    pub fn effective(&self, plugin: &str) -> Option<Arc<Effective>> {
        let state = self.state();
        let powers = state.plugins.get(plugin)?.iter().rev().find_map(|governed| governed.powers.upgrade());
        powers.map(|powers| powers.effective())
    }

    /// Grants something more to a plugin, from its next instance on. A relative folder is one below that
    /// of the policy, as in its file.
    ///
    /// # Errors
    /// When it cannot be given: a folder that is not there. Nothing is changed then.
    pub fn grant(&self, plugin: &str, grant: Grant, reason: &str) -> Result<(), ChangeError> {
        let grant = self.0.anchored(grant);
        let mut state = self.state();
        state.changes.entry(plugin.into()).or_default().push(Change::Grant(grant.clone()));
        let (_, failed) = self.apply(&mut state, plugin);
        if let Some(source) = failed {
            state.changes.entry(plugin.into()).or_default().pop();
            self.apply(&mut state, plugin);
            return Err(ChangeError::NotGiven { plugin: plugin.to_owned(), source });
        }
        let revision = state.revision(plugin);
        self.told(PolicyEvent::Granted { plugin: plugin.into(), revision, grant, reason: reason.into() });
        Ok(())
    }

    /// Takes a grant away from a plugin, and all that it covers, at once. A relative folder is one below
    /// that of the policy, as in its file.
    ///
    /// # Errors
    /// When nothing that is granted is covered by it: a part of a wider grant cannot be taken away, revoke
    /// the wider one and grant the rest. When the plugin cannot work without, so that there are no further
    /// instances of it; then the grant is revoked all the same.
    pub fn revoke(&self, plugin: &str, grant: &Grant, reason: &str) -> Result<(), ChangeError> {
        let grant = self.0.anchored(grant.clone());
        let mut state = self.state();
        let mut policy = self.0.resolve(&state, plugin);
        if !policy.grants.revoke(&grant) {
            let capability = grant.capability();
            let granted = policy.grants.list().into_iter().filter(|own| own.capability() == capability);
            return Err(ChangeError::NothingRevoked {
                plugin: plugin.to_owned(),
                granted: granted.collect(),
                grant,
            });
        }
        state.changes.entry(plugin.into()).or_default().push(Change::Revoke(grant.clone()));
        let (ended, failed) = self.apply(&mut state, plugin);
        let (plugin_name, reason) = (plugin.into(), reason.into());
        let revision = state.revision(plugin).filter(|_| failed.is_none());
        self.told(PolicyEvent::Revoked { plugin: plugin_name, revision, grant, reason, ended });
        match failed {
            None => Ok(()),
            Some(source) => Err(ChangeError::NoInstance { plugin: plugin.to_owned(), source }),
        }
    }

    /// Replaces the policy, and forgets what was changed since the last one. The limits of plugins that
    /// are loaded stay as they are.
    ///
    /// # Errors
    /// For each plugin that gets no instance any more. The policy is replaced all the same.
    pub fn set_policy(&self, policy: Policy, reason: &str) -> Result<(), Vec<ChangeError>> {
        warn_of_unknown(&policy, &self.0.custom);
        let mut state = self.state();
        self.0.policy.store(Some(Arc::new(policy)));
        state.changes.clear();
        let names: Vec<Arc<str>> = state.plugins.keys().cloned().collect();
        let mut errors = Vec::new();
        for plugin in names {
            if let (_, Some(source)) = self.apply(&mut state, &plugin) {
                errors.push(ChangeError::NoInstance { plugin: plugin.to_string(), source });
            }
        }
        self.told(PolicyEvent::Replaced { reason: reason.into() });
        if errors.is_empty() { Ok(()) } else { Err(errors) }
    }

    /// What the plugin was denied so far, each access once. Of a plugin in audit all of it; of others
    /// the first few hundred of each capability.
    #[must_use]
    pub fn denied(&self, plugin: &str) -> Vec<AuditRecord> {
        let state = self.state();
        let all = state.plugins.get(plugin).into_iter().flatten();
        all.filter_map(|governed| governed.powers.upgrade()).flat_map(|powers| powers.denied()).collect()
    }

    /// Denials, grants and revocations, from now on.
    #[must_use]
    pub fn events(&self) -> PolicyEvents {
        self.0.bus.subscribe()
    }

    /// Says before a plugin is there what it is granted beside the policy, and whether it is in audit.
    pub(crate) fn prepare(&self, plugin: &str, grants: Vec<Grant>, audit: bool) {
        let changes = grants.into_iter().map(Change::Grant).chain(audit.then_some(Change::Audit));
        self.state().changes.entry(plugin.into()).or_default().extend(changes);
    }

    /// Decides what takes effect for a plugin that is being loaded, and keeps it up to date. What
    /// surrounds it depends on the policy as well.
    pub(crate) fn admit(
        &self,
        plugin: &Arc<str>,
        wants: Vec<Wanted>,
        surroundings: impl FnOnce(&PluginPolicy) -> Surroundings,
    ) -> Result<Arc<Powers>, Withheld> {
        // under the lock, so that no change falls between the decision and the entry
        let mut state = self.state();
        let policy = self.0.resolve(&state, plugin);
        let effective = Effective::decide(plugin, &wants, &policy.grants)
            .map_err(|refused| Withheld::Refused { refused })?;
        for denied in &effective.denied {
            tracing::warn!(%plugin, "goes without `{}`, which it wants and is not granted", denied.wanted.scope);
        }
        let powers = Arc::new(Powers::configure(
            Arc::clone(plugin),
            effective,
            surroundings(&policy),
            self.0.custom.clone(),
            self.0.bus.clone(),
            policy.audit,
        )?);
        state.forget_gone();
        let of_name = state.plugins.entry(Arc::clone(plugin)).or_default();
        of_name.push(Governed { wants: wants.into(), powers: Arc::downgrade(&powers) });
        Ok(powers)
    }

    /// Brings all plugins of that name up to date. Whether instances were ended, and why there are no
    /// further ones.
    fn apply(&self, state: &mut Changed, plugin: &str) -> (bool, Option<Withheld>) {
        let policy = self.0.resolve(state, plugin);
        let Some(of_name) = state.plugins.get_mut(plugin) else { return (false, None) };
        of_name.retain(|governed| governed.powers.strong_count() > 0);
        let (mut ended, mut failed) = (false, None);
        for governed in of_name {
            let Some(powers) = governed.powers.upgrade() else { continue };
            let decided = Effective::decide(plugin, &governed.wants, &policy.grants);
            let (now, why) = powers.change(decided, policy.audit);
            ended |= now;
            failed = failed.or(why);
        }
        (ended, failed)
    }

    /// Under how many names there are plugins, as far as it knows.
    #[cfg(test)]
    pub(crate) fn names(&self) -> usize {
        self.state().plugins.len()
    }

    fn told(&self, event: PolicyEvent) {
        tracing::info!(?event, "what plugins may do was changed");
        self.0.bus.emit(event);
    }
}

/// A misspelt capability of the application's would grant nothing, and nobody would know why. It is no
/// error: several hosts may share a policy.
fn warn_of_unknown(policy: &Policy, custom: &CustomCapabilities) {
    for name in policy.custom() {
        if !custom.has(name.as_str()) {
            tracing::warn!("the policy names the capability `{name}`, which this host does not have");
        }
    }
}

impl Parts {
    /// What the policy says, and what was changed since.
    fn resolve(&self, state: &Changed, plugin: &str) -> PluginPolicy {
        let mut policy = match &*self.policy.load() {
            Some(policy) => policy.resolve(plugin, self.contract.as_deref()),
            None => {
                let mut nothing = Policy::restricted().resolve(plugin, None);
                nothing.limits = LimitsPatch::default();
                nothing
            }
        };
        for change in state.changes.get(plugin).into_iter().flatten() {
            change.apply(&mut policy);
        }
        policy
    }

    /// With a relative folder below that of the policy.
    fn anchored(&self, grant: Grant) -> Grant {
        match &*self.policy.load() {
            Some(policy) => policy.anchored(grant),
            None => grant,
        }
    }
}

impl fmt::Debug for CapabilityManager {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CapabilityManager").field("policy", &self.0.policy.load()).finish_non_exhaustive()
    }
}
