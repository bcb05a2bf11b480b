//! Keys of the plugin's configuration.

use super::pattern::Pattern;

/// The keys of its configuration that a plugin may read. None by default.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ConfigRules(pub(crate) Vec<Pattern>);

impl ConfigRules {
    /// The patterns.
    #[must_use]
    pub fn patterns(&self) -> &[Pattern] {
        &self.0
    }

    /// Whether the plugin may read `key`.
    #[must_use]
    pub fn allows(&self, key: &str) -> bool {
        self.0.iter().any(|pattern| pattern.matches(key))
    }
}
