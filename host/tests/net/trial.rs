//! The guest `probe`, with a resolver of the test's own.

use std::collections::{HashMap, VecDeque};
use std::io;
use std::net::IpAddr;
use std::path::Path;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use plug_host::policy::{Grant, Policy};
use plug_host::{Engine, HostBuilder, Instance, Limits, Resolver, Resolving, Standard};

use crate::support::{Probe, artifact, host, run};

/// Answers each lookup of a name with the next of its answers, and the last one for ever.
#[derive(Clone, Default)]
pub(crate) struct Names(Arc<Mutex<Known>>);

#[derive(Default)]
struct Known {
    answers: HashMap<String, VecDeque<Vec<IpAddr>>>,
    asked: Vec<String>,
}

impl Names {
    pub(crate) fn lead(&self, name: &str, answers: &[&[&str]]) {
        let parse = |answer: &&[&str]| answer.iter().map(|address| address.parse().unwrap()).collect();
        self.0.lock().unwrap().answers.insert(name.to_owned(), answers.iter().map(parse).collect());
    }

    /// The names that were looked up since the last time.
    pub(crate) fn asked(&self) -> Vec<String> {
        std::mem::take(&mut self.0.lock().unwrap().asked)
    }
}

impl Resolver for Names {
    fn resolve<'a>(&'a self, name: &'a str) -> Resolving<'a> {
        let mut known = self.0.lock().unwrap();
        known.asked.push(name.to_owned());
        let answer = known.answers.get_mut(name).and_then(|answers| match answers.len() {
            0 | 1 => answers.front().cloned(),
            _ => answers.pop_front(),
        });
        Box::pin(async move { answer.ok_or_else(|| io::Error::from(io::ErrorKind::NotFound)) })
    }
}

/// What was denied: capability and access, and the lines that would allow it.
type Denials = Vec<(String, String, Option<String>)>;

pub(crate) struct Trial {
    pub(crate) probe: Probe,
    pub(crate) names: Names,
}

impl Trial {
    pub(crate) async fn new() -> Trial {
        Trial::wanting(&["net"], Limits::default()).await
    }

    pub(crate) async fn wanting(wants: &[&str], limits: Limits) -> Trial {
        Trial::on(host().limits(limits), wants).await
    }

    /// On an engine that hardly ever ends anything by itself.
    pub(crate) async fn with_slow_ticks() -> Trial {
        let engine = Engine::builder().tick(Duration::from_secs(1)).build().unwrap();
        Trial::on(host().engine(engine), &["net"]).await
    }

    async fn on(host: HostBuilder<Standard>, wants: &[&str]) -> Trial {
        let names = Names::default();
        let probe = Probe::on(host.resolver(names.clone()), artifact(wants)).await;
        Trial { probe, names }
    }

    /// A fresh instance under those lines of policy.
    pub(crate) async fn under(&mut self, lines: &str) -> Instance<Standard> {
        self.probe.under(Path::new("/"), lines).await
    }

    /// What comes of a command in a fresh instance under those lines.
    pub(crate) async fn run(&mut self, lines: &str, command: &str) -> String {
        run(&mut self.under(lines).await, command).await
    }

    /// The accesses that were denied since the last time.
    pub(crate) fn denied(&mut self) -> Vec<String> {
        let denials: Denials = self.probe.denials();
        denials.into_iter().map(|(capability, access, _)| format!("{capability}={access}")).collect()
    }

    /// Whether the operator was told of it, now or before: each access is told once.
    pub(crate) fn was_told(&self, access: &str) -> bool {
        let records = self.probe.host.capabilities().denied("probe");
        records.iter().any(|record| format!("{}={}", record.capability, record.access) == access)
    }

    /// Runs a command in fresh instances, each time with what was told to be missing, until nothing
    /// is. Returns what was told, and what came of the command in the end.
    pub(crate) async fn follow_advice(&mut self, lines: &str, command: &str) -> (Vec<String>, String) {
        let mut instance = self.under(lines).await;
        let mut told = Vec::new();
        loop {
            let outcome = run(&mut instance, command).await;
            let denials: Denials = self.probe.denials();
            if denials.is_empty() {
                return (told, outcome);
            }
            assert!(outcome.starts_with("denied "), "{command}: {outcome}, and yet {denials:?}");
            for (capability, access, allow) in denials {
                let allow = allow.unwrap_or_else(|| panic!("nothing allows {capability}={access}"));
                for grant in net_grants(&allow) {
                    told.push(grant.to_string());
                    self.probe.host.capabilities().grant("probe", grant, "as told").unwrap();
                }
            }
            assert!(told.len() < 9, "{told:?}");
            while self.probe.events.try_next().is_some() {}
            instance = self.probe.fresh().await;
        }
    }
}

/// The connections that a policy grants to the plugin.
fn net_grants(policy: &str) -> Vec<Grant> {
    let policy = Policy::parse("advice", policy).unwrap_or_else(|error| panic!("{error}\n{policy}"));
    let grants = policy.resolve("probe", None).grants.list();
    grants.into_iter().filter(|grant| matches!(grant, Grant::Net(_))).collect()
}
