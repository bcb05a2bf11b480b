//! What a store carries.

use std::sync::Arc;

use wasmtime::component::ResourceTable;
use wasmtime_wasi::{WasiCtx, WasiCtxBuilder, WasiCtxView, WasiView};

use super::host_api::{HostApi, HostApiSettings, Origin};
use super::output::Output;
use crate::engine::Meter;
use crate::limits::Limits;

/// As much as a guest may ask for at once; larger requests trap.
const RANDOM_BYTES: u64 = 1 << 20;

/// What the store of an instance carries: the application's own state, and the host's side of what
/// the plugin may use.
pub struct State<A> {
    app: A,
    host_api: HostApi,
    meter: Meter,
    cpu: Cpu,
    wasi: WasiCtx,
    table: ResourceTable,
    stderr: Output,
    /// Calls that have begun; instantiation is the first.
    calls: u64,
}

/// How much longer a call may compute.
#[derive(Debug, Default)]
struct Cpu {
    ticks_left: u64,
    stop: Option<Stop>,
}

/// Why the host itself stopped a call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Stop {
    /// It used up its CPU time.
    Cpu,
}

impl<A> State<A> {
    pub(crate) fn new(app: A, settings: HostApiSettings, limits: &Limits) -> State<A> {
        let host_api = HostApi::new(settings, limits);
        let stdout = Output::new(host_api.log().clone(), Origin::Stdout);
        let stderr = Output::new(host_api.log().clone(), Origin::Stderr);
        let mut table = ResourceTable::new();
        table.set_max_capacity(limits.handles);
        let wasi = WasiCtxBuilder::new()
            .allow_tcp(false)
            .allow_udp(false)
            .max_random_size(RANDOM_BYTES)
            .stdout(stdout)
            .stderr(stderr.clone())
            .build();
        State { app, host_api, meter: Meter::new(limits), cpu: Cpu::default(), wasi, table, stderr, calls: 0 }
    }

    /// The application's own state.
    pub fn app(&self) -> &A {
        &self.app
    }

    /// The application's own state, to be changed.
    pub fn app_mut(&mut self) -> &mut A {
        &mut self.app
    }

    /// The plugin's name on this host.
    pub fn plugin(&self) -> &str {
        self.host_api.plugin()
    }

    /// Bytes of linear memory that the instance has.
    pub fn memory(&self) -> usize {
        self.meter.memory()
    }

    pub(super) fn host_api(&mut self) -> &mut HostApi {
        &mut self.host_api
    }

    pub(crate) fn meter(&mut self) -> &mut Meter {
        &mut self.meter
    }

    pub(crate) fn plugin_arc(&self) -> Arc<str> {
        Arc::clone(self.host_api.plugin())
    }

    /// Gives the call that begins so many ticks.
    pub(crate) fn begin_call(&mut self, ticks: u64) {
        self.cpu = Cpu { ticks_left: ticks, stop: None };
        self.calls += 1;
        self.meter.take_denied();
        self.host_api.begin_call();
    }

    /// A tick has passed in the guest's own code. Whether the call may go on.
    pub(crate) fn tick(&mut self) -> bool {
        match self.cpu.ticks_left.checked_sub(1) {
            Some(left) => {
                self.cpu.ticks_left = left;
                true
            }
            None => {
                self.cpu.stop = Some(Stop::Cpu);
                false
            }
        }
    }

    /// Whether the instance is still being made.
    pub(crate) fn is_starting(&self) -> bool {
        self.calls <= 1
    }

    /// Why the host stopped the call, if it did.
    pub(crate) fn stop(&self) -> Option<Stop> {
        self.cpu.stop
    }

    /// What the plugin wrote last at level error or to standard error during the call.
    pub(crate) fn take_last_words(&self) -> Option<String> {
        self.stderr.finish();
        self.host_api.take_last_words()
    }
}

impl<A: Send> WasiView for State<A> {
    fn ctx(&mut self) -> WasiCtxView<'_> {
        WasiCtxView { ctx: &mut self.wasi, table: &mut self.table }
    }
}

impl<A: std::fmt::Debug> std::fmt::Debug for State<A> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("State")
            .field("plugin", &self.plugin())
            .field("app", &self.app)
            .finish_non_exhaustive()
    }
}
