//! Rules of WASI that the guest broke.

/// The guest broke a rule of an interface, for which there is no answer but to end it.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub(crate) struct Violation(pub(super) &'static str);
