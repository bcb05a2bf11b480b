//! What a contract can be read from: WIT text, components, locks, and any of them out of git.

mod error;
mod git;
mod package;
mod reference;
mod side;
mod texts;

pub(crate) use error::BaselineError;
pub(crate) use package::{Package, Reading};
pub(crate) use reference::Reference;
pub(crate) use side::Side;
pub(crate) use texts::{Place as TextPlace, Texts};
