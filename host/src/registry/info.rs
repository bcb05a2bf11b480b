//! What is known of a loaded plugin.

use std::time::{Duration, SystemTime};

use plug_admission::{Revision, Signer};
use plug_contract::{ContractHash, Digest};

use super::DeliveryInfo;
use crate::plugin::Metadata;

/// What is known of a loaded plugin, at one moment.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct PluginInfo {
    /// Its name on this host.
    pub name: String,
    /// Who it says it is.
    pub metadata: Metadata,
    /// The world that it was loaded for: `acme:images/filter@1.2.0`.
    pub contract: String,
    /// The contract hash of that world.
    pub contract_hash: ContractHash,
    /// The SHA-256 of the component.
    pub digest: Digest,
    /// The fingerprint of artifact, configuration, powers, limits and contract together: what is replaced
    /// and rolled back.
    pub revision: Revision,
    /// Who signed it, if that is known.
    pub signer: Option<Signer>,
    /// When it was loaded.
    pub loaded_at: SystemTime,
    /// How many instances of it there are, with those that the application made itself.
    pub instances: usize,
    /// How long its calls have computed, all together: those that came to an end, in order or not, and were
    /// not taken back.
    pub cpu: Duration,
    /// The events of others that it gets; none when it has no handler.
    pub events: Option<DeliveryInfo>,
    /// How many calls have ended.
    pub calls: u64,
    /// How many of them failed.
    pub failures: u64,
    /// How the last one of those failed.
    pub last_error: Option<String>,
}
