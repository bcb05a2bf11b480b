//! Where wasmtime-wasi-http hands over a request.

use std::sync::Arc;

use plug_policy::Capability as Name;
use tokio::sync::Semaphore;
use wasmtime_wasi_http::{Error, RequestOptions, Result, WasiBody, WasiHttpHooks};

use super::HttpLimits;
use super::connect::Lookups;
use super::exchange::Exchange;
use super::target::Target;
use crate::capability::permit::Permit;

/// The requests of one instance.
pub(super) struct Hooks {
    permit: Permit,
    limits: HttpLimits,
    lookups: Lookups,
    /// A place for each request in flight.
    places: Arc<Semaphore>,
}

/// What drives a connection while the plugin reads the response.
pub(super) type Driver = Box<dyn Future<Output = Result<()>> + Send>;

pub(super) type Answer = (http::Response<WasiBody>, Driver);

impl Hooks {
    pub(super) fn new(permit: Permit, limits: HttpLimits, lookups: Lookups) -> Hooks {
        let places = limits.requests.min(Semaphore::MAX_PERMITS);
        Hooks { permit, limits, lookups, places: Arc::new(Semaphore::new(places)) }
    }

    /// All that can be said of a request at once.
    fn admit(&self, request: &http::Request<WasiBody>) -> Result<Exchange> {
        let target = Target::of(request.uri())?;
        if self.permit.is_ended()
            || !self.permit.check(Name::Http, &target.to_string(), |effective| target.is_granted(effective))
        {
            return Err(Error::HttpRequestDenied);
        }
        // a name in front of the host is there to be taken for it
        if target.has_user {
            return Err(Error::HttpRequestUriInvalid);
        }
        // not a request to the host, but a tunnel through it
        if request.method() == http::Method::CONNECT {
            return Err(Error::HttpRequestMethodInvalid);
        }
        let Ok(place) = Arc::clone(&self.places).try_acquire_owned() else {
            let (plugin, most) = (self.permit.plugin(), self.limits.requests);
            tracing::warn!(plugin, "has {most} requests in flight, and may have no more");
            return Err(Error::ConnectionLimitReached);
        };
        Ok(Exchange {
            target,
            permit: self.permit.clone(),
            limits: self.limits.clone(),
            lookups: self.lookups.clone(),
            place,
        })
    }
}

impl WasiHttpHooks for Hooks {
    fn send_request(
        &mut self,
        request: http::Request<WasiBody>,
        options: Option<RequestOptions>,
        // of the next WASI only: how the plugin is told what became of its request's body
        _: Box<dyn Future<Output = Result<()>> + Send>,
    ) -> Box<dyn Future<Output = Result<Answer>> + Send> {
        let admitted = self.admit(&request);
        Box::new(async move { admitted?.run(request, options.unwrap_or_default()).await })
    }
}
