//! From text or bytes to a [`Contract`](crate::Contract).

mod component;
mod resolve;
mod source;
mod wit;

pub use wit::{Wit, WitError, WitErrorKind, WitOptions};
