//! What a store carries.

use plug_admission::Revision;
use wasmtime::component::ResourceTable;
use wasmtime_wasi::{WasiCtx, WasiCtxView, WasiView};

use super::built_in::BuiltIn;
use super::custom::CustomInstances;
use super::definition::Capability;
use super::log::LogSink;
use super::permit::Permit;
use super::powers::InstancePowers;
use super::usage::Usage;
use crate::engine::{Meter, Seat};
use crate::error::Identity;
use crate::limits::Limits;

/// What the store of an instance carries: the application's own state, and the host's side of what
/// the plugin may use.
pub struct State<A> {
    app: A,
    permit: Permit,
    log: LogSink,
    built_in: BuiltIn,
    custom: CustomInstances,
    meter: Meter,
    cpu: Cpu,
    wasi: WasiCtx,
    table: ResourceTable,
    /// Calls that have begun; instantiation is the first.
    calls: u64,
    /// Among the instances of the plugin, and among those of the engine.
    _seats: [Seat; 2],
    usage: Usage,
}

/// How much longer a call may compute.
#[derive(Debug, Default)]
struct Cpu {
    ticks_left: u64,
    ticks_used: u64,
    stop: Option<Stop>,
}

/// Why the host itself stopped a call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Stop {
    /// It used up its CPU time.
    Cpu,
    /// Something that the instance held was revoked.
    Revoked,
}

impl<A> State<A> {
    pub(crate) fn new(app: A, powers: InstancePowers, limits: &Limits, seats: [Seat; 2]) -> State<A> {
        let InstancePowers { permit, log, built_in, custom, wasi } = powers;
        let mut table = ResourceTable::new();
        table.set_max_capacity(limits.handles);
        let (meter, cpu) = (Meter::new(limits), Cpu::default());
        State {
            app,
            permit,
            log,
            built_in,
            custom,
            meter,
            cpu,
            wasi,
            table,
            calls: 0,
            _seats: seats,
            usage: Usage::default(),
        }
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
        self.permit.plugin()
    }

    /// Bytes of linear memory that the instance has.
    pub fn memory(&self) -> usize {
        self.meter.memory()
    }

    /// What the instance has of a [`Capability`] of the application.
    ///
    /// # Panics
    /// When the host was built without that capability; its own functions are linked only with it.
    pub fn of<C: Capability>(&mut self) -> &mut C::Instance {
        match self.custom.of::<C>() {
            Some(instance) => instance,
            None => panic!("the host was built without the capability `{}`", C::NAME),
        }
    }

    /// What the instance has of a [`Capability`] of the application, and where resources are kept.
    ///
    /// # Panics
    /// As [`of`](Self::of).
    pub fn of_with_table<C: Capability>(&mut self) -> (&mut C::Instance, &mut ResourceTable) {
        match self.custom.of::<C>() {
            Some(instance) => (instance, &mut self.table),
            None => panic!("the host was built without the capability `{}`", C::NAME),
        }
    }

    pub(super) fn built_in(&mut self) -> &mut BuiltIn {
        &mut self.built_in
    }

    /// What the instance has, and where its resources are.
    pub(super) fn parts(&mut self) -> (&mut BuiltIn, &mut ResourceTable) {
        (&mut self.built_in, &mut self.table)
    }

    pub(crate) fn meter(&mut self) -> &mut Meter {
        &mut self.meter
    }

    /// The deployment of the plugin that the instance is one of.
    pub fn revision(&self) -> Revision {
        self.permit.revision()
    }

    pub(crate) fn identity(&self) -> Identity {
        self.permit.identity().clone()
    }

    /// The configuration that is granted.
    pub(crate) fn config(&self) -> Vec<(String, String)> {
        self.built_in.config.all()
    }

    /// What the instance may do, to be asked while it runs.
    pub(crate) fn permit(&self) -> &Permit {
        &self.permit
    }

    /// Whether something that the instance holds was revoked.
    pub(crate) fn is_revoked(&self) -> bool {
        self.permit.is_ended()
    }

    /// Gives the call that begins so many ticks.
    pub(crate) fn begin_call(&mut self, ticks: u64) {
        self.cpu = Cpu { ticks_left: ticks, ticks_used: 0, stop: None };
        self.calls += 1;
        self.meter.take_denied();
        self.log.begin_call();
    }

    /// A tick has passed in the guest's own code. Whether the call may go on.
    pub(crate) fn tick(&mut self) -> bool {
        if self.permit.is_ended() {
            self.cpu.stop = Some(Stop::Revoked);
            return false;
        }
        self.cpu.ticks_used += 1;
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

    /// How many ticks the call has computed for.
    pub(crate) fn ticks_used(&self) -> u64 {
        self.cpu.ticks_used
    }

    /// What the last call used up that came to an end, in order or not.
    pub fn usage(&self) -> Usage {
        self.usage
    }

    pub(crate) fn set_usage(&mut self, usage: Usage) {
        self.usage = usage;
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
        self.built_in.stdio.finish();
        self.log.take_last_words()
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
