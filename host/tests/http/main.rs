//! `http`: requests go where it is granted, and nowhere else. What counts is what arrives at a real
//! server; each denial stands beside a request that arrives, so that the tests can fail.

#![allow(unreachable_pub, reason = "modules of a test")]

#[path = "../capabilities/support.rs"]
#[allow(dead_code, reason = "the other tests of the probe use the rest")]
mod support;

mod granted;
mod limits;
mod names;
mod revoked;
mod server;
mod tls;

use std::path::Path;

use plug_host::policy::Policy;
use plug_host::{HostBuilder, Instance, Limits, Standard};

use names::Names;
use support::{Probe, artifact, host};

/// The probe on a host that knows these names only.
async fn probe(names: &Names) -> Probe {
    probe_with(names, |host| host).await
}

async fn probe_with(
    names: &Names,
    set: impl FnOnce(HostBuilder<Standard>) -> HostBuilder<Standard>,
) -> Probe {
    Probe::on(set(host().resolver(names.clone())), artifact(&["http"])).await
}

/// The same with limits, and with all of the server granted.
async fn limited(server: &server::Server, limits: Limits) -> (Probe, Instance<Standard>) {
    let mut probe = probe_with(&Names::none(), |host| host.limits(limits)).await;
    let instance = granted(&mut probe, &[&server.url("")]).await;
    (probe, instance)
}

/// A fresh instance that is granted these.
async fn granted(probe: &mut Probe, http: &[&str]) -> Instance<Standard> {
    probe.under(Path::new("/"), &format!("http = {http:?}")).await
}

/// A fresh instance under the lines that the operator was told of.
async fn advised(probe: &mut Probe, advice: &str) -> Instance<Standard> {
    let policy = Policy::parse("policy.toml", advice).unwrap_or_else(|error| panic!("{error}\n{advice}"));
    probe.host.capabilities().set_policy(policy, "a test").unwrap_or_else(|errors| panic!("{errors:?}"));
    probe.fresh().await
}
