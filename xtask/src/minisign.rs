//! The tool minisign, against which signatures are tested.

use std::env;
use std::path::PathBuf;
use std::process::Command;

use crate::console;
use crate::nested_cargo::Step;
use crate::repository::Repository;

/// Installs it by the system's package manager, where that needs nobody's password. Where it cannot be
/// installed, the tests that need it fail and say how to: all else can go on.
pub(crate) fn run(repository: &Repository, dry_run: bool) {
    let by_hand = "install it: `apt-get install minisign`, `brew install minisign`, or see https://jedisct1.github.io/minisign";
    if find("minisign").is_some() {
        return;
    }
    if find("apt-get").is_none() || !is_root() {
        console::note(format!("minisign is missing, and tests of signatures need it; {by_hand}"));
        return;
    }
    if dry_run {
        console::note("the package minisign is to be installed by apt-get, for tests of signatures");
        return;
    }
    let apt = |arguments: &[&str]| {
        Step::program(repository, "apt-get")
            .var("DEBIAN_FRONTEND", "noninteractive")
            .arguments(arguments)
            .run()
    };
    // where packages were never listed, as in the image of a container, they have to be
    let installed = apt(&["install", "--yes", "--no-install-recommends", "minisign"]).or_else(|_| {
        apt(&["update"])?;
        apt(&["install", "--yes", "--no-install-recommends", "minisign"])
    });
    if installed.is_err() {
        console::note(format!("minisign could not be installed; {by_hand}"));
    }
}

fn find(program: &str) -> Option<PathBuf> {
    let path = env::var_os("PATH")?;
    env::split_paths(&path).map(|folder| folder.join(program)).find(|file| file.is_file())
}

fn is_root() -> bool {
    let user = Command::new("id").arg("-u").output();
    user.is_ok_and(|output| output.stdout.trim_ascii() == b"0")
}
