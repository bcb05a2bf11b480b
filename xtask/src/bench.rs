//! `cargo xtask bench`: the benchmarks of all crates.

use std::ffi::OsString;

use crate::console::{self, Failure};
use crate::nested_cargo::Step;
use crate::repository::Repository;
use crate::setup;

pub(crate) fn run(repository: &Repository, arguments: &[OsString]) -> Result<(), Failure> {
    setup::run(repository, false)?;
    console::heading("benchmarks");
    // Only the bench targets: the test harness of the others does not take criterion's options.
    let words = ["bench", "--workspace", "--bench", "*"].map(OsString::from);
    let rest = if arguments.is_empty() { None } else { Some(OsString::from("--")) };
    let words = words.into_iter().chain(rest).chain(arguments.iter().cloned());
    Step::cargo(repository, words).run().map(drop)
}
