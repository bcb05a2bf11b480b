//! The answer.

use std::fmt;

use crate::error::Error;
use crate::host::Host;
use crate::plugin::{Imports, Plugin};
use crate::world::World;

/// What came of linking.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// The plugin is instantiated, and every function has the type that is expected of it.
    Links,
    /// It is refused.
    Fails {
        /// When.
        stage: Stage,
        /// What wasmtime says.
        message: String,
    },
}

impl Outcome {
    /// Whether it links.
    #[must_use]
    pub fn links(&self) -> bool {
        *self == Outcome::Links
    }

    /// When it was refused.
    #[must_use]
    pub fn stage(&self) -> Option<Stage> {
        match self {
            Outcome::Links => None,
            Outcome::Fails { stage, .. } => Some(*stage),
        }
    }
}

impl fmt::Display for Outcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Outcome::Links => f.write_str("links"),
            Outcome::Fails { stage, message } => write!(f, "fails at {stage:?}: {message}"),
        }
    }
}

/// When a plugin is refused, in the order in which a host does it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Stage {
    /// `Linker::instantiate_pre`: an import is missing or has another type.
    Import,
    /// The generated `…Pre::new`: an export is missing, or a function of the world itself has
    /// another type.
    ExportMissing,
    /// `instantiate`: a function of an exported interface has another type.
    ExportType,
}

/// Links a plugin that calls everything in the world `plugin` to a host that serves the world
/// `host`.
///
/// # Errors
/// When no host or no plugin can be made of the worlds.
pub fn link(host: &World, plugin: &World) -> Result<Outcome, Error> {
    Host::new(host)?.link(&Plugin::new(plugin, Imports::All)?)
}
