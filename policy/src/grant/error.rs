//! A text that is no grant.

use std::ops::Range;

use crate::mistake::{Mistake, shown};
use crate::snippet::marked;

/// A text that is no grant or want: what is wrong, where in it, and what would be right.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{}`: {}; {}", shown(.text), .mistake.what, .mistake.help)]
pub struct GrantError {
    text: String,
    mistake: Mistake,
}

impl GrantError {
    pub(crate) fn new(text: &str, mistake: Mistake) -> GrantError {
        // a text beyond all bounds is not kept; the mistake in it is its length
        let kept = if text.len() > crate::mistake::MAX_TEXT { "…" } else { text };
        let span = mistake.span.start.min(kept.len())..mistake.span.end.min(kept.len());
        GrantError { text: kept.to_owned(), mistake: Mistake { span, ..mistake } }
    }

    /// The code of the error, for `cargo plug explain`.
    #[must_use]
    pub fn code(&self) -> &'static str {
        "PLG1001"
    }

    /// The text.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The part of it that is wrong, in bytes.
    #[must_use]
    pub fn span(&self) -> Range<usize> {
        self.mistake.span.clone()
    }

    /// What is wrong with it.
    #[must_use]
    pub fn what(&self) -> &str {
        &self.mistake.what
    }

    /// What would be right.
    #[must_use]
    pub fn help(&self) -> &str {
        &self.mistake.help
    }

    /// The text, and below it a line that marks the wrong part.
    #[must_use]
    pub fn marked(&self) -> [String; 2] {
        let (line, marker) = marked(&self.text, self.span());
        [line, marker]
    }
}
