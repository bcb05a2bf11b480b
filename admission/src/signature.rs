//! Signatures, in minisign's format.

use std::fmt;

use ct_codecs::{Base64, Decoder as _};
use plug_contract::Digest;
use plug_policy::Pattern;

use crate::key::KeyId;
use crate::name::shown;
use crate::trust::Trust;

/// What the name of a signature file has behind that of the artifact.
pub const SIGNATURE_SUFFIX: &str = ".minisig";
/// The largest signature file that is read; minisign's own bound for its comments is below.
pub const MAX_SIGNATURE_BYTES: usize = 16 << 10;

/// Algorithm, number of the key, and ed25519 signature.
const SIGNATURE_BYTES: usize = 74;

/// Who signed.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Signer {
    /// The number of the key.
    pub key: KeyId,
    /// What the trust file calls it.
    pub name: String,
}

impl fmt::Display for Signer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "`{}` ({})", shown(&self.name), self.key)
    }
}

/// A signature that was read, and not verified yet.
#[derive(Clone)]
pub struct Signature {
    key: KeyId,
    plugin: Option<String>,
    digest: Option<String>,
    signature: minisign_verify::Signature,
}

/// A signature that is missing or of no use.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum SignatureError {
    /// There is none.
    #[error("it is not signed, and has to be")]
    Missing,
    /// It cannot be read.
    #[error("its signature cannot be read: {0}")]
    Malformed(&'static str),
    /// It is of the kind that minisign made before version 0.10.
    #[error("its signature is of the old kind, over the bytes themselves")]
    Legacy,
    /// Nobody is trusted here.
    #[error("it has to be signed by somebody who is trusted, and nobody is trusted here")]
    NoTrust,
    /// The key is not known.
    #[error("it is signed by the key {key}, which is not trusted here")]
    UnknownKey {
        /// The key.
        key: KeyId,
    },
    /// The key does not count any more.
    #[error("it is signed by {signer}, and that key is revoked")]
    Revoked {
        /// Whose key it was.
        signer: Signer,
    },
    /// The key is for other plugins.
    #[error("it is signed by {signer}, who may sign {}", plugins(.allowed))]
    NotAllowed {
        /// Who signed.
        signer: Signer,
        /// The plugins that they may sign.
        allowed: Vec<Pattern>,
    },
    /// The signature is not one of these bytes.
    #[error("its signature by {signer} is not one of these bytes, or its comment was changed")]
    Mismatch {
        /// Whose key it names.
        signer: Signer,
    },
    /// The signature is for a plugin of another name.
    #[error(
        "its signature by {signer} is for {}",
        plugin.as_deref().map_or("no plugin by name".to_owned(), |name| format!("the plugin `{}`", shown(name)))
    )]
    OtherPlugin {
        /// Who signed.
        signer: Signer,
        /// The name that was signed, if one was.
        plugin: Option<String>,
    },
}

fn plugins(allowed: &[Pattern]) -> String {
    match allowed {
        [] => "no plugin".to_owned(),
        _ => {
            let names: Vec<_> =
                allowed.iter().map(|pattern| format!("`{}`", shown(&pattern.to_string()))).collect();
            format!("only {}", names.join(", "))
        }
    }
}

impl SignatureError {
    /// The code of the error, for `cargo plug explain`.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            SignatureError::Missing => "PLG1110",
            SignatureError::Malformed(_) | SignatureError::Legacy => "PLG1111",
            SignatureError::UnknownKey { .. } => "PLG1112",
            SignatureError::Revoked { .. } => "PLG1113",
            SignatureError::NotAllowed { .. } => "PLG1114",
            SignatureError::Mismatch { .. } => "PLG1115",
            SignatureError::OtherPlugin { .. } => "PLG1116",
            SignatureError::NoTrust => "PLG1117",
        }
    }

    /// What to do.
    #[must_use]
    pub fn help(&self) -> String {
        match self {
            SignatureError::Missing => {
                "put its signature beside it, `NAME.wasm.minisig`; `cargo plug sign` makes one"
            }
            SignatureError::Malformed(_) => "get the signature file again, whole and alone",
            SignatureError::Legacy => "have it signed anew, by `cargo plug sign` or minisign 0.11",
            SignatureError::UnknownKey { .. } => "if the key is one you trust, enter it into the trust file",
            SignatureError::Revoked { .. } => "get a version that is signed with another key",
            SignatureError::NotAllowed { .. } => {
                "if they may sign this one too, enter its name into `plugins` of their key in the trust file"
            }
            SignatureError::Mismatch { .. } => "get artifact and signature again, both of the same version",
            SignatureError::OtherPlugin { .. } => {
                "load it under the name it was signed for, or have it signed for this one: \
                 `cargo plug sign FILE --plugin NAME`"
            }
            SignatureError::NoTrust => "give a trust file that names the key",
        }
        .to_owned()
    }
}

