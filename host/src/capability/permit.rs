//! What an instance may do, asked each time anew.

use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering::SeqCst};

use arc_swap::ArcSwap;
use plug_admission::Revision;
use plug_policy::{Capability as Name, Effective};
use tokio::sync::Notify;

use super::denial::Denials;
use crate::error::Identity;

/// What an instance may do: what took effect when it was made, less what was revoked since.
/// Cheap to clone.
#[derive(Debug, Clone)]
pub struct Permit(Arc<Parts>);

#[derive(Debug)]
struct Parts {
    identity: Identity,
    /// What took effect when the instance was made.
    born: Arc<Effective>,
    now: Arc<Standing>,
    /// How many times instances of the plugin had been ended before.
    generation: u64,
    denials: Arc<Denials>,
}

/// What takes effect for a plugin at the moment, shared by all that ask.
#[derive(Debug)]
pub(super) struct Standing {
    effective: ArcSwap<Effective>,
    generation: AtomicU64,
    /// Told when instances are ended, for those that wait.
    ended: Notify,
}

impl Standing {
    pub(super) fn new(effective: Arc<Effective>) -> Standing {
        Standing { effective: ArcSwap::new(effective), generation: AtomicU64::new(0), ended: Notify::new() }
    }

    /// Changes what takes effect where it is asked for each time.
    pub(super) fn set(&self, effective: Arc<Effective>) {
        self.effective.store(effective);
    }

    /// Ends the instances that are alive.
    pub(super) fn end_instances(&self) {
        self.generation.fetch_add(1, SeqCst);
        self.ended.notify_waiters();
    }

    pub(super) fn effective(&self) -> Arc<Effective> {
        self.effective.load_full()
    }

    /// How many times instances of the plugin have been ended.
    pub(super) fn generation(&self) -> u64 {
        self.generation.load(SeqCst)
    }
}

impl Permit {
    /// For an instance that is made with `born`. The generation is that from before `born` was
    /// looked up, so that a revocation in between is not missed.
    pub(super) fn new(
        identity: Identity,
        now: Arc<Standing>,
        born: Arc<Effective>,
        generation: u64,
        denials: Arc<Denials>,
    ) -> Permit {
        Permit(Arc::new(Parts { identity, born, now, generation, denials }))
    }

    /// The plugin's name on this host.
    #[must_use]
    pub fn plugin(&self) -> &str {
        &self.0.identity.plugin
    }

    /// The deployment of the plugin that the instance is one of.
    #[must_use]
    pub fn revision(&self) -> Revision {
        self.0.identity.revision
    }

    pub(crate) fn identity(&self) -> &Identity {
        &self.0.identity
    }

    /// Whether an access is granted: asked of what took effect when the instance was made, and of
    /// what takes effect now.
    #[must_use]
    pub fn allows(&self, question: impl Fn(&Effective) -> bool) -> bool {
        let now = self.0.now.effective.load();
        question(&self.0.born) && (Arc::ptr_eq(&self.0.born, &now) || question(&now))
    }

    /// Records a denial: the operator is told what was tried, and what would allow it. `access` is
    /// the access as the scope of a grant.
    pub fn deny(&self, capability: Name, access: &str) {
        self.0.denials.record(&self.0.identity, capability, access);
    }

    /// [`allows`](Self::allows), and [`deny`](Self::deny) if not.
    #[must_use]
    pub fn check(&self, capability: Name, access: &str, question: impl Fn(&Effective) -> bool) -> bool {
        let allowed = self.allows(question);
        if !allowed {
            self.deny(capability, access);
        }
        allowed
    }

    /// [`check`](Self::check) for a capability of the application's own: whether the scope is granted,
    /// by a pattern that matches it.
    #[must_use]
    pub fn check_scope<C: super::Capability>(&self, scope: &str) -> bool {
        let allowed = self.allows(|effective| effective.custom.allows(C::NAME, scope));
        if !allowed && let Some(name) = Name::from_name(C::NAME) {
            self.deny(name, scope);
        }
        allowed
    }

    /// What took effect when the instance was made.
    #[must_use]
    pub fn born(&self) -> &Effective {
        &self.0.born
    }

    /// Whether the instance must not go on, because something that it holds was revoked.
    #[must_use]
    pub fn is_ended(&self) -> bool {
        self.0.now.generation() != self.0.generation
    }

    /// Waits until the instance must not go on. Costs nothing until it is polled.
    pub(crate) async fn ended(&self) {
        let told = self.0.now.ended.notified();
        let mut told = pin!(told);
        // listening comes first, so that an end in between is not missed
        told.as_mut().enable();
        if !self.is_ended() {
            told.await;
        }
    }
}
