/// Text of others without what a terminal would obey: control characters are shown, not sent.
pub(super) fn printable(text: &str) -> String {
    let is_safe = |c: char| c == '\n' || c == '\t' || !c.is_control();
    if text.chars().all(is_safe) {
        return text.to_owned();
    }
    text.chars().flat_map(|c| if is_safe(c) { vec![c] } else { c.escape_unicode().collect() }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn terminals_are_told_nothing() {
        assert_eq!(printable("a\tß\n"), "a\tß\n");
        assert_eq!(printable("\x1b[31m\r\u{9b}"), "\\u{1b}[31m\\u{d}\\u{9b}");
    }
}
