//! All that a plugin is given, and what each of its instances gets of it.

use std::fmt;
use std::sync::Arc;

use arc_swap::ArcSwap;
use plug_admission::Revision;
use plug_policy::{AuditRecord, Capability as Name, Effective, Refused};
use wasmtime_wasi::{WasiCtx, WasiCtxBuilder};

use super::built_in::{self, BuiltIn, BuiltInPlugin};
use super::custom::{CustomCapabilities, CustomInstances, CustomPlugins};
use super::definition::{InstanceContext, PluginContext, Surroundings};
use super::denial::{Denials, PolicyBus};
use super::log::LogSink;
use super::permit::{Permit, Standing};
use super::rate::Allowance;
use crate::engine::Census;
use crate::error::{Identity, Withheld};
use crate::event::Topics;
use crate::limits::Limits;

/// All that a plugin is given. Its instances share it; it changes with grants and revocations.
pub(crate) struct Powers {
    plugin: Arc<str>,
    surroundings: Surroundings,
    custom: CustomCapabilities,
    standing: Arc<Standing>,
    denials: Arc<Denials>,
    /// How much it may log and emit: all its instances together, so that a trap does not buy it a
    /// fresh allowance.
    log_rate: Arc<Allowance>,
    event_rate: Arc<Allowance>,
    log_bytes: Arc<Allowance>,
    instances: Census,
    next: ArcSwap<Result<Configured, Withheld>>,
}

/// What the next instance gets.
struct Configured {
    revision: Revision,
    effective: Arc<Effective>,
    built_in: BuiltInPlugin,
    custom: CustomPlugins,
}

/// What one instance has.
pub(crate) struct InstancePowers {
    pub(super) permit: Permit,
    pub(super) log: LogSink,
    pub(super) built_in: BuiltIn,
    pub(super) custom: CustomInstances,
    pub(super) wasi: WasiCtx,
}

impl Configured {
    fn new(
        plugin: &Arc<str>,
        effective: Arc<Effective>,
        surroundings: &Surroundings,
        custom: &CustomCapabilities,
    ) -> Result<Configured, Withheld> {
        let context = PluginContext { plugin, effective: &effective, surroundings };
        let failed = |error| Withheld::Configure(Arc::new(error));
        let built_in = built_in::configure(&context).map_err(failed)?;
        let custom = custom.configure(&context).map_err(failed)?;
        let revision = surroundings.revision(&effective);
        Ok(Configured { revision, effective, built_in, custom })
    }
}

impl Powers {
    /// Understands what takes effect for a plugin: opens folders, reads variables.
    pub(crate) fn configure(
        plugin: Arc<str>,
        effective: Effective,
        surroundings: Surroundings,
        custom: CustomCapabilities,
        bus: PolicyBus,
        audit: bool,
    ) -> Result<Powers, Withheld> {
        let effective = Arc::new(effective);
        let next = Configured::new(&plugin, Arc::clone(&effective), &surroundings, &custom)?;
        Ok(Powers {
            standing: Arc::new(Standing::new(effective)),
            denials: Arc::new(Denials::new(bus, audit)),
            log_rate: Arc::new(Allowance::new(surroundings.limits.log_rate)),
            event_rate: Arc::new(Allowance::new(surroundings.limits.event_rate)),
            log_bytes: Arc::new(Allowance::new(
                u32::try_from(surroundings.limits.log_bytes).unwrap_or(u32::MAX),
            )),
            instances: Census::new(surroundings.limits.instances),
            next: ArcSwap::from_pointee(Ok(next)),
            plugin,
            surroundings,
            custom,
        })
    }

