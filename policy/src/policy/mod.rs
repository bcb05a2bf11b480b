//! A policy: what is granted to which plugin, and its limits.

mod contract;
mod entry;
mod error;
mod file;
mod whole;

pub use contract::ContractPattern;
pub use entry::{Entry, PluginPolicy};
pub use error::PolicyError;
pub(crate) use file::{MAX_CUSTOM, MAX_GRANTS};
pub use whole::{MAX_POLICY_BYTES, Policy};
