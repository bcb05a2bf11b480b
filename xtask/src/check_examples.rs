//! `cargo xtask check-examples`: what a user would build from, builds, and is free of lints.

use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};

use plug_toolchain::GUEST_TARGET;

use crate::console::{self, Failure};
use crate::nested_cargo::Step;
use crate::repository::{Repository, fresh_folder, seen_from};
use crate::setup;

/// What `cargo plug new` makes a project from.
enum Origin {
    Template(&'static str),
    Contract(&'static str),
}

const RENDERED: [(&str, Origin); 3] = [
    ("from-processor", Origin::Template("processor")),
    ("from-custom", Origin::Template("custom")),
    ("from-contract", Origin::Contract("examples/image-pipeline/wit")),
];

/// Its lock file serves the rendered projects, too, so that their dependencies have the same
/// versions and are compiled once.
const GUESTS: &str = "tests/fixtures/guests";

pub(crate) fn run(repository: &Repository) -> Result<(), Failure> {
    setup::run(repository, false)?;
    console::heading("`cargo plug`, the command line tool");
    Step::cargo(repository, ["build", "--workspace", "--bins"]).run()?;

    console::heading("the examples");
    let examples = repository.path("examples");
    check_format(repository, &examples)?;
    lint_natively(repository, &examples)?;
    lint_as_guests(repository, &examples, &packages(&plugins(&examples)?))?;
    Step::cargo(repository, ["plug", "build", "--release"]).in_workspace(repository, &examples).run()?;
    Step::cargo(repository, ["test", "--workspace"]).in_workspace(repository, &examples).run()?;

    console::heading("the guests of the tests");
    let guests = repository.path(GUESTS);
    check_format(repository, &guests)?;
    lint_as_guests(repository, &guests, &[OsString::from("--workspace")])?;

    let folder = fresh_folder(&repository.target().join("rendered"))?;
    // A user formats by rustfmt's defaults, not as this repository does.
    write(&folder.join("rustfmt.toml"), b"")?;
    for (name, origin) in RENDERED {
        let (heading, option, value) = match origin {
            Origin::Template(template) => ("template", "--template", PathBuf::from(template)),
            Origin::Contract(path) => ("contract", "--contract", seen_from(&folder, &repository.path(path))),
        };
        console::heading(&format!("a project made from the {heading} {}", value.display()));
        let project = folder.join(name);
        Step::cargo(repository, ["plug", "new", name, "--sdk-path"])
            .argument(seen_from(&folder, &repository.path("guest-sdk")))
            .argument(option)
            .argument(value)
            .in_workspace(repository, &folder)
            .run()?;
        copy_lock(&guests, &project)?;
        check_format(repository, &project)?;
        lint_natively(repository, &project)?;
        lint_as_guests(repository, &project, &[OsString::from("--lib")])?;
        Step::cargo(repository, ["plug", "build", "--release"]).in_workspace(repository, &project).run()?;
        Step::cargo(repository, ["test"]).in_workspace(repository, &project).run()?;
    }
    Ok(())
}

fn check_format(repository: &Repository, folder: &Path) -> Result<(), Failure> {
    Step::cargo(repository, ["fmt", "--check"]).in_workspace(repository, folder).run().map(drop)
}

fn lint_natively(repository: &Repository, folder: &Path) -> Result<(), Failure> {
    Step::cargo(repository, ["clippy", "--workspace", "--all-targets", "--", "-D", "warnings"])
        .in_workspace(repository, folder)
        .run()
        .map(drop)
}

fn lint_as_guests(repository: &Repository, folder: &Path, selection: &[OsString]) -> Result<(), Failure> {
    Step::cargo(repository, ["clippy", "--release", "--target", GUEST_TARGET])
        .arguments(selection)
        .arguments(["--", "-D", "warnings"])
        .in_workspace(repository, folder)
        .run()
        .map(drop)
}

/// The folders `*/plugins/*` of the examples.
fn plugins(examples: &Path) -> Result<Vec<PathBuf>, Failure> {
    let folders = |parent: &Path| -> Result<Vec<PathBuf>, Failure> {
        let failed = |error| Failure::new(format!("cannot read {}: {error}", parent.display()));
        let mut found = Vec::new();
        for entry in fs::read_dir(parent).map_err(failed)? {
            let path = entry.map_err(failed)?.path();
            if path.is_dir() {
                found.push(path);
            }
        }
        found.sort();
        Ok(found)
    };
    let mut found = Vec::new();
    for example in folders(examples)? {
        if example.join("plugins").is_dir() {
            found.extend(folders(&example.join("plugins"))?);
        }
    }
    if found.is_empty() {
        return Err(Failure::new(format!("there are no plugins in {}", examples.display())));
    }
    Ok(found)
}

/// `-p NAME` for each folder, which is named after its package.
fn packages(folders: &[PathBuf]) -> Vec<OsString> {
    let names = folders.iter().filter_map(|folder| folder.file_name());
    names.flat_map(|name| [OsString::from("-p"), name.to_owned()]).collect()
}

fn copy_lock(from: &Path, to: &Path) -> Result<(), Failure> {
    let lock = from.join("Cargo.lock");
    let text =
        fs::read(&lock).map_err(|error| Failure::new(format!("cannot read {}: {error}", lock.display())))?;
    write(&to.join("Cargo.lock"), &text)
}

fn write(path: &Path, bytes: &[u8]) -> Result<(), Failure> {
    fs::write(path, bytes).map_err(|error| Failure::new(format!("cannot write {}: {error}", path.display())))
}
