//! `plug.lock`: which artifact each plugin is.

mod error;
mod file;
mod pin;
mod whole;

pub use error::PinError;
pub use pin::Pin;
pub use whole::{LOCK_FORMAT, Lock, MAX_LOCK_BYTES};
