//! What all targets ask of what is said about the text of a stranger.

use std::error::Error;

use plug_contract::printable;

/// An error can be shown, with its causes, and has nothing in it that a terminal would obey.
///
/// # Panics
/// When it has.
pub fn shown(error: &dyn Error) {
    let mut next = Some(error);
    while let Some(error) = next {
        harmless(&error.to_string());
        next = error.source();
    }
}

/// A text of several lines has nothing in it that a terminal would obey.
///
/// # Panics
/// When it has.
pub fn harmless(text: &str) {
    assert_eq!(printable::lines(text), text, "a terminal would obey this");
}
