//! Two engines of wasmtime behind one.

use std::sync::{Arc, OnceLock};
use std::time::Duration;

use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use wasmtime::component::Component;

use super::builder::{EngineBuilder, EngineError};
use super::census::Census;
use super::kind::EngineKind;
use super::ticker::{Running, Ticker, TickerDead};
use crate::limits::LoadLimits;

/// Compiles plugins and runs them. Cheap to clone; one is enough for a process.
///
/// Within are two engines of wasmtime, a lean one and a full one ([`EngineKind`]). The full one is made
/// when the first component needs it.
///
/// It has an OS thread of its own that counts time for the guests of both. The thread sleeps while no
/// call runs, and ends with the last clone of the engine.
#[derive(Debug, Clone)]
pub struct Engine(Arc<Parts>);

#[derive(Debug)]
struct Parts {
    lean: wasmtime::Engine,
    full: Later,
    builder: EngineBuilder,
    ticker: Ticker,
    workshop: Arc<Semaphore>,
    instances: Census,
}

/// The full engine, once there is one. The ticker looks as well.
type Later = Arc<OnceLock<wasmtime::Engine>>;

impl Engine {
    /// An engine with the defaults.
    ///
    /// # Errors
    /// When this machine is none that wasmtime can compile for, or no thread can be started.
    pub fn new() -> Result<Engine, EngineError> {
        Engine::builder().build()
    }

    /// An engine with stack size, tick or limits for loading of one's own.
    pub fn builder() -> EngineBuilder {
        EngineBuilder::default()
    }

    pub(super) fn build(builder: EngineBuilder) -> Result<Engine, EngineError> {
        let start = |tick: Box<dyn Fn() + Send>| Ticker::start(builder.tick, tick);
        Engine::with(builder.clone(), start)
    }

    /// The ticker is made of what it has to do at each tick.
    fn with(
        builder: EngineBuilder,
        ticker: impl FnOnce(Box<dyn Fn() + Send>) -> std::io::Result<Ticker>,
    ) -> Result<Engine, EngineError> {
        let lean = builder.wasmtime_engine(EngineKind::Lean).map_err(EngineError::new)?;
        let full = Later::default();
        let counted = (lean.clone(), Arc::clone(&full));
        let tick = move || {
            let (lean, full) = &counted;
            lean.increment_epoch();
            if let Some(full) = full.get() {
                full.increment_epoch();
            }
        };
        let ticker = ticker(Box::new(tick)).map_err(EngineError::new)?;
        let cores = std::thread::available_parallelism().map_or(1, usize::from);
        let workshop = Arc::new(Semaphore::new(cores));
        let instances = Census::new(builder.instances);
        Ok(Engine(Arc::new(Parts { lean, full, builder, ticker, workshop, instances })))
    }

    /// The lean engine within.
    #[must_use]
    pub fn wasmtime(&self) -> &wasmtime::Engine {
        &self.0.lean
    }

    /// How far apart two ticks are.
    #[must_use]
    pub fn tick(&self) -> Duration {
        self.0.ticker.period()
    }

    /// Compiles a component by the engine that it needs.
    pub(crate) fn compile(&self, component: &[u8]) -> wasmtime::Result<Component> {
        // Tried before anything else: what the lean engine takes is not validated twice.
        let refused = match Component::from_binary(&self.0.lean, component) {
            Ok(compiled) => return Ok(compiled),
            Err(refused) => refused,
        };
        match EngineKind::needed_by(component) {
            Ok(EngineKind::Lean) => Err(refused),
            Ok(EngineKind::Full) => Component::from_binary(self.full()?, component),
            // closer to what is wrong than the first thing that the lean engine is without
            Err(invalid) => Err(wasmtime::Error::new(invalid).context("failed to parse WebAssembly module")),
        }
    }

    /// Which of its engines compiled the component.
    pub(crate) fn kind_of(&self, component: &Component) -> EngineKind {
        if wasmtime::Engine::same(component.engine(), &self.0.lean) {
            EngineKind::Lean
        } else {
            EngineKind::Full
        }
    }

    /// The full engine, made now if there is none yet.
    fn full(&self) -> wasmtime::Result<&wasmtime::Engine> {
        let full = &self.0.full;
        if let Some(full) = full.get() {
            return Ok(full);
        }
        let made = self.0.builder.wasmtime_engine(EngineKind::Full)?;
        // somebody else may have been quicker
        Ok(full.get_or_init(|| made))
    }

    /// What artifacts may be, and how long they may take to compile.
    #[must_use]
    pub fn load_limits(&self) -> &LoadLimits {
        &self.0.builder.load
    }

    /// The instances of all plugins.
    pub(crate) fn instances(&self) -> &Census {
        &self.0.instances
    }

    /// Whether fuel is counted.
    #[must_use]
    pub fn counts_fuel(&self) -> bool {
        self.0.builder.fuel
    }

    /// A place to judge or compile an artifact in: as many as there are cores, so that loading many
    /// at once takes neither all threads nor all memory. Work that outlasts its time keeps its place, so
    /// there is never more of it than there are places.
    pub(crate) async fn workplace(&self) -> OwnedSemaphorePermit {
        let place = Arc::clone(&self.0.workshop).acquire_owned().await;
        place.expect("nobody closes it")
    }

    /// Has the ticker tick as long as the guard lives.
    ///
    /// # Errors
    /// When the ticker does not: an endless loop in a guest would never be noticed.
    pub(crate) fn running(&self) -> Result<Running<'_>, TickerDead> {
        self.0.ticker.running()
    }

    /// `time` in ticks, rounded up.
    pub(crate) fn ticks(&self, time: Duration) -> u64 {
        let ticks = time.as_nanos().div_ceil(self.tick().as_nanos().max(1));
        u64::try_from(ticks).unwrap_or(u64::MAX)
    }
}

#[cfg(test)]
impl Engine {
    /// Whether the full engine was needed yet.
    pub(super) fn has_full(&self) -> bool {
        self.0.full.get().is_some()
    }

    /// An engine whose ticker is broken, for the tests of what happens then.
    pub(crate) fn with_dead_ticker() -> Engine {
        Engine::with(Engine::builder(), |_| Ok(Ticker::dead(Duration::from_millis(1)))).unwrap()
    }

    /// Has the ticker count as dead, or not.
    pub(crate) fn set_ticker_dead(&self, dead: bool) {
        self.0.ticker.set_dead(dead);
    }

    /// An engine whose ticker hangs after its first tick.
    pub(crate) fn with_stuck_ticker() -> Engine {
        Engine::with(Engine::builder(), |_| Ok(Ticker::stuck(Duration::from_millis(1)))).unwrap()
    }
}
