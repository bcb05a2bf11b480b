//! Whose signatures count, and for which plugins.

mod file;
mod whole;

pub use whole::{MAX_TRUST_BYTES, Trust, TrustedKey};
