//! What a plugin wants.

use std::fmt;
use std::str::FromStr;

use plug_contract::Want;

use crate::capability::Capability;
use crate::grant::{
    Clocks, CustomScope, EnvName, FsAccess, FsWant, GrantError, GuestPath, HttpScope, NetScope, Pattern,
    Random, Stdio, split,
};
use crate::mistake::{Mistake, shown};

/// As many wants as a manifest may have.
pub const MAX_WANTS: usize = 256;

/// A capability that a plugin wants, and to what extent.
///
/// Its text is that of a grant, but it says nothing that only the host can know: neither the folder
/// of the host nor the value of a variable, nor whether a host's address is private. A capability
/// alone wants whatever is granted of it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum WantScope {
    /// Whatever is granted: `net`.
    Any(Capability),
    /// A folder: `fs:read=/data`.
    Fs(FsWant),
    /// Connections: `net=api.example.com:443`.
    Net(NetScope),
    /// Requests: `http=https://api.example.com`.
    Http(HttpScope),
    /// A variable: `env=LANG`.
    Env(EnvName),
    /// The time: `clocks=coarse`.
    Clocks(Clocks),
    /// Random numbers: `random=real`.
    Random(Random),
    /// Standard output and error: `stdio=closed`.
    Stdio(Stdio),
    /// Configuration: `config=database.*`.
    Config(Pattern),
    /// Events sent: `events:emit=orders.*`.
    Emit(Pattern),
    /// Events received: `events:subscribe=orders.placed`.
    Subscribe(Pattern),
    /// What an application adds: `acme:counters/store=users.*`.
    Custom(CustomScope),
}

impl WantScope {
    pub(crate) fn parse_scope(capability: &Capability, scope: &str) -> Result<WantScope, Mistake> {
        let whole = 0..scope.len();
        let pattern = || Pattern::parse(scope, capability.example());
        let folder = |access| match scope.rsplit_once(" -> ") {
            Some((_, guest)) => {
                let help =
                    format!("write `{capability}={}`: which folder that is, the policy says", shown(guest));
                Err(Mistake::new(whole.clone(), "a want names no folder of the host", help))
            }
            None => Ok(WantScope::Fs(FsWant::new(access, GuestPath::parse(scope)?))),
        };
        Ok(match capability {
            Capability::FsRead => folder(FsAccess::Read)?,
            Capability::FsWrite => folder(FsAccess::Write)?,
            Capability::Net => WantScope::Net(NetScope::parse(scope)?),
            Capability::Http => WantScope::Http(HttpScope::parse(scope)?),
            Capability::Env => match scope.split_once('=') {
                Some((name, _)) => {
                    let help = format!("write `env={}`: its value is for the policy", shown(name));
                    return Err(Mistake::new(whole, "a want gives no value to a variable", help));
                }
                None => WantScope::Env(EnvName::parse(scope)?),
            },
            Capability::Clocks => WantScope::Clocks(Clocks::parse(scope)?),
            Capability::Random => WantScope::Random(Random::parse(scope)?),
            Capability::Stdio => WantScope::Stdio(Stdio::parse(scope)?),
            Capability::Config => WantScope::Config(pattern()?),
            Capability::EventsEmit => WantScope::Emit(pattern()?),
            Capability::EventsSubscribe => WantScope::Subscribe(pattern()?),
            Capability::Custom(name) => WantScope::Custom(CustomScope::new(name.clone(), pattern()?)),
            Capability::Log => {
                return Err(Mistake::new(whole, "the log has no parts to choose from", "write `log` alone"));
            }
            Capability::NetPrivate | Capability::HttpPrivate => return Err(private(capability)),
        })
    }

