//! What of WASI gives no power: streams and polling, of which the rest is made, and the way out.

use wasmtime::component::{HasData, Linker, ResourceTable};
use wasmtime_wasi::WasiView as _;
use wasmtime_wasi::cli::{WasiCli, WasiCliView as _};
use wasmtime_wasi::p2::bindings::cli;
use wasmtime_wasi_io::bindings::wasi::io;

use super::definition::{Capability, InstanceContext, PluginContext};
use super::state::State;
use crate::error::ConfigureError;

/// Every plugin has it. `exit` ends the instance.
#[derive(Debug)]
pub(crate) struct WasiCapability;

struct HasTable;

impl HasData for HasTable {
    type Data<'a> = &'a mut ResourceTable;
}

fn table<A: Send + 'static>(state: &mut State<A>) -> &mut ResourceTable {
    state.ctx().table
}

impl Capability for WasiCapability {
    const NAME: &'static str = "wasi";
    const INTERFACES: &'static [&'static str] = &["wasi:io/*@0.2", "wasi:cli/exit@0.2"];
    type Plugin = ();
    type Instance = ();

    fn link<A: Send + 'static>(linker: &mut Linker<State<A>>) -> wasmtime::Result<()> {
        io::error::add_to_linker::<_, HasTable>(linker, table)?;
        io::poll::add_to_linker::<_, HasTable>(linker, table)?;
        io::streams::add_to_linker::<_, HasTable>(linker, table)?;
        cli::exit::add_to_linker::<_, WasiCli>(linker, State::cli)
    }

    fn configure(&self, _: &PluginContext<'_>) -> Result<(), ConfigureError> {
        Ok(())
    }

    fn instantiate((): &(), _: &mut InstanceContext<'_>) {}
}
