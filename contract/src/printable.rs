//! Text of strangers, as it may stand among our own.

use std::borrow::Cow;

/// The text on one line, without what a terminal would obey: a line break in it would begin a line that
/// looks like one of ours, and a control character could rewrite those above. Each is shown as Rust
/// writes it: `\\n`, `\\u{1b}`.
#[must_use]
pub fn line(text: &str) -> Cow<'_, str> {
    escaped(text, |char| char != '\t' && is_obeyed(char))
}

/// The same with its line breaks, for text that has lines of its own.
#[must_use]
pub fn lines(text: &str) -> Cow<'_, str> {
    escaped(text, |char| char != '\t' && char != '\n' && is_obeyed(char))
}

fn escaped(text: &str, is_escaped: impl Fn(char) -> bool) -> Cow<'_, str> {
    if !text.chars().any(&is_escaped) {
        return Cow::Borrowed(text);
    }
    let mut shown = String::with_capacity(text.len());
    for char in text.chars() {
        if is_escaped(char) {
            shown.extend(char.escape_default());
        } else {
            shown.push(char);
        }
    }
    Cow::Owned(shown)
}

/// Control characters, separators of lines and paragraphs, and marks that turn the direction of writing.
fn is_obeyed(char: char) -> bool {
    char.is_control()
        || matches!(char, '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn terminals_are_told_nothing() {
        let harmless = "a\tß „quoted“ 'e\u{301}' \\ 👩‍🚀";
        assert!(matches!(line(harmless), Cow::Borrowed(text) if text == harmless));
        assert_eq!(line("\x1b[2Ja\r\nb\u{9b}\u{202e}\0\u{7f}"), r"\u{1b}[2Ja\r\nb\u{9b}\u{202e}\u{0}\u{7f}");
        assert_eq!(lines("a\r\n\tb\u{2028}"), "a\\r\n\tb\\u{2028}");
    }
}
