//! Names of hosts.

use std::fmt;

use crate::mistake::{Mistake, shown};

/// The longest name, and the longest part of one, as DNS has it.
const LONGEST: usize = 253;
const LONGEST_LABEL: usize = 63;

/// The name of a host in the form in which names are compared: lower case, without a dot at its end.
///
/// A name in another script stays as it is written; nothing is taken for its Punycode.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct HostName(String);

impl HostName {
    /// The name in `text`; none if it is no name, such as an address in any of its spellings.
    #[must_use]
    pub fn new(text: &str) -> Option<HostName> {
        HostName::parse(text).ok()
    }

    pub(crate) fn parse(text: &str) -> Result<HostName, Mistake> {
        let wrong = |what: String| {
            let help = "write a name such as `api.example.com`, an address such as `10.0.0.5`, or a range such as \
                        `10.0.0.0/8`";
            Mistake::new(0..text.len(), what, help)
        };
        let name = text.strip_suffix('.').unwrap_or(text).to_ascii_lowercase();
        if name.is_empty() {
            return Err(wrong("there is no host".to_owned()));
        }
        if name.len() > LONGEST {
            return Err(wrong(format!("the host's name is longer than {LONGEST} bytes")));
        }
        let labels_fit = name.split('.').all(|label| {
            (1..=LONGEST_LABEL).contains(&label.len())
                && !label.starts_with('-')
                && !label.ends_with('-')
                && label.chars().all(|char| char.is_alphanumeric() || matches!(char, '-' | '_'))
        });
        // `127.1`, `2130706433` and `0x7f.1` are addresses to many a resolver
        if !labels_fit || name.rsplit('.').next().is_some_and(is_number) {
            return Err(wrong(format!("`{}` is no host's name", shown(text))));
        }
        Ok(HostName(name))
    }

    /// The name.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether it is below `parent`, and not `parent` itself.
    pub(crate) fn is_below(&self, parent: &HostName) -> bool {
        self.0.strip_suffix(&parent.0).is_some_and(|rest| rest.ends_with('.'))
    }
}

fn is_number(label: &str) -> bool {
    let digits = label.bytes().all(|byte| byte.is_ascii_digit());
    digits || label.strip_prefix("0x").is_some_and(|hex| hex.bytes().all(|byte| byte.is_ascii_hexdigit()))
}

impl fmt::Display for HostName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::HostName;

    #[test]
    fn names_are_made_comparable() {
        for (text, name) in [
            ("API.Example.COM", "api.example.com"),
            ("api.example.com.", "api.example.com"),
            ("localhost", "localhost"),
            ("xn--bcher-kva.example", "xn--bcher-kva.example"),
            ("bücher.example", "bücher.example"),
            ("a_b.c-d", "a_b.c-d"),
            ("1.example", "1.example"),
        ] {
            assert_eq!(HostName::new(text).unwrap().as_str(), name);
        }
    }

    #[test]
    fn what_is_no_name() {
        for text in [
            "",
            ".",
            "..",
            "a..b",
            ".a",
            "a.b..",
            "-a",
            "a-",
            "a b",
            "a\n",
            "a/b",
            "a:1",
            "a@b",
            "[::1]",
            "*.a",
            "127.0.0.1",
            "127.1",
            "2130706433",
            "0x7f.1",
            "0x7f000001",
            "017700000001",
            "127.0.0.1.",
            "a.0x",
            "a。b",
            "a%00",
            "user@host",
        ] {
            assert_eq!(HostName::new(text), None, "{text:?}");
        }
        assert!(HostName::new(&"a".repeat(63)).is_some());
        assert!(HostName::new(&"a".repeat(64)).is_none());
        assert!(HostName::new(&format!("{}a", "a.".repeat(126))).is_some());
        assert!(HostName::new(&format!("{}a", "a.".repeat(127))).is_none());
    }

    #[test]
    fn a_parent_is_whole_labels() {
        let name = |text| HostName::new(text).unwrap();
        assert!(name("a.b.c").is_below(&name("b.c")));
        assert!(!name("b.c").is_below(&name("b.c")));
        assert!(!name("xb.c").is_below(&name("b.c")));
    }
}
