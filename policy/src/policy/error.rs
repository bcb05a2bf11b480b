//! A policy file that cannot be used.

use std::fmt;
use std::ops::Range;

use crate::mistake::Mistake;
use crate::snippet::marked;

/// As many mistakes as are told together.
const MOST: usize = 20;

/// A policy file that cannot be used. As text it shows each mistake in place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PolicyError {
    file: String,
    kind: Kind,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Kind {
    Read { what: String, help: String },
    Mistakes(Vec<PolicyMistake>),
}

/// One mistake in a policy file.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct PolicyMistake {
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

impl PolicyError {
    pub(super) fn read(file: String, what: String, help: &str) -> PolicyError {
        PolicyError { file, kind: Kind::Read { what, help: help.to_owned() } }
    }

    /// The code of the error, for `cargo plug explain`: that of the first mistake.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match &self.kind {
            Kind::Read { .. } => "PLG1003",
            Kind::Mistakes(mistakes) => mistakes.first().map_or("PLG1004", |mistake| mistake.code),
        }
    }

    /// The file.
    #[must_use]
    pub fn file(&self) -> &str {
        &self.file
    }

    /// The mistakes in it; none if it cannot be read at all.
    #[must_use]
    pub fn mistakes(&self) -> &[PolicyMistake] {
        match &self.kind {
            Kind::Read { .. } => &[],
            Kind::Mistakes(mistakes) => mistakes,
        }
    }

    /// What to do; more than one for more than one mistake.
    #[must_use]
    pub fn help(&self) -> Vec<String> {
        match &self.kind {
            Kind::Read { help, .. } => vec![help.clone()],
            Kind::Mistakes(mistakes) => mistakes.iter().map(|mistake| mistake.help.clone()).collect(),
        }
    }
}

impl std::error::Error for PolicyError {}

impl fmt::Display for PolicyError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.kind {
            Kind::Read { what, help } => {
                write!(f, "the policy `{}` cannot be read: {what}; {help}", self.file)
            }
            Kind::Mistakes(mistakes) => {
                write!(f, "the policy `{}` is wrong", self.file)?;
                for mistake in mistakes {
                    let PolicyMistake { code, line, column, what, help, marked: [text, marker] } = mistake;
                    let number = line.to_string();
                    let gap = " ".repeat(number.len());
                    write!(
                        f,
                        "\nerror[{code}]: {what}\n{gap}--> {file}:{line}:{column}\n{gap} |\n{number} | {text}\n{gap} | \
                         {marker}\n{gap} = help: {help}",
                        file = self.file,
                    )?;
                }
                Ok(())
            }
        }
    }
}

/// The text of a policy, and the mistakes that were found in it.
pub(super) struct Mistakes<'a> {
    text: &'a str,
    found: Vec<PolicyMistake>,
}

impl<'a> Mistakes<'a> {
    pub(super) fn new(text: &'a str) -> Mistakes<'a> {
        Mistakes { text, found: Vec::new() }
    }

    /// Notes a mistake, whose span is one of the whole text.
    pub(super) fn note(&mut self, code: &'static str, mistake: Mistake) {
        if self.found.len() == MOST {
            return;
        }
        let Mistake { span, what, help } = mistake;
        let start = self.text.floor_char_boundary(span.start);
        let before = &self.text[..start];
        let begin = before.rfind('\n').map_or(0, |at| at + 1);
        let line = self.text[begin..].lines().next().unwrap_or_default();
        let within =
            start - begin..self.text.floor_char_boundary(span.end).saturating_sub(begin).min(line.len());
        let (shown, marker) = marked(line, within);
        self.found.push(PolicyMistake {
            code,
            line: before.matches('\n').count() + 1,
            column: before[begin..].chars().count() + 1,
            what,
            help,
            marked: [shown, marker],
        });
    }

    pub(super) fn note_at(&mut self, code: &'static str, span: Range<usize>, what: String, help: String) {
        self.note(code, Mistake { span, what, help });
    }

    /// The error, if there was a mistake.
    pub(super) fn into_error(self, file: &str) -> Option<PolicyError> {
        let mut found = self.found;
        if found.is_empty() {
            return None;
        }
        found.sort_by_key(|mistake| (mistake.line, mistake.column));
        Some(PolicyError { file: file.to_owned(), kind: Kind::Mistakes(found) })
    }

    pub(super) fn text(&self) -> &'a str {
        self.text
    }
}
