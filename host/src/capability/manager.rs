//! Who may do what, while the host runs.

use std::collections::{BTreeMap, HashMap};
use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};

use arc_swap::ArcSwapOption;
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
/// too: what is asked for each time (connections, requests, configuration, log, events) is denied from
/// then on, and an instance that holds what was revoked (open folders, variables, clocks) is ended.
/// What is changed here holds until [`set_policy`](Self::set_policy) or the end of the host; it is
/// not written to the policy file.
#[derive(Clone)]
pub struct CapabilityManager(Arc<Parts>);

struct Parts {
    /// None when the application has set none: nothing is granted, and no limit is changed.
    policy: ArcSwapOption<Policy>,
    /// What was changed since, by plugin. Also the lock of all who change anything.
    changes: Mutex<Changes>,
    custom: CustomCapabilities,
    bus: PolicyBus,
}

#[derive(Default)]
struct Changes {
    /// The policies of plugins for which one was changed.
    policies: BTreeMap<Arc<str>, PluginPolicy>,
    /// The plugins that are there, by name; there may be several of one name, as during a reload.
    plugins: HashMap<Arc<str>, Vec<Governed>>,
}

/// A plugin that is there.
struct Governed {
    contract: Option<Arc<str>>,
    wants: Arc<[Wanted]>,
    powers: Weak<Powers>,
}

/// A change of what a plugin may do went only half way: what was to be revoked is revoked.
#[derive(Debug, thiserror::Error)]
#[error("plugin `{plugin}` gets no instance any more: {source}")]
#[non_exhaustive]
pub struct ChangeError {
    /// The plugin's name on this host.
    pub plugin: String,
    /// Why.
    source: Withheld,
}

impl ChangeError {
    /// The code of its page under `docs/errors`.
    #[must_use]
    pub fn code(&self) -> &'static str {
        self.source.code()
    }
}

