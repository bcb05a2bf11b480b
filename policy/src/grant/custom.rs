//! What applications add of their own.

use std::collections::BTreeMap;
use std::fmt;

use super::pattern::Pattern;
use crate::custom_name::CustomName;

/// Some of a capability that an application adds: `acme:counters/store=users.*`.
///
/// What the names mean that the pattern matches is the application's own.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub struct CustomScope {
    /// The capability.
    pub name: CustomName,
    /// How much of it.
    pub pattern: Pattern,
}

impl CustomScope {
    /// `pattern` of the capability `name`.
    #[must_use]
    pub fn new(name: CustomName, pattern: Pattern) -> CustomScope {
        CustomScope { name, pattern }
    }

    /// Whether it is the same capability, and all that `other` holds of it.
    #[must_use]
    pub fn covers(&self, other: &CustomScope) -> bool {
        self.name == other.name && self.pattern.covers(&other.pattern)
    }
}

impl fmt::Display for CustomScope {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}={}", self.name, self.pattern)
    }
}

/// What a plugin may do by the capabilities that the application adds. Nothing by default.
///
/// A capability without parts to choose from asks for a name of its own, such as that of its
/// function.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct CustomRules(pub(crate) BTreeMap<CustomName, Vec<Pattern>>);

impl CustomRules {
    /// The capabilities of which it may do something.
    pub fn names(&self) -> impl Iterator<Item = &CustomName> {
        self.0.keys()
    }

    /// What it may do of one.
    #[must_use]
    pub fn patterns(&self, name: &str) -> &[Pattern] {
        self.0.get(name).map_or(&[], Vec::as_slice)
    }

    /// Whether the plugin may do `scope` by the capability `name`.
    #[must_use]
    pub fn allows(&self, name: &str, scope: &str) -> bool {
        self.patterns(name).iter().any(|pattern| pattern.matches(scope))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_capability_has_its_own() {
        let scope = |text: &str| {
            let (name, pattern) = text.split_once('=').unwrap();
            CustomScope::new(CustomName::new(name).unwrap(), pattern.parse().unwrap())
        };
        let all = scope("a:b/c=*");
        assert!(all.covers(&scope("a:b/c=x.*")) && !scope("a:b/c=x.*").covers(&all));
        assert!(!all.covers(&scope("a:b/d=x")));

        let rules = CustomRules([(all.name, vec!["x.*".parse().unwrap()])].into());
        assert!(rules.allows("a:b/c", "x.y"));
        for (name, text) in [("a:b/c", "x"), ("a:b/c", ""), ("a:b/d", "x.y"), ("a:b/c=x.", "y"), ("", "x.y")]
        {
            assert!(!rules.allows(name, text), "{name} {text}");
        }
        assert_eq!(rules.names().map(CustomName::as_str).collect::<Vec<_>>(), ["a:b/c"]);
        assert!(rules.patterns("a:b/d").is_empty());
    }
}
