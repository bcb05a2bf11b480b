//! Why a pair could not be tried.

use plug_contract::{OptionalError, WitError};

/// A pair of worlds that no host or no plugin can be made of. Says nothing of how they would link.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The WIT cannot be read.
    #[error(transparent)]
    Wit(#[from] WitError),
    /// The optional exports of the world cannot stand beside its own.
    #[error(transparent)]
    Optional(#[from] OptionalError),
    /// No Rust type of a host can stand for a type of the world.
    #[error("no host can be written for it: {0}")]
    Inexpressible(String),
    /// No component can be made of the world.
    #[error("no plugin can be made of it: {0}")]
    Plugin(String),
    /// The engine failed otherwise than by refusing to link.
    #[error("the engine failed: {0}")]
    Engine(String),
}
