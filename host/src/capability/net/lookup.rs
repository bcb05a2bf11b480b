//! `wasi:sockets/ip-name-lookup`: only names that are granted.

use std::net::IpAddr;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, Waker};
use std::time::Duration;
use std::{io, vec};

use plug_policy::HostName;
use tokio::sync::Semaphore;
use wasmtime::component::Resource;
use wasmtime_wasi::async_trait;
use wasmtime_wasi::p2::bindings::sockets::ip_name_lookup::{
    Host, HostResolveAddressStream, ResolveAddressStream,
};
use wasmtime_wasi::p2::bindings::sockets::network::{ErrorCode, IpAddress};
use wasmtime_wasi::p2::{DynPollable, Network, Pollable, SocketResult, subscribe};

use super::{NetView, SharedResolver};

/// A lookup may take no longer, waiting for its turn included.
const TIME: Duration = Duration::from_secs(10);
/// No more addresses of a name are used.
const ADDRESSES: usize = 32;
/// The longest text that is looked at; no longer one is a name.
const LONGEST: usize = 1024;

type Answer = Result<Vec<IpAddr>, ErrorCode>;

/// A lookup that was begun. It stands in the table where wasmtime-wasi has its own: what that is
/// made of is private.
enum Lookup {
    Running(Pin<Box<dyn Future<Output = Answer> + Send>>),
    Done(Result<vec::IntoIter<IpAddr>, ErrorCode>),
}

impl Lookup {
    fn poll(&mut self, context: &mut Context<'_>) -> Poll<&mut Result<vec::IntoIter<IpAddr>, ErrorCode>> {
        if let Lookup::Running(future) = self {
            let Poll::Ready(answer) = future.as_mut().poll(context) else { return Poll::Pending };
            *self = Lookup::Done(answer.map(Vec::into_iter));
        }
        match self {
            Lookup::Done(answer) => Poll::Ready(answer),
            Lookup::Running(_) => Poll::Pending,
        }
    }

    /// Ours, by the handle of theirs. The table checks the type.
    fn handle(theirs: &Resource<ResolveAddressStream>) -> Resource<Lookup> {
        Resource::new_borrow(theirs.rep())
    }
}

#[async_trait]
impl Pollable for Lookup {
    async fn ready(&mut self) {
        std::future::poll_fn(|context| self.poll(context).map(drop)).await;
    }
}

/// What a plugin has asked for.
enum Asked {
    Address(IpAddr),
    Name(HostName),
}

impl Asked {
    /// Addresses in their usual spelling only: `127.1` and `2130706433` are neither addresses nor names.
    fn read(text: &str) -> Option<Asked> {
        if text.len() > LONGEST {
            return None;
        }
        if let Ok(address) = text.parse::<IpAddr>() {
            return Some(Asked::Address(address.to_canonical()));
        }
        // in the form in which it is looked up, so that this is what is checked
        let name = if text.is_ascii() { text.to_owned() } else { idna::domain_to_ascii(text).ok()? };
        HostName::new(&name).map(Asked::Name)
    }
}

impl Host for NetView<'_> {
    fn resolve_addresses(
        &mut self,
        network: Resource<Network>,
        name: String,
    ) -> SocketResult<Resource<ResolveAddressStream>> {
        // the handle itself is the permission of WASI's own
        self.table.get(&network)?;
        let gate = &self.own.gate;
        if gate.is_ended() {
            return Err(ErrorCode::AccessDenied.into());
        }
        let mut lookup = match Asked::read(&name) {
            // it is given back as it is; whether it may be used is asked when it is
            Some(Asked::Address(address)) => Lookup::Done(Ok(vec![address].into_iter())),
            Some(Asked::Name(name)) if gate.may_resolve(&name) => {
                let (resolver, lookups) = (self.own.resolver.clone(), Arc::clone(&self.own.lookups));
                let found = find(resolver, lookups, name.clone(), TIME);
                let gate = Arc::clone(gate);
                Lookup::Running(Box::pin(async move {
                    let found = found.await?;
                    let none = found.is_empty();
                    let kept = gate.admit(&name, found);
                    match kept.is_empty() {
                        true if none => Err(ErrorCode::NameUnresolvable),
                        true => Err(ErrorCode::AccessDenied),
                        false => Ok(kept),
                    }
                }))
            }
            Some(Asked::Name(_)) => return Err(ErrorCode::AccessDenied.into()),
            None => {
                gate.deny_nonsense(&name);
                return Err(ErrorCode::InvalidArgument.into());
            }
        };
        // it begins now, even if the plugin waits for something else first
        _ = lookup.poll(&mut Context::from_waker(Waker::noop()));
        Ok(Resource::new_own(self.table.push(lookup)?.rep()))
    }
}

impl HostResolveAddressStream for NetView<'_> {
    fn resolve_next_address(
        &mut self,
        stream: Resource<ResolveAddressStream>,
    ) -> SocketResult<Option<IpAddress>> {
        let lookup = self.table.get_mut(&Lookup::handle(&stream))?;
        match lookup.poll(&mut Context::from_waker(Waker::noop())) {
            Poll::Pending => Err(ErrorCode::WouldBlock.into()),
            Poll::Ready(Ok(addresses)) => Ok(addresses.next().map(IpAddress::from)),
            Poll::Ready(Err(error)) => Err((*error).into()),
        }
    }

    fn subscribe(
        &mut self,
        stream: Resource<ResolveAddressStream>,
    ) -> wasmtime::Result<Resource<DynPollable>> {
        subscribe(self.table, Lookup::handle(&stream))
    }

    fn drop(&mut self, stream: Resource<ResolveAddressStream>) -> wasmtime::Result<()> {
        self.table.delete(Resource::<Lookup>::new_own(stream.rep()))?;
        Ok(())
    }
}

