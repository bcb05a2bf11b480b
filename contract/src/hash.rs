//! Contract hashes: the scheme `wit1`.

use std::fmt;
use std::str::FromStr;

use sha2::{Digest as _, Sha256};

const PREFIX: &str = "wit1-";
const ALPHABET: &[u8; 32] = b"abcdefghijklmnopqrstuvwxyz234567";
/// 256 bits in base32, five bits a character, without padding.
const TEXT_LEN: usize = 52;

/// The fingerprint of a contract or of a part of one, in the scheme `wit1`.
///
/// Printed as `wit1-` and 52 characters of lower-case base32 (RFC 4648 without padding): safe in
/// file names, tags and URLs, whole on a double click. The prefix names the scheme, so "the rule
/// changed" can be told from "the contract changed".
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ContractHash([u8; 32]);

impl ContractHash {
    /// The 32 bytes of the SHA-256.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }

    /// The first 16 characters after the prefix: enough for people, never enough for a decision.
    #[must_use]
    pub fn short(&self) -> String {
        let text = self.to_string();
        text[..PREFIX.len() + 16].to_owned()
    }

    /// SHA-256 over the scheme, the mode, the kind of node, and its canonical bytes.
    pub(crate) fn of_node(mode: &str, kind: &str, payload: &[u8]) -> ContractHash {
        let mut hasher = Sha256::new();
        hasher.update(b"wit1\0");
        hasher.update(mode.as_bytes());
        hasher.update([0]);
        hasher.update(kind.as_bytes());
        hasher.update([0]);
        hasher.update((payload.len() as u64).to_le_bytes());
        hasher.update(payload);
        ContractHash(hasher.finalize().into())
    }
}

impl fmt::Display for ContractHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut text = String::with_capacity(PREFIX.len() + TEXT_LEN);
        text.push_str(PREFIX);
        let (mut bits, mut held) = (0u32, 0u32);
        for byte in self.0 {
            bits = (bits << 8) | u32::from(byte);
            held += 8;
            while held >= 5 {
                held -= 5;
                text.push(ALPHABET[(bits >> held) as usize & 31] as char);
            }
            bits &= (1 << held) - 1;
        }
        text.push(ALPHABET[(bits << (5 - held)) as usize & 31] as char);
        f.pad(&text)
    }
}

impl fmt::Debug for ContractHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{self}")
    }
}

/// A text that is no contract hash of the scheme `wit1`.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("not a contract hash: expected `wit1-` and 52 characters of base32")]
pub struct HashParseError(());

impl FromStr for ContractHash {
    type Err = HashParseError;

    fn from_str(text: &str) -> Result<Self, HashParseError> {
        let digits = text.strip_prefix(PREFIX).ok_or(HashParseError(()))?.as_bytes();
        if digits.len() != TEXT_LEN {
            return Err(HashParseError(()));
        }
        let mut bytes = [0u8; 32];
        let (mut bits, mut held, mut at) = (0u32, 0u32, 0usize);
        for digit in digits {
            let value = ALPHABET.iter().position(|c| c == digit).ok_or(HashParseError(()))?;
            bits = (bits << 5) | value as u32;
            held += 5;
            if held >= 8 {
                held -= 8;
                bytes[at] = (bits >> held) as u8;
                at += 1;
                bits &= (1 << held) - 1;
            }
        }
        // 52 characters hold four bits more than 32 bytes do; they must be zero.
        if bits == 0 { Ok(ContractHash(bytes)) } else { Err(HashParseError(())) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_and_back() {
        for seed in 0..64u8 {
            let hash = ContractHash::of_node("api", "test", &[seed]);
            let text = hash.to_string();
            assert_eq!(text.len(), 57);
            assert_eq!(text.parse::<ContractHash>().unwrap(), hash);
            assert_eq!(hash.short().len(), 21);
        }
    }

    #[test]
    fn foreign_text_is_refused() {
        let good = ContractHash::of_node("api", "test", b"").to_string();
        for bad in ["", "wit1-", "wit2-aaaa", &good[..56], &good.to_uppercase(), &format!("{good}a")] {
            assert!(bad.parse::<ContractHash>().is_err(), "{bad}");
        }
        // the last character carries one bit of the hash; the other four must be zero
        let mut long = good.clone();
        long.replace_range(56..57, "b");
        assert!(long.parse::<ContractHash>().is_err());
    }
}
