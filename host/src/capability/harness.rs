//! Trying a capability without a plugin.

use std::fmt;
use std::sync::Arc;

use plug_contract::Digest;
use plug_policy::{AuditRecord, Capability as Name, Entry, Grant, Policy, WantScope, Wanted};

use super::custom::{CustomBuilder, CustomInstances};
use super::definition::{Capability, Surroundings};
use super::manager::{CapabilityManager, ChangeError};
use super::permit::Permit;
use super::powers::Powers;
use crate::error::Withheld;
use crate::event::Post;
use crate::limits::Limits;

/// The name of the plugin that is not there.
const PLUGIN: &str = "test";

/// Tries a [`Capability`] as an instance of a plugin would have it, without a plugin, an engine or a
/// runtime: for the tests of whoever writes one.
///
/// The plugin that is not there wants whatever is granted of the capability, and is called `test`.
/// See the guide, "Writing a capability", for a whole one with its tests.
pub struct CapabilityHarness<C: Capability> {
    manager: CapabilityManager,
    powers: Arc<Powers>,
    capability: std::marker::PhantomData<fn() -> C>,
}

/// What one instance has of a capability.
pub struct HarnessInstance<C: Capability> {
    permit: Permit,
    instances: CustomInstances,
    capability: std::marker::PhantomData<fn() -> C>,
}

impl<C: Capability> CapabilityHarness<C> {
    /// A plugin that is granted just that.
    ///
    /// # Errors
    /// When the capability refuses to be configured so.
    pub fn new(capability: C, grants: impl IntoIterator<Item = Grant>) -> Result<Self, Withheld> {
        CapabilityHarness::with_limits(capability, grants, Limits::default())
    }

    /// The same, with limits.
    ///
    /// # Errors
    /// As [`new`](Self::new).
    pub fn with_limits(
        capability: C,
        grants: impl IntoIterator<Item = Grant>,
        limits: Limits,
    ) -> Result<Self, Withheld> {
        let mut custom = CustomBuilder::<()>::new();
        custom.add(capability);
        let entry = grants.into_iter().fold(Entry::new(), Entry::allow);
        let policy = Policy::restricted().plugin(PLUGIN, entry);
        let manager = CapabilityManager::new(Some(policy), None, custom.unlinked());
        let wants = Name::from_name(C::NAME).map(WantScope::Any);
        let wants = wants.map(|want| Wanted::new(want, "to be tested", false)).into_iter().collect();
        let surroundings = Surroundings {
            artifact: Digest::of(b""),
            contract: None,
            limits: Arc::new(limits),
            config: Arc::default(),
            events: Post::new(1),
            resolver: Default::default(),
        };
        let powers = manager.admit(&PLUGIN.into(), wants, |_| surroundings)?;
        Ok(CapabilityHarness { manager, powers, capability: std::marker::PhantomData })
    }

    /// One more instance.
    ///
    /// # Errors
    /// When what was granted since cannot be given.
    pub fn instance(&self) -> Result<HarnessInstance<C>, Withheld> {
        let powers = self.powers.instantiate()?;
        Ok(HarnessInstance {
            permit: powers.permit,
            instances: powers.custom,
            capability: std::marker::PhantomData,
        })
    }

    /// Grants something more, for the next instances.
    ///
    /// # Errors
    /// When the capability refuses to be configured so.
    pub fn grant(&self, grant: Grant) -> Result<(), ChangeError> {
        self.manager.grant(PLUGIN, grant, "a test")
    }

    /// Revokes a grant, at once.
    ///
    /// # Errors
    /// When the capability refuses to be configured so.
    pub fn revoke(&self, grant: &Grant) -> Result<(), ChangeError> {
        self.manager.revoke(PLUGIN, grant, "a test")
    }

    /// What was denied so far, each access once.
    #[must_use]
    pub fn denied(&self) -> Vec<AuditRecord> {
        self.manager.denied(PLUGIN)
    }
}

impl<C: Capability> HarnessInstance<C> {
    /// What the functions of the capability get.
    ///
    /// # Panics
    /// Never: the harness was made with the capability.
    pub fn state(&mut self) -> &mut C::Instance {
        self.instances.of::<C>().expect("the harness was made with the capability")
    }

    /// What the instance may do.
    #[must_use]
    pub fn permit(&self) -> &Permit {
        &self.permit
    }
}

impl<C: Capability> fmt::Debug for CapabilityHarness<C> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CapabilityHarness").field("capability", &C::NAME).finish_non_exhaustive()
    }
}

impl<C: Capability> fmt::Debug for HarnessInstance<C> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("HarnessInstance").field("permit", &self.permit).finish_non_exhaustive()
    }
}
