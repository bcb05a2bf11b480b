//! How an engine is set up.

use std::time::Duration;

use wasmtime::{Config, OptLevel, WasmBacktraceDetails};

use super::kind::EngineKind;
use super::pair::Engine;
use crate::limits::LoadLimits;

/// The host's own functions run on the same stack as the guest that calls them.
const HOST_STACK: usize = 1 << 20;
/// wasmtime's own tests do not go below.
const SMALLEST_STACK: usize = 16 << 10;
/// No more than what a thread may have by default on common systems.
const LARGEST_STACK: usize = 64 << 20;

/// Sets up an [`Engine`].
#[derive(Debug, Clone)]
#[must_use]
pub struct EngineBuilder {
    pub(super) stack: usize,
    pub(super) tick: Duration,
    pub(super) load: LoadLimits,
    pub(super) fuel: bool,
    pub(super) instances: usize,
}

/// No engine can be made.
#[derive(Debug, thiserror::Error)]
#[error("cannot make an engine")]
pub struct EngineError {
    #[source]
    source: Box<dyn std::error::Error + Send + Sync>,
}

impl EngineError {
    pub(super) fn new(source: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> EngineError {
        EngineError { source: source.into() }
    }

    /// The code of its page under `docs/errors`.
    #[must_use]
    pub fn code(&self) -> &'static str {
        "PLG0508"
    }
}

impl Default for EngineBuilder {
    fn default() -> Self {
        EngineBuilder {
            stack: 512 << 10,
            tick: Duration::from_millis(1),
            load: LoadLimits::default(),
            fuel: false,
            instances: 10_000,
        }
    }
}

impl EngineBuilder {
    /// Bytes of stack that a plugin's calls may use, from 16 KiB to 64 MiB. 512 KiB.
    pub fn stack(mut self, bytes: usize) -> Self {
        self.stack = bytes.clamp(SMALLEST_STACK, LARGEST_STACK);
        self
    }

    /// How far apart two ticks are, from 100 µs to 1 s. 1 ms.
    ///
    /// A plugin that computes gives way to others at each tick, and its CPU time is counted in
    /// them. One tick in a millisecond costs some 2.5 % of a core, and only while calls run.
    pub fn tick(mut self, period: Duration) -> Self {
        self.tick = period.clamp(Duration::from_micros(100), Duration::from_secs(1));
        self
    }

    /// What artifacts may be, and how long they may take to compile. [`LoadLimits::default`] otherwise.
    pub fn load_limits(mut self, limits: LoadLimits) -> Self {
        self.load = limits;
        self
    }

    /// Whether fuel is counted, so that [`Limits::fuel`](crate::Limits#structfield.fuel) can limit it: the
    /// same plugin with the same input uses the same, on every machine. It costs a third of the speed of
    /// code that computes. Not counted otherwise.
    pub fn fuel(mut self, is_counted: bool) -> Self {
        self.fuel = is_counted;
        self
    }

    /// Instances of all plugins together. 10,000.
    pub fn instances(mut self, instances: usize) -> Self {
        self.instances = instances;
        self
    }

    /// Makes the engine and starts its ticker.
    ///
    /// # Errors
    /// When this machine is none that wasmtime can compile for, or no thread can be started.
    pub fn build(self) -> Result<Engine, EngineError> {
        Engine::build(self)
    }

    pub(super) fn wasmtime_engine(&self, kind: EngineKind) -> wasmtime::Result<wasmtime::Engine> {
        let mut config = Config::new();
        kind.configure(&mut config);
        config.epoch_interruption(true);
        config.consume_fuel(self.fuel);
        config.max_wasm_stack(self.stack);
        config.async_stack_size(self.stack + HOST_STACK);
        config.cranelift_opt_level(OptLevel::Speed);
        // file and line in backtraces, for guests that were built with debug info
        config.wasm_backtrace_details(WasmBacktraceDetails::Enable);
        wasmtime::Engine::new(&config)
    }
}
