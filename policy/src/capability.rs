//! The capabilities by name.

use std::fmt;

use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::custom_name::CustomName;
use crate::mistake::{Mistake, shown};
use crate::nearest::nearest_key;

/// A capability by name: the key of a grant, in a manifest, on the command line and in a policy.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Capability {
    /// Read a folder of the host.
    FsRead,
    /// Read and write a folder of the host.
    FsWrite,
    /// Connect to public hosts, and to address ranges that are named.
    Net,
    /// Connect to hosts whose names may lead to private addresses.
    NetPrivate,
    /// Send HTTP requests to public hosts.
    Http,
    /// Send HTTP requests to hosts whose names may lead to private addresses.
    HttpPrivate,
    /// See an environment variable.
    Env,
    /// Tell the time.
    Clocks,
    /// Draw random numbers.
    Random,
    /// Have standard output and error.
    Stdio,
    /// Read the plugin's configuration.
    Config,
    /// Write to the log.
    Log,
    /// Send events.
    EventsEmit,
    /// Receive events.
    EventsSubscribe,
    /// What an application adds of its own.
    Custom(CustomName),
}

impl Capability {
    /// All but those that applications add.
    pub const BUILT_IN: [Capability; 14] = [
        Capability::FsRead,
        Capability::FsWrite,
        Capability::Net,
        Capability::NetPrivate,
        Capability::Http,
        Capability::HttpPrivate,
        Capability::Env,
        Capability::Clocks,
        Capability::Random,
        Capability::Stdio,
        Capability::Config,
        Capability::Log,
        Capability::EventsEmit,
        Capability::EventsSubscribe,
    ];

    /// The name, as it is written.
    #[must_use]
    pub fn as_str(&self) -> &str {
        match self {
            Capability::Custom(name) => name.as_str(),
            other => other.built_in(),
        }
    }

    /// The name of one that is built in.
    const fn built_in(&self) -> &'static str {
        match self {
            Capability::Custom(_) => "",
            Capability::FsRead => "fs:read",
            Capability::FsWrite => "fs:write",
            Capability::Net => "net",
            Capability::NetPrivate => "net:private",
            Capability::Http => "http",
            Capability::HttpPrivate => "http:private",
            Capability::Env => "env",
            Capability::Clocks => "clocks",
            Capability::Random => "random",
            Capability::Stdio => "stdio",
            Capability::Config => "config",
            Capability::Log => "log",
            Capability::EventsEmit => "events:emit",
            Capability::EventsSubscribe => "events:subscribe",
        }
    }

    /// The capability of that name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Capability> {
        Capability::parse(name).ok()
    }

    pub(crate) fn parse(name: &str) -> Result<Capability, Mistake> {
        if let Some(known) = Capability::BUILT_IN.into_iter().find(|known| known.as_str() == name) {
            return Ok(known);
        }
        if CustomName::looks_like(name) {
            return CustomName::parse(name).map(Capability::Custom);
        }
        let names = Capability::names();
        let help = match nearest_key(name, names) {
            Some(meant) => format!("did you mean `{meant}`?"),
            None => format!("there are: {}", names.join(", ")),
        };
        Err(Mistake::new(0..name.len(), format!("there is no capability `{}`", shown(name)), help))
    }

    /// The names of those that are built in.
    pub(crate) fn names() -> [&'static str; 14] {
        Capability::BUILT_IN.map(|capability| capability.built_in())
    }

    /// Whether a plugin has it without asking, as far as the policy grants it.
    ///
    /// The standard library of most languages imports clocks, random numbers and standard output
    /// whether a plugin uses them or not, and log and configuration come with the base contract.
    #[must_use]
    pub fn is_free(&self) -> bool {
        matches!(
            self,
            Capability::Clocks
                | Capability::Random
                | Capability::Stdio
                | Capability::Config
                | Capability::Log
        )
    }

    /// Whether an instance has it as it was when the instance was made. The others are asked for at
    /// each use, so that what is revoked is gone at once.
    #[must_use]
    pub fn is_fixed(&self) -> bool {
        matches!(
            self,
            Capability::FsRead
                | Capability::FsWrite
                | Capability::Env
                | Capability::Clocks
                | Capability::Random
                | Capability::Stdio
        )
    }

    /// A scope that can be granted, for messages.
    pub(crate) fn example(&self) -> &'static str {
        match self {
            Capability::FsRead => "data -> /data",
            Capability::FsWrite => "scratch -> /scratch",
            Capability::Net => "api.example.com:443",
            Capability::NetPrivate => "db.internal:5432",
            Capability::Http => "https://api.example.com",
            Capability::HttpPrivate => "http://localhost:8080",
            Capability::Env => "LANG",
            Capability::Clocks => "real",
            Capability::Random => "real",
            Capability::Stdio => "log",
            Capability::Config => "database.*",
            Capability::Log => "",
            Capability::EventsEmit => "orders.*",
            Capability::EventsSubscribe => "orders.placed",
            Capability::Custom(_) => "*",
        }
    }
}

impl fmt::Display for Capability {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl Serialize for Capability {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

impl<'de> Deserialize<'de> for Capability {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Capability, D::Error> {
        let name = String::deserialize(deserializer)?;
        Capability::parse(&name)
            .map_err(|mistake| D::Error::custom(format_args!("{}; {}", mistake.what, mistake.help)))
    }
}
