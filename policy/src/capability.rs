//! The capabilities by name.

use std::fmt;

use serde::{Deserialize, Serialize};

/// A capability by name: the key of a grant, in a manifest, on the command line and in a policy.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[non_exhaustive]
pub enum Capability {
    /// Read a folder of the host.
    #[serde(rename = "fs:read")]
    FsRead,
    /// Read and write a folder of the host.
    #[serde(rename = "fs:write")]
    FsWrite,
    /// Connect to public hosts, and to address ranges that are named.
    #[serde(rename = "net")]
    Net,
    /// Connect to hosts whose names may lead to private addresses.
    #[serde(rename = "net:private")]
    NetPrivate,
    /// Send HTTP requests to public hosts.
    #[serde(rename = "http")]
    Http,
    /// Send HTTP requests to hosts whose names may lead to private addresses.
    #[serde(rename = "http:private")]
    HttpPrivate,
    /// See an environment variable.
    #[serde(rename = "env")]
    Env,
    /// Tell the time.
    #[serde(rename = "clocks")]
    Clocks,
    /// Draw random numbers.
    #[serde(rename = "random")]
    Random,
    /// Have standard output and error.
    #[serde(rename = "stdio")]
    Stdio,
    /// Read the plugin's configuration.
    #[serde(rename = "config")]
    Config,
    /// Write to the log.
    #[serde(rename = "log")]
    Log,
    /// Send events.
    #[serde(rename = "events:emit")]
    EventsEmit,
    /// Receive events.
    #[serde(rename = "events:subscribe")]
    EventsSubscribe,
}

impl Capability {
    /// All of them.
    pub const ALL: [Capability; 14] = [
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
    pub fn as_str(self) -> &'static str {
        match self {
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
        Capability::ALL.into_iter().find(|capability| capability.as_str() == name)
    }

    /// Whether a plugin has it without asking, as far as the policy grants it.
    ///
    /// The standard library of most languages imports clocks, random numbers and standard output
    /// whether a plugin uses them or not, and log and configuration come with the base contract.
    #[must_use]
    pub fn is_free(self) -> bool {
        matches!(
            self,
            Capability::Clocks
                | Capability::Random
                | Capability::Stdio
                | Capability::Config
                | Capability::Log
        )
    }

    /// A scope that can be granted, for messages.
    pub(crate) fn example(self) -> &'static str {
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
        }
    }
}

impl fmt::Display for Capability {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}
