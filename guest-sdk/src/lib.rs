//! Write a Plug plugin: one impl under `#[plugin]`.
//!
//! ```
//! use plug_guest_sdk::prelude::*;
//!
//! struct Shout;
//!
//! #[plugin]
//! impl Plugin for Shout {
//!     fn process(req: ProcessRequest) -> ProcessResponse {
//!         info!("{} bytes to shout", req.input.len());
//!         ProcessResponse::ok(req.input.to_uppercase())
//!     }
//! }
//! # fn main() {
//! assert_eq!(Shout::process(ProcessRequest::new("hello")).output, "HELLO");
//! # }
//! ```
//!
//! That is a whole plugin: a library with `crate-type = ["cdylib"]` that depends on this crate
//! alone. `cargo plug build` makes a component of it. [`plugin`] tells what may stand in the impl
//! and how to write for the world of an application.
//!
//! # What there is
//! - [`plugin`]: the attribute.
//! - [`log`]: `info!` and the like write to the host's log. The features `log` and `tracing` send
//!   the macros of those crates there too. A panic arrives in the log with message and place.
//! - [`config`]: what the host configured for the plugin, typed.
//! - [`events`]: what the plugin tells the host and other plugins.
//! - `testing`: all of these in unit tests, without a host; only outside of WebAssembly.
//!
//! # Without a host
//! A plugin compiles for the machine that it is written on as well, so that `cargo test` works
//! as for any library: the log goes to stderr, configuration comes from the test.

// generated code names this crate as a plugin does
extern crate self as plug_guest_sdk;

pub mod config;
mod entry;
pub mod events;
mod host;
pub mod log;
mod panic;
pub mod prelude;
mod processor;
mod runtime;
#[cfg(not(target_arch = "wasm32"))]
pub mod testing;

plug_guest_macros::__sdk_private!();

#[doc = include_str!("plugin.md")]
pub use plug_guest_macros::plugin;
pub use private::lifecycle::PluginMetadata;
pub use private::processor::{ProcessRequest, ProcessResponse};
