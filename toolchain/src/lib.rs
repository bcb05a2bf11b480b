//! Finds, checks and installs what building a plugin needs: the compiler, the target
//! `wasm32-wasip2` with its standard library and wasi-libc, and the linkers.
//!
//! ```no_run
//! use plug_toolchain::{Rustc, Setup, Target, TargetState};
//!
//! let rustc = Rustc::probe(".".as_ref())?;
//! if Target::state(&rustc) != TargetState::Present {
//!     let plan = Setup::plan(&rustc);
//!     plan.steps().iter().for_each(|step| eprintln!("{step}"));
//!     plan.run(&mut |progress| eprintln!("{progress}"))?;
//! }
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod environment;
mod process;
mod rustc;
mod setup;
mod target;

pub mod doctor;

pub use environment::{Environment, Patience};
pub use rustc::{Rustc, ToolchainError};
pub use setup::{Attempt, Plan, Progress, Setup, SetupError, Way};
pub use target::{GUEST_TARGET, Target, TargetError, TargetState};