    /// The capability that it belongs to.
    #[must_use]
    pub fn capability(&self) -> Capability {
        match self {
            WantScope::Any(capability) => capability.clone(),
            WantScope::Fs(fs) if fs.access == FsAccess::Read => Capability::FsRead,
            WantScope::Fs(_) => Capability::FsWrite,
            WantScope::Net(_) => Capability::Net,
            WantScope::Http(_) => Capability::Http,
            WantScope::Env(_) => Capability::Env,
            WantScope::Clocks(_) => Capability::Clocks,
            WantScope::Random(_) => Capability::Random,
            WantScope::Stdio(_) => Capability::Stdio,
            WantScope::Config(_) => Capability::Config,
            WantScope::Emit(_) => Capability::EventsEmit,
            WantScope::Subscribe(_) => Capability::EventsSubscribe,
            WantScope::Custom(custom) => Capability::Custom(custom.name.clone()),
        }
    }

    /// What stands after the `=`, if anything does.
    #[must_use]
    pub fn scope(&self) -> Option<String> {
        Some(match self {
            WantScope::Any(_) => return None,
            WantScope::Fs(fs) => fs.guest.to_string(),
            WantScope::Net(net) => net.to_string(),
            WantScope::Http(http) => http.to_string(),
            WantScope::Env(name) => name.to_string(),
            WantScope::Clocks(clocks) => clocks.to_string(),
            WantScope::Random(random) => random.to_string(),
            WantScope::Stdio(stdio) => stdio.to_string(),
            WantScope::Config(pattern) | WantScope::Emit(pattern) | WantScope::Subscribe(pattern) => {
                pattern.to_string()
            }
            WantScope::Custom(custom) => custom.pattern.to_string(),
        })
    }

    /// Whether all that `other` wants is wanted.
    #[must_use]
    pub fn covers(&self, other: &WantScope) -> bool {
        match (self, other) {
            (WantScope::Any(Capability::FsWrite), other) => {
                matches!(other.capability(), Capability::FsRead | Capability::FsWrite)
            }
            (WantScope::Any(own), other) => *own == other.capability(),
            (WantScope::Fs(own), WantScope::Fs(other)) => own.covers(other),
            (WantScope::Net(own), WantScope::Net(other)) => own.covers(other),
            (WantScope::Http(own), WantScope::Http(other)) => own.covers(other),
            (WantScope::Env(own), WantScope::Env(other)) => own == other,
            (WantScope::Clocks(own), WantScope::Clocks(other)) => own.covers(*other),
            (WantScope::Random(own), WantScope::Random(other)) => own.covers(*other),
            (WantScope::Stdio(own), WantScope::Stdio(other)) => own.covers(*other),
            (WantScope::Config(own), WantScope::Config(other))
            | (WantScope::Emit(own), WantScope::Emit(other))
            | (WantScope::Subscribe(own), WantScope::Subscribe(other)) => own.covers(other),
            (WantScope::Custom(own), WantScope::Custom(other)) => own.covers(other),
            _ => false,
        }
    }

    /// Whether it is one host, one variable or one topic, and not a pattern for many.
    pub(crate) fn is_single(&self) -> bool {
        match self {
            WantScope::Net(net) => net.is_single(),
            WantScope::Http(http) => http.is_single(),
            WantScope::Config(pattern) | WantScope::Emit(pattern) | WantScope::Subscribe(pattern) => {
                pattern.is_single()
            }
            WantScope::Custom(custom) => custom.pattern.is_single(),
            _ => true,
        }
    }
}

fn private(capability: &Capability) -> Mistake {
    let public = if *capability == Capability::NetPrivate { Capability::Net } else { Capability::Http };
    let help = format!("write `{public}`: whether an address may be private is for the policy");
    Mistake::new(0..0, format!("a plugin cannot want `{capability}`"), help)
}

impl fmt::Display for WantScope {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.capability().as_str())?;
        self.scope().map_or(Ok(()), |scope| write!(f, "={scope}"))
    }
}

impl FromStr for WantScope {
    type Err = GrantError;

    fn from_str(text: &str) -> Result<WantScope, GrantError> {
        let parse = || {
            let (capability, scope) = split(text)?;
            match scope {
                _ if matches!(capability, Capability::NetPrivate | Capability::HttpPrivate) => {
                    Err(Mistake { span: 0..capability.as_str().len(), ..private(&capability) })
                }
                None => Ok(WantScope::Any(capability)),
                Some((at, scope)) => {
                    WantScope::parse_scope(&capability, scope).map_err(|mistake| mistake.shifted(at))
                }
            }
        };
        parse().map_err(|mistake| GrantError::new(text, mistake))
    }
}

