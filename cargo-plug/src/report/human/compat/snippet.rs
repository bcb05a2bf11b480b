//! A line of WIT with a mark below it.

use textwrap::core::display_width;

use super::super::printable::printable_line;
use crate::baseline::TextPlace;
use crate::report::Page;

/// As wide as a tab is shown.
const TAB: &str = "    ";

/// `  --> file:line:column`, the line, and a mark below the name that stands there.
pub(super) fn snippet(arrow: &str, place: &TextPlace, whose: &str, gutter: usize, page: Page) -> String {
    let style = page.style;
    let at = format!("{}:{}:{}", printable_line(&place.file), place.line, place.column);
    let mut text = format!("{:gutter$}{} {at} ({whose})\n", "", style.note(arrow));
    let Some(source) = &place.source else { return text };
    let room = page.width.saturating_sub(gutter + 4).max(20);
    let (line, before, marked) = window(source, place.column, room);
    let bar = style.note("|");
    let number = style.note(&format!("{:>gutter$}", place.line));
    text.push_str(&format!("{:gutter$} {bar}\n{number} {bar} {line}\n", ""));
    let mark = style.note(&"^".repeat(marked));
    text.push_str(&format!("{:gutter$} {bar} {:before$}{mark}\n", "", ""));
    text
}

/// The part of the line that is shown, how much of it stands before the mark, and how long that is.
fn window(source: &str, column: u32, room: usize) -> (String, usize, usize) {
    let at = (column as usize).saturating_sub(1).min(source.len());
    let at = (0..=at).rev().find(|at| source.is_char_boundary(*at)).unwrap_or(0);
    let (before, rest) = source.split_at(at);
    let name =
        rest.find(|c: char| !(c.is_ascii_alphanumeric() || c == '-' || c == '%')).unwrap_or(rest.len());
    let shown = |part: &str| printable_line(&part.replace('\t', TAB));
    let (mut before, name, rest) = (shown(before), shown(&rest[..name]), shown(&rest[name..]));
    let marked = display_width(&name).max(1);
    if !before.is_empty() && display_width(&before) + marked > room {
        before = "…".to_owned();
    }
    let width = display_width(&before);
    let mut line = format!("{before}{name}{rest}");
    if display_width(&line) > room {
        let mut wide = 0;
        let end = line.char_indices().find(|(_, c)| {
            wide += display_width(c.encode_utf8(&mut [0; 4]));
            wide >= room
        });
        if let Some((end, _)) = end {
            line.truncate(end);
            line.push('…');
        }
    }
    let left = room.saturating_sub(width).max(1);
    (line.trim_end().to_owned(), width, marked.min(left))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_name_at_the_place_is_marked() {
        assert_eq!(window("  apply: func();", 3, 60), ("  apply: func();".to_owned(), 2, 5));
        assert_eq!(window("\tapply", 2, 60), ("    apply".to_owned(), 4, 5));
        assert_eq!(window("/* ß */ a-b,", 10, 60).1, 8, "columns are bytes, marks are seen");
        assert_eq!(window("x", 9, 60), ("x".to_owned(), 1, 1));
        assert_eq!(window("ß", 2, 60).1, 0, "within a character");
    }

    #[test]
    fn long_lines_are_cut() {
        let long = format!("{}apply: func()", " ".repeat(50));
        assert_eq!(window(&long, 51, 20), ("…apply: func()".to_owned(), 1, 5));
        let (line, before, marked) = window(&"x".repeat(50), 1, 20);
        assert_eq!((display_width(&line), before, marked), (20, 0, 20));
    }

    #[test]
    fn terminals_are_told_nothing() {
        assert_eq!(window("a \u{1b}[31m", 1, 60).0, "a \\u{1b}[31m");
    }
}
