//! What wasmtime really links, so that the judge of `plug-contract` is compared with it.
//!
//! A host and a plugin are made from two WIT worlds, the host with the static types that
//! `wasmtime::component::bindgen!` would give it, and linked:
//!
//! ```
//! use plug_compat_truth::{Outcome, Stage, World, link};
//!
//! let world = |text: &str| World::from_text(text, "w");
//! let host = world("package t:c; world w { export run: func() -> u64; }")?;
//! let plugin = world("package t:c; world w { export run: func() -> u32; }")?;
//! let Outcome::Fails { stage, message } = link(&host, &plugin)? else { panic!("the types differ") };
//! assert_eq!(stage, Stage::ExportMissing);
//! assert_eq!(message, "type-checking export func `run`: expected `u64` found `u32`");
//! # Ok::<(), plug_compat_truth::Error>(())
//! ```
//!
//! How it gets the static types without generated code: `docs/decisions/0008-linking-truth.md`.

mod concurrent;
mod engine;
mod error;
mod expected;
mod host;
mod outcome;
mod plugin;
mod resources;
mod shape;
mod world;

pub use error::Error;
pub use host::Host;
pub use outcome::{Outcome, Stage, link};
pub use plugin::{Imports, Plugin};
pub use world::World;
