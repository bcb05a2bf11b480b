//! Names of the capabilities that applications add.

use std::borrow::Borrow;
use std::fmt;
use std::sync::Arc;

use crate::capability::Capability;
use crate::mistake::{Mistake, shown};

/// The longest name.
const LONGEST: usize = 128;

/// Namespaces of WIT that are not an application's.
const NOT_OF_APPLICATIONS: [&str; 2] = ["plug", "wasi"];

/// The name of a capability that an application adds: that of a WIT interface without its version,
/// such as `acme:counters/store`.
///
/// It has a slash, which no capability of ours has, so neither is ever taken for the other. Its
/// namespace is the application's own: neither `plug` nor `wasi` nor the first part of one of our
/// capabilities. Its words have small letters of ASCII, digits and dashes.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CustomName(Arc<str>);

impl CustomName {
    /// The name in `text`; none if no capability of an application can have it.
    #[must_use]
    pub fn new(text: &str) -> Option<CustomName> {
        CustomName::parse(text).ok()
    }

    /// Whether it is meant to be one: `a:b/c`.
    pub(crate) fn looks_like(text: &str) -> bool {
        text.split_once('/').is_some_and(|(package, _)| package.contains(':'))
    }

    pub(crate) fn parse(text: &str) -> Result<CustomName, Mistake> {
        let whole = 0..text.len();
        if text.len() > LONGEST {
            let help = format!("it may have {LONGEST} bytes");
            return Err(Mistake::new(whole, "the name of the capability is too long", help));
        }
        let parts = text.split_once(':').and_then(|(namespace, rest)| {
            let (package, interface) = rest.split_once('/')?;
            Some([namespace, package, interface])
        });
        let Some([namespace, ..]) = parts.filter(|parts| parts.iter().all(|part| is_label(part))) else {
            let what = format!("`{}` is no name of a capability", shown(text));
            let help = "write that of a WIT interface in small letters and without a version, such as \
                        `acme:counters/store`";
            return Err(Mistake::new(whole, what, help));
        };
        let ours = Capability::names().into_iter().filter_map(|name| name.split(':').next());
        if ours.chain(NOT_OF_APPLICATIONS).any(|taken| taken == namespace) {
            let what = format!("no capability of an application begins with `{namespace}:`");
            let help = "write a namespace of the application's own, such as `acme:counters/store`";
            return Err(Mistake::new(0..namespace.len(), what, help));
        }
        Ok(CustomName(text.into()))
    }

    /// The name.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Words with dashes between them; the first begins with a letter.
fn is_label(text: &str) -> bool {
    let is_word = |word: &str| {
        !word.is_empty() && word.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit())
    };
    text.starts_with(|char: char| char.is_ascii_lowercase()) && text.split('-').all(is_word)
}

impl fmt::Display for CustomName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// They compare as their texts do, so a map can be asked by text.
impl Borrow<str> for CustomName {
    fn borrow(&self) -> &str {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    use super::CustomName;

    #[test]
    fn names_of_interfaces_are_read() {
        for text in ["a:b/c", "acme:counters/store", "acme-2:image-filters/v2-store", "fsx:read/it"] {
            assert_eq!(CustomName::new(text).unwrap().as_str(), text);
        }
        let longest = format!("a:b/{}", "c".repeat(124));
        assert!(CustomName::new(&longest).is_some());
        assert_eq!(CustomName::new(&format!("{longest}c")), None);
    }

    #[test]
    fn what_is_none_is_told_with_the_mend() {
        for (text, span, told) in [
            ("acme:counters/store@1.0.0", 0..25, "`acme:counters/store@1.0.0` is no name of a capability"),
            ("acme:counters/Store", 0..19, "`acme:counters/Store` is no name of a capability"),
            ("acme:a/b/c", 0..10, "`acme:a/b/c` is no name of a capability"),
            ("acme:a:b/c", 0..10, "`acme:a:b/c` is no name of a capability"),
            ("acme:/c", 0..7, "`acme:/c` is no name of a capability"),
            ("acme:a--b/c", 0..11, "`acme:a--b/c` is no name of a capability"),
            ("acme:1a/c", 0..9, "`acme:1a/c` is no name of a capability"),
            ("acme:ä/c", 0..9, "`acme:ä/c` is no name of a capability"),
            ("fs:read/data", 0..2, "no capability of an application begins with `fs:`"),
            ("log:x/y", 0..3, "no capability of an application begins with `log:`"),
            ("wasi:http/types", 0..4, "no capability of an application begins with `wasi:`"),
            ("plug:plugin/host-api", 0..4, "no capability of an application begins with `plug:`"),
        ] {
            assert!(CustomName::looks_like(text), "{text}");
            let mistake = CustomName::parse(text).unwrap_err();
            assert_eq!((mistake.what.as_str(), mistake.span), (told, span), "{text}");
            assert!(!mistake.help.is_empty());
        }
        for text in ["fs:read", "net", "fs/read", "", "a/b:c"] {
            assert!(!CustomName::looks_like(text), "{text}");
            assert_eq!(CustomName::new(text), None, "{text}");
        }
    }
}
