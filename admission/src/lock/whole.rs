//! A whole lock.

use std::collections::BTreeMap;
use std::path::Path;

use plug_policy::read_text;

use super::file;
use super::pin::Pin;
use crate::file::FileError;
use crate::name::{NameError, check_name};

/// The largest lock that is read.
pub const MAX_LOCK_BYTES: u64 = 4 << 20;
/// The version of the format that is read and written.
pub const LOCK_FORMAT: u32 = 1;

/// Which artifact each plugin is: the contents of `plug.lock`.
///
/// With a lock, nothing is loaded but what is pinned in it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Lock {
    pins: BTreeMap<String, Pin>,
}

impl Lock {
    /// Pins nothing, and so admits nothing.
    #[must_use]
    pub fn new() -> Lock {
        Lock::default()
    }

    /// What is pinned under a name.
    #[must_use]
    pub fn pin(&self, plugin: &str) -> Option<&Pin> {
        self.pins.get(plugin)
    }

    /// All pins, by name.
    pub fn pins(&self) -> impl Iterator<Item = (&str, &Pin)> {
        self.pins.iter().map(|(name, pin)| (name.as_str(), pin))
    }

    /// Pins a plugin; what was pinned under the name comes back.
    ///
    /// # Errors
    ///
    /// When no plugin can have that name.
    pub fn set(&mut self, plugin: &str, pin: Pin) -> Result<Option<Pin>, NameError> {
        check_name(plugin)?;
        Ok(self.pins.insert(plugin.to_owned(), pin))
    }

    /// Reads a lock.
    ///
    /// # Errors
    ///
    /// When it cannot be read, is larger than [`MAX_LOCK_BYTES`], is of a newer format, or has
    /// anything in it that is not known.
    pub fn from_file(path: impl AsRef<Path>) -> Result<Lock, FileError> {
        let path = path.as_ref();
        let file = path.display().to_string();
        let text = read_text(path, MAX_LOCK_BYTES).map_err(|error| file::LOCK.unreadable(&file, error))?;
        Lock::parse(&file, &text)
    }

    /// Reads the text of a lock; `file` is its name in messages.
    ///
    /// # Errors
    ///
    /// When it is of a newer format, or has anything in it that is not known.
    pub fn parse(file: &str, text: &str) -> Result<Lock, FileError> {
        Ok(Lock { pins: file::parse(file, text)? })
    }

    /// The text of the lock. [`parse`](Lock::parse) reads it back to the same value.
    #[must_use]
    pub fn to_text(&self) -> String {
        file::text(&self.pins)
    }
}
