//! A part of a text, shown in place.

use std::ops::Range;

use crate::mistake::push_shown;

/// Columns of a line that are shown.
const WIDTH: usize = 100;

/// The line, and one that marks `span` in it. Of a long line the part around the mark is shown.
pub(crate) fn marked(line: &str, span: Range<usize>) -> (String, String) {
    let mut cells: Vec<char> = Vec::new();
    let (mut from, mut to) = (None, None);
    for (at, char) in line.char_indices() {
        if at >= span.start {
            from.get_or_insert(cells.len());
        }
        if at >= span.end {
            to.get_or_insert(cells.len());
        }
        let mut shown = String::new();
        match char {
            '\t' => shown.push_str("    "),
            _ => push_shown(&mut shown, char),
        }
        cells.extend(shown.chars());
    }
    let from = from.unwrap_or(cells.len());
    let to = to.unwrap_or(cells.len()).max(from + 1);
    let begin = if cells.len() <= WIDTH { 0 } else { from.saturating_sub(WIDTH / 4) };
    let end = cells.len().min(begin + WIDTH);
    let (before, after) = (if begin > 0 { "…" } else { "" }, if end < cells.len() { "…" } else { "" });
    let text: String = cells[begin..end].iter().collect();
    let indent = from - begin + before.chars().count();
    let marker = format!("{}{}", " ".repeat(indent), "^".repeat(to.min(end.max(from + 1)) - from));
    (format!("{before}{text}{after}"), marker)
}

#[cfg(test)]
mod tests {
    use super::marked;

    #[test]
    fn the_mark_stands_below_its_part() {
        let told = |line, span| {
            let (line, marker) = marked(line, span);
            format!("{line}\n{marker}")
        };
        assert_eq!(told("net = 1", 6..7), "net = 1\n      ^");
        assert_eq!(told("\tä = 1", 6..7), "    ä = 1\n        ^");
        assert_eq!(told("a\u{1b}b", 2..3), "a\\u{1b}b\n       ^");
        assert_eq!(told("", 0..0), "\n^");
        assert_eq!(told("abc", 3..3), "abc\n   ^");
        let long = format!("{}X{}", "a".repeat(500), "b".repeat(500));
        let (line, marker) = marked(&long, 500..501);
        assert_eq!(line.chars().nth(marker.chars().count() - 1), Some('X'));
        assert_eq!(line.chars().count(), 102);
        let (line, marker) = marked(&long, 0..1001);
        assert!(marker.chars().count() < line.chars().count());
    }
}
