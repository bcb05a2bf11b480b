//! The fingerprint of a plugin as it is deployed.

use std::fmt;
use std::str::FromStr;

use plug_contract::{ContractHash, Digest};
use plug_policy::Effective;
use sha2::{Digest as _, Sha256};

const PREFIX: &str = "rev1:";
/// What stands before all else that is hashed, so that no other hash of ours is ever one of these.
const DOMAIN: &[u8] = b"plug revision 1\0";
/// Digits of the short form.
const SHORT: usize = 12;

/// A plugin as it is deployed: artifact, configuration, powers, limits and contract, by hash.
///
/// Two are equal if nothing differs that could make a difference to the plugin. It is what is
/// replaced and rolled back. Printed as `rev1:` and 64 hexadecimal digits. Secrets in the
/// configuration or in variables go into it: who knows all the rest can try guesses at a short one.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Revision([u8; 32]);

/// What makes a [`Revision`].
#[derive(Debug, Clone, Copy)]
pub struct Deployment<'a> {
    /// The artifact.
    pub artifact: Digest,
    /// The configuration. The order of the keys does not count; that of equal keys does.
    pub config: &'a [(String, String)],
    /// What it is granted and wants.
    pub effective: &'a Effective,
    /// Its limits by name, as numbers of the host's own units. Their order does not count.
    pub limits: &'a [(&'a str, u64)],
    /// The contract of the host that it is loaded for; none for a component that is called without one.
    pub contract: Option<ContractHash>,
}

impl Deployment<'_> {
    /// Its fingerprint.
    #[must_use]
    pub fn revision(&self) -> Revision {
        let Deployment { artifact, config, effective, limits, contract } = self;
        let mut hasher = Hasher(Sha256::new_with_prefix(DOMAIN));
        hasher.bytes(artifact.as_bytes());

        let mut config: Vec<&(String, String)> = config.iter().collect();
        config.sort_by(|a, b| a.0.cmp(&b.0));
        hasher.count(config.len());
        for (key, value) in config {
            hasher.bytes(key.as_bytes());
            hasher.bytes(value.as_bytes());
        }

        let powers = effective.canonical();
        hasher.count(powers.len());
        powers.iter().for_each(|power| hasher.bytes(power));

        let mut limits = limits.to_vec();
        limits.sort_unstable();
        hasher.count(limits.len());
        for (name, limit) in limits {
            hasher.bytes(name.as_bytes());
            hasher.0.update(limit.to_le_bytes());
        }

        // a hash is never empty
        hasher.bytes(contract.as_ref().map_or(&[], |contract| contract.as_bytes().as_slice()));
        Revision(hasher.0.finalize().into())
    }
}

/// Writes each part with its length, so that no two deployments have the same bytes.
struct Hasher(Sha256);

impl Hasher {
    fn count(&mut self, count: usize) {
        self.0.update((count as u64).to_le_bytes());
    }

    fn bytes(&mut self, bytes: &[u8]) {
        self.count(bytes.len());
        self.0.update(bytes);
    }
}

impl Revision {
    /// The 32 bytes of the SHA-256.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }

    /// `rev1:` and the first 12 digits: enough for people, never enough for a decision.
    #[must_use]
    pub fn short(&self) -> String {
        let text = self.to_string();
        text[..PREFIX.len() + SHORT].to_owned()
    }
}

impl fmt::Display for Revision {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let hex: String = self.0.iter().map(|byte| format!("{byte:02x}")).collect();
        f.pad(&format!("{PREFIX}{hex}"))
    }
}

impl fmt::Debug for Revision {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{self}")
    }
}

/// A text that is no revision.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a revision: expected `rev1:` and 64 hexadecimal digits in lower case")]
pub struct RevisionParseError(());

impl FromStr for Revision {
    type Err = RevisionParseError;

    fn from_str(text: &str) -> Result<Revision, RevisionParseError> {
        let digits = text.strip_prefix(PREFIX).ok_or(RevisionParseError(()))?;
        // the same digits as those of a digest
        let digest: Digest = format!("sha256:{digits}").parse().map_err(|_| RevisionParseError(()))?;
        Ok(Revision(*digest.as_bytes()))
    }
}