/// A want of a plugin, with its reason.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Wanted {
    /// What it wants.
    pub scope: WantScope,
    /// Why, in the words of the plugin's author.
    pub reason: String,
    /// Whether the plugin cannot work without.
    pub required: bool,
}

/// A manifest wants what cannot be wanted.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum WantError {
    /// The text of a want is none.
    #[error("the plugin's manifest wants what there is not: {0}")]
    Text(GrantError),
    /// There are too many.
    #[error("the plugin's manifest has {0} wants; it may have {MAX_WANTS}")]
    TooMany(usize),
}

impl WantError {
    /// The code of the error, for `cargo plug explain`.
    #[must_use]
    pub fn code(&self) -> &'static str {
        "PLG1002"
    }
}

impl Wanted {
    /// Wants `scope`, because of `reason`.
    #[must_use]
    pub fn new(scope: WantScope, reason: impl Into<String>, required: bool) -> Wanted {
        Wanted { scope, reason: reason.into(), required }
    }

    /// The wants of a manifest.
    ///
    /// # Errors
    ///
    /// When one of them cannot be read, or there are more than [`MAX_WANTS`].
    pub fn read(wants: &[Want]) -> Result<Vec<Wanted>, WantError> {
        if wants.len() > MAX_WANTS {
            return Err(WantError::TooMany(wants.len()));
        }
        wants
            .iter()
            .map(|want| {
                let scope = want.capability.parse().map_err(WantError::Text)?;
                Ok(Wanted::new(scope, want.reason.clone(), want.required))
            })
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wants_are_read_and_shown() {
        for text in [
            "fs:read",
            "fs:read=/data",
            "fs:write=/",
            "net",
            "net=*:443",
            "net=10.0.0.0/8:53/udp",
            "http",
            "http=https://*.a.b",
            "env=LANG",
            "clocks",
            "clocks=frozen",
            "random=seeded:7",
            "stdio=closed",
            "config=a.*",
            "log",
            "events:emit=a",
            "events:subscribe",
            "acme:kv/store",
            "acme:kv/store=users.*",
        ] {
            let want: WantScope = text.parse().unwrap();
            assert_eq!(want.to_string(), text);
            assert!(WantScope::Any(want.capability()).covers(&want), "{text}");
        }
    }

    #[test]
    fn what_only_the_host_knows_cannot_be_wanted() {
        for (text, told) in [
            (
                "fs:read=data -> /data",
                "a want names no folder of the host; write `fs:read=/data`: which folder that is, the policy says",
            ),
            ("fs:read=data", "`data` is no path within a plugin; begin it with `/`: `/data`"),
            (
                "fs:read=/data/../etc",
                "the path has a part that leads elsewhere; write it with names only, such as `/data/words`",
            ),
            ("env=A=1", "a want gives no value to a variable; write `env=A`: its value is for the policy"),
            (
                "net:private=a:1",
                "a plugin cannot want `net:private`; write `net`: whether an address may be private is for the policy",
            ),
            (
                "http:private",
                "a plugin cannot want `http:private`; write `http`: whether an address may be private is for the \
                 policy",
            ),
            ("acme:kv/Store", "`acme:kv/Store` is no name of a capability; write that of a WIT interface"),
            ("disc", "there is no capability `disc`; there are: "),
            ("", "there is no capability ``; there are: "),
        ] {
            let want = Want::new(text, "why", true);
            let error = Wanted::read(&[want]).unwrap_err();
            assert_eq!(error.code(), "PLG1002");
            let told = format!("the plugin's manifest wants what there is not: `{text}`: {told}");
            assert!(error.to_string().starts_with(&told), "{error}");
        }
        let many = vec![Want::new("log", "why", true); MAX_WANTS + 1];
        assert_eq!(Wanted::read(&many), Err(WantError::TooMany(MAX_WANTS + 1)));
        assert_eq!(Wanted::read(&many[1..]).unwrap().len(), MAX_WANTS);
    }
}
