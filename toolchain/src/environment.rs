//! What the tools are run in: variables, search path, patience.

use std::collections::BTreeMap;
use std::env;
use std::ffi::{OsStr, OsString};
use std::path::{Path, PathBuf};
use std::time::Duration;

/// The environment that every tool is looked up and run in.
///
/// It is a value, so that a test can hand over a machine of its own making.
#[derive(Clone, Debug)]
pub struct Environment {
    variables: BTreeMap<OsString, OsString>,
    keyrings: Vec<PathBuf>,
    patience: Patience,
}

/// How long a tool may take before it is stopped.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Patience {
    /// Without a line of output, and without a byte downloaded.
    pub silence: Duration,
    /// In all.
    pub total: Duration,
}

impl Default for Patience {
    fn default() -> Self {
        Self { silence: Duration::from_secs(60), total: Duration::from_secs(600) }
    }
}

impl Environment {
    /// The environment of this process.
    pub fn inherited() -> Self {
        Self { variables: env::vars_os().collect(), ..Self::empty() }
    }

    /// No variables at all: no program is found, no cache is known.
    pub fn empty() -> Self {
        Self {
            variables: BTreeMap::new(),
            keyrings: ["debian-archive-keyring.gpg", "debian-archive-keyring.pgp"]
                .map(|name| Path::new("/usr/share/keyrings").join(name))
                .to_vec(),
            patience: Patience::default(),
        }
    }

    /// The same environment with one variable set.
    #[must_use]
    pub fn with_var(mut self, name: impl Into<OsString>, value: impl Into<OsString>) -> Self {
        self.variables.insert(name.into(), value.into());
        self
    }

    /// The same environment with other patience.
    #[must_use]
    pub fn with_patience(mut self, patience: Patience) -> Self {
        self.patience = patience;
        self
    }

    /// The same environment with another place of the distribution's keyring.
    #[must_use]
    pub fn with_keyring(mut self, path: impl Into<PathBuf>) -> Self {
        self.keyrings = vec![path.into()];
        self
    }

    pub(crate) fn variables(&self) -> impl Iterator<Item = (&OsStr, &OsStr)> {
        self.variables.iter().map(|(name, value)| (name.as_os_str(), value.as_os_str()))
    }

    pub(crate) fn var(&self, name: &str) -> Option<&OsStr> {
        let value = self.variables.get(OsStr::new(name))?;
        (!value.is_empty()).then_some(value)
    }

    pub(crate) fn patience(&self) -> Patience {
        self.patience
    }

    pub(crate) fn keyring(&self) -> Option<&Path> {
        self.keyrings.iter().find(|path| path.is_file()).map(PathBuf::as_path)
    }

    /// The first program of that name on the search path.
    pub(crate) fn find(&self, program: &str) -> Option<PathBuf> {
        let file = format!("{program}{}", env::consts::EXE_SUFFIX);
        env::split_paths(self.var("PATH")?)
            .filter(|dir| dir.is_absolute())
            .map(|dir| dir.join(&file))
            .find(|path| path.is_file())
    }

    /// Where downloads are kept between runs: `$XDG_CACHE_HOME/plug` or `~/.cache/plug`.
    pub(crate) fn cache_dir(&self) -> Option<PathBuf> {
        let base = match self.var("XDG_CACHE_HOME").map(PathBuf::from) {
            Some(dir) if dir.is_absolute() => dir,
            _ => PathBuf::from(self.var("HOME")?).join(".cache"),
        };
        Some(base.join("plug"))
    }
}
