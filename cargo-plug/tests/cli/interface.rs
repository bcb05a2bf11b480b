//! What holds for all commands.

use crate::component::{EMPTY, IMAGES, component, custom_section};
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
        project.plug(&["check-compat", "-h"]),
        project.plug(&["contract", "-h"]),
        project.plug(&["contract", "freeze", "-h"]),
        project.plug(&["contract", "drift", "-h"]),
        project.plug(&["contract", "hash", "-h"]),
        project.plug(&["contract", "diff", "-h"]),
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

#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_is_told() {
    let project = Project::new();
    project.write("bare.wasm", component(IMAGES, "bare")).write("text.wasm", "hello");
    let full = || std::fs::File::options().write(true).open("/dev/full").expect("Linux has it");
    assert_runs!(
        project,
        project.plug_into(full(), &["explain", "--list"]),
        project.plug_into(full(), &["inspect", "bare.wasm"]),
        project.plug_into(full(), &["--help"]),
        // Both are told, each once.
        project.plug_into(full(), &["inspect", "text.wasm", "--format", "json"]),
    );
}

#[test]
fn a_reader_that_went_away_is_told_nothing() {
    let (reader, writer) = std::io::pipe().expect("there are pipes");
    drop(reader);
    let run = Project::new().plug_into(writer, &["explain", "--list"]);
    // Half a report is no success.
    assert_eq!((run.code, run.stderr.as_str()), (Some(1), ""), "{run}");
}

#[test]
fn exit_codes_are_those_of_the_guide() {
    let project = Project::new();
    project.write("bare.wasm", component(IMAGES, "bare")).write("host/images.wit", IMAGES);
    project.write("newer.wasm", [EMPTY, &custom_section("wit-contract", b"{\"format\":9}")].concat());
    for (args, code) in [
        (&["inspect", "bare.wasm"][..], 0),
        (&["--version"], 0),
        (&["inspect", "newer.wasm", "--format", "wit"], 0),
        (&["inspect", "nowhere.wasm"], 1),
        (&["call", "nowhere.wasm", "run(1)"], 1),
        (&["call", "bare.wasm", "counter-1.next()"], 1),
        (&["new", "x", "--contract", "nowhere"], 1),
        (&["inspcet"], 2),
        (&["new", "a b"], 2),
        (&["new", "x", "--contract", "host", "--world", "acme:images/flter"], 2),
        (&["call", "bare.wasm", "rnu(1)"], 2),
        (&["call", "bare.wasm", "run(1)", "--allow", "nothing"], 2),
        (&["explain", "PLG9999"], 2),
        (&["inspect", "newer.wasm"], 101),
        (&["check-compat", "host", "--world", "filter", "--against", "host"], 0),
        (&["check-compat", "bare.wasm", "--against", "host", "--against-world", "filter"], 100),
        (&["check-compat", "newer.wasm", "--against", "host", "--against-world", "filter"], 101),
        (&["check-compat", "host", "--against", "nowhere"], 101),
        (&["check-compat", "host", "--against", "host"], 2),
        (&["check-compat", "host", "--against", "host", "--linker", "gnu"], 2),
        (&["contract", "diff", "host", "host", "--world", "bare"], 0),
        (&["contract", "hash", "nowhere"], 101),
        (&["inspect", "newer.wasm", "--format", "json"], 101),
    ] {
        let run = project.plug(args);
        assert_eq!(run.code, Some(code), "{run}");
    }
}
