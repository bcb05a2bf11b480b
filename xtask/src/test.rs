//! `cargo xtask test`: every test of the workspace.

use std::ffi::OsString;

use crate::console::{self, Failure};
use crate::minisign;
use crate::nested_cargo::Step;
use crate::repository::Repository;
use crate::setup;

/// Sets up, then runs the documentation's examples and the tests.
///
/// The examples come first, so that what the runner says of the tests stands last.
pub(crate) fn run(repository: &Repository, arguments: &[OsString]) -> Result<(), Failure> {
    setup::run(repository, false)?;
    minisign::run(repository, false);
    let nextest = has_nextest(repository);
    if !nextest {
        console::note(
            "cargo-nextest is not installed, so `cargo test` runs the tests: slower, the same tests.",
        );
        console::note("`cargo install cargo-nextest --locked` installs it.");
    }

    let documented = if arguments.is_empty() {
        console::heading("examples of the documentation");
        Step::cargo(repository, ["test", "--doc", "--workspace"]).run().map(drop)
    } else {
        Ok(())
    };

    console::heading("tests");
    tests(repository, nextest, arguments).run()?;
    documented
}

/// Runs the tests so that what they compare with files is written into these files.
pub(crate) fn bless(repository: &Repository, arguments: &[OsString]) -> Result<(), Failure> {
    setup::run(repository, false)?;
    minisign::run(repository, false);
    console::heading("tests, writing what they find");
    tests(repository, has_nextest(repository), arguments)
        .var("PLUG_BLESS", "1")
        .var("INSTA_UPDATE", "always")
        .run()?;
    console::note("`git diff` shows what is different now");
    Ok(())
}

fn tests(repository: &Repository, nextest: bool, arguments: &[OsString]) -> Step {
    // Without `--workspace`, which would have cargo pass over a `-p` among the arguments: at the root
    // of a workspace, all packages are meant anyway.
    let runner: &[&str] = if nextest { &["nextest", "run"] } else { &["test", "--lib", "--bins", "--tests"] };
    Step::cargo(repository, runner).arguments(arguments)
}

/// Whether nextest is there, and new enough for `.config/nextest.toml`.
fn has_nextest(repository: &Repository) -> bool {
    Step::cargo(repository, ["nextest", "show-config", "version"]).succeeds()
}
