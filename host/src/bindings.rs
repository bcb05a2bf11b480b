//! The base world as Rust: what every plugin imports from us and exports to us.

plug_host_macros::base!(mod base, crate = crate);

pub(crate) use base::{Base, BaseIndices};
// `world!` lets all bindings share these types
pub use base::plug::plugin::host_api;
