//! `cargo xtask compat-truth`: the judge against wasmtime, at length.

use crate::console;
use crate::console::Failure;
use crate::nested_cargo::Step;
use crate::repository::Repository;

/// So many random pairs of worlds; the tests of the workspace try fewer.
const PAIRS: &str = "2500";

/// Runs the measured pairs and many random ones, with an engine that has async functions, streams
/// and futures. That is another engine than the one of the workspace, so it is compiled in a
/// folder of its own, where it holds up no other build and can be thrown away.
pub(crate) fn run(repository: &Repository) -> Result<(), Failure> {
    console::heading("what wasmtime links, and what the judge says");
    let target = repository.target().join("compat-truth");
    Step::cargo(
        repository,
        ["test", "--no-fail-fast", "--package", "plug-compat-truth", "--features", "concurrent"],
    )
    .arguments(["--test", "cases", "--test", "rules", "--test", "random", "--target-dir"])
    .argument(repository.shown(&target))
    .arguments(["--", "--nocapture"])
    .var("PLUG_COMPAT_TRUTH_PAIRS", PAIRS)
    .run()
    .map(drop)
}
