//! One long-lived instance for each plugin.
//!
//! Calls take turns. An instance that broke is dropped at once, in the task of the call that broke
//! it; the next call makes a fresh one.

use std::sync::atomic::{
    AtomicBool, AtomicU64, AtomicUsize,
    Ordering::{Relaxed, SeqCst},
};
use std::time::Duration;

use tokio::sync::{Mutex, MutexGuard};
use tokio::time::timeout_at;

use crate::error::{CallError, HostErrorKind};
use crate::event::Event;
use crate::plugin::{CallStore, Clock, Instance, Plugin};
use crate::world::World;

/// A call begins when at least this part of its time is left.
const LEAST_LEFT: u32 = 10;

/// One long-lived instance, and the calls that wait for it.
pub(crate) struct Resident<W: World> {
    plugin: Plugin<W>,
    /// Empty after a call that broke the instance, and during each call: a call whose future is
    /// dropped takes the instance with it.
    slot: Mutex<Option<Instance<W>>>,
    waiting: AtomicUsize,
    /// Nanoseconds that calls have computed for.
    cpu: AtomicU64,
    closed: AtomicBool,
}

/// Whether a plugin was told of an event.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Told {
    Yes,
    /// What it may hear has changed.
    NotAny,
}

/// A place in the queue.
struct Place<'a>(&'a AtomicUsize);

impl<W: World> Resident<W> {
    pub(crate) fn new(instance: Instance<W>) -> Resident<W> {
        Resident {
            plugin: instance.plugin().clone(),
            slot: Mutex::new(Some(instance)),
            waiting: AtomicUsize::new(0),
            cpu: AtomicU64::new(0),
            closed: AtomicBool::new(false),
        }
    }

    pub(crate) fn plugin(&self) -> &Plugin<W> {
        &self.plugin
    }

    pub(crate) async fn call<T, F>(&self, call: F) -> Result<T, CallError>
    where
        F: AsyncFnOnce(&W::Bindings, CallStore<'_, W>) -> wasmtime::Result<T>,
    {
        self.in_turn(async |instance, clock| instance.call_by(clock, call).await).await
    }

    /// Tells the instance of an event when it is free: an event has waited in a queue of its own, and takes no
    /// place of a call. It is not told of one that it may not hear any more.
    pub(crate) async fn on_event(&self, event: &Event) -> Result<Told, CallError> {
        let slot = self.slot.lock().await;
        let clock = Clock::start(self.plugin.limits().deadline);
        self.with_instance(slot, clock, async |instance, clock| {
            if !instance
                .state()
                .permit()
                .allows(|effective| effective.events.allows_subscribe(&event.event_type))
            {
                return Ok(Told::NotAny);
            }
            instance.on_event_by(clock, event).await.map(|()| Told::Yes)
        })
        .await
    }

    async fn in_turn<T, F>(&self, call: F) -> Result<T, CallError>
    where
        F: AsyncFnOnce(&mut Instance<W>, Clock) -> Result<T, CallError>,
    {
        let clock = Clock::start(self.plugin.limits().deadline);
        let slot = self.turn(clock).await?;
        self.with_instance(slot, clock, call).await
    }

    async fn with_instance<T, F>(
        &self,
        mut slot: MutexGuard<'_, Option<Instance<W>>>,
        clock: Clock,
        call: F,
    ) -> Result<T, CallError>
    where
        F: AsyncFnOnce(&mut Instance<W>, Clock) -> Result<T, CallError>,
    {
        if self.closed.load(SeqCst) {
            return Err(self.host_error(HostErrorKind::Unloaded));
        }
        // one that something was revoked from while it was idle is not alive any more
        let mut instance = match slot.take().filter(Instance::is_alive) {
            Some(instance) => instance,
            None => match self.plugin.instantiate_by(clock).await {
                Ok(instance) => instance,
                Err(source) => return Err(self.host_error(HostErrorKind::NoInstance { source })),
            },
        };
        let outcome = call(&mut instance, clock).await;
        let cpu = u64::try_from(instance.state().usage().cpu.as_nanos()).unwrap_or(u64::MAX);
        self.cpu.fetch_add(cpu, Relaxed);
        if instance.is_alive() {
            *slot = Some(instance);
        }
        outcome
    }

    /// How long calls have computed, all together.
    pub(crate) fn cpu(&self) -> Duration {
        Duration::from_nanos(self.cpu.load(Relaxed))
    }

    /// Refuses calls from now on, waits for the one that runs, and shuts the instance down.
    pub(crate) async fn close(&self) -> Result<(), CallError> {
        self.closed.store(true, SeqCst);
        self.check_runtime()?;
        // The call that runs ends within its own deadline, and those that wait end at once.
        let clock = Clock::start(self.plugin.limits().deadline);
        let instance = match timeout_at(clock.deadline(), self.slot.lock()).await {
            Ok(mut slot) => slot.take(),
            Err(_elapsed) => return Err(self.host_error(HostErrorKind::Waited { limit: clock.limit() })),
        };
        match instance.filter(Instance::is_alive) {
            Some(instance) => instance.shutdown().await,
            None => Ok(()),
        }
    }

    /// Waits until no other call has the instance.
    async fn turn(&self, clock: Clock) -> Result<MutexGuard<'_, Option<Instance<W>>>, CallError> {
        if let Ok(slot) = self.slot.try_lock() {
            return Ok(slot);
        }
        self.check_runtime()?;
        let queue = self.plugin.limits().queue;
        let _place = Place::take(&self.waiting, queue)
            .ok_or_else(|| self.host_error(HostErrorKind::QueueFull { queue }))?;
        let late = || self.host_error(HostErrorKind::Waited { limit: clock.limit() });
        let slot = timeout_at(clock.deadline(), self.slot.lock()).await.map_err(|_elapsed| late())?;
        // A call that is sure to be stopped would only cost the instance, and the next one in the
        // queue would meet the same fate.
        if clock.left() < clock.limit() / LEAST_LEFT {
            return Err(late());
        }
        Ok(slot)
    }

    /// tokio's timers panic where there is no runtime.
    fn check_runtime(&self) -> Result<(), CallError> {
        match tokio::runtime::Handle::try_current() {
            Ok(_) => Ok(()),
            Err(_) => Err(self.host_error(HostErrorKind::NoRuntime)),
        }
    }

    fn host_error(&self, kind: HostErrorKind) -> CallError {
        CallError::host(self.plugin.identity(), kind)
    }
}

impl<'a> Place<'a> {
    fn take(waiting: &'a AtomicUsize, queue: usize) -> Option<Place<'a>> {
        let before = waiting.fetch_add(1, SeqCst);
        let place = Place(waiting);
        (before < queue).then_some(place)
    }
}

impl Drop for Place<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, SeqCst);
    }
}
