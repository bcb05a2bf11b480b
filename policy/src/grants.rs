//! What a plugin is granted.

use std::collections::BTreeMap;
use std::fmt;
use std::path::Path;

use crate::capability::Capability;
use crate::custom_name::CustomName;
use crate::grant::{
    Clocks, CustomScope, EnvGrant, EnvName, FsAccess, FsGrant, Grant, GrantError, GuestPath, HttpGrant,
    NetGrant, Pattern, Random, Stdio,
};

/// All that a plugin is granted. What takes effect of it is what the plugin also wants.
///
/// The default grants nothing at all: clocks stand still, random numbers are the same in each run,
/// and there is no log. [`restricted`](Grants::restricted) is where a policy begins.
///
/// ```
/// use plug_policy::Grants;
///
/// let mut grants = Grants::restricted();
/// grants.allow("net=api.example.com:443".parse()?);
/// assert!(grants.to_string().contains("net=api.example.com:443\n"));
/// # Ok::<(), plug_policy::GrantError>(())
/// ```
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Grants {
    pub(crate) fs: Vec<FsGrant>,
    pub(crate) net: Vec<NetGrant>,
    pub(crate) http: Vec<HttpGrant>,
    pub(crate) env: Vec<EnvGrant>,
    pub(crate) clocks: Clocks,
    pub(crate) random: Random,
    pub(crate) stdio: Stdio,
    pub(crate) config: Vec<Pattern>,
    pub(crate) log: bool,
    pub(crate) emit: Vec<Pattern>,
    pub(crate) subscribe: Vec<Pattern>,
    /// None of the lists is empty.
    pub(crate) custom: BTreeMap<CustomName, Vec<Pattern>>,
}

impl Grants {
    /// Nothing but what a plugin has without asking: real clocks and random numbers, standard
    /// output into the log, the log, and its own configuration.
    #[must_use]
    pub fn restricted() -> Grants {
        Grants {
            clocks: Clocks::Real,
            random: Random::Real,
            stdio: Stdio::Log,
            config: vec![Pattern::any()],
            log: true,
            ..Grants::default()
        }
    }

    /// Beside that: to read `data` at `/data`, to write `scratch` at `/scratch`, and the variable
    /// `PLUGIN_MODE`.
    ///
    /// # Errors
    ///
    /// When the path of a folder cannot stand in a policy.
    pub fn standard(data: impl AsRef<Path>, scratch: impl AsRef<Path>) -> Result<Grants, GrantError> {
        Ok(Grants::with_folders(
            FsGrant::new(FsAccess::Read, data, GuestPath::fixed("/data"))?,
            FsGrant::new(FsAccess::Write, scratch, GuestPath::fixed("/scratch"))?,
        ))
    }

    pub(crate) fn with_folders(data: FsGrant, scratch: FsGrant) -> Grants {
        let env = vec![EnvGrant::inherited(EnvName::fixed("PLUGIN_MODE"))];
        Grants { fs: vec![data, scratch], env, ..Grants::restricted() }
    }

    /// Adds a grant. Of clocks, random numbers and standard output there is only one: the new one.
    /// So there is of a variable, and of the folder at one path within the plugin.
    pub fn allow(&mut self, grant: Grant) {
        match grant {
            Grant::Fs(new) => {
                self.fs.retain(|old| old.guest != new.guest);
                self.fs.push(new);
            }
            Grant::Net(new) => add(&mut self.net, new, NetGrant::covers),
            Grant::Http(new) => add(&mut self.http, new, HttpGrant::covers),
            Grant::Env(new) => {
                self.env.retain(|old| old.name != new.name);
                self.env.push(new);
            }
            Grant::Clocks(new) => self.clocks = new,
            Grant::Random(new) => self.random = new,
            Grant::Stdio(new) => self.stdio = new,
            Grant::Config(new) => add(&mut self.config, new, Pattern::covers),
            Grant::Log => self.log = true,
            Grant::Emit(new) => add(&mut self.emit, new, Pattern::covers),
            Grant::Subscribe(new) => add(&mut self.subscribe, new, Pattern::covers),
            Grant::Custom(new) => {
                add(self.custom.entry(new.name).or_default(), new.pattern, Pattern::covers);
            }
        }
    }

