//! Which contracts an entry is for.

use std::fmt;

use crate::mistake::{Mistake, shown};

/// Contracts: `acme:images`, `acme:images@1`, `acme:images/filter@1.2`.
///
/// A version stands for itself and all that begin so. What is left out may be anything.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ContractPattern {
    // in this order, so that the more specific pattern is the greater
    world: Option<String>,
    version: Vec<String>,
    package: String,
}

impl ContractPattern {
    /// Reads a pattern.
    #[must_use]
    pub fn new(text: &str) -> Option<ContractPattern> {
        ContractPattern::parse(text).ok()
    }

    pub(crate) fn parse(text: &str) -> Result<ContractPattern, Mistake> {
        let wrong = || {
            let help = "write a package, and a world and a version as far as they matter: `acme:images`, \
                        `acme:images@1`, `acme:images/filter@1.2`";
            Mistake::new(0..text.len(), format!("`{}` is no contract", shown(text)), help)
        };
        let word = |text: &str| {
            text.len() <= 128
                && text.starts_with(|char: char| char.is_ascii_alphabetic())
                && text.chars().all(|char| char.is_ascii_alphanumeric() || char == '-')
        };
        let (name, version) = match text.split_once('@') {
            Some((name, version)) => (name, Some(version)),
            None => (text, None),
        };
        let (package, world) = match name.split_once('/') {
            Some((package, world)) => (package, Some(world)),
            None => (name, None),
        };
        let package_fits = package.split_once(':').is_some_and(|(space, name)| word(space) && word(name));
        let number = |part: &str| {
            let digits = !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
            digits && part.len() <= 10 && (part == "0" || !part.starts_with('0'))
        };
        let version: Vec<String> =
            version.iter().flat_map(|text| text.split('.')).map(str::to_owned).collect();
        let version_fits = version.len() <= 3 && version.iter().all(|part| number(part));
        if !package_fits || !world.is_none_or(word) || !version_fits {
            return Err(wrong());
        }
        Ok(ContractPattern { world: world.map(str::to_owned), version, package: package.to_owned() })
    }

    /// Whether the contract of that name is one of them: `acme:images/filter@1.2.0`.
    ///
    /// A version before its release, such as `1.0.0-rc.1`, is matched only where no version is named.
    #[must_use]
    pub fn matches(&self, contract: &str) -> bool {
        let (name, version) = contract.split_once('@').unwrap_or((contract, ""));
        let (package, world) = name.split_once('/').unwrap_or((name, ""));
        package == self.package
            && self.world.as_ref().is_none_or(|own| own == world)
            && (self.version.is_empty() || self.has_version(version))
    }

    fn has_version(&self, version: &str) -> bool {
        if version.contains('-') {
            return false;
        }
        let without_build = version.split('+').next().unwrap_or_default();
        let mut parts = without_build.split('.');
        self.version.iter().all(|own| parts.next() == Some(own))
    }

    /// By how much it narrows: a pattern that is more specific counts for more.
    pub(crate) fn rank(&self) -> (bool, usize) {
        (self.world.is_some(), self.version.len())
    }
}

impl fmt::Display for ContractPattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.package)?;
        if let Some(world) = &self.world {
            write!(f, "/{world}")?;
        }
        if !self.version.is_empty() {
            write!(f, "@{}", self.version.join("."))?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::ContractPattern;

    #[test]
    fn patterns_match_contracts() {
        for (pattern, yes, no) in [
            (
                "acme:images",
                &["acme:images/filter@1.2.0", "acme:images/x", "acme:images/filter@1.0.0-rc.1"][..],
                &["acme:image/filter@1.2.0", "acme:images2/filter@1.2.0"][..],
            ),
            (
                "acme:images@1",
                &["acme:images/filter@1.2.0", "acme:images/x@1.0.0+build"],
                &[
                    "acme:images/filter@10.0.0",
                    "acme:images/filter@0.1.0",
                    "acme:images/x",
                    "acme:images/x@1.0.0-rc.1",
                ],
            ),
            (
                "acme:images/filter@1.2",
                &["acme:images/filter@1.2.9"],
                &["acme:images/x@1.2.9", "acme:images/filter@1.20.0"],
            ),
            ("acme:images@1.2.0", &["acme:images/filter@1.2.0"], &["acme:images/filter@1.2.1"]),
        ] {
            let parsed = ContractPattern::new(pattern).unwrap();
            assert_eq!(parsed.to_string(), pattern);
            for contract in yes {
                assert!(parsed.matches(contract), "{pattern} {contract}");
            }
            for contract in no {
                assert!(!parsed.matches(contract), "{pattern} {contract}");
            }
        }
        for text in [
            "",
            "acme",
            "acme:",
            ":images",
            "acme:images@",
            "acme:images@x",
            "acme:images@1.2.3.4",
            "acme:images@01",
            "acme:images/",
            "acme:images/a/b",
            "acme:images@^1",
            "acme:images@1@2",
            "acme: images",
        ] {
            assert_eq!(ContractPattern::new(text), None, "{text:?}");
        }
    }
}
