//! A whole policy, and how its entries go together.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use super::contract::ContractPattern;
use super::entry::{Entry, PluginPolicy};
use super::error::PolicyError;
use super::file;
use crate::capability::Capability;
use crate::custom_name::CustomName;
use crate::grant::Grant;
use crate::preset::Preset;
use crate::text_file::read_text;

/// The largest policy file that is read.
pub const MAX_POLICY_BYTES: u64 = 1 << 20;

/// What is granted to which plugin, and its limits.
///
/// Three kinds of entries go together, the more specific over the less: the defaults, those for the
/// plugin's contract, that for the plugin by name. A key replaces the same key of a less specific
/// entry, all of its list; `preset` begins afresh and forgets all that less specific entries say.
/// Below all lies [`Preset::Restricted`].
///
/// ```
/// use plug_policy::Policy;
///
/// let policy = Policy::parse("policy.toml", r#"
///     [defaults]
///     clocks = "coarse"
///
///     [plugin."thumbnails"]
///     "fs:read" = ["pictures -> /in"]
///     limits = { memory = "128MiB" }
/// "#)?;
/// let thumbnails = policy.resolve("thumbnails", None);
/// assert_eq!(thumbnails.limits.memory, Some(128 << 20));
/// assert!(thumbnails.grants.to_string().contains("clocks=coarse\n"));
/// # Ok::<(), plug_policy::PolicyError>(())
/// ```
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Policy {
    defaults: Entry,
    contracts: BTreeMap<ContractPattern, Entry>,
    plugins: BTreeMap<String, Entry>,
    /// Where relative folders begin.
    base: PathBuf,
}

impl Policy {
    /// Grants nothing that must be asked for: [`Preset::Restricted`] for all.
    #[must_use]
    pub fn restricted() -> Policy {
        Policy::default()
    }

    /// [`Preset::Standard`] for all.
    #[must_use]
    pub fn standard() -> Policy {
        Policy { defaults: Entry::new().preset(Preset::Standard), ..Policy::default() }
    }

    /// Sets the defaults.
    #[must_use]
    pub fn defaults(mut self, entry: Entry) -> Policy {
        self.defaults = entry;
        self
    }

    /// Sets what holds for the plugins of contracts.
    #[must_use]
    pub fn contract(mut self, pattern: ContractPattern, entry: Entry) -> Policy {
        self.contracts.insert(pattern, entry);
        self
    }

    /// Sets what holds for a plugin.
    #[must_use]
    pub fn plugin(mut self, name: impl Into<String>, entry: Entry) -> Policy {
        self.plugins.insert(name.into(), entry);
        self
    }

    /// Sets where relative folders of the host begin. For a policy file that is its own folder.
    #[must_use]
    pub fn base(mut self, base: impl Into<PathBuf>) -> Policy {
        self.base = base.into();
        self
    }

    /// A grant with a relative folder below that of the policy, as if it stood in its file.
    #[must_use]
    pub fn anchored(&self, grant: Grant) -> Grant {
        grant.anchored(&self.base)
    }

    /// Reads a policy file.
    ///
    /// # Errors
    ///
    /// When it cannot be read, is larger than [`MAX_POLICY_BYTES`], or has a mistake.
    pub fn from_file(path: impl AsRef<Path>) -> Result<Policy, PolicyError> {
        let path = path.as_ref();
        let file = path.display().to_string();
        let text = read_text(path, MAX_POLICY_BYTES)
            .map_err(|error| PolicyError::read(file.clone(), error.what, error.help))?;
        let base = path.parent().unwrap_or(Path::new(""));
        // a change of the working directory must not move what is granted
        let base = std::path::absolute(base).or_else(|_| std::env::current_dir()).map_err(|error| {
            PolicyError::read(file.clone(), error.to_string(), "name it by its whole path")
        })?;
        Ok(Policy::parse(&file, &text)?.base(base))
    }

    /// Reads the text of a policy; `file` is its name in messages.
    ///
    /// # Errors
    ///
    /// When it has a mistake.
    pub fn parse(file: &str, text: &str) -> Result<Policy, PolicyError> {
        let file::File { defaults, contracts, plugins } = file::parse(file, text)?;
        Ok(Policy { defaults, contracts, plugins, base: PathBuf::new() })
    }

    /// The capabilities of applications that it names, granted or not: to be held against those that
    /// the host has.
    #[must_use]
    pub fn custom(&self) -> BTreeSet<&CustomName> {
        let entries =
            [&self.defaults].into_iter().chain(self.contracts.values()).chain(self.plugins.values());
        let named = entries.flat_map(|entry| entry.grants.keys());
        named
            .filter_map(|capability| match capability {
                Capability::Custom(name) => Some(name),
                _ => None,
            })
            .collect()
    }

    /// What it says for a plugin, by the plugin's name on the host and the name of its contract,
    /// such as `acme:images/filter@1.2.0`.
    #[must_use]
    pub fn resolve(&self, plugin: &str, contract: Option<&str>) -> PluginPolicy {
        let mut policy = PluginPolicy::of(Preset::Restricted, &self.base);
        policy.apply(&self.defaults, &self.base);
        let matching =
            self.contracts.iter().filter(|(pattern, _)| contract.is_some_and(|it| pattern.matches(it)));
        let mut matching: Vec<_> = matching.collect();
        matching.sort_by_key(|(pattern, _)| pattern.rank());
        for (_, entry) in matching {
            policy.apply(entry, &self.base);
        }
        if let Some(entry) = self.plugins.get(plugin) {
            policy.apply(entry, &self.base);
        }
        policy
    }
}
