//! A policy: what is granted to which plugin, and its limits.

mod contract;
mod entry;
mod error;
mod file;
mod whole;

pub use contract::ContractPattern;
pub use entry::{Entry, PluginPolicy};
pub use error::{PolicyError, PolicyMistake};
pub use whole::{MAX_POLICY_BYTES, Policy};
