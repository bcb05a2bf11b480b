//! wasmtime's engine, and the clock that its guests are held to.

mod builder;
mod meter;
mod ticker;

pub use builder::{EngineBuilder, EngineError};
pub(crate) use meter::{Denied, Meter};
pub(crate) use ticker::{Running, TickerDead};

use std::sync::Arc;
use std::time::Duration;

use crate::limits::LoadLimits;
use ticker::Ticker;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// Compiles plugins and runs them. Cheap to clone; one is enough for a process.
///
/// It has an OS thread of its own that counts time for the guests. The thread sleeps while no call
/// runs, and ends with the last clone of the engine.
#[derive(Debug, Clone)]
pub struct Engine(Arc<Parts>);

#[derive(Debug)]
struct Parts {
    engine: wasmtime::Engine,
    ticker: Ticker,
    workshop: Arc<Semaphore>,
    load: LoadLimits,
}

impl Parts {
    fn new(engine: wasmtime::Engine, ticker: Ticker, load: LoadLimits) -> Parts {
        let cores = std::thread::available_parallelism().map_or(1, usize::from);
        Parts { engine, ticker, workshop: Arc::new(Semaphore::new(cores)), load }
    }
}

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

    /// The engine within.
    #[must_use]
    pub fn wasmtime(&self) -> &wasmtime::Engine {
        &self.0.engine
    }

    /// How far apart two ticks are.
    #[must_use]
    pub fn tick(&self) -> Duration {
        self.0.ticker.period()
    }

    /// What artifacts may be, and how long they may take to compile.
    #[must_use]
    pub fn load_limits(&self) -> &LoadLimits {
        &self.0.load
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

    /// An engine whose ticker is broken, for the tests of what happens then.
    #[cfg(test)]
    pub(crate) fn with_dead_ticker() -> Engine {
        let engine = Engine::builder().wasmtime_engine().unwrap();
        Engine(Arc::new(Parts::new(engine, Ticker::dead(Duration::from_millis(1)), LoadLimits::default())))
    }

    /// Has the ticker count as dead, or not.
    #[cfg(test)]
    pub(crate) fn set_ticker_dead(&self, dead: bool) {
        self.0.ticker.set_dead(dead);
    }

    /// An engine whose ticker hangs after its first tick.
    #[cfg(test)]
    pub(crate) fn with_stuck_ticker() -> Engine {
        let engine = Engine::builder().wasmtime_engine().unwrap();
        Engine(Arc::new(Parts::new(engine, Ticker::stuck(Duration::from_millis(1)), LoadLimits::default())))
    }
}

#[cfg(test)]
mod tests;
