//! For people.

mod admission;
mod caps;
mod compat;
mod contract;
mod failure;
mod outcome;
mod printable;
mod sheet;
mod talk;

pub(super) use admission::{keys, locked, signed, verification};
pub(super) use caps::caps;
pub(super) use compat::{Severity, comparison, severity};
pub(super) use contract::{drift, hashes};
pub(super) use failure::{failure, usage};
pub(super) use outcome::{answer, answer_line, build, codes, examination, functions, inspection, wit};
pub(super) use talk::event;
