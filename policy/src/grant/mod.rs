//! What can be granted: one file for each capability, and what they share.

mod address;
mod clocks;
mod config;
mod custom;
mod env;
mod error;
mod events;
mod fs;
mod host_name;
mod hosts;
mod http;
mod net;
mod one;
mod pattern;
mod port;
mod random;
mod stdio;

pub use address::AddressClass;
pub use clocks::Clocks;
pub use config::ConfigRules;
pub use custom::{CustomRules, CustomScope};
pub use env::{EnvGrant, EnvName, EnvRules, EnvValue};
pub use error::GrantError;
pub use events::EventRules;
pub use fs::{FsAccess, FsGrant, FsRules, FsWant, GuestPath, Preopen};
pub use host_name::HostName;
pub use hosts::Hosts;
pub use http::{HttpGrant, HttpRules, HttpScope, Scheme};
pub use net::{NetGrant, NetRules, NetScope};
pub use one::Grant;
pub(crate) use one::split;
pub use pattern::Pattern;
pub use port::{Ports, Protocol};
pub use random::Random;
pub use stdio::Stdio;
