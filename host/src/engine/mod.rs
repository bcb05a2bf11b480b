//! wasmtime's engines, and the clock that their guests are held to.

mod builder;
mod census;
mod kind;
mod meter;
mod pair;
mod ticker;

pub use builder::{EngineBuilder, EngineError};
pub(crate) use census::{Census, Seat};
pub use kind::EngineKind;
pub(crate) use meter::{Denied, Meter};
pub use pair::Engine;

#[cfg(test)]
mod tests;
