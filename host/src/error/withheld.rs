//! A plugin cannot be given what it needs.

use std::error::Error;
use std::sync::Arc;

use plug_policy::{Refused, WantError};

/// Why a plugin gets no instance: it is not granted what it needs, or what it is granted cannot be given
/// to it.
#[derive(Debug, Clone, thiserror::Error)]
#[non_exhaustive]
pub enum Withheld {
    /// The wants in its manifest cannot be read.
    #[error("its wants cannot be read: {0}")]
    Wants(Arc<WantError>),
    /// It cannot work without what it is not granted.
    #[error("{refused}\n{}", .refused.help().join("\n"))]
    Refused {
        /// What it needs.
        refused: Refused,
    },
    /// What it is granted is just being changed.
    #[error("what it may do is being changed; try again")]
    Changing,
    /// A grant cannot be given.
    #[error(transparent)]
    Configure(Arc<ConfigureError>),
}

impl Withheld {
    /// The code of its page under `docs/errors`.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Withheld::Wants(error) => error.code(),
            Withheld::Refused { refused } => refused.code(),
            Withheld::Configure(_) | Withheld::Changing => "PLG0520",
        }
    }
}

/// What a plugin is granted cannot be given to it.
#[derive(Debug, thiserror::Error)]
#[error("{grant}: {what}; {help}")]
pub struct ConfigureError {
    grant: String,
    what: String,
    help: String,
    #[source]
    source: Option<Box<dyn Error + Send + Sync>>,
}

impl ConfigureError {
    /// That a grant (`fs:read=data -> /data`) cannot be given: what is wrong, and what to do.
    #[must_use]
    pub fn new(grant: impl Into<String>, what: impl Into<String>, help: impl Into<String>) -> ConfigureError {
        ConfigureError { grant: grant.into(), what: what.into(), help: help.into(), source: None }
    }

    /// With what caused it.
    #[must_use]
    pub fn because(mut self, source: impl Into<Box<dyn Error + Send + Sync>>) -> ConfigureError {
        self.source = Some(source.into());
        self
    }

    /// The grant.
    #[must_use]
    pub fn grant(&self) -> &str {
        &self.grant
    }

    /// What to do about it.
    #[must_use]
    pub fn help(&self) -> &str {
        &self.help
    }
}
