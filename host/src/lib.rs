//! Embed plugins safely: load, judge, call and replace WebAssembly components.
//!
//! # The nouns
//! - An [`Engine`] compiles plugins and counts time for them. One is enough for a process.
//! - An [`Artifact`] is the bytes of a component, with its digest and its actual contract.
//! - A [`Plugin`] is an artifact that was judged to fit a [`World`], compiled and linked. It never
//!   changes.
//! - An [`Instance`] is a running plugin with a memory of its own. After a call that broke it, it is
//!   never used again.
//! - A [`Host`] keeps plugins by name, each with a live instance behind a [`PluginHandle`].
//!
//! [`Standard`] is the ready-made world for strings in and strings out; [`world!`] makes one of the
//! application's own WIT. [`Limits`] are always on. [`CallError`] tells a plugin's own answer, a
//! broken plugin and a failure of the host apart.
//!
//! # Load a plugin and call it
//! ```
//! use plug_host::{Artifact, Host, ProcessRequest, Standard};
//!
//! # mod support { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/support/guest.rs")); }
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! # let dir = tempfile::tempdir()?;
//! # let path = dir.path().join("echo.wasm");
//! # std::fs::write(&path, support::Guest::echo().build())?;
//! let host = Host::<Standard>::builder().config("echo", [("greeting", "hi")]).build()?;
//! let echo = host.load("echo", Artifact::from_file(path)?).await?;
//! match echo.process(&ProcessRequest::new("hello")).await {
//!     Ok(answer) => assert_eq!(answer.output, "hello"),
//!     Err(error) if error.is_deadline() => eprintln!("too slow: {error}"),
//!     Err(error) => eprintln!("{error:#}"), // with code, last words and backtrace
//! }
//! host.unload("echo").await?;
//! # Ok(())
//! # }
//! ```
//!
//! # A contract of one's own
//! ```no_run
//! use plug_host::{Artifact, CallError, Host, PluginHandle};
//!
//! # #[cfg(any())]
//! plug_host::world! {
//!     pub Filter: "wit", world = "acme:images/filter",
//! }
//! # plug_host::world! { pub Filter: "tests/wit/images", world = "acme:images/filter" }
//! use filter::exports::acme::images::image_filter::Image;
//!
//! async fn apply(gray: &PluginHandle<Filter>, image: &Image) -> Result<Image, CallError> {
//!     gray.try_call(async |p, store| p.image_filter().call_apply(store, image).await).await
//! }
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//!
//! let host = Host::<Filter>::builder().build()?;
//! let gray = host.load("gray", Artifact::from_file("gray.wasm")?).await?;
//! let image = apply(&gray, &Image { width: 2, height: 1, pixels: vec![0; 8] }).await?;
//! # Ok(())
//! # }
//! ```
//!
//! # What a plugin can do
//! What its manifest wants *and* the [`policy`] grants, within its [`Limits`]; nothing else. Without
//! a policy it computes, tells the time, draws random numbers, writes to the log, and reads its own
//! configuration. It calls what the application's own world gives it.
//!
//! WASI is there as a whole, because the standard libraries of most languages import it; what is not
//! granted is denied when it is asked for. [`Host::capabilities`] tells of denials, and grants and
//! revokes while plugins run. [`Capability`] is how an application adds a power of its own, and
//! [`admission`] says which artifacts may be loaded at all.
//!
//! Connections go by TCP and UDP to hosts that are granted by name, address or range, each with its
//! ports. Only granted names are looked up, by the [`Resolver`] of the host; what they lead to is
//! checked, and so is each use of it. No name leads to a private address unless that was granted
//! (`net:private`). Nobody can connect to a plugin.
//!
//! Requests by `wasi:http` go to what is granted by scheme, host and port, over HTTP/1.1, and are checked
//! in the same way (`http:private`). `https` trusts the issuers of certificates that this machine trusts;
//! the variables `SSL_CERT_FILE` and `SSL_CERT_DIR` name others. Nobody's redirect is followed but by the
//! plugin itself, as a new request.
//!
//! All that plugins log arrives as events of `tracing` under the target `plug::plugin`, with the
//! plugin's name in the field `plugin`.
//!
//! # Where it runs
//! Calls run in the task that makes them, within a tokio runtime that has time enabled. A plugin
//! that computes gives way to other tasks at each tick of the engine. Nothing is spawned for a call but
//! what its connections need: a task or two for each request of HTTP, which end with the instance at the
//! latest, and one for each lookup of a name, which ends after some seconds. A plugin that hears events has a
//! task of its own that brings them.
//!
//! The sockets of plugins are driven by one thread for the whole process, which begins with the first of
//! them, so the runtime need not have I/O enabled.

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
pub use capability::{
    Capability, CapabilityHarness, CapabilityManager, CapabilityNameError, ChangeError, HarnessInstance,
    InstanceContext, Permit, PluginContext, PolicyEvent, PolicyEvents, Resolver, Resolving, State, Usage,
};
pub use dynamic::{
    DropError, DynamicFunction, DynamicInstance, DynamicOptions, DynamicPlugin, DynamicResource,
    stream_element,
};
pub use engine::{Engine, EngineBuilder, EngineError, EngineKind};
pub use error::{
    Backtrace, CallError, Cause, ConfigureError, Excess, Frame, GuestError, HostError, LoadError, Measure,
    ShutdownError, TrapError, TrapKind, UnloadError, Withheld,
};
pub use event::{Emitter, Event, Events, Subscription};
pub use host::{BuildError, Host, HostBuilder};
pub use limits::{Limits, LoadLimits, MIB};
pub use plugin::{CallStore, Instance, Metadata, Plugin};
pub use registry::{DeliveryInfo, PluginHandle, PluginInfo};
pub use standard::{ProcessRequest, ProcessResponse, Standard};
pub use world::World;

pub use plug_host_macros::world;

#[doc(no_inline)]
pub use plug_admission as admission;
#[doc(no_inline)]
pub use plug_contract::{Contract, ContractHash, Digest, Report, Section, Verdict};
#[doc(no_inline)]
pub use plug_policy as policy;
#[doc(no_inline)]
pub use wasmtime;

/// What the code of `world!` names. No part of the API.
#[doc(hidden)]
pub mod __private {
    pub use crate::bindings::host_api;
    pub use wasmtime::component::HasSelf;

    /// The bindings of WASI that the host links.
    pub mod wasi {
        pub use wasmtime_wasi::p2::bindings::*;
        pub use wasmtime_wasi_http::p2::bindings::http;
    }

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
