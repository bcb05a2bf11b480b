//! What takes effect: what is both wanted and granted.

use plug_contract::printable;

use crate::capability::Capability;
use crate::custom_name::CustomName;
use crate::grant::{
    Clocks, ConfigRules, CustomRules, EnvRules, EventRules, FsAccess, FsRules, FsWant, Grant, GuestPath,
    HttpGrant, HttpRules, NetGrant, NetRules, Pattern, Random, Stdio,
};
use crate::grants::{Grants, add};
use crate::line::PolicyLine;
use crate::want::{WantScope, Wanted};

/// What a plugin can do: what it wants and is granted.
///
/// What [is free](Capability::is_free) need not be wanted: without a want all that is granted takes
/// effect. With one, no more than is wanted.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Effective {
    /// Folders.
    pub fs: FsRules,
    /// Connections.
    pub net: NetRules,
    /// HTTP requests.
    pub http: HttpRules,
    /// Environment variables.
    pub env: EnvRules,
    /// The time.
    pub clocks: Clocks,
    /// Random numbers.
    pub random: Random,
    /// Standard output and error.
    pub stdio: Stdio,
    /// Keys of the configuration.
    pub config: ConfigRules,
    /// Whether it may write to the log.
    pub log: bool,
    /// Events.
    pub events: EventRules,
    /// What the application adds.
    pub custom: CustomRules,
    /// What is wanted and not, or not wholly, granted.
    pub denied: Vec<Denied>,
}

/// A want that is not, or not wholly, granted.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Denied {
    /// The want.
    pub wanted: Wanted,
    /// What would grant it.
    pub line: PolicyLine,
}

/// A plugin needs what it is not granted.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("plugin `{plugin}` needs what it is not granted: {}", listed(.denied))]
pub struct Refused {
    plugin: String,
    denied: Vec<Denied>,
    effective: Box<Effective>,
}

fn listed(denied: &[Denied]) -> String {
    let scopes = denied.iter().map(|denied| denied.wanted.scope.to_string());
    scopes.map(|scope| format!("`{}`", printable::line(&scope))).collect::<Vec<_>>().join(", ")
}

impl Refused {
    /// The code of the error, for `cargo plug explain`.
    #[must_use]
    pub fn code(&self) -> &'static str {
        "PLG1007"
    }

    /// The plugin.
    #[must_use]
    pub fn plugin(&self) -> &str {
        &self.plugin
    }

    /// What it needs and is not granted.
    #[must_use]
    pub fn denied(&self) -> &[Denied] {
        &self.denied
    }

    /// What would take effect if it could do without.
    #[must_use]
    pub fn effective(&self) -> &Effective {
        &self.effective
    }

    /// The lines of policy that would let it in, each with the reason that the plugin gives.
    #[must_use]
    pub fn help(&self) -> Vec<String> {
        let table = PolicyLine::table(&self.plugin);
        self.denied
            .iter()
            .map(|denied| {
                let reason = crate::mistake::shown(&denied.wanted.reason);
                format!(
                    "to grant it, write `{}` below `{table}` in the policy; its reason: {reason}",
                    denied.line
                )
            })
            .collect()
    }
}

impl Effective {
    /// What takes effect for `plugin` of `wants` and `grants`.
    ///
    /// # Errors
    ///
    /// When a required want is not granted, or only in part.
    pub fn decide(plugin: &str, wants: &[Wanted], grants: &Grants) -> Result<Effective, Refused> {
        let mut effective = Effective::meet(wants, grants);
        for wanted in wants {
            if !effective.satisfies(&wanted.scope) {
                let line = PolicyLine::for_want(&wanted.scope);
                effective.denied.push(Denied { wanted: wanted.clone(), line });
            }
        }
        let missing: Vec<Denied> =
            effective.denied.iter().filter(|denied| denied.wanted.required).cloned().collect();
        if missing.is_empty() {
            return Ok(effective);
        }
        Err(Refused { plugin: plugin.to_owned(), denied: missing, effective: Box::new(effective) })
    }

    fn meet(wants: &[Wanted], grants: &Grants) -> Effective {
        let mut folders = Vec::new();
        let mut out = Effective::default();
        let unwanted =
            |capability: &Capability| !wants.iter().any(|want| want.scope.capability() == *capability);
        let implied = Capability::BUILT_IN
            .into_iter()
            .filter(|capability| capability.is_free() && unwanted(capability));
        let implied: Vec<WantScope> = implied.map(WantScope::Any).collect();
        for want in wants.iter().map(|want| &want.scope).chain(&implied) {
            out.add(want, grants, &mut folders);
        }
        out.fs = FsRules::meet(&grants.fs, &folders);
        out
    }

