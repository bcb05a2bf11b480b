//! One grant of any capability, and its text.

use std::fmt;
use std::path::Path;
use std::str::FromStr;

use super::{
    Clocks, CustomScope, EnvGrant, EnvValue, FsAccess, FsGrant, GrantError, HttpGrant, HttpScope, NetGrant,
    NetScope, Pattern, Random, Stdio,
};
use crate::capability::Capability;
use crate::mistake::{MAX_TEXT, Mistake, shown};

/// One power of the host, given to a plugin.
///
/// ```
/// use plug_policy::Grant;
///
/// let grant: Grant = "net=API.example.com:443".parse()?;
/// assert_eq!(grant.to_string(), "net=api.example.com:443");
/// let error = "net=api.example.com".parse::<Grant>().unwrap_err();
/// assert_eq!(error.help(), "write `api.example.com:443`, or `api.example.com:*` for all ports");
/// # Ok::<(), plug_policy::GrantError>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Grant {
    /// A folder: `fs:read=data -> /data`, `fs:write=scratch`.
    Fs(FsGrant),
    /// Connections: `net=api.example.com:443`, `net:private=db.internal:5432`.
    Net(NetGrant),
    /// Requests: `http=https://api.example.com`, `http:private=http://localhost:8080`.
    Http(HttpGrant),
    /// A variable: `env=LANG`, `env=PLUGIN_MODE=fast`.
    Env(EnvGrant),
    /// The time: `clocks=coarse`.
    Clocks(Clocks),
    /// Random numbers: `random=real`.
    Random(Random),
    /// Standard output and error: `stdio=log`.
    Stdio(Stdio),
    /// Configuration: `config=database.*`.
    Config(Pattern),
    /// The log: `log`.
    Log,
    /// Events sent: `events:emit=orders.*`.
    Emit(Pattern),
    /// Events received: `events:subscribe=orders.placed`.
    Subscribe(Pattern),
    /// What an application adds: `acme:counters/store=users.*`.
    Custom(CustomScope),
}

impl Grant {
    /// Reads the scope of a grant: what stands after the `=`.
    pub(crate) fn parse_scope(capability: &Capability, scope: &str) -> Result<Grant, Mistake> {
        let pattern = || Pattern::parse(scope, capability.example());
        Ok(match capability {
            Capability::FsRead => Grant::Fs(FsGrant::parse(FsAccess::Read, scope)?),
            Capability::FsWrite => Grant::Fs(FsGrant::parse(FsAccess::Write, scope)?),
            Capability::Net => Grant::Net(NetGrant::new(NetScope::parse(scope)?, false)),
            Capability::NetPrivate => Grant::Net(NetGrant::new(NetScope::parse(scope)?, true)),
            Capability::Http => Grant::Http(HttpGrant::new(HttpScope::parse(scope)?, false)),
            Capability::HttpPrivate => Grant::Http(HttpGrant::new(HttpScope::parse(scope)?, true)),
            Capability::Env => Grant::Env(EnvGrant::parse(scope)?),
            Capability::Clocks => Grant::Clocks(Clocks::parse(scope)?),
            Capability::Random => Grant::Random(Random::parse(scope)?),
            Capability::Stdio => Grant::Stdio(Stdio::parse(scope)?),
            Capability::Config => Grant::Config(pattern()?),
            Capability::EventsEmit => Grant::Emit(pattern()?),
            Capability::EventsSubscribe => Grant::Subscribe(pattern()?),
            Capability::Custom(name) => Grant::Custom(CustomScope::new(name.clone(), pattern()?)),
            Capability::Log => {
                let help = "write `log` alone";
                return Err(Mistake::new(0..scope.len(), "the log has no parts to choose from", help));
            }
        })
    }