impl CapabilityManager {
    pub(crate) fn new(policy: Option<Policy>, custom: CustomCapabilities) -> CapabilityManager {
        if let Some(policy) = &policy {
            warn_of_unknown(policy, &custom);
        }
        CapabilityManager(Arc::new(Parts {
            policy: ArcSwapOption::new(policy.map(Arc::new)),
            changes: Mutex::default(),
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

    fn changes(&self) -> MutexGuard<'_, Changes> {
        // what a panic leaves behind is a map with or without an entry
        self.0.changes.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// What the policy says for a plugin of that name, with the contract that it declares.
    #[must_use]
    pub fn policy_of(&self, plugin: &str, contract: Option<&str>) -> PluginPolicy {
        let changed = self.changes().policies.get(plugin).cloned();
        changed.unwrap_or_else(|| self.0.resolve(plugin, contract))
    }

    /// What takes effect for a plugin that is loaded: what it wants and is granted.
    #[must_use]
    pub fn effective(&self, plugin: &str) -> Option<Arc<Effective>> {
        let changes = self.changes();
        let powers = changes.plugins.get(plugin)?.iter().rev().find_map(|governed| governed.powers.upgrade());
        powers.map(|powers| powers.effective())
    }

    /// Grants something more to a plugin, from its next instance on.
    ///
    /// # Errors
    /// When it cannot be given: a folder that is not there.
    pub fn grant(&self, plugin: &str, grant: Grant, reason: &str) -> Result<(), ChangeError> {
        let added = grant.clone();
        let event = |_| PolicyEvent::Granted { plugin: plugin.into(), grant, reason: reason.into() };
        self.change(plugin, |policy| policy.grants.allow(added), event)
    }

    /// Takes a grant away from a plugin, and all that it covers, at once.
    ///
    /// A part of a wider grant cannot be taken away: revoke the wider one and grant the rest.
    ///
    /// # Errors
    /// When the plugin cannot work without, so that there are no further instances of it. The grant is
    /// revoked all the same.
    pub fn revoke(&self, plugin: &str, grant: &Grant, reason: &str) -> Result<(), ChangeError> {
        let event = |ended| PolicyEvent::Revoked {
            plugin: plugin.into(),
            grant: grant.clone(),
            reason: reason.into(),
            ended,
        };
        self.change(
            plugin,
            |policy| {
                policy.grants.revoke(grant);
            },
            event,
        )
    }

    /// Replaces the policy, and forgets what was changed since the last one. The limits of plugins that
    /// are loaded stay as they are.
    ///
    /// # Errors
    /// For each plugin that gets no instance any more. The policy is replaced all the same.
    pub fn set_policy(&self, policy: Policy, reason: &str) -> Result<(), Vec<ChangeError>> {
        warn_of_unknown(&policy, &self.0.custom);
        let mut changes = self.changes();
        self.0.policy.store(Some(Arc::new(policy)));
        changes.policies.clear();
        let names: Vec<Arc<str>> = changes.plugins.keys().cloned().collect();
        let failed: Vec<ChangeError> =
            names.iter().filter_map(|plugin| self.apply(&mut changes, plugin).err()).collect();
        tracing::info!(reason, "the policy was replaced");
        self.0.bus.emit(PolicyEvent::Replaced { reason: reason.into() });
        if failed.is_empty() { Ok(()) } else { Err(failed) }
    }

    /// What the plugin was denied so far, each access once. Of a plugin in audit all of it; of others
    /// the first thousand.
    #[must_use]
    pub fn denied(&self, plugin: &str) -> Vec<AuditRecord> {
        let changes = self.changes();
        let all = changes.plugins.get(plugin).into_iter().flatten();
        all.filter_map(|governed| governed.powers.upgrade()).flat_map(|powers| powers.denied()).collect()
    }

    /// Denials, grants and revocations, from now on.
    #[must_use]
    pub fn events(&self) -> PolicyEvents {
        self.0.bus.subscribe()
    }

    /// Says before a plugin is there what it is granted beside the policy, and whether it is in audit.
    pub(crate) fn prepare(&self, plugin: &str, contract: Option<&str>, grants: Vec<Grant>, audit: bool) {
        let mut policy = self.0.resolve(plugin, contract);
        grants.into_iter().for_each(|grant| policy.grants.allow(grant));
        policy.audit |= audit;
        self.changes().policies.insert(plugin.into(), policy);
    }

    /// Decides what takes effect for a plugin that is being loaded, and keeps it up to date.
    pub(crate) fn admit(
        &self,
        plugin: &Arc<str>,
        contract: Option<&str>,
        wants: Vec<Wanted>,
        policy: &PluginPolicy,
        surroundings: Surroundings,
    ) -> Result<Arc<Powers>, Withheld> {
        // under the lock, so that no change falls between the decision and the entry
        let mut changes = self.changes();
        let effective = Effective::decide(plugin, &wants, &policy.grants)
            .map_err(|refused| Withheld::Refused { refused })?;
        for denied in &effective.denied {
            tracing::warn!(%plugin, "goes without `{}`, which it wants and is not granted", denied.wanted.scope);
        }
        let powers = Arc::new(Powers::configure(
            Arc::clone(plugin),
            effective,
            surroundings,
            self.0.custom.clone(),
            self.0.bus.clone(),
            policy.audit,
        )?);
        let of_name = changes.plugins.entry(Arc::clone(plugin)).or_default();
        of_name.retain(|governed| governed.powers.strong_count() > 0);
        of_name.push(Governed {
            contract: contract.map(Into::into),
            wants: wants.into(),
            powers: Arc::downgrade(&powers),
        });
        Ok(powers)
    }

    fn change(
        &self,
        plugin: &str,
        change: impl FnOnce(&mut PluginPolicy),
        event: impl FnOnce(bool) -> PolicyEvent,
    ) -> Result<(), ChangeError> {
        let mut changes = self.changes();
        let contract = changes.plugins.get(plugin).and_then(|of_name| of_name.last());
        let contract = contract.and_then(|governed| governed.contract.clone());
        let from_file = || self.0.resolve(plugin, contract.as_deref());
        let policy = changes.policies.entry(plugin.into()).or_insert_with(from_file);
        change(policy);
        let outcome = self.apply(&mut changes, plugin);
        let ended = outcome.as_ref().copied().unwrap_or(true);
        let event = event(ended);
        tracing::info!(plugin, ?event, "what it may do was changed");
        self.0.bus.emit(event);
        outcome.map(drop)
    }

    /// Brings all plugins of that name up to date. Whether instances were ended.
    fn apply(&self, changes: &mut Changes, plugin: &str) -> Result<bool, ChangeError> {
        let Some(of_name) = changes.plugins.get_mut(plugin) else { return Ok(false) };
        of_name.retain(|governed| governed.powers.strong_count() > 0);
        let mut ended = false;
        let mut failed = None;
        for governed in of_name {
            let Some(powers) = governed.powers.upgrade() else { continue };
            let changed = changes.policies.get(plugin).cloned();
            let policy = changed.unwrap_or_else(|| self.0.resolve(plugin, governed.contract.as_deref()));
            let decided = Effective::decide(plugin, &governed.wants, &policy.grants);
            match powers.change(decided, policy.audit) {
                Ok(now) => ended |= now,
                Err(source) => failed = Some(ChangeError { plugin: plugin.to_owned(), source }),
            }
        }
        failed.map_or(Ok(ended), Err)
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
    /// What the policy says, without what was changed since.
    fn resolve(&self, plugin: &str, contract: Option<&str>) -> PluginPolicy {
        match &*self.policy.load() {
            Some(policy) => policy.resolve(plugin, contract),
            None => {
                let mut nothing = Policy::restricted().resolve(plugin, contract);
                nothing.limits = LimitsPatch::default();
                nothing
            }
        }
    }
}

impl fmt::Debug for CapabilityManager {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CapabilityManager").field("policy", &self.0.policy.load()).finish_non_exhaustive()
    }
}
