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

mod audit;
mod canonical;
mod capability;
mod custom_name;
mod effective;
mod file_mistake;
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
mod text_file;
mod want;

pub use audit::{Audit, AuditError, AuditRecord, MAX_AUDIT_BYTES};
pub use capability::Capability;
pub use custom_name::CustomName;
pub use effective::{Denied, Effective, Refused};
pub use file_mistake::{FileMistake, FileMistakes};
pub use gains::Difference;
pub use grant::{
    AddressClass, Clocks, ConfigRules, CustomRules, CustomScope, EnvGrant, EnvName, EnvRules, EnvValue,
    EventRules, FsAccess, FsGrant, FsRules, FsWant, Grant, GrantError, GuestPath, HostName, Hosts, HttpGrant,
    HttpRules, HttpScope, NetGrant, NetRules, NetScope, Pattern, Ports, Preopen, Protocol, Random, Scheme,
    Stdio,
};
pub use grants::Grants;
pub use limits::{LimitKind, LimitsPatch};
pub use line::PolicyLine;
pub use nearest::nearest;
pub use policy::{ContractPattern, Entry, MAX_POLICY_BYTES, PluginPolicy, Policy, PolicyError};
pub use preset::Preset;
pub use quantity::{QuantityError, parse_size, parse_time};
pub use suggest::{Denial, Suggestion};
pub use text_file::{TextFileError, read_text};
pub use want::{MAX_WANTS, WantError, WantScope, Wanted};

/// The ranges of addresses in [`Hosts::Range`].
pub use ipnet::IpNet;