    /// Takes away a grant, and what it covers. Whether there was any.
    ///
    /// A part of a wider grant cannot be taken away: revoke the wider one and allow the rest.
    pub fn revoke(&mut self, grant: &Grant) -> bool {
        let before = self.list();
        for old in before.iter().filter(|old| grant.covers(old)) {
            self.remove(old);
        }
        before != self.list()
    }

    fn remove(&mut self, grant: &Grant) {
        match grant {
            Grant::Fs(grant) => self.fs.retain(|old| old != grant),
            Grant::Net(grant) => self.net.retain(|old| old != grant),
            Grant::Http(grant) => self.http.retain(|old| old != grant),
            Grant::Env(grant) => self.env.retain(|old| old != grant),
            Grant::Config(grant) => self.config.retain(|old| old != grant),
            Grant::Emit(grant) => self.emit.retain(|old| old != grant),
            Grant::Subscribe(grant) => self.subscribe.retain(|old| old != grant),
            Grant::Custom(grant) => {
                if let Some(patterns) = self.custom.get_mut(&grant.name) {
                    patterns.retain(|old| *old != grant.pattern);
                    if patterns.is_empty() {
                        self.custom.remove(&grant.name);
                    }
                }
            }
            Grant::Clocks(_) | Grant::Random(_) | Grant::Stdio(_) | Grant::Log => {
                self.revoke_all(&grant.capability());
            }
        }
    }

    /// Takes away all grants of a capability. Of clocks, random numbers and standard output the
    /// least remains: frozen, seeded and closed.
    pub fn revoke_all(&mut self, capability: &Capability) {
        match capability {
            Capability::FsRead => self.fs.retain(|grant| grant.access != FsAccess::Read),
            Capability::FsWrite => self.fs.retain(|grant| grant.access != FsAccess::Write),
            Capability::Net => self.net.retain(|grant| grant.private),
            Capability::NetPrivate => self.net.retain(|grant| !grant.private),
            Capability::Http => self.http.retain(|grant| grant.private),
            Capability::HttpPrivate => self.http.retain(|grant| !grant.private),
            Capability::Env => self.env.clear(),
            Capability::Clocks => self.clocks = Clocks::default(),
            Capability::Random => self.random = Random::default(),
            Capability::Stdio => self.stdio = Stdio::default(),
            Capability::Config => self.config.clear(),
            Capability::Log => self.log = false,
            Capability::EventsEmit => self.emit.clear(),
            Capability::EventsSubscribe => self.subscribe.clear(),
            Capability::Custom(name) => drop(self.custom.remove(name)),
        }
    }

    /// All grants, in the order of the capabilities.
    #[must_use]
    pub fn list(&self) -> Vec<Grant> {
        let mut list: Vec<Grant> = Vec::new();
        list.extend(self.fs.iter().cloned().map(Grant::Fs));
        list.extend(self.net.iter().cloned().map(Grant::Net));
        list.extend(self.http.iter().cloned().map(Grant::Http));
        list.extend(self.env.iter().cloned().map(Grant::Env));
        list.push(Grant::Clocks(self.clocks));
        list.push(Grant::Random(self.random));
        list.push(Grant::Stdio(self.stdio));
        list.extend(self.config.iter().cloned().map(Grant::Config));
        list.extend(self.log.then_some(Grant::Log));
        list.extend(self.emit.iter().cloned().map(Grant::Emit));
        list.extend(self.subscribe.iter().cloned().map(Grant::Subscribe));
        list.extend(custom_grants(&self.custom));
        list.sort_by_cached_key(|grant| (grant.capability(), grant.scope()));
        list
    }
}

/// What is granted of the capabilities that applications add, one by one.
fn custom_grants(custom: &BTreeMap<CustomName, Vec<Pattern>>) -> impl Iterator<Item = Grant> {
    custom.iter().flat_map(|(name, patterns)| {
        let scope = |pattern: &Pattern| CustomScope::new(name.clone(), pattern.clone());
        patterns.iter().map(move |pattern| Grant::Custom(scope(pattern)))
    })
}

