//! Connections.

mod create;
mod driver;
mod gate;
mod led;
mod lookup;
mod network;
mod resolver;
mod stream;
mod tcp;

use std::sync::Arc;

use tokio::sync::Semaphore;
use wasmtime::component::{HasData, Linker, ResourceTable};
use wasmtime_wasi::WasiCtxBuilder;
use wasmtime_wasi::p2::bindings::sockets;
use wasmtime_wasi::sockets::{WasiSockets, WasiSocketsCtx, WasiSocketsCtxView};

use super::definition::{Capability, InstanceContext, PluginContext};
use super::state::State;
use crate::error::ConfigureError;
use gate::Gate;

pub(super) use driver::driven;
pub(super) use lookup::find;
pub(crate) use resolver::SharedResolver;
pub use resolver::{Resolver, Resolving};

/// As many names are looked up at once for a plugin, all its instances together.
pub(super) const LOOKUPS: usize = 16;

/// `net` and `net:private`: connections to others by TCP and UDP, and the names of those.
///
/// wasmtime-wasi makes the sockets and asks before each use of an address. What is added here: the
/// answer, by [`Gate`]; looking up names; a limit on open sockets; and an end to open connections
/// when something was revoked. No plugin can be connected to.
#[derive(Debug)]
pub(crate) struct NetCapability;

/// What the instances of a plugin share.
pub(crate) struct NetPlugin {
    resolver: SharedResolver,
    lookups: Arc<Semaphore>,
    /// As many sockets may be open in an instance.
    most: usize,
}

/// What an instance has of the network.
pub(crate) struct NetInstance {
    context: WasiSocketsCtx,
    gate: Arc<Gate>,
    resolver: SharedResolver,
    lookups: Arc<Semaphore>,
    most: usize,
}

/// The network as one call of the plugin sees it.
pub(super) struct NetView<'a> {
    own: &'a mut NetInstance,
    table: &'a mut ResourceTable,
}

struct HasNet;

impl HasData for HasNet {
    type Data<'a> = NetView<'a>;
}

impl Capability for NetCapability {
    const NAME: &'static str = "net";
    const INTERFACES: &'static [&'static str] = &["wasi:sockets/*@0.2"];
    type Plugin = NetPlugin;
    type Instance = NetInstance;

    fn link<A: Send + 'static>(linker: &mut Linker<State<A>>) -> wasmtime::Result<()> {
        let options = Default::default();
        sockets::tcp::add_to_linker::<_, HasNet>(linker, view)?;
        sockets::tcp_create_socket::add_to_linker::<_, HasNet>(linker, view)?;
        sockets::udp_create_socket::add_to_linker::<_, HasNet>(linker, view)?;
        sockets::ip_name_lookup::add_to_linker::<_, HasNet>(linker, view)?;
        sockets::network::add_to_linker::<_, HasNet>(linker, &options, view)?;
        // datagrams are asked about one by one
        sockets::udp::add_to_linker::<_, WasiSockets>(linker, inner)?;
        sockets::instance_network::add_to_linker::<_, WasiSockets>(linker, inner)
    }

    fn configure(&self, plugin: &PluginContext<'_>) -> Result<NetPlugin, ConfigureError> {
        // Without a grant a socket only shows what the plugin would do with it, so that the operator
        // can be told; one is enough for that.
        let granted = !plugin.effective.net.grants().is_empty();
        let most = if granted { plugin.limits().sockets } else { plugin.limits().sockets.min(1) };
        Ok(NetPlugin {
            resolver: plugin.surroundings.resolver.clone(),
            lookups: Arc::new(Semaphore::new(LOOKUPS)),
            most,
        })
    }

    fn instantiate(plugin: &NetPlugin, instance: &mut InstanceContext<'_>) -> NetInstance {
        let gate = Arc::new(Gate::new(instance.permit.clone()));
        NetInstance {
            context: gated(&gate),
            gate,
            resolver: plugin.resolver.clone(),
            lookups: Arc::clone(&plugin.lookups),
            most: plugin.most,
        }
    }
}

/// Sockets that ask the gate before each use of an address.
fn gated(gate: &Arc<Gate>) -> WasiSocketsCtx {
    let gate = Arc::clone(gate);
    let mut builder = WasiCtxBuilder::new();
    builder.allow_tcp(true).allow_udp(true).socket_addr_check(move |address, usage| {
        let allowed = gate.allows(address, usage);
        Box::pin(async move { allowed })
    });
    std::mem::take(builder.build().sockets())
}

fn view<A: Send + 'static>(state: &mut State<A>) -> NetView<'_> {
    let (own, table) = state.parts();
    NetView { own: &mut own.net, table }
}

fn inner<A: Send + 'static>(state: &mut State<A>) -> WasiSocketsCtxView<'_> {
    let (own, table) = state.parts();
    WasiSocketsCtxView { ctx: &mut own.net.context, table }
}

impl NetView<'_> {
    /// wasmtime-wasi's own implementation.
    fn inner(&mut self) -> WasiSocketsCtxView<'_> {
        WasiSocketsCtxView { ctx: &mut self.own.context, table: self.table }
    }
}