    /// Changes what takes effect. What is lost stops working at once, and living instances that hold
    /// it already are ended; then the answer is true. What is gained comes with the next instance.
    ///
    /// If the next instance cannot be given what it needs, the second answer says why. What is lost is
    /// lost all the same.
    pub(super) fn change(
        &self,
        decided: Result<Effective, Refused>,
        audit: bool,
    ) -> (bool, Option<Withheld>) {
        let (effective, refused) = match decided {
            Ok(effective) => (effective, None),
            Err(refused) => (refused.effective().clone(), Some(refused)),
        };
        let effective = Arc::new(effective);
        let end = self.effective().losses(&effective).iter().any(|lost| is_held(&lost.capability));
        self.denials.set_audit(audit);
        self.standing.set(Arc::clone(&effective));
        if end {
            // before folders are opened and foreign code runs, which may take its time or panic
            self.next.store(Arc::new(Err(Withheld::Changing)));
            self.standing.end_instances();
        }
        let next = match refused {
            Some(refused) => Err(Withheld::Refused { refused }),
            None => Configured::new(&self.plugin, effective, &self.surroundings, &self.custom),
        };
        let failed = next.as_ref().err().cloned();
        self.next.store(Arc::new(next));
        (end, failed)
    }

    /// What takes effect now.
    pub(crate) fn effective(&self) -> Arc<Effective> {
        self.standing.effective()
    }

    /// The fingerprint of the plugin as it is deployed: what its next instance is of.
    pub(crate) fn revision(&self) -> Revision {
        match &**self.next.load() {
            Ok(next) => next.revision,
            Err(_) => self.surroundings.revision(&self.effective()),
        }
    }

    /// The limits that its capabilities keep to.
    pub(crate) fn limits(&self) -> &Arc<Limits> {
        &self.surroundings.limits
    }

    /// The instances of the plugin.
    pub(crate) fn instances(&self) -> &Census {
        &self.instances
    }

    /// What was denied so far.
    pub(super) fn denied(&self) -> Vec<AuditRecord> {
        self.denials.records(&self.plugin)
    }

    /// What one more instance gets.
    pub(crate) fn instantiate(&self) -> Result<InstancePowers, Withheld> {
        let (plugin, limits) = (&self.plugin, &self.surroundings.limits);
        // the generation first: a revocation from here on ends the instance
        let generation = self.standing.generation();
        let next = self.next.load();
        let next = next.as_ref().as_ref().map_err(Withheld::clone)?;
        let permit = Permit::new(
            Identity { plugin: Arc::clone(plugin), revision: next.revision },
            Arc::clone(&self.standing),
            Arc::clone(&next.effective),
            generation,
            Arc::clone(&self.denials),
        );
        let log = LogSink::new(
            Arc::clone(plugin),
            // a longer one could never be written
            limits.log_message.min(limits.log_bytes),
            Arc::clone(&self.log_rate),
            Arc::clone(&self.log_bytes),
        );
        let mut wasi = WasiCtxBuilder::new();
        let mut context =
            InstanceContext { permit: &permit, wasi: &mut wasi, log: &log, events: &self.event_rate };
        let built_in = next.built_in.instantiate(&mut context);
        let custom = self.custom.instantiate(&next.custom, &mut context);
        Ok(InstancePowers { permit, log, built_in, custom, wasi: wasi.build() })
    }
}

/// The topics that a plugin subscribes to: what it wants and is granted at the moment.
pub(crate) struct Subscribed(pub(crate) Arc<Powers>);

impl Topics for Subscribed {
    fn has(&self, topic: &str) -> bool {
        self.0.effective().events.allows_subscribe(topic)
    }
}

/// Whether an instance holds what it was granted, so that only its end takes that away. The rest is
/// asked for each time.
fn is_held(capability: &Name) -> bool {
    // a connection, a request
    let may_be_open = matches!(capability, Name::Net | Name::NetPrivate | Name::Http | Name::HttpPrivate);
    may_be_open || capability.is_fixed()
}

impl fmt::Debug for Powers {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Powers")
            .field("plugin", &self.plugin)
            .field("effective", &self.effective())
            .finish_non_exhaustive()
    }
}