    /// The capability that it belongs to.
    #[must_use]
    pub fn capability(&self) -> Capability {
        match self {
            Grant::Fs(fs) if fs.access == FsAccess::Read => Capability::FsRead,
            Grant::Fs(_) => Capability::FsWrite,
            Grant::Net(net) if net.private => Capability::NetPrivate,
            Grant::Net(_) => Capability::Net,
            Grant::Http(http) if http.private => Capability::HttpPrivate,
            Grant::Http(_) => Capability::Http,
            Grant::Env(_) => Capability::Env,
            Grant::Clocks(_) => Capability::Clocks,
            Grant::Random(_) => Capability::Random,
            Grant::Stdio(_) => Capability::Stdio,
            Grant::Config(_) => Capability::Config,
            Grant::Log => Capability::Log,
            Grant::Emit(_) => Capability::EventsEmit,
            Grant::Subscribe(_) => Capability::EventsSubscribe,
            Grant::Custom(custom) => Capability::Custom(custom.name.clone()),
        }
    }

    /// What stands after the `=`; empty for the log.
    #[must_use]
    pub fn scope(&self) -> String {
        match self {
            Grant::Fs(fs) => fs.to_string(),
            Grant::Net(net) => net.scope.to_string(),
            Grant::Http(http) => http.scope.to_string(),
            Grant::Env(env) => env.to_string(),
            Grant::Clocks(clocks) => clocks.to_string(),
            Grant::Random(random) => random.to_string(),
            Grant::Stdio(stdio) => stdio.to_string(),
            Grant::Config(pattern) | Grant::Emit(pattern) | Grant::Subscribe(pattern) => pattern.to_string(),
            Grant::Custom(custom) => custom.pattern.to_string(),
            Grant::Log => String::new(),
        }
    }

    /// Whether all that `other` allows is allowed.
    #[must_use]
    pub fn covers(&self, other: &Grant) -> bool {
        match (self, other) {
            (Grant::Fs(own), Grant::Fs(other)) => own.covers(other),
            (Grant::Net(own), Grant::Net(other)) => own.covers(other),
            (Grant::Http(own), Grant::Http(other)) => own.covers(other),
            (Grant::Env(own), Grant::Env(other)) => own.covers(other),
            (Grant::Clocks(own), Grant::Clocks(other)) => own.covers(*other),
            (Grant::Random(own), Grant::Random(other)) => own.covers(*other),
            (Grant::Stdio(own), Grant::Stdio(other)) => own.covers(*other),
            (Grant::Config(own), Grant::Config(other))
            | (Grant::Emit(own), Grant::Emit(other))
            | (Grant::Subscribe(own), Grant::Subscribe(other)) => own.covers(other),
            (Grant::Custom(own), Grant::Custom(other)) => own.covers(other),
            (Grant::Log, Grant::Log) => true,
            _ => false,
        }
    }

    /// The same, with a relative folder of the host below `base`.
    #[must_use]
    pub fn anchored(self, base: &Path) -> Grant {
        match self {
            Grant::Fs(fs) => Grant::Fs(fs.anchored(base)),
            other => other,
        }
    }

    /// The text for people and logs: a value that the policy gives to a variable is left out.
    #[must_use]
    pub fn shown(&self) -> String {
        match self {
            Grant::Env(env) if matches!(env.value, EnvValue::Fixed(_)) => format!("env={}=…", env.name),
            other => shown(&other.to_string()),
        }
    }
}

/// As on the command line; it can be read again.
impl fmt::Display for Grant {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Grant::Log => f.write_str("log"),
            other => write!(f, "{}={}", other.capability(), other.scope()),
        }
    }
}

impl FromStr for Grant {
    type Err = GrantError;

    fn from_str(text: &str) -> Result<Grant, GrantError> {
        let parse = || match split(text)? {
            (Capability::Log, None) => Ok(Grant::Log),
            (capability, None) => {
                let help = format!("write `{capability}={}`", capability.example());
                Err(Mistake::new(0..text.len(), format!("`{capability}` alone grants nothing"), help))
            }
            (capability, Some((at, scope))) => {
                Grant::parse_scope(&capability, scope).map_err(|mistake| mistake.shifted(at))
            }
        };
        parse().map_err(|mistake| GrantError::new(text, mistake))
    }
}

