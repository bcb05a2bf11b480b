//! Requests by HTTP.

mod body;
mod connect;
mod errors;
mod exchange;
mod hooks;
mod target;
mod tls;

use std::time::Duration;

use wasmtime::component::Linker;
use wasmtime_wasi_http::p2::bindings::{LinkOptions, http};
use wasmtime_wasi_http::{WasiHttp, WasiHttpCtx, WasiHttpCtxView};

use super::definition::{Capability, InstanceContext, PluginContext};
use super::state::State;
use crate::error::ConfigureError;
use crate::limits::Limits;
use connect::Lookups;
use hooks::Hooks;

/// `http`: requests to what is granted by scheme, host and port.
///
/// wasmtime-wasi-http has the resources of `wasi:http`: headers, bodies, what is in flight. The
/// requests themselves are made here, over HTTP/1.1 and one connection each: checked, sent to an
/// address that was checked too, and held to the limits. No redirect is followed; a plugin that
/// follows one makes a new request, which is checked like any other.
#[derive(Debug)]
pub(crate) struct HttpCapability;

/// What all instances of a plugin have in common.
#[derive(Debug)]
pub(crate) struct HttpPlugin {
    limits: HttpLimits,
    lookups: Lookups,
}

/// What an instance has of it.
pub(crate) struct HttpInstance {
    context: WasiHttpCtx,
    hooks: Hooks,
}

/// Those of the plugin's limits that are about requests.
#[derive(Debug, Clone)]
struct HttpLimits {
    /// Requests in flight.
    requests: usize,
    connect: Duration,
    first_byte: Duration,
    total: Duration,
    request_bytes: u64,
    response_bytes: u64,
}

impl HttpLimits {
    fn new(limits: &Limits) -> HttpLimits {
        HttpLimits {
            requests: limits.sockets,
            connect: limits.http_connect_timeout,
            first_byte: limits.http_first_byte_timeout,
            total: limits.http_total_timeout,
            request_bytes: limits.http_request_bytes as u64,
            response_bytes: limits.http_response_bytes as u64,
        }
    }
}

impl Capability for HttpCapability {
    const NAME: &'static str = "http";
    const INTERFACES: &'static [&'static str] = &["wasi:http/types@0.2", "wasi:http/outgoing-handler@0.2"];
    type Plugin = HttpPlugin;
    type Instance = HttpInstance;

    fn link<A: Send + 'static>(linker: &mut Linker<State<A>>) -> wasmtime::Result<()> {
        http::outgoing_handler::add_to_linker::<_, WasiHttp>(linker, view)?;
        http::types::add_to_linker::<_, WasiHttp>(linker, &LinkOptions::default().into(), view)?;
        errors::link(linker)
    }

    fn configure(&self, plugin: &PluginContext<'_>) -> Result<HttpPlugin, ConfigureError> {
        let lookups = Lookups::new(plugin.surroundings.resolver.clone());
        Ok(HttpPlugin { limits: HttpLimits::new(plugin.limits()), lookups })
    }

    fn instantiate(plugin: &HttpPlugin, instance: &mut InstanceContext<'_>) -> HttpInstance {
        let hooks = Hooks::new(instance.permit.clone(), plugin.limits.clone(), plugin.lookups.clone());
        HttpInstance { context: WasiHttpCtx::new(), hooks }
    }
}

fn view<A: Send + 'static>(state: &mut State<A>) -> WasiHttpCtxView<'_> {
    let (own, table) = state.parts();
    WasiHttpCtxView { ctx: &mut own.http.context, hooks: &mut own.http.hooks, table }
}
