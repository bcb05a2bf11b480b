//! From a target to a connection.

use std::io;
use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use plug_policy::{AddressClass, Capability as Name, HostName, Scheme};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;
use tokio::sync::Semaphore;
use tokio::time::{Instant, timeout_at};
use wasmtime_wasi::p2::bindings::sockets::network::ErrorCode;
use wasmtime_wasi_http::{Error, Result};

use super::target::Target;
use super::tls;
use crate::capability::net::{self, SharedResolver};
use crate::capability::permit::Permit;

/// How names are looked up for a plugin: as many at once as there are places.
#[derive(Debug, Clone)]
pub(super) struct Lookups {
    resolver: SharedResolver,
    places: Arc<Semaphore>,
}

impl Lookups {
    pub(super) fn new(resolver: SharedResolver) -> Lookups {
        Lookups { resolver, places: Arc::new(Semaphore::new(net::LOOKUPS)) }
    }
}

pub(super) trait Connection: AsyncRead + AsyncWrite + Send + Unpin {}

impl<C: AsyncRead + AsyncWrite + Send + Unpin> Connection for C {}

/// Connects to `target` within that time.
pub(super) async fn connect(
    target: &Target,
    permit: &Permit,
    lookups: &Lookups,
    time: Duration,
) -> Result<Box<dyn Connection>> {
    let end = Instant::now() + time;
    let found = addresses(target, lookups, time).await?;
    let reached = timeout_at(end, reach(target, found, permit)).await;
    reached.map_err(|_| Error::ConnectionTimeout)?
}

/// Connects to the first of the addresses that may be used and answers: to exactly what was checked,
/// so that a name that means something else the next time is of no use.
async fn reach(target: &Target, addresses: Vec<IpAddr>, permit: &Permit) -> Result<Box<dyn Connection>> {
    let mut failed = Error::HttpRequestDenied;
    for address in addresses {
        if permit.is_ended() {
            return Err(Error::HttpRequestDenied);
        }
        if !permit.allows(|effective| target.may_go_to(address, effective)) {
            deny(target, address, permit);
            continue;
        }
        match net::driven(TcpStream::connect(SocketAddr::new(address, target.port))).await.flatten() {
            Ok(stream) => {
                // a request is written as a whole; waiting for more only makes it late
                let _ = stream.set_nodelay(true);
                return match target.scheme {
                    Scheme::Http => Ok(Box::new(stream)),
                    Scheme::Https => Ok(Box::new(tls::connect(stream, &target.host).await?)),
                };
            }
            Err(error) => failed = refused(&error),
        }
    }
    Err(failed)
}

async fn addresses(target: &Target, lookups: &Lookups, time: Duration) -> Result<Vec<IpAddr>> {
    if let Some(address) = target.address() {
        return Ok(vec![address]);
    }
    // what is granted is a name, if it is no address
    let name = HostName::new(&target.host).ok_or(Error::HttpRequestDenied)?;
    let found = net::find(lookups.resolver.clone(), Arc::clone(&lookups.places), name, time).await;
    match found {
        Ok(found) if !found.is_empty() => Ok(found),
        Err(ErrorCode::TemporaryResolverFailure) => Err(Error::DnsTimeout),
        _ => Err(Error::DnsError { rcode: Some("it has no address".to_owned()), info_code: None }),
    }
}

/// Tells the operator what would have let the name lead there.
fn deny(target: &Target, address: IpAddr, permit: &Permit) {
    if AddressClass::of(address).is_private() && target.address().is_none() {
        permit.deny(Name::HttpPrivate, &target.to_string());
    } else {
        permit.deny(Name::Http, &target.at(address).to_string());
    }
}

fn refused(error: &io::Error) -> Error {
    match error.kind() {
        io::ErrorKind::ConnectionRefused => Error::ConnectionRefused,
        io::ErrorKind::TimedOut => Error::ConnectionTimeout,
        io::ErrorKind::HostUnreachable | io::ErrorKind::NetworkUnreachable => Error::DestinationIpUnroutable,
        _ => Error::DestinationUnavailable,
    }
}
