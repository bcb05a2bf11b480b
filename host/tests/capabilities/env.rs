//! `env`: the variables that are granted, by their names.

use std::path::Path;

use crate::support::{ALL, Probe, run};

/// A variable of the process that runs the tests, which cargo sets for each of them.
const OURS: &str = "CARGO_MANIFEST_DIR";

fn none() -> &'static Path {
    Path::new("")
}

#[tokio::test]
async fn a_variable_of_the_host_is_seen_when_it_is_granted() {
    let value = std::env::var(OURS).expect("run by cargo");
    let mut probe = Probe::wanting(&ALL).await;
    let mut instance = probe.under(none(), &format!("env = [\"{OURS}\"]")).await;
    assert_eq!(run(&mut instance, &format!("env {OURS}")).await, format!("ok {value}"));
    assert_eq!(run(&mut instance, "env-all").await, format!("ok {OURS}={value}"));

    for lines in [
        "",
        "env = []",
        "env = [\"PATH_TO_NOTHING\"]",
        "env = [\"CARGO_MANIFEST_DI\"]",
        "env = [\"cargo_manifest_dir\"]",
    ] {
        let mut instance = probe.under(none(), lines).await;
        assert_eq!(run(&mut instance, &format!("env {OURS}")).await, "error NotPresent", "{lines}");
        assert_eq!(run(&mut instance, "env-all").await, "ok", "{lines}");
    }
    // there is no `*` among names
    for other in ["PATH", "HOME", "cargo_manifest_dir", "CARGO_MANIFEST_DIR ", "CARGO_PKG_NAME"] {
        let mut instance = probe.under(none(), &format!("env = [\"{OURS}\"]")).await;
        assert_eq!(run(&mut instance, &format!("env {other}")).await, "error NotPresent", "{other}");
    }
}

#[tokio::test]
async fn a_fixed_value_stands_for_the_variable_of_the_host() {
    let mut probe = Probe::wanting(&ALL).await;
    let lines = format!("env = [\"{OURS}=elsewhere\", \"MODE=fast=yes\", \"EMPTY=\"]");
    let mut instance = probe.under(none(), &lines).await;
    assert_eq!(run(&mut instance, "env-all").await, format!("ok {OURS}=elsewhere,EMPTY=,MODE=fast=yes"));
    // the process has the variable that it had
    assert_ne!(std::env::var(OURS).as_deref(), Ok("elsewhere"));
}

#[tokio::test]
async fn what_is_not_wanted_is_not_seen() {
    let lines = format!("env = [\"{OURS}\", \"MODE=fast\"]");
    for (wants, seen) in
        [(&["env=MODE"][..], "ok MODE=fast"), (&["env=mode"], "ok"), (&["log"], "ok"), (&[], "ok")]
    {
        let mut probe = Probe::wanting(wants).await;
        let mut instance = probe.under(none(), &lines).await;
        assert_eq!(run(&mut instance, "env-all").await, seen, "{wants:?}");
    }
}

#[tokio::test]
async fn there_are_no_arguments_and_no_working_directory() {
    let mut probe = Probe::wanting(&ALL).await;
    let mut instance = probe.under(none(), "").await;
    assert_eq!(run(&mut instance, "args").await, "ok 0");
    // the standard library takes the root where there is none
    assert_eq!(run(&mut instance, "cwd").await, "ok /");
}
