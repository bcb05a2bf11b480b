//! `cargo xtask compat-score`: `check-compat` against what wasmtime was measured to do.

use crate::console::{self, Failure};
use crate::nested_cargo::Step;
use crate::repository::Repository;

/// The verdicts of the command on all measured pairs, and how many of them agree.
pub(crate) fn run(repository: &Repository) -> Result<(), Failure> {
    console::heading("the verdicts of check-compat, and what was measured");
    Step::cargo(repository, ["test", "--workspace", "--test", "compat-score", "--", "--nocapture"]).run()?;
    let results = repository.target().join("compat-score.jsonl");
    console::note(format!("written: {}", repository.shown(&results).display()));
    Ok(())
}
