//! Environment variables.

use std::fmt;

use crate::mistake::{Mistake, shown};

/// The name of an environment variable.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct EnvName(String);

const LONGEST_NAME: usize = 256;

impl EnvName {
    /// The name in `text`; none if no variable can have it.
    #[must_use]
    pub fn new(text: &str) -> Option<EnvName> {
        EnvName::parse(text).ok()
    }

    pub(crate) fn parse(text: &str) -> Result<EnvName, Mistake> {
        let fits = (1..=LONGEST_NAME).contains(&text.len())
            && !text
                .chars()
                .any(|char| char.is_control() || char.is_whitespace() || matches!(char, '=' | '*'));
        if fits {
            return Ok(EnvName(text.to_owned()));
        }
        let what = format!("`{}` is no name of an environment variable", shown(text));
        Err(Mistake::new(0..text.len(), what, "write one name, such as `LANG`, or `LANG=C` with its value"))
    }

    /// A name of ours.
    pub(crate) fn fixed(name: &'static str) -> EnvName {
        EnvName(name.to_owned())
    }

    /// The name.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for EnvName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// From where a variable has its value.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum EnvValue {
    /// From the environment of the host.
    Inherited,
    /// From the policy.
    Fixed(String),
}

/// A value may be a secret, so it is not shown.
impl fmt::Debug for EnvValue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            EnvValue::Inherited => "Inherited",
            EnvValue::Fixed(_) => "Fixed(…)",
        })
    }
}

/// A variable that is granted: `LANG`, `PLUGIN_MODE=fast`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub struct EnvGrant {
    /// Its name.
    pub name: EnvName,
    /// From where it has its value.
    pub value: EnvValue,
}

impl EnvGrant {
    /// Grants the variable with the value that it has in the host.
    #[must_use]
    pub fn inherited(name: EnvName) -> EnvGrant {
        EnvGrant { name, value: EnvValue::Inherited }
    }

    pub(crate) fn parse(text: &str) -> Result<EnvGrant, Mistake> {
        let Some((name, value)) = text.split_once('=') else {
            return EnvName::parse(text).map(EnvGrant::inherited);
        };
        if let Some(at) = value.find('\0') {
            let at = name.len() + 1 + at;
            return Err(Mistake::new(at..at + 1, "the value has a zero byte", "leave it out"));
        }
        Ok(EnvGrant { name: EnvName::parse(name)?, value: EnvValue::Fixed(value.to_owned()) })
    }

    /// Whether `other` is the same variable with the same value.
    #[must_use]
    pub fn covers(&self, other: &EnvGrant) -> bool {
        self == other
    }
}

/// With its value, as it can be read again.
impl fmt::Display for EnvGrant {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.value {
            EnvValue::Inherited => write!(f, "{}", self.name),
            EnvValue::Fixed(value) => write!(f, "{}={value}", self.name),
        }
    }
}

/// The variables that a plugin sees. None by default.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct EnvRules(pub(crate) Vec<EnvGrant>);

impl EnvRules {
    /// The variables, each once.
    #[must_use]
    pub fn grants(&self) -> &[EnvGrant] {
        &self.0
    }

    /// From where the variable has its value; none if the plugin does not see it.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&EnvValue> {
        self.0.iter().find(|grant| grant.name.as_str() == name).map(|grant| &grant.value)
    }
}

impl EnvRules {
    /// The variables with their values. Those that the host has are looked up; where there is none of
    /// that name, the plugin sees none.
    pub fn resolved(&self, lookup: impl Fn(&str) -> Option<String>) -> Vec<(String, String)> {
        let value = |grant: &EnvGrant| match &grant.value {
            EnvValue::Inherited => lookup(grant.name.as_str()),
            EnvValue::Fixed(value) => Some(value.clone()),
        };
        self.0.iter().filter_map(|grant| Some((grant.name.to_string(), value(grant)?))).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn variables_are_read() {
        let grant = |text| EnvGrant::parse(text).unwrap();
        assert_eq!(grant("LANG"), EnvGrant::inherited(EnvName::new("LANG").unwrap()));
        assert_eq!(grant("A=b=c").value, EnvValue::Fixed("b=c".to_owned()));
        assert_eq!(grant("A=").value, EnvValue::Fixed(String::new()));
        assert!(!format!("{:?}", grant("A=secret")).contains("secret"));
        for text in ["", "=x", "A B", "A\n", "*", "A*=x", "A\0", "A=x\0"] {
            assert!(EnvGrant::parse(text).is_err(), "{text:?}");
        }
        let rules = EnvRules(vec![grant("LANG"), grant("MODE=fast")]);
        assert_eq!(rules.get("LANG"), Some(&EnvValue::Inherited));
        assert_eq!(rules.get("lang"), None);
        assert_eq!(rules.get("LANG=x"), None);
    }

    #[test]
    fn variables_of_the_host_are_looked_up() {
        let grant = |text| EnvGrant::parse(text).unwrap();
        let rules = EnvRules(vec![grant("LANG"), grant("HOME=/plugin"), grant("NONE"), grant("EMPTY")]);
        let host = |name: &str| match name {
            "LANG" => Some("C".to_owned()),
            "EMPTY" => Some(String::new()),
            "HOME" | "SECRET" => panic!("{name} is not to be read"),
            _ => None,
        };
        let pairs = [("LANG", "C"), ("HOME", "/plugin"), ("EMPTY", "")];
        assert_eq!(rules.resolved(host), pairs.map(|(name, value)| (name.to_owned(), value.to_owned())));
    }
}
