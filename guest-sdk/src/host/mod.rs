//! The host, behind three functions. Without WebAssembly there is none, and tests stand in for it.

#[cfg(not(target_arch = "wasm32"))]
mod native;
#[cfg(target_arch = "wasm32")]
mod wasm;

#[cfg(not(target_arch = "wasm32"))]
pub(crate) use native::{Stage, config, emit, log, with_stage};
#[cfg(target_arch = "wasm32")]
pub(crate) use wasm::{config, emit, log};
