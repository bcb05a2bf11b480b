//! Environment variables.

use wasmtime::component::Linker;
use wasmtime_wasi::cli::{WasiCli, WasiCliView as _};
use wasmtime_wasi::p2::bindings::cli;

use super::definition::{Capability, InstanceContext, PluginContext};
use super::state::State;
use crate::error::ConfigureError;

/// `env`: the variables that are granted, and no arguments.
#[derive(Debug)]
pub(crate) struct EnvCapability;

impl Capability for EnvCapability {
    const NAME: &'static str = "env";
    const INTERFACES: &'static [&'static str] = &["wasi:cli/environment@0.2"];
    /// Names and values.
    type Plugin = Vec<(String, String)>;
    type Instance = ();

    fn link<A: Send + 'static>(linker: &mut Linker<State<A>>) -> wasmtime::Result<()> {
        cli::environment::add_to_linker::<_, WasiCli>(linker, State::cli)
    }

    /// A variable that the host does not have is none of the plugin either.
    fn configure(&self, plugin: &PluginContext<'_>) -> Result<Self::Plugin, ConfigureError> {
        Ok(plugin.effective.env.resolved(|name| std::env::var(name).ok()))
    }

    fn instantiate(variables: &Self::Plugin, instance: &mut InstanceContext<'_>) {
        instance.wasi.envs(variables);
    }
}
