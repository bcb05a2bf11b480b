//! The capabilities that the host brings itself.

use wasmtime::component::Linker;

use super::clocks::ClocksCapability;
use super::config::ConfigCapability;
use super::definition::{Capability, InstanceContext, PluginContext};
use super::env::EnvCapability;
use super::events::EventsCapability;
use super::fs::FsCapability;
use super::http::HttpCapability;
use super::log::LogCapability;
use super::net::NetCapability;
use super::random::RandomCapability;
use super::state::State;
use super::stdio::StdioCapability;
use super::wasi::WasiCapability;
use crate::error::ConfigureError;

macro_rules! built_in {
    ($($field:ident: $capability:ident,)+) => {
        /// What is made of them once for each plugin.
        pub(super) struct BuiltInPlugin {
            $($field: <$capability as Capability>::Plugin,)+
        }

        /// What an instance has of them.
        #[allow(dead_code, reason = "some have nothing of their own")]
        pub(super) struct BuiltIn {
            $(pub(super) $field: <$capability as Capability>::Instance,)+
        }

        /// The interfaces that they serve.
        const INTERFACES: &[&[&str]] = &[$($capability::INTERFACES,)+];

        /// Once for each linker.
        pub(crate) fn link<A: Send + 'static>(linker: &mut Linker<State<A>>) -> wasmtime::Result<()> {
            $($capability::link(linker)?;)+
            Ok(())
        }

        /// Once for each plugin.
        pub(super) fn configure(plugin: &PluginContext<'_>) -> Result<BuiltInPlugin, ConfigureError> {
            Ok(BuiltInPlugin { $($field: $capability.configure(plugin)?,)+ })
        }

        impl BuiltInPlugin {
            /// Once for each instance.
            pub(super) fn instantiate(&self, instance: &mut InstanceContext<'_>) -> BuiltIn {
                BuiltIn { $($field: $capability::instantiate(&self.$field, instance),)+ }
            }
        }
    };
}

built_in! {
    wasi: WasiCapability,
    fs: FsCapability,
    net: NetCapability,
    http: HttpCapability,
    env: EnvCapability,
    clocks: ClocksCapability,
    random: RandomCapability,
    stdio: StdioCapability,
    config: ConfigCapability,
    log: LogCapability,
    events: EventsCapability,
}

/// Whether one of them serves the interface of that name, with the exact version or the track.
pub(super) fn serves(interface: &str) -> bool {
    INTERFACES.iter().any(|served| served.iter().any(|served| super::interface::matches(served, interface)))
}
