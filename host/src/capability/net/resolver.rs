//! Where names are looked up.

use std::fmt;
use std::io;
use std::net::IpAddr;
use std::pin::Pin;
use std::sync::Arc;

/// What [`Resolver::resolve`] returns.
pub type Resolving<'a> = Pin<Box<dyn Future<Output = io::Result<Vec<IpAddr>>> + Send + 'a>>;

/// Looks up the names of hosts that plugins are granted.
///
/// It decides nothing: whether a plugin may use what a name leads to is checked afterwards, and the
/// connection goes to exactly the address that was checked.
pub trait Resolver: Send + Sync + 'static {
    /// The addresses of `name`, which is in lower case and without a dot at its end.
    ///
    /// It has to end by itself: the plugin stops waiting after a while, but the lookup keeps its place
    /// among the few that a plugin may have at once until it ends.
    fn resolve<'a>(&'a self, name: &'a str) -> Resolving<'a>;
}

/// The resolver of a host. Cheap to clone.
#[derive(Clone)]
pub(crate) struct SharedResolver(Arc<dyn Resolver>);

impl SharedResolver {
    pub(crate) fn new(resolver: impl Resolver) -> SharedResolver {
        SharedResolver(Arc::new(resolver))
    }

    pub(in crate::capability) fn resolve<'a>(&'a self, name: &'a str) -> Resolving<'a> {
        self.0.resolve(name)
    }
}

impl Default for SharedResolver {
    fn default() -> Self {
        SharedResolver::new(SystemResolver)
    }
}

impl fmt::Debug for SharedResolver {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SharedResolver")
    }
}

/// The one of the operating system.
struct SystemResolver;

impl Resolver for SystemResolver {
    fn resolve<'a>(&'a self, name: &'a str) -> Resolving<'a> {
        Box::pin(async move {
            let found = tokio::net::lookup_host((name, 0)).await?;
            Ok(found.map(|address| address.ip()).collect())
        })
    }
}
