//! What a plugin wants, what it is granted, and what takes effect.
//!
//! - A [`Capability`] is a power of the host, a [`Grant`] gives some of it: `net=api.example.com:443`.
//! - A plugin's manifest says what it wants: [`Wanted`].
//! - A [`Policy`], mostly a file, says what each plugin is granted, and its limits.
//! - Only what is wanted *and* granted takes effect: [`Effective`], which answers what a plugin may do.
//!
//! ```
//! use plug_policy::{Effective, Policy, Protocol, Wanted};
//! use plug_contract::Want;
//!
//! let policy = Policy::parse("policy.toml", r#"
//!     [plugin."weather"]
//!     net = ["*.example.com:443"]
//!     env = ["LANG"]
//! "#)?;
//! let wants = Wanted::read(&[Want::new("net=api.example.com:443", "asks for the weather", true)])?;
//!
//! let effective = Effective::decide("weather", &wants, &policy.resolve("weather", None).grants)?;
//! assert!(effective.net.allows_name("api.example.com", 443, Protocol::Tcp));
//! assert!(!effective.net.allows_name("www.example.com", 443, Protocol::Tcp), "granted, but not wanted");
//! assert_eq!(effective.env.get("LANG"), None);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! The crate decides and does nothing: no clock, no network, no I/O but reading a policy file. It
//! never panics on foreign text.

mod capability;
mod effective;
mod gains;
mod grant;
mod grants;
mod limits;
mod line;
mod mistake;
mod nearest;
mod policy;
mod preset;
mod quantity;
mod snippet;
mod suggest;
mod want;

pub use capability::Capability;
pub use effective::{Denied, Effective, Refused};
pub use gains::Gain;
pub use grant::{
    AddressClass, Clocks, ConfigRules, EnvGrant, EnvName, EnvRules, EnvValue, EventRules, FsAccess, FsGrant,
    FsRules, FsWant, Grant, GrantError, GuestPath, HostName, Hosts, HttpGrant, HttpRules, HttpScope,
    NetGrant, NetRules, NetScope, Pattern, Ports, Preopen, Protocol, Random, Scheme, Stdio,
};
pub use grants::Grants;
pub use limits::LimitsPatch;
pub use line::PolicyLine;
pub use policy::{
    ContractPattern, Entry, MAX_POLICY_BYTES, PluginPolicy, Policy, PolicyError, PolicyMistake,
};
pub use preset::Preset;
pub use suggest::{Denial, Suggestion};
pub use want::{MAX_WANTS, WantError, WantScope, Wanted};

/// The ranges of addresses in [`Hosts::Range`].
pub use ipnet::IpNet;