/// What a signature for `plugin` says in its trusted comment, without a time.
///
/// Any tool that signs with this comment makes a signature that is accepted here.
#[must_use]
pub fn comment(plugin: &str, digest: &Digest) -> String {
    format!("plugin:{plugin}\tdigest:{digest}")
}

impl Signature {
    /// Reads a signature file.
    ///
    /// # Errors
    ///
    /// When it is too large, is not exactly one signature, or is of the old kind.
    pub fn read(bytes: &[u8]) -> Result<Signature, SignatureError> {
        let malformed = SignatureError::Malformed;
        if bytes.len() > MAX_SIGNATURE_BYTES {
            return Err(malformed("the file is too large"));
        }
        let text = std::str::from_utf8(bytes).map_err(|_| malformed("it is no text"))?;
        let mut lines = text.lines();
        let four = [lines.next(), lines.next(), lines.next(), lines.next()];
        let [Some(first), Some(signature), Some(third), Some(_)] = four else {
            return Err(malformed("the file ends early"));
        };
        if lines.next().is_some() {
            return Err(malformed("there is more in the file than one signature"));
        }
        if !first.starts_with("untrusted comment: ") {
            return Err(malformed("it is no signature of minisign"));
        }
        let mut buffer = [0; SIGNATURE_BYTES];
        let decoded = Base64::decode(&mut buffer, signature, None).unwrap_or_default();
        if decoded.len() != SIGNATURE_BYTES {
            return Err(malformed("its second line is no signature"));
        }
        let key = match decoded {
            [b'E', b'd', ..] => return Err(SignatureError::Legacy),
            [b'E', b'D', rest @ ..] => rest.first_chunk().copied().map(KeyId::new),
            _ => None,
        };
        let key = key.ok_or(malformed("its algorithm is not known"))?;
        let Some(comment) = third.strip_prefix("trusted comment: ") else {
            return Err(malformed("its third line is no trusted comment"));
        };
        let plugin = word(comment, "plugin:")?;
        let digest = word(comment, "digest:")?;
        let signature = minisign_verify::Signature::decode(text)
            .map_err(|_| malformed("its fourth line is no signature of the comment"))?;
        Ok(Signature { key, plugin, digest, signature })
    }

    /// The number of the key that it names.
    #[must_use]
    pub fn key(&self) -> KeyId {
        self.key
    }

    /// What the signer says of it. Nothing is known of that before it was verified.
    #[must_use]
    pub fn trusted_comment(&self) -> &str {
        self.signature.trusted_comment()
    }

    /// Who signed `artifact` as `plugin`, or all that speaks against.
    pub(crate) fn verify(
        &self,
        plugin: &str,
        artifact: &[u8],
        digest: &Digest,
        trust: &Trust,
    ) -> Result<Signer, Vec<SignatureError>> {
        let Some(trusted) = trust.key(self.key) else {
            return Err(vec![SignatureError::UnknownKey { key: self.key }]);
        };
        let signer = Signer { key: self.key, name: trusted.name.clone() };
        let mut found = Vec::new();
        if trusted.revoked {
            found.push(SignatureError::Revoked { signer: signer.clone() });
        }
        if !trusted.may_sign(plugin) {
            let allowed = trusted.plugins.clone();
            found.push(SignatureError::NotAllowed { signer: signer.clone(), allowed });
        }
        let digest_differs = self.digest.as_ref().is_some_and(|signed| *signed != digest.to_string());
        if trusted.key.verify(artifact, &self.signature).is_err() || digest_differs {
            // what such a signature says of a plugin is worth nothing
            found.push(SignatureError::Mismatch { signer: signer.clone() });
        } else if self.plugin.as_deref() != Some(plugin) {
            found.push(SignatureError::OtherPlugin { signer: signer.clone(), plugin: self.plugin.clone() });
        }
        if found.is_empty() { Ok(signer) } else { Err(found) }
    }
}

impl fmt::Debug for Signature {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Signature").field("key", &self.key).field("comment", &self.trusted_comment()).finish()
    }
}

/// The one word of a comment that begins with `name`.
fn word(comment: &str, name: &str) -> Result<Option<String>, SignatureError> {
    let mut values = comment.split([' ', '\t']).filter_map(|word| word.strip_prefix(name));
    let value = values.next().map(str::to_owned);
    match values.next() {
        Some(_) => Err(SignatureError::Malformed("its trusted comment names two plugins or digests")),
        None => Ok(value),
    }
}
