//! What holds for all commands.

use crate::project::{Project, assert_runs};

#[test]
fn what_is_not_understood_is_usage() {
    let project = Project::new();
    assert_runs!(
        project,
        project.plug(&["inspcet", "x.wasm"]),
        project.plug(&[]),
        project.plug(&["build", "--relase"]),
        project.plug(&["new"]),
        project.plug(&["new", "x", "--template", "processr"]),
        project.plug(&["new", "x", "--world", "a:b/c"]),
        project.plug(&["call", "x.wasm", "--memory", "12"]),
        project.plug(&["call", "x.wasm", "--deadline", "12h"]),
        project.plug(&["call", "x.wasm", "--config", "novalue"]),
        project.plug(&["build", "--quiet", "--verbose"]),
    );
}

#[test]
fn help_is_data() {
    let project = Project::new();
    assert_runs!(
        project,
        project.plug(&["--help"]),
        project.plug(&["new", "-h"]),
        project.plug(&["init", "-h"]),
        project.plug(&["build", "-h"]),
        project.plug(&["inspect", "-h"]),
        project.plug(&["call", "-h"]),
        project.plug(&["doctor", "-h"]),
        project.plug(&["setup", "-h"]),
        project.plug(&["explain", "-h"]),
    );
}

#[test]
fn cargo_hands_over_the_name_of_the_subcommand() {
    let project = Project::new();
    let own = project.plug(&["explain", "PLG0001"]);
    let by_cargo = project.plug(&["plug", "explain", "PLG0001"]);
    assert_eq!((own.code, own.stdout), (by_cargo.code, by_cargo.stdout));
}

#[test]
fn colour_is_for_terminals_and_for_those_who_ask() {
    let is_colourful = |project: &Project, args: &[&str]| project.plug(args).stderr.contains('\u{1b}');
    let project = Project::new();
    assert!(!is_colourful(&project, &["new", "a b"]));
    assert!(!is_colourful(&project, &["--color=never", "new", "a b"]));
    assert!(is_colourful(&project, &["new", "a b", "--color", "always"]));
    // Before the command line is understood as a whole, too.
    assert!(is_colourful(&project, &["--color=always", "nwe"]));
    assert!(!is_colourful(&project, &["nwe"]));
    // Asking on the command line is more than a wish in the environment.
    let project = project.with_var("NO_COLOR", "1");
    assert!(is_colourful(&project, &["new", "a b", "--color", "always"]));
}

#[test]
fn colour_changes_no_word() {
    let project = Project::new();
    let plain = project.plug(&["new", "a b"]).stderr;
    let coloured = project.plug(&["new", "a b", "--color", "always"]).stderr;
    let mut stripped = String::new();
    let mut rest = coloured.as_str();
    while let Some(start) = rest.find('\u{1b}') {
        stripped.push_str(&rest[..start]);
        rest = &rest[start + rest[start..].find('m').expect("an escape ends with m") + 1..];
    }
    stripped.push_str(rest);
    assert_eq!(stripped, plain);
}

#[cfg(unix)]
#[test]
fn half_a_report_is_no_success() {
    let full = std::fs::File::options().write(true).open("/dev/full");
    // Not every Unix has it.
    let Ok(full) = full else { return };
    let status = std::process::Command::new(env!("CARGO_BIN_EXE_cargo-plug"))
        .args(["explain", "--list"])
        .stdout(full)
        .status()
        .unwrap();
    assert_eq!(status.code(), Some(1));
}
