//! What a plugin says of itself: `[package.metadata.plug]`, as data.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// Name, version and wishes of a plugin. They are claims: what it gets is the host's policy.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, rename_all = "kebab-case")]
#[non_exhaustive]
pub struct Manifest {
    /// The plugin's name.
    pub name: String,
    /// Its version.
    pub version: String,
    /// One line on what it does.
    pub description: String,
    /// The capabilities that it wants.
    pub capabilities: Vec<Want>,
    /// The limits that it can live with. They can only lower those of a host, never raise them.
    pub limits: WantedLimits,
    /// How its instances want to be kept.
    pub instance_policy: Option<InstancePolicy>,
}

/// A capability that a plugin wants.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, rename_all = "kebab-case")]
#[non_exhaustive]
pub struct Want {
    /// Its name, such as `fs:read`.
    pub capability: String,
    /// Why the plugin wants it, for the people who grant it.
    pub reason: String,
    /// Whether the plugin cannot work without.
    pub required: bool,
}

impl Want {
    /// A want for `capability`, because of `reason`.
    #[must_use]
    pub fn new(capability: impl Into<String>, reason: impl Into<String>, required: bool) -> Want {
        Want { capability: capability.into(), reason: reason.into(), required }
    }
}

/// Limits that a plugin can live with.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, rename_all = "kebab-case")]
#[non_exhaustive]
pub struct WantedLimits {
    /// Linear memory in bytes.
    pub memory: Option<u64>,
    /// Wall-clock time of one call in milliseconds.
    pub deadline_ms: Option<u64>,
    /// Others, by their keys in a policy: bytes, milliseconds or a count. What a host does not know, it
    /// passes over.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub more: BTreeMap<String, u64>,
}

/// How long an instance lives.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum InstancePolicy {
    /// A fresh instance for each call.
    Ephemeral,
    /// A pool of reused instances.
    Warm,
    /// One long-lived instance that owns state.
    Resident,
}
