//! A whole list of trusted keys.

use std::collections::BTreeMap;
use std::path::Path;

use plug_policy::{Pattern, read_text};

use super::file;
use crate::file::FileError;
use crate::key::{KeyId, PublicKey};

/// The largest trust file that is read.
pub const MAX_TRUST_BYTES: u64 = 1 << 20;

/// A key that is trusted.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct TrustedKey {
    /// Whose it is.
    pub name: String,
    /// The key.
    pub key: PublicKey,
    /// The plugins that may be signed with it, by the names under which they are loaded.
    pub plugins: Vec<Pattern>,
    /// Whether it does not count any more: what is signed with it is refused by name.
    pub revoked: bool,
}

impl TrustedKey {
    /// A key with which all plugins may be signed.
    #[must_use]
    pub fn new(name: impl Into<String>, key: PublicKey) -> TrustedKey {
        TrustedKey { name: name.into(), key, plugins: vec![Pattern::any()], revoked: false }
    }

    /// Sets the plugins that may be signed with it.
    #[must_use]
    pub fn plugins(mut self, plugins: impl IntoIterator<Item = Pattern>) -> TrustedKey {
        self.plugins = plugins.into_iter().collect();
        self
    }

    /// Says that it does not count any more.
    #[must_use]
    pub fn revoked(mut self) -> TrustedKey {
        self.revoked = true;
        self
    }

    pub(crate) fn may_sign(&self, plugin: &str) -> bool {
        self.plugins.iter().any(|pattern| pattern.matches(plugin))
    }
}

/// Whose signatures count, and for which plugins.
///
/// ```
/// use plug_admission::Trust;
///
/// let trust = Trust::parse("trust.toml", r#"
///     [[key]]
///     name = "acme"
///     public-key = "RWQf6LRCGA9i53mlYecO4IzT51TGPpvWucNSCh1CBM0QTaLn73Y7GFO3"
///     plugins = ["upper", "acme-*"]
/// "#)?;
/// assert_eq!(trust.keys().next().unwrap().key.id().to_string(), "E7620F1842B4E81F");
/// # Ok::<(), plug_admission::FileError>(())
/// ```
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Trust {
    keys: BTreeMap<KeyId, TrustedKey>,
}

impl Trust {
    /// Trusts nobody.
    #[must_use]
    pub fn new() -> Trust {
        Trust::default()
    }

    /// Trusts one more key. One of the same number is replaced.
    #[must_use]
    pub fn with(mut self, key: TrustedKey) -> Trust {
        self.keys.insert(key.key.id(), key);
        self
    }

    /// The keys, by number.
    pub fn keys(&self) -> impl Iterator<Item = &TrustedKey> {
        self.keys.values()
    }

    /// The key of that number.
    #[must_use]
    pub fn key(&self, id: KeyId) -> Option<&TrustedKey> {
        self.keys.get(&id)
    }

    /// Reads a trust file.
    ///
    /// # Errors
    ///
    /// When it cannot be read, is larger than [`MAX_TRUST_BYTES`], or has a mistake.
    pub fn from_file(path: impl AsRef<Path>) -> Result<Trust, FileError> {
        let path = path.as_ref();
        let file = path.display().to_string();
        let text = read_text(path, MAX_TRUST_BYTES).map_err(|error| file::TRUST.unreadable(&file, error))?;
        Trust::parse(&file, &text)
    }

    /// Reads the text of a trust file; `file` is its name in messages.
    ///
    /// # Errors
    ///
    /// When it has a mistake.
    pub fn parse(file: &str, text: &str) -> Result<Trust, FileError> {
        file::parse(file, text)
    }
}
