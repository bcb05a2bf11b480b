//! A mistake in a text: what, where in it, and what would be right.

use std::ops::Range;

/// The longest text of a grant or want.
pub(crate) const MAX_TEXT: usize = 4096;

/// What is wrong with a part of a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Mistake {
    /// In bytes.
    pub(crate) span: Range<usize>,
    pub(crate) what: String,
    pub(crate) help: String,
}

impl Mistake {
    pub(crate) fn new(span: Range<usize>, what: impl Into<String>, help: impl Into<String>) -> Mistake {
        Mistake { span, what: what.into(), help: help.into() }
    }

    /// As seen from a text in which this one begins at `by`.
    pub(crate) fn shifted(mut self, by: usize) -> Mistake {
        self.span = self.span.start + by..self.span.end + by;
        self
    }
}

/// A text of a stranger as it can be shown: on one line, without control characters or marks that
/// turn the direction of writing, and not too long.
pub(crate) fn shown(text: &str) -> String {
    const LONGEST: usize = 120;
    let mut out = String::new();
    for (count, char) in text.chars().enumerate() {
        if count == LONGEST {
            out.push('…');
            break;
        }
        push_shown(&mut out, char);
    }
    out
}

/// How many columns [`shown`] needs for it.
pub(crate) fn push_shown(out: &mut String, char: char) {
    match char {
        '"' | '\'' | '\\' => out.push(char),
        _ => out.extend(char.escape_debug()),
    }
}

#[cfg(test)]
mod tests {
    use super::shown;

    #[test]
    fn a_hostile_text_is_shown_on_one_line() {
        assert_eq!(shown("a\n\u{1b}[31m\u{202e}\"b\\"), "a\\n\\u{1b}[31m\\u{202e}\"b\\");
        assert_eq!(shown(&"x".repeat(1000)).chars().count(), 121);
    }
}
