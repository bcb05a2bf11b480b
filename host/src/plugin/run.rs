//! One call into a guest, guarded on all sides.

use std::sync::Arc;
use std::time::Duration;

use tokio::time::Instant;
use wasmtime::{Store, UpdateDeadline};

use super::Settings;
use super::verdict::{self, verdict};
use crate::capability::{State, Usage};
use crate::engine::{Census, Engine};
use crate::error::{CallError, HostErrorKind, LoadError};

/// Tasks, threads, streams, futures and sets of them that an instance has at once, on a full engine. Each
/// task that waits holds a stack, and a process can map only so many.
pub(super) const MOST_CONCURRENT: usize = 1024;

/// When a call began, and how long it may take in all.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Clock {
    deadline: Instant,
    limit: Duration,
}

impl Clock {
    /// A call that begins now.
    pub(crate) fn start(limit: Duration) -> Clock {
        let now = Instant::now();
        // further away than any call can last
        let never = Duration::from_secs(60 * 60 * 24 * 365);
        Clock { deadline: now + limit.min(never), limit }
    }

    pub(crate) fn deadline(self) -> Instant {
        self.deadline
    }

    /// How much of its time is left.
    pub(crate) fn left(self) -> Duration {
        self.deadline.saturating_duration_since(Instant::now())
    }

    pub(crate) fn limit(self) -> Duration {
        self.limit
    }
}

/// A store with all limits on, and with what the plugin is given now.
pub(crate) fn new_store<A: Send + 'static>(
    engine: &Engine,
    wasmtime: &wasmtime::Engine,
    app: A,
    settings: &Settings,
) -> Result<Store<State<A>>, LoadError> {
    let limits = &settings.limits;
    let powers = settings.powers.instantiate().map_err(|withheld| LoadError::Withheld {
        plugin: Arc::clone(&settings.plugin),
        source: Box::new(withheld),
    })?;
    let seat = |census: &Census, of_plugin| {
        census.enter().ok_or_else(|| LoadError::TooMany {
            plugin: Arc::clone(&settings.plugin),
            most: census.most(),
            of_plugin,
        })
    };
    let seats = [seat(settings.powers.instances(), true)?, seat(engine.instances(), false)?];
    let mut store = Store::new(wasmtime, State::new(app, powers, limits, seats));
    store.limiter(|state| state.meter());
    store.set_hostcall_fuel(limits.transfer);
    store.set_max_component_handles(limits.handles);
    if let Some(table) = store.concurrent_resource_table() {
        table.set_max_capacity(MOST_CONCURRENT);
    }
    store.epoch_deadline_callback(|mut context| {
        Ok(if context.data_mut().tick() {
            // tokio's own way to yield lets timers and sockets be looked at in between
            UpdateDeadline::YieldCustom(1, Box::pin(tokio::task::yield_now()))
        } else {
            UpdateDeadline::Interrupt
        })
    });
    Ok(store)
}

/// Runs `body` on the store within the limits. When this fails with a trap or is dropped before
/// its end, the store must not be used again.
pub(crate) async fn run<A, T, F>(
    engine: &Engine,
    settings: &Settings,
    store: &mut Store<State<A>>,
    clock: Clock,
    body: F,
) -> Result<T, CallError>
where
    A: Send + 'static,
    F: AsyncFnOnce(&mut Store<State<A>>) -> wasmtime::Result<T>,
{
    store.data_mut().set_usage(Usage::default());
    if tokio::runtime::Handle::try_current().is_err() {
        return Err(CallError::host(store.data().identity(), HostErrorKind::NoRuntime));
    }
    let begin = Instant::now();
    if begin >= clock.deadline() {
        // a timeout polls what it guards once before it looks at the time
        return Err(verdict::overdue(store.data(), clock.limit()));
    }
    let dead = |_| CallError::host(store.data().identity(), HostErrorKind::TickerDead);
    let _running = engine.running().map_err(dead)?;
    if store.data().is_revoked() {
        return Err(verdict::revoked(store.data()));
    }
    store.data_mut().begin_call(engine.ticks(settings.limits.cpu));
    store.set_epoch_deadline(1);
    let fuel = engine.counts_fuel().then(|| settings.limits.fuel.unwrap_or(u64::MAX));
    if let Some(fuel) = fuel {
        // an engine that counts takes it
        store.set_fuel(fuel).map_err(|error| CallError::host(store.data().identity(), failed(error)))?;
    }
    let permit = store.data().permit().clone();
    let outcome = tokio::select! {
        // the call first: most end at their first poll, and then nothing else is looked at
        biased;
        outcome = tokio::time::timeout_at(clock.deadline(), body(store)) => Some(outcome),
        // what computes is stopped at its next tick; this is for what waits in a function of the host
        () = permit.ended() => None,
    };
    let usage = Usage {
        cpu: engine.tick().saturating_mul(u32::try_from(store.data().ticks_used()).unwrap_or(u32::MAX)),
        time: begin.elapsed(),
        memory: store.data().memory(),
        fuel: fuel.map(|fuel| fuel.saturating_sub(store.get_fuel().unwrap_or_default())),
    };
    store.data_mut().set_usage(usage);
    match outcome {
        Some(Ok(Ok(value))) => Ok(value),
        Some(Ok(Err(error))) => {
            let is_crowded = is_crowded(store);
            Err(verdict(store.data_mut(), &settings.limits, is_crowded, error))
        }
        Some(Err(_elapsed)) => Err(verdict::overdue(store.data(), clock.limit())),
        None => Err(verdict::revoked(store.data())),
    }
}

fn failed(source: wasmtime::Error) -> HostErrorKind {
    HostErrorKind::Failed { source }
}

/// Whether the instance has as much at once as it may of what only a full engine has.
fn is_crowded<A: 'static>(store: &mut Store<State<A>>) -> bool {
    store.concurrent_resource_table().is_some_and(|table| table.iter_mut().count() >= MOST_CONCURRENT)
}
