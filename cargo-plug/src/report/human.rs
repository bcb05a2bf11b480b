//! For people.

mod failure;
mod outcome;
mod printable;
mod talk;

pub(super) use failure::{failure, usage};
pub(super) use outcome::{answer, build, codes, examination, functions, inspection, wit};
pub(super) use talk::event;
