//! What a plugin can reach: what it wants and is granted, and nothing else.
//!
//! [`definition`] says what a capability is. Each has a file of its own: [`fs`], [`net`], [`http`],
//! [`env`], [`clocks`], [`random`], [`stdio`], [`config`], [`log`] and [`events`]; [`wasi`] is what gives no
//! power.
//! `std` of most languages imports WASI whether a plugin uses it or not, so all of WASI is linked for
//! everybody, and what is not granted is denied when it is asked for.

mod built_in;
mod clocks;
mod config;
mod custom;
mod definition;
mod denial;
mod env;
mod events;
mod fs;
mod harness;
mod host_api;
mod http;
mod interface;
mod log;
mod manager;
mod net;
mod permit;
mod powers;
mod random;
mod rate;
mod state;
mod stdio;
mod usage;
mod violation;
mod wasi;

pub(crate) use built_in::link;
pub use custom::CapabilityNameError;
pub(crate) use custom::{CustomBuilder, CustomCapabilities};
pub(crate) use definition::Surroundings;
pub use definition::{Capability, InstanceContext, PluginContext};
pub use denial::{PolicyEvent, PolicyEvents};
pub use harness::{CapabilityHarness, HarnessInstance};
pub use manager::{CapabilityManager, ChangeError};
pub(crate) use net::SharedResolver;
pub use net::{Resolver, Resolving};
pub use permit::Permit;
pub(crate) use powers::{Powers, Subscribed};
pub use state::State;
pub(crate) use state::Stop;
pub use usage::Usage;
pub(crate) use violation::Violation;