    /// Adds what of `grants` one want lets take effect; folders are collected, as they shade each other.
    fn add(&mut self, want: &WantScope, grants: &Grants, folders: &mut Vec<FsWant>) {
        let root = |access| FsWant::new(access, GuestPath::fixed("/"));
        let patterns = |to: &mut Vec<Pattern>, from: &[Pattern], want: &Pattern| {
            for met in from.iter().filter_map(|grant| grant.meet(want)) {
                add(to, met, Pattern::covers);
            }
        };
        let any = Pattern::any();
        match want {
            WantScope::Any(capability) => match capability {
                Capability::FsRead => folders.push(root(FsAccess::Read)),
                Capability::FsWrite => folders.push(root(FsAccess::Write)),
                Capability::Net | Capability::NetPrivate => self.net.0.clone_from(&grants.net),
                Capability::Http | Capability::HttpPrivate => self.http.0.clone_from(&grants.http),
                Capability::Env => self.env.0.clone_from(&grants.env),
                Capability::Clocks => self.clocks = grants.clocks,
                Capability::Random => self.random = grants.random,
                Capability::Stdio => self.stdio = grants.stdio,
                Capability::Config => patterns(&mut self.config.0, &grants.config, &any),
                Capability::Log => self.log = grants.log,
                Capability::EventsEmit => patterns(&mut self.events.emit, &grants.emit, &any),
                Capability::EventsSubscribe => patterns(&mut self.events.subscribe, &grants.subscribe, &any),
                Capability::Custom(name) => self.add_custom(name, &any, grants),
            },
            WantScope::Fs(want) => folders.push(want.clone()),
            WantScope::Net(want) => {
                for met in grants.net.iter().filter_map(|grant| grant.meet(want)) {
                    add(&mut self.net.0, met, NetGrant::covers);
                }
            }
            WantScope::Http(want) => {
                for met in grants.http.iter().filter_map(|grant| grant.meet(want)) {
                    add(&mut self.http.0, met, HttpGrant::covers);
                }
            }
            WantScope::Env(name) => {
                for grant in grants.env.iter().filter(|grant| grant.name == *name) {
                    add(&mut self.env.0, grant.clone(), |old, new| old.covers(new));
                }
            }
            // of several wants the greatest counts
            WantScope::Clocks(want) => self.clocks = self.clocks.max(grants.clocks.min(*want)),
            WantScope::Random(want) => {
                let met = grants.random.meet(*want);
                if met.covers(self.random) {
                    self.random = met;
                }
            }
            WantScope::Stdio(want) => self.stdio = self.stdio.max(grants.stdio.min(*want)),
            WantScope::Config(want) => patterns(&mut self.config.0, &grants.config, want),
            WantScope::Emit(want) => patterns(&mut self.events.emit, &grants.emit, want),
            WantScope::Subscribe(want) => patterns(&mut self.events.subscribe, &grants.subscribe, want),
            WantScope::Custom(want) => self.add_custom(&want.name, &want.pattern, grants),
        }
    }

    fn add_custom(&mut self, name: &CustomName, want: &Pattern, grants: &Grants) {
        for met in grants.custom.get(name).into_iter().flatten().filter_map(|grant| grant.meet(want)) {
            add(self.custom.0.entry(name.clone()).or_default(), met, Pattern::covers);
        }
    }

    /// Whether a want is wholly granted. One grant must hold all of it.
    fn satisfies(&self, want: &WantScope) -> bool {
        let covered = |list: &[Pattern], want: &Pattern| list.iter().any(|grant| grant.covers(want));
        match want {
            WantScope::Any(capability) => match capability {
                Capability::FsRead => !self.fs.0.is_empty(),
                Capability::FsWrite => self.fs.0.iter().any(|preopen| preopen.access == FsAccess::Write),
                Capability::Net | Capability::NetPrivate => !self.net.0.is_empty(),
                Capability::Http | Capability::HttpPrivate => !self.http.0.is_empty(),
                Capability::Env => !self.env.0.is_empty(),
                // there is always some kind of it
                Capability::Clocks | Capability::Random => true,
                Capability::Stdio => self.stdio == Stdio::Log,
                Capability::Config => !self.config.0.is_empty(),
                Capability::Log => self.log,
                Capability::EventsEmit => !self.events.emit.is_empty(),
                Capability::EventsSubscribe => !self.events.subscribe.is_empty(),
                Capability::Custom(name) => !self.custom.patterns(name.as_str()).is_empty(),
            },
            WantScope::Fs(want) => self.fs.0.iter().any(|preopen| preopen.satisfies(want)),
            WantScope::Net(want) => self.net.0.iter().any(|grant| grant.scope.covers(want)),
            WantScope::Http(want) => self.http.0.iter().any(|grant| grant.scope.covers(want)),
            WantScope::Env(name) => self.env.get(name.as_str()).is_some(),
            WantScope::Clocks(want) => self.clocks.covers(*want),
            WantScope::Random(want) => self.random.covers(*want),
            WantScope::Stdio(want) => self.stdio.covers(*want),
            WantScope::Config(want) => covered(&self.config.0, want),
            WantScope::Emit(want) => covered(&self.events.emit, want),
            WantScope::Subscribe(want) => covered(&self.events.subscribe, want),
            WantScope::Custom(want) => covered(self.custom.patterns(want.name.as_str()), &want.pattern),
        }
    }

    /// All that takes effect, one power a line, for people: values of variables are left out.
    #[must_use]
    pub fn lines(&self) -> Vec<String> {
        let mut lines: Vec<String> = self
            .fs
            .0
            .iter()
            .map(|preopen| {
                let name = match preopen.access {
                    FsAccess::Read => Capability::FsRead,
                    FsAccess::Write => Capability::FsWrite,
                };
                crate::mistake::shown(&format!("{name}={preopen}"))
            })
            .collect();
        lines.extend(self.others().iter().map(Grant::shown));
        lines
    }

    /// All but the folders, as grants.
    pub(crate) fn others(&self) -> Vec<Grant> {
        let grants = Grants {
            fs: Vec::new(),
            net: self.net.0.clone(),
            http: self.http.0.clone(),
            env: self.env.0.clone(),
            clocks: self.clocks,
            random: self.random,
            stdio: self.stdio,
            config: self.config.0.clone(),
            log: self.log,
            emit: self.events.emit.clone(),
            subscribe: self.events.subscribe.clone(),
            custom: self.custom.0.clone(),
        };
        grants.list()
    }
}
