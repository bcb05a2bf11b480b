//! Public keys, in minisign's format.

use std::fmt;
use std::str::FromStr;

use ct_codecs::{Base64, Decoder as _};

/// The algorithm of a key, before its number.
const ALGORITHM: &[u8; 2] = b"Ed";
/// Algorithm, number and key.
const KEY_BYTES: usize = 42;
/// The longest text of a key with its comment.
const LONGEST: usize = 4096;

/// The number of a key, by which a signature names the key it was made with.
///
/// Printed as minisign does: 16 hexadecimal digits in upper case. It names a key and proves nothing.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct KeyId([u8; 8]);

impl KeyId {
    pub(crate) fn new(bytes: [u8; 8]) -> KeyId {
        KeyId(bytes)
    }
}

impl fmt::Display for KeyId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&format!("{:016X}", u64::from_le_bytes(self.0)))
    }
}

impl fmt::Debug for KeyId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{self}")
    }
}

/// A text that is no public key, or no number of one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct KeyError(&'static str);

impl KeyError {
    /// What would be right.
    #[must_use]
    pub fn help(&self) -> &'static str {
        "give the 56 characters that begin with `RW`, from the second line of the `.pub` file"
    }
}

impl FromStr for KeyId {
    type Err = KeyError;

    fn from_str(text: &str) -> Result<KeyId, KeyError> {
        let digits = |byte: u8| byte.is_ascii_digit() || (b'A'..=b'F').contains(&byte);
        let fits = text.len() == 16 && text.bytes().all(digits);
        let number = fits.then(|| u64::from_str_radix(text, 16).ok()).flatten();
        number
            .map(|number| KeyId(number.to_le_bytes()))
            .ok_or(KeyError("it is no number of a key: 16 hexadecimal digits in upper case"))
    }
}

/// A public key for ed25519 signatures.
#[derive(Clone, PartialEq, Eq)]
pub struct PublicKey {
    id: KeyId,
    text: String,
    key: minisign_verify::PublicKey,
}

impl PublicKey {
    /// The number by which signatures name it.
    #[must_use]
    pub fn id(&self) -> KeyId {
        self.id
    }

    pub(crate) fn verify(
        &self,
        artifact: &[u8],
        signature: &minisign_verify::Signature,
    ) -> Result<(), minisign_verify::Error> {
        self.key.verify(artifact, signature, false)
    }
}

/// The key alone, or the text of a `.pub` file.
impl FromStr for PublicKey {
    type Err = KeyError;

    fn from_str(text: &str) -> Result<PublicKey, KeyError> {
        if text.len() > LONGEST {
            return Err(KeyError("it is too long for a public key"));
        }
        if text.contains("secret key") {
            return Err(KeyError("it is a secret key, which belongs to nobody else"));
        }
        let mut lines = text.lines().filter(|line| !line.starts_with("untrusted comment:"));
        let key = lines.next().unwrap_or_default().trim();
        if lines.any(|line| !line.trim().is_empty()) {
            return Err(KeyError("there is more than one key"));
        }
        let mut buffer = [0; KEY_BYTES];
        let bytes = Base64::decode(&mut buffer, key, None).unwrap_or_default();
        let Some((ALGORITHM, rest)) = bytes.split_first_chunk::<2>().filter(|_| bytes.len() == KEY_BYTES)
        else {
            return Err(KeyError("it is no public key of minisign"));
        };
        let id = rest.first_chunk().copied().map(KeyId).ok_or(KeyError("it is no public key of minisign"))?;
        let key_bytes = minisign_verify::PublicKey::from_base64(key)
            .map_err(|_| KeyError("it is no public key of minisign"))?;
        Ok(PublicKey { id, text: key.to_owned(), key: key_bytes })
    }
}

/// As [`FromStr`] reads it, without a comment.
impl fmt::Display for PublicKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.text)
    }
}

impl fmt::Debug for PublicKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{self}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const KEY: &str = "RWQf6LRCGA9i53mlYecO4IzT51TGPpvWucNSCh1CBM0QTaLn73Y7GFO3";

    #[test]
    fn keys_are_read_and_shown() {
        let key: PublicKey = KEY.parse().unwrap();
        assert_eq!((key.to_string().as_str(), key.id().to_string().as_str()), (KEY, "E7620F1842B4E81F"));
        let file = format!("untrusted comment: minisign public key E7620F1842B4E81F\n{KEY}\n");
        assert_eq!(file.parse(), Ok(key.clone()));
        assert_eq!(key.id().to_string().parse(), Ok(key.id()));
    }

    #[test]
    fn what_is_no_key() {
        for (text, told) in [
            ("", "it is no public key of minisign"),
            ("hello", "it is no public key of minisign"),
            (&KEY[..55], "it is no public key of minisign"),
            (&KEY.replacen("RW", "RU", 1), "it is no public key of minisign"),
            (&format!("{KEY}\n{KEY}"), "there is more than one key"),
            (
                "untrusted comment: minisign encrypted secret key\nRW",
                "it is a secret key, which belongs to nobody else",
            ),
            (&"a".repeat(5000), "it is too long for a public key"),
        ] {
            assert_eq!(text.parse::<PublicKey>().unwrap_err().to_string(), told, "{text}");
        }
        for text in ["", "E7620F1842B4E81", "e7620f1842b4e81f", "+7620F1842B4E81F", "E7620F1842B4E81FF"] {
            assert!(text.parse::<KeyId>().is_err(), "{text}");
        }
    }
}