/// A capability, and what stands after its `=`, with its place.
pub(crate) type Split<'a> = (Capability, Option<(usize, &'a str)>);

pub(crate) fn split(text: &str) -> Result<Split<'_>, Mistake> {
    if text.len() > MAX_TEXT {
        return Err(Mistake::new(0..0, "the text is too long", format!("it may have {MAX_TEXT} bytes")));
    }
    let (name, scope) = match text.split_once('=') {
        Some((name, scope)) => (name, Some((name.len() + 1, scope))),
        None => (text, None),
    };
    Capability::parse(name).map(|capability| (capability, scope))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_capability_has_an_example_that_can_be_read() {
        let custom = Capability::from_name("acme:counters/store").unwrap();
        for capability in Capability::BUILT_IN.into_iter().chain([custom]) {
            let text = match &capability {
                Capability::Log => "log".to_owned(),
                capability => format!("{capability}={}", capability.example()),
            };
            let grant: Grant = text.parse().unwrap();
            assert_eq!(Capability::from_name(capability.as_str()).as_ref(), Some(&capability));
            assert_eq!((grant.to_string(), grant.capability()), (text, capability));
        }
    }

    #[test]
    fn mistakes_are_told_with_the_mend() {
        for (text, told) in [
            ("fs:raed=x", "`fs:raed=x`: there is no capability `fs:raed`; did you mean `fs:read`?"),
            ("fs=x", "`fs=x`: there is no capability `fs`; did you mean `fs:read`?"),
            (
                "disk",
                "`disk`: there is no capability `disk`; there are: fs:read, fs:write, net, net:private, http, \
                 http:private, env, clocks, random, stdio, config, log, events:emit, events:subscribe",
            ),
            ("net", "`net`: `net` alone grants nothing; write `net=api.example.com:443`"),
            (
                "acme:kv/store",
                "`acme:kv/store`: `acme:kv/store` alone grants nothing; write `acme:kv/store=*`",
            ),
            (
                "acme:kv/store=a*b",
                "`acme:kv/store=a*b`: the pattern has a `*` that is not at its end; a `*` may stand at the end \
                 only, as in `a*`",
            ),
            ("fs/read=x", "`fs/read=x`: there is no capability `fs/read`; did you mean `fs:read`?"),
            (
                "fs:read/data=x",
                "`fs:read/data=x`: no capability of an application begins with `fs:`; write a namespace of the \
                 application's own, such as `acme:counters/store`",
            ),
            ("log=x", "`log=x`: the log has no parts to choose from; write `log` alone"),
            (
                "clocks=slow",
                "`clocks=slow`: `slow` is no kind of clocks; they are `real`, `coarse` or `frozen`",
            ),
            (
                "random=seeded:x",
                "`random=seeded:x`: `seeded:x` is no kind of random numbers; they are `real`, `seeded`, or \
                 `seeded:7` with a seed",
            ),
            ("stdio=tty", "`stdio=tty`: `tty` is no place for standard output; it is `log` or `closed`"),
        ] {
            let error = text.parse::<Grant>().unwrap_err();
            assert_eq!((error.to_string().as_str(), error.code()), (told, "PLG1001"));
        }
        let error = "events:emit=a*b".parse::<Grant>().unwrap_err();
        assert_eq!(error.marked(), ["events:emit=a*b", "             ^"]);
        assert!(format!("net={}:80", "a".repeat(5000)).parse::<Grant>().unwrap_err().to_string().len() < 200);
    }

    #[test]
    fn no_secret_is_shown() {
        let grant: Grant = "env=TOKEN=secret".parse().unwrap();
        assert_eq!(grant.shown(), "env=TOKEN=…");
        assert_eq!(grant.to_string(), "env=TOKEN=secret");
    }
}
