//! wasmtime's engines, and the clock that their guests are held to.

mod builder;
mod kind;
mod meter;
mod pair;
mod ticker;

pub use builder::{EngineBuilder, EngineError};
pub use kind::EngineKind;
pub(crate) use meter::{Denied, Meter};
pub use pair::Engine;

#[cfg(test)]
mod tests;
