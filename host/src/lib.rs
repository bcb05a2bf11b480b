//! Embed plugins safely: load, judge, call and replace WebAssembly components.

mod artifact;
mod bindings;
mod capability;
mod dynamic;
mod engine;
mod error;
mod event;
mod host;
mod limits;
mod plugin;
mod pool;
mod registry;
mod standard;
mod world;

pub use artifact::{Artifact, ArtifactError};
pub use capability::State;
pub use dynamic::{DynamicFunction, DynamicInstance, DynamicOptions, DynamicPlugin};
pub use engine::{Engine, EngineBuilder, EngineError};
pub use error::{
    Backtrace, CallError, Cause, Frame, GuestError, HostError, LoadError, TrapError, TrapKind, UnloadError,
};
pub use event::{Event, Events};
pub use host::{BuildError, Host, HostBuilder};
pub use limits::{Limits, MIB};
pub use plugin::{CallStore, Instance, Metadata, Plugin};
pub use registry::{PluginHandle, PluginInfo};
pub use standard::{ProcessRequest, ProcessResponse, Standard};
pub use world::World;

/// The contract crate's own types that show up here.
#[doc(no_inline)]
pub use plug_contract::{Contract, ContractHash, Digest, Report, Section, Verdict};
pub use plug_host_macros::world;
/// The engine beneath, whose types show up in signatures.
#[doc(no_inline)]
pub use wasmtime;

/// What the code of `world!` names. No part of the API.
#[doc(hidden)]
pub mod __private {
    pub use crate::bindings::host_api;
    pub use wasmtime::component::HasSelf;
    pub use wasmtime_wasi::p2::bindings as wasi;

    /// The contract of a world that the macro has already checked.
    ///
    /// # Panics
    /// When the text is not the macro's.
    #[must_use]
    pub fn contract(text: &str, world: &str) -> crate::Contract {
        plug_contract::Wit::from_text("world.wit", text)
            .and_then(|wit| wit.contract(Some(world)))
            .unwrap_or_else(|why| panic!("the WIT that `world!` embeds cannot be read: {why}"))
    }
}