/// The addresses of a name, whether they may be used or not.
pub(in crate::capability) async fn find(
    resolver: SharedResolver,
    lookups: Arc<Semaphore>,
    name: HostName,
    time: Duration,
) -> Answer {
    let found = tokio::time::timeout(time, async {
        let place = lookups.acquire_owned().await.map_err(io::Error::other)?;
        // A lookup that nobody waits for any more may still hold a thread, so it keeps its place until
        // it ends. Its own end is the resolver's affair: a time of the plugin's would free the place.
        let lookup = tokio::spawn(async move {
            let found = resolver.resolve(name.as_str()).await;
            drop(place);
            found
        });
        lookup.await.map_err(io::Error::other)?
    });
    match found.await {
        Ok(Ok(mut found)) => {
            found.truncate(ADDRESSES);
            Ok(found)
        }
        Err(_) => Err(ErrorCode::TemporaryResolverFailure),
        Ok(Err(error)) if error.kind() == io::ErrorKind::TimedOut => Err(ErrorCode::TemporaryResolverFailure),
        Ok(Err(error)) => {
            tracing::debug!("a lookup failed: {error}");
            Err(ErrorCode::NameUnresolvable)
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering::SeqCst};

    use super::*;
    use crate::capability::net::{Resolver, Resolving};

    #[test]
    fn what_is_asked_for_is_a_name_or_an_address_in_its_usual_spelling() {
        let read = |text: &str| match Asked::read(text) {
            Some(Asked::Address(address)) => format!("address {address}"),
            Some(Asked::Name(name)) => format!("name {name}"),
            None => "nothing".to_owned(),
        };
        for (text, expected) in [
            ("API.example.com.", "name api.example.com"),
            ("localhost", "name localhost"),
            ("b\u{fc}cher.example", "name xn--bcher-kva.example"),
            ("\u{ff45}xample.com", "name example.com"),
            ("127.0.0.1", "address 127.0.0.1"),
            ("::ffff:127.0.0.1", "address 127.0.0.1"),
            ("::1", "address ::1"),
            ("127.1", "nothing"),
            ("\u{ff11}27.0.0.1", "nothing"),
            ("2130706433", "nothing"),
            ("0x7f000001", "nothing"),
            ("0177.0.0.1", "nothing"),
            ("127.0.0.1.", "nothing"),
            ("[::1]", "nothing"),
            ("fe80::1%eth0", "nothing"),
            ("a.b:80", "nothing"),
            ("a b", "nothing"),
            ("a%2eb", "nothing"),
            ("a.b\0", "nothing"),
            ("*", "nothing"),
            ("", "nothing"),
        ] {
            assert_eq!(read(text), expected, "{text:?}");
        }
        assert_eq!(read(&"\u{fc}".repeat(100_000)), "nothing");
    }

    /// Answers by what the name is.
    #[derive(Default)]
    struct Odd(Arc<AtomicUsize>);

    impl Resolver for Odd {
        fn resolve<'a>(&'a self, name: &'a str) -> Resolving<'a> {
            self.0.fetch_add(1, SeqCst);
            Box::pin(async move {
                match name {
                    "never" => std::future::pending().await,
                    "late" => Err(io::ErrorKind::TimedOut.into()),
                    "panics" => panic!("a resolver of the application's own"),
                    "many" => Ok((0..10_000_u32).map(|number| IpAddr::V4(number.into())).collect()),
                    _ => Err(io::ErrorKind::NotFound.into()),
                }
            })
        }
    }

    async fn asked(name: &str, lookups: &Arc<Semaphore>, resolver: &SharedResolver) -> Answer {
        let time = Duration::from_millis(50);
        find(resolver.clone(), Arc::clone(lookups), HostName::new(name).unwrap(), time).await
    }

    #[tokio::test]
    async fn a_lookup_ends_and_has_its_bounds() {
        let (lookups, resolver) = (Arc::new(Semaphore::new(2)), SharedResolver::new(Odd::default()));
        for (name, error) in [
            ("never", ErrorCode::TemporaryResolverFailure),
            ("late", ErrorCode::TemporaryResolverFailure),
            ("panics", ErrorCode::NameUnresolvable),
            ("none", ErrorCode::NameUnresolvable),
        ] {
            assert_eq!(asked(name, &lookups, &resolver).await, Err(error), "{name}");
        }
        assert_eq!(asked("many", &lookups, &resolver).await.unwrap().len(), ADDRESSES);
        // the one that never ends keeps its place
        assert_eq!(lookups.available_permits(), 1);
    }

    #[tokio::test]
    async fn lookups_that_nobody_waits_for_keep_their_place() {
        let begun = Arc::new(AtomicUsize::new(0));
        let (lookups, resolver) = (Arc::new(Semaphore::new(2)), SharedResolver::new(Odd(Arc::clone(&begun))));
        for _ in 0..100 {
            let name = HostName::new("never").unwrap();
            let mut lookup = Box::pin(find(resolver.clone(), Arc::clone(&lookups), name, TIME));
            assert!(lookup.as_mut().poll(&mut Context::from_waker(Waker::noop())).is_pending());
            tokio::task::yield_now().await;
        }
        assert_eq!((begun.load(SeqCst), lookups.available_permits()), (2, 0));
        assert_eq!(asked("none", &lookups, &resolver).await, Err(ErrorCode::TemporaryResolverFailure));
    }

    #[tokio::test]
    async fn the_systems_resolver_knows_this_machine() {
        let found = SharedResolver::default().resolve("localhost").await.unwrap();
        assert!(!found.is_empty() && found.iter().all(IpAddr::is_loopback), "{found:?}");
    }
}
