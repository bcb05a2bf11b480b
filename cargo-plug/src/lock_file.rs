//! `Cargo.lock`: which versions a project really uses.

use std::fs;
use std::io;
use std::path::Path;

use serde::Deserialize;

/// The packages of a lock file.
#[derive(Debug, Default, Deserialize)]
pub(crate) struct LockFile {
    #[serde(default, rename = "package")]
    packages: Vec<Locked>,
}

#[derive(Debug, Deserialize)]
struct Locked {
    name: String,
    version: String,
}

impl LockFile {
    /// Reads the lock file of the workspace in `root`.
    pub(crate) fn read(root: &Path) -> io::Result<Self> {
        let text = fs::read_to_string(root.join("Cargo.lock"))?;
        toml::from_str(&text).map_err(|error| io::Error::new(io::ErrorKind::InvalidData, error))
    }

    /// The versions of a package, in order.
    pub(crate) fn versions(&self, name: &str) -> Vec<&str> {
        self.packages
            .iter()
            .filter(|locked| locked.name == name)
            .map(|locked| locked.version.as_str())
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_are_found() {
        let temp = tempfile::tempdir().unwrap();
        assert!(LockFile::read(temp.path()).is_err());
        fs::write(
            temp.path().join("Cargo.lock"),
            "version = 4\n[[package]]\nname = \"a\"\nversion = \"1.0.0\"\ndependencies = [\"b\"]\n\
             [[package]]\nname = \"a\"\nversion = \"2.0.0\"\nsource = \"x\"\n",
        )
        .unwrap();
        let lock = LockFile::read(temp.path()).unwrap();
        assert_eq!(lock.versions("a"), ["1.0.0", "2.0.0"]);
        assert!(lock.versions("c").is_empty());
    }
}
