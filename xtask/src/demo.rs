//! `cargo xtask demo`: a plugin from nothing, and pictures and tables through plugins.

use std::fs;
use std::path::{Path, PathBuf};

use crate::console::{self, Failure, seconds};
use crate::nested_cargo::{Step, TARGET_DIR};
use crate::repository::{Repository, fresh_folder, seen_from};
use crate::setup;

/// What the demo writes into the scaffolded plugin.
const SEPIA: &str = "xtask/demo/sepia.rs";

const PICTURE: &str = "examples/image-pipeline/assets/architecture.png";
const TABLE: &str = "examples/data-processor/assets/measurements.csv";

/// The plugins that the picture goes through, in order; the last is the new one.
const PIPELINE: [&str; 3] = ["grayscale", "resize", "sepia"];

pub(crate) fn run(repository: &Repository) -> Result<(), Failure> {
    setup::run(repository, false)?;
    let demo = fresh_folder(&repository.target().join("demo"))?;
    let after = demo.join("architecture-sepia.png");

    console::heading("`cargo plug`, the command line tool");
    Step::cargo(repository, ["build", "--workspace", "--bins"]).run()?;

    console::heading("a new plugin, from nothing");
    // Everything into one folder, so that nothing is compiled twice.
    console::command("", &format!("export {TARGET_DIR}={}", repository.target().display()));
    let plugin = demo.join("sepia");
    Step::cargo(repository, ["plug", "new", "sepia", "--contract"])
        .argument(seen_from(&demo, &repository.path("examples/image-pipeline/wit")))
        .argument("--sdk-path")
        .argument(seen_from(&demo, &repository.path("guest-sdk")))
        .in_workspace(repository, &demo)
        .run()?;
    copy(repository, SEPIA, &plugin.join("src").join("lib.rs"))?;
    Step::cargo(repository, ["plug", "build", "--release"]).in_workspace(repository, &plugin).run()?;
    Step::cargo(repository, ["plug", "inspect"])
        .argument(repository.shown(&component(repository, "sepia")))
        .run()?;

    console::heading("the examples");
    let examples = repository.path("examples");
    Step::cargo(repository, ["plug", "build", "--release"]).in_workspace(repository, &examples).run()?;

    // All packages at once: for a single one, dependencies would have other features and be
    // compiled again.
    Step::cargo(repository, ["build", "--workspace", "--bins"]).in_workspace(repository, &examples).run()?;

    console::heading("a picture through three plugins");
    let mut pipeline = Step::program(repository, "image-pipeline")
        .argument(seen_from(&examples, &repository.path(PICTURE)))
        .argument(seen_from(&examples, &after));
    for name in PIPELINE {
        let file = component(repository, name);
        pipeline = pipeline.argument("--plugin").argument(seen_from(&examples, &file));
    }
    let time =
        pipeline.arguments(["--config", "resize.max-width=640"]).in_workspace(repository, &examples).run()?;

    console::heading("a table through a plugin of the standard world");
    Step::program(repository, "data-processor")
        .argument(seen_from(&examples, &repository.path(TABLE)))
        .argument("--plugin")
        .argument(seen_from(&examples, &component(repository, "data-stats")))
        .in_workspace(repository, &examples)
        .run()?;

    console::heading("done");
    console::note(format!("before: {}", repository.path(PICTURE).display()));
    console::note(format!("after:  {}", after.display()));
    console::note(format!("from one to the other in {}, compilation of the plugins included", seconds(time)));
    Ok(())
}

/// What `cargo plug build` made.
fn component(repository: &Repository, name: &str) -> PathBuf {
    repository.target().join("plug").join(format!("{name}.wasm"))
}

fn copy(repository: &Repository, from: &str, to: &Path) -> Result<(), Failure> {
    console::command("", &format!("cp {from} {}", repository.shown(to).display()));
    fs::copy(repository.path(from), to)
        .map(drop)
        .map_err(|error| Failure::new(format!("cannot copy {from}: {error}")))
}
