//! Patterns for configuration keys and topics of events.

use std::fmt;
use std::str::FromStr;

use super::error::GrantError;
use crate::mistake::{Mistake, shown};

/// The longest key or topic that can be granted.
const LONGEST: usize = 256;

/// A text, or all texts that begin so: `orders.placed`, `orders.*`, `*`.
///
/// The star may stand at the end only. So of two patterns either one holds the other or they have
/// nothing in common, and what is both wanted and granted is again a pattern.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Pattern {
    stem: String,
    open: bool,
}

impl Pattern {
    /// The pattern that matches all.
    #[must_use]
    pub fn any() -> Pattern {
        Pattern { stem: String::new(), open: true }
    }

    pub(crate) fn parse(text: &str, example: &str) -> Result<Pattern, Mistake> {
        let whole = 0..text.len();
        if text.is_empty() {
            return Err(Mistake::new(whole, "there is no pattern", format!("write `{example}`")));
        }
        if text.len() > LONGEST {
            let help = format!("a pattern has at most {LONGEST} bytes");
            return Err(Mistake::new(whole, "the pattern is too long", help));
        }
        if let Some((at, char)) = text.char_indices().find(|(_, char)| char.is_control()) {
            let span = at..at + char.len_utf8();
            return Err(Mistake::new(span, "the pattern has a control character", "leave it out"));
        }
        let (stem, open) = match text.strip_suffix('*') {
            Some(stem) => (stem, true),
            None => (text, false),
        };
        if let Some(at) = stem.find('*') {
            let help = format!("a `*` may stand at the end only, as in `{}*`", shown(&stem[..at]));
            return Err(Mistake::new(at..at + 1, "the pattern has a `*` that is not at its end", help));
        }
        Ok(Pattern { stem: stem.to_owned(), open })
    }

    /// Whether it matches `text`.
    #[must_use]
    pub fn matches(&self, text: &str) -> bool {
        if self.open { text.starts_with(&self.stem) } else { text == self.stem }
    }

    /// Whether it matches all that `other` matches.
    #[must_use]
    pub fn covers(&self, other: &Pattern) -> bool {
        if self.open { other.stem.starts_with(&self.stem) } else { self == other }
    }

    /// What both match.
    pub(crate) fn meet(&self, other: &Pattern) -> Option<Pattern> {
        if self.covers(other) {
            Some(other.clone())
        } else if other.covers(self) {
            Some(self.clone())
        } else {
            None
        }
    }

    pub(crate) fn is_single(&self) -> bool {
        !self.open
    }
}

impl fmt::Display for Pattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}{}", self.stem, if self.open { "*" } else { "" })
    }
}

impl FromStr for Pattern {
    type Err = GrantError;

    fn from_str(text: &str) -> Result<Pattern, GrantError> {
        Pattern::parse(text, "orders.*").map_err(|mistake| GrantError::new(text, mistake))
    }
}

#[cfg(test)]
mod tests {
    use super::Pattern;

    fn pattern(text: &str) -> Pattern {
        Pattern::parse(text, "a").unwrap()
    }

    #[test]
    fn patterns_at_their_edges() {
        for (text, yes, no) in [
            ("a.b", &["a.b"][..], &["a.bc", "a.", "A.b", "", "a.b\0", " a.b", "a.b*"][..]),
            ("a.*", &["a.", "a.b", "a.b.c", "a.*"], &["a", "ab", "A.b", " a.b"]),
            ("a*", &["a", "ab", "a\n"], &["", "b", "ba"]),
            ("*", &["", "a", "\u{202e}"], &[]),
            ("[ab]?{c}", &["[ab]?{c}"], &["ac", "a?c"]),
        ] {
            for given in yes {
                assert!(pattern(text).matches(given), "{text} {given:?}");
            }
            for given in no {
                assert!(!pattern(text).matches(given), "{text} {given:?}");
            }
        }
    }

    #[test]
    fn what_is_no_pattern() {
        for (text, span) in [("", 0..0), ("a*b", 1..2), ("**", 0..1), ("*a", 0..1), ("a\nb", 1..2)] {
            assert_eq!(Pattern::parse(text, "a").unwrap_err().span, span, "{text:?}");
        }
        assert!(Pattern::parse(&"a".repeat(256), "a").is_ok());
        assert!(Pattern::parse(&"a".repeat(257), "a").is_err());
    }
}
