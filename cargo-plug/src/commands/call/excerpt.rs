//! The place in a call where reading it stopped.

/// The most characters of a line that are shown.
const WIDTH: usize = 80;

/// The line of `text` that the byte `at` is in, as much of it as fits, and a sign below that byte.
pub(super) fn excerpt(text: &str, at: usize) -> String {
    let at = (0..=at.min(text.len())).rev().find(|&at| text.is_char_boundary(at)).unwrap_or_default();
    let (before, behind) = text.split_at(at);
    let before = before.rsplit('\n').next().unwrap_or_default();
    let behind = behind.split('\n').next().unwrap_or_default();
    // One column each, whatever it is: an escaped character would move the sign.
    let line: Vec<char> =
        before.chars().chain(behind.chars()).map(|c| if c.is_control() { ' ' } else { c }).collect();
    let column = before.chars().count();

    let start =
        if line.len() <= WIDTH { 0 } else { column.saturating_sub(WIDTH / 2).min(line.len() - WIDTH) };
    let end = line.len().min(start + WIDTH);
    let mut shown: String = line[start..end].iter().collect();
    let mut column = column - start;
    if start > 0 {
        shown.insert(0, '…');
        column += 1;
    }
    if end < line.len() {
        shown.push('…');
    }
    format!("{shown}\n{}^", " ".repeat(column))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_short_line_is_shown_whole() {
        assert_eq!(excerpt("f(ß, x)", 6), "f(ß, x)\n     ^");
        assert_eq!(excerpt("f(", 9), "f(\n  ^");
        assert_eq!(excerpt("", 0), "\n^");
        // In the middle of a character.
        assert_eq!(excerpt("ß", 1), "ß\n^");
    }

    #[test]
    fn of_several_lines_one_is_shown() {
        let text = "f({\n\ta: x,\n  b: 1\n})";
        assert_eq!(excerpt(text, text.find('x').unwrap()), " a: x,\n    ^");
        // A line break belongs to the line that it ends.
        assert_eq!(excerpt(text, text.find(",\n").unwrap() + 1), " a: x,\n      ^");
    }

    #[test]
    fn a_long_line_is_cut_around_the_sign() {
        let text = format!("f({}x{})", "a".repeat(100), "b".repeat(100));
        let at = text.find('x').unwrap();
        for at in [0, 2, at, text.len() - 1, text.len()] {
            let shown = excerpt(&text, at);
            let (line, sign) = shown.split_once('\n').unwrap();
            assert!(line.chars().count() <= WIDTH + 2, "{line}");
            assert_eq!(line.chars().nth(sign.chars().count() - 1), text.chars().nth(at), "{shown}");
        }
    }
}
