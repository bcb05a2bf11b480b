//! The guest `probe`, under any policy and with any manifest.

use std::path::Path;
use std::sync::OnceLock;

use plug_contract::{Manifest, Section, Want, WantedLimits, Wit};
use plug_fixtures::Guest;
use plug_host::policy::{Grant, Policy};
use plug_host::{
    Artifact, CallError, Engine, Host, HostBuilder, Instance, Plugin, PolicyEvent, PolicyEvents,
    ProcessRequest, Standard,
};

/// All that a plugin can want, none of it required.
pub const ALL: [&str; 11] = [
    "fs:read",
    "fs:write",
    "net",
    "http",
    "env",
    "clocks",
    "random",
    "stdio",
    "config",
    "log",
    "events:emit",
];

/// The component, with a manifest that wants that; `!` after a want makes it required.
pub fn artifact(wants: &[&str]) -> Artifact {
    artifact_with(wants, WantedLimits::default())
}

pub fn artifact_with(wants: &[&str], limits: WantedLimits) -> Artifact {
    let mut manifest = Manifest::default();
    manifest.name = "probe".to_owned();
    manifest.capabilities = wants.iter().map(|want| want_of(want)).collect();
    manifest.limits = limits;
    let bare = without_manifest();
    let wit = Wit::standard();
    let section = Section::declare(&wit, Some("plugin"), bare.contract(), Default::default(), manifest)
        .expect("a section");
    Artifact::from_bytes(section.embed(bare.bytes()).expect("embedded")).expect("a component")
}

fn want_of(want: &str) -> Want {
    match want.strip_suffix('!') {
        Some(want) => Want::new(want, "it cannot work without", true),
        None => Want::new(want, "to try it", false),
    }
}

/// The component as plain cargo builds it: it says nothing of itself.
pub fn without_manifest() -> Artifact {
    Artifact::from_file(plug_fixtures::guest(Guest::Probe)).expect("the guest")
}

/// A host of the standard world. All in one process share the engine.
pub fn host() -> HostBuilder<Standard> {
    static ENGINE: OnceLock<Engine> = OnceLock::new();
    Host::<Standard>::builder().engine(ENGINE.get_or_init(|| Engine::new().expect("an engine")).clone())
}

/// What the policy says for the plugin `probe`; relative folders begin at `base`.
pub fn policy(base: &Path, lines: &str) -> Policy {
    let text = format!("[plugin.\"probe\"]\n{lines}\n");
    Policy::parse("policy.toml", &text).unwrap_or_else(|error| panic!("{error}\n{text}")).base(base)
}

/// A policy in which nothing is granted: not even what is free.
pub const NOTHING: &str =
    "clocks = \"frozen\"\nrandom = \"seeded:1\"\nstdio = \"closed\"\nconfig = []\nlog = false";

pub fn grant(text: &str) -> Grant {
    text.parse().unwrap_or_else(|error| panic!("{error}"))
}

/// The plugin, prepared once: each of its instances has what the policy of the moment grants.
pub struct Probe {
    pub host: Host<Standard>,
    pub plugin: Plugin<Standard>,
    pub events: PolicyEvents,
}

impl Probe {
    /// With a manifest that wants that.
    pub async fn wanting(wants: &[&str]) -> Probe {
        Probe::on(host(), artifact(wants)).await
    }

    pub async fn on(host: HostBuilder<Standard>, artifact: Artifact) -> Probe {
        let host = host.policy(Policy::restricted()).build().expect("a host");
        let plugin = host.prepare("probe", artifact).await.unwrap_or_else(|error| panic!("{error}"));
        let events = host.capabilities().events();
        Probe { host, plugin, events }
    }

    /// A fresh instance under those lines of policy.
    pub async fn under(&mut self, base: &Path, lines: &str) -> Instance<Standard> {
        self.host
            .capabilities()
            .set_policy(policy(base, lines), "a test")
            .unwrap_or_else(|errors| panic!("{errors:?}"));
        while self.events.try_next().is_some() {}
        self.fresh().await
    }

    pub async fn fresh(&self) -> Instance<Standard> {
        self.plugin.instantiate().await.unwrap_or_else(|error| panic!("{error}"))
    }

    /// What was denied since the last time: capability, access, and the lines that would allow it.
    pub fn denials(&mut self) -> Vec<(String, String, Option<String>)> {
        let mut denials = Vec::new();
        while let Some(event) = self.events.try_next() {
            match event {
                PolicyEvent::Denied { plugin, capability, access, allow, .. } => {
                    assert_eq!(&*plugin, "probe");
                    denials.push((
                        capability.to_string(),
                        access.to_string(),
                        allow.map(|allow| allow.to_string()),
                    ));
                }
                other => panic!("{other:?}"),
            }
        }
        denials
    }
}

/// What came of a command.
pub async fn run(instance: &mut Instance<Standard>, command: &str) -> String {
    match attempt(instance, command).await {
        Ok(outcome) => outcome,
        Err(error) => panic!("{command}: {error:#}"),
    }
}

pub async fn attempt(instance: &mut Instance<Standard>, command: &str) -> Result<String, CallError> {
    let answer = instance.process(&ProcessRequest::new(command)).await?;
    assert!(answer.success, "{command}: {:?}", answer.error_message);
    Ok(answer.output)
}
