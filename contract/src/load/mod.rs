//! From text or bytes to a [`Contract`](crate::Contract).

mod component;
mod features;
mod lines;
mod optional;
mod resolve;
mod source;
mod wit;

pub use optional::OptionalError;
pub use wit::{Wit, WitError, WitErrorKind, WitOptions};
