/// The most characters of a value that a stranger chose.
const LONGEST: usize = 200;

/// Text of others without what a terminal would obey: control characters are shown, not sent.
pub(super) fn printable(text: &str) -> String {
    escaped(text, |c| c == '\n' || c == '\t' || !is_obeyed(c))
}

/// The same on one line: a line break in it would begin a line that looks like one of ours.
pub(super) fn printable_line(text: &str) -> String {
    escaped(text, |c| !is_obeyed(c))
}

/// The same, cut off where it is long enough.
pub(super) fn short_line(text: &str) -> String {
    match text.char_indices().nth(LONGEST) {
        None => printable_line(text),
        Some((end, _)) => format!("{}…", printable_line(&text[..end])),
    }
}

/// What changes how a terminal shows the rest: control characters, line and paragraph separators,
/// and marks that turn the direction of writing.
fn is_obeyed(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

fn escaped(text: &str, is_safe: impl Fn(char) -> bool) -> String {
    if text.chars().all(&is_safe) {
        return text.to_owned();
    }
    text.chars().flat_map(|c| if is_safe(c) { vec![c] } else { c.escape_default().collect() }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn terminals_are_told_nothing() {
        assert_eq!(printable("a\tß\n"), "a\tß\n");
        assert_eq!(printable("\x1b[31m\r\u{9b}\u{202e}"), "\\u{1b}[31m\\r\\u{9b}\\u{202e}");
        assert_eq!(printable("a\u{61c}b"), "a\\u{61c}b");
    }

    #[test]
    fn a_line_stays_one() {
        assert_eq!(printable_line("a\nb\r\tß\u{2028}"), "a\\nb\\r\\tß\\u{2028}");
    }

    #[test]
    fn what_is_long_is_cut() {
        assert_eq!(short_line(&"ß".repeat(200)), "ß".repeat(200));
        assert_eq!(short_line(&"ß".repeat(201)), format!("{}…", "ß".repeat(200)));
        assert_eq!(short_line("a\nb"), "a\\nb");
    }
}