/// Adds to those that cover each other in no way.
pub(crate) fn add<T>(list: &mut Vec<T>, new: T, covers: impl Fn(&T, &T) -> bool) {
    if !list.iter().any(|old| covers(old, &new)) {
        list.retain(|old| !covers(&new, old));
        list.push(new);
    }
}

/// One grant a line, sorted: equal grants have equal texts. The values of variables are in it.
impl fmt::Display for Grants {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for grant in self.list() {
            writeln!(f, "{grant}")?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn grants(texts: &[&str]) -> Grants {
        let mut grants = Grants::default();
        for text in texts {
            grants.allow(text.parse().unwrap());
        }
        grants
    }

    #[test]
    fn what_is_covered_is_not_kept() {
        let kept = |texts: &[&str]| {
            let all = grants(texts).to_string();
            all.lines()
                .filter(|line| !["clocks", "random", "stdio"].iter().any(|free| line.starts_with(free)))
                .collect::<Vec<_>>()
                .join(" ")
        };
        assert_eq!(kept(&["net=a.b:80", "net=*.b:80", "net=a.b:80"]), "net=*.b:80");
        assert_eq!(kept(&["net=a.b:80", "net:private=a.b:80"]), "net:private=a.b:80");
        assert_eq!(kept(&["env=A=1", "env=A"]), "env=A");
        assert_eq!(kept(&["fs:read=a -> /d", "fs:write=b -> /d"]), "fs:write=b -> /d");
        assert_eq!(kept(&["config=a.*", "config=b", "log"]), "config=a.* config=b log");
    }

    #[test]
    fn grants_are_taken_away() {
        let mut all = grants(&["net=a.b:80", "net=c.d:80", "net:private=a.b:81", "log", "clocks=real"]);
        assert!(all.revoke(&"net=*.b:*".parse().unwrap()));
        assert!(!all.revoke(&"net=*.b:*".parse().unwrap()));
        assert!(all.revoke(&"log".parse().unwrap()));
        assert!(all.revoke(&"clocks=real".parse().unwrap()));
        assert_eq!(
            all.to_string(),
            "net=c.d:80\nnet:private=a.b:81\nclocks=frozen\nrandom=seeded\nstdio=closed\n"
        );
        for capability in Capability::BUILT_IN {
            all.revoke_all(&capability);
        }
        assert_eq!(all, Grants::default());
    }

    #[test]
    fn what_an_application_adds_is_kept_by_its_name() {
        let own =
            |grants: &Grants| grants.to_string().replace("clocks=frozen\nrandom=seeded\nstdio=closed\n", "");
        let mut all = grants(&["a:b/d=x.y", "a:b/c=x", "a:b/d=x.*", "a:b/d=z"]);
        assert_eq!(own(&all), "a:b/c=x\na:b/d=x.*\na:b/d=z\n");
        assert!(!all.revoke(&"a:b/d=x.y".parse().unwrap()), "a part of a wider grant");
        assert!(all.revoke(&"a:b/d=x*".parse().unwrap()));
        assert_eq!(own(&all), "a:b/c=x\na:b/d=z\n");
        assert!(all.revoke(&"a:b/c=*".parse().unwrap()));
        all.revoke_all(&Capability::from_name("a:b/d").unwrap());
        assert_eq!(all, Grants::default());
    }

    #[test]
    fn the_presets() {
        assert_eq!(Grants::restricted().to_string(), "clocks=real\nrandom=real\nstdio=log\nconfig=*\nlog\n");
        assert_eq!(
            Grants::standard("in", "/tmp/out").unwrap().to_string(),
            "fs:read=in -> /data\nfs:write=/tmp/out -> /scratch\nenv=PLUGIN_MODE\nclocks=real\nrandom=real\n\
             stdio=log\nconfig=*\nlog\n"
        );
        assert!(Grants::standard("", "x").is_err());
    }
}
