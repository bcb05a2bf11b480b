//! Mistakes in a file that people write, each shown in place.

use std::ops::Range;

use crate::snippet::marked;

/// As many mistakes as are told together.
const MOST: usize = 20;

/// One mistake in a file that people write: a policy, a list of trusted keys.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct FileMistake {
    /// The code of the error, for `cargo plug explain`.
    pub code: &'static str,
    /// The line, from 1.
    pub line: usize,
    /// The column in it, from 1, in characters.
    pub column: usize,
    /// What is wrong.
    pub what: String,
    /// What would be right.
    pub help: String,
    /// The line, and below it a line that marks the wrong part.
    pub marked: [String; 2],
}

impl FileMistake {
    /// As a compiler would show it, without an end of line.
    #[must_use]
    pub fn shown_in(&self, file: &str) -> String {
        let FileMistake { code, line, column, what, help, marked: [text, marker] } = self;
        let number = line.to_string();
        let gap = " ".repeat(number.len());
        format!(
            "error[{code}]: {what}\n{gap}--> {file}:{line}:{column}\n{gap} |\n{number} | {text}\n{gap} | \
             {marker}\n{gap} = help: {help}"
        )
    }
}

/// The text of a file, and the mistakes that were found in it.
#[derive(Debug)]
pub struct FileMistakes<'a> {
    text: &'a str,
    found: Vec<FileMistake>,
}

impl<'a> FileMistakes<'a> {
    /// None yet.
    #[must_use]
    pub fn new(text: &'a str) -> FileMistakes<'a> {
        FileMistakes { text, found: Vec::new() }
    }

    /// The text.
    #[must_use]
    pub fn text(&self) -> &'a str {
        self.text
    }

    /// Notes a mistake. Its span is in bytes of the whole text; one beyond its end is cut.
    pub fn note(
        &mut self,
        code: &'static str,
        span: Range<usize>,
        what: impl Into<String>,
        help: impl Into<String>,
    ) {
        if self.found.len() == MOST {
            return;
        }
        let start = self.text.floor_char_boundary(span.start);
        let before = &self.text[..start];
        let begin = before.rfind('\n').map_or(0, |at| at + 1);
        let line = self.text[begin..].lines().next().unwrap_or_default();
        let within =
            start - begin..self.text.floor_char_boundary(span.end).saturating_sub(begin).min(line.len());
        let (shown, marker) = marked(line, within);
        self.found.push(FileMistake {
            code,
            line: before.matches('\n').count() + 1,
            column: before[begin..].chars().count() + 1,
            what: what.into(),
            help: help.into(),
            marked: [shown, marker],
        });
    }

    /// Those that were found, in the order of the text.
    #[must_use]
    pub fn into_list(mut self) -> Vec<FileMistake> {
        self.found.sort_by_key(|mistake| (mistake.line, mistake.column));
        self.found
    }
}
