//! A table cut into batches, each with the head line.

/// Some rows of a table.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Batch {
    /// The head line and the rows, as they were written.
    pub(crate) text: String,
    /// The line of the table that the first row is in; the head line is in line 1.
    pub(crate) first_line: usize,
}

/// Batches of so many rows; the last one may have fewer.
pub(crate) fn batches(table: &str, rows: usize) -> Vec<Batch> {
    let mut lines = lines(table).into_iter().filter(|(_, text)| !text.trim().is_empty());
    let Some((_, head)) = lines.next() else { return Vec::new() };
    let rest: Vec<_> = lines.collect();
    rest.chunks(rows.max(1))
        .map(|chunk| Batch {
            text: [head].into_iter().chain(chunk.iter().map(|(_, text)| *text)).collect(),
            first_line: chunk[0].0,
        })
        .collect()
}

/// The lines with their line ends and numbers. A line end between quotes does not end a row,
/// whatever the delimiter is.
fn lines(table: &str) -> Vec<(usize, &str)> {
    let mut lines = Vec::new();
    let (mut start, mut number, mut next, mut quoted) = (0, 1, 1, false);
    for (at, byte) in table.bytes().enumerate() {
        match byte {
            b'"' => quoted = !quoted,
            b'\n' => {
                next += 1;
                if !quoted {
                    lines.push((number, &table[start..=at]));
                    (start, number) = (at + 1, next);
                }
            }
            _ => {}
        }
    }
    lines.push((number, &table[start..]));
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cut(table: &str, rows: usize) -> Vec<(String, usize)> {
        batches(table, rows).into_iter().map(|batch| (batch.text, batch.first_line)).collect()
    }

    #[test]
    fn each_batch_has_the_head() {
        assert_eq!(
            cut("a,b\n1,2\n3,4\n5,6", 2),
            [("a,b\n1,2\n3,4\n".to_owned(), 2), ("a,b\n5,6".to_owned(), 4)]
        );
    }

    #[test]
    fn quoted_line_ends_stay_in_their_row() {
        assert_eq!(cut("a\n\"x\ny\"\nz\n", 1), [("a\n\"x\ny\"\n".to_owned(), 2), ("a\nz\n".to_owned(), 4)]);
    }

    #[test]
    fn empty_lines_are_no_rows() {
        assert_eq!(cut("a\r\n\r\n1\r\n\n", 9), [("a\r\n1\r\n".to_owned(), 3)]);
        assert!(cut("a\n", 9).is_empty());
        assert!(cut("", 9).is_empty());
    }
}
