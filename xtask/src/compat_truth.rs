//! `cargo xtask compat-truth`: the judge against wasmtime, at length.

use crate::console;
use crate::console::Failure;
use crate::nested_cargo::Step;
use crate::repository::Repository;

/// So many random pairs of worlds; the tests of the workspace try fewer.
const PAIRS: &str = "2500";

/// Runs the measured pairs and many random ones.
pub(crate) fn run(repository: &Repository) -> Result<(), Failure> {
    console::heading("what wasmtime links, and what the judge says");
    Step::cargo(
        repository,
        ["test", "--no-fail-fast", "--workspace", "--test", "cases", "--test", "rules", "--test", "random"],
    )
    .arguments(["--", "--nocapture"])
    .var("PLUG_COMPAT_TRUTH_PAIRS", PAIRS)
    .run()
    .map(drop)
}
