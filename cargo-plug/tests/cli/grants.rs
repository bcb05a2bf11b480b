//! What `cargo plug call` lets a plugin do.

use plug_fixtures::{Guest, guest};

use crate::project::{Project, assert_runs};

fn with_probe() -> Project {
    let project = Project::new();
    std::fs::copy(guest(Guest::Probe), project.join("probe.wasm")).unwrap();
    project.write("words/list.txt", "seven words");
    project
}

fn process(command: &str) -> String {
    format!("process({{input: {command:?}, options: []}})")
}

#[test]
fn what_is_allowed_can_be_done() {
    let project = with_probe();
    let call = |command: &str, more: &[&str]| {
        project.plug(&[&["call", "probe.wasm", &process(command)], more].concat())
    };
    assert_runs!(
        project,
        call("read /words/list.txt", &[]),
        call("read /words/list.txt", &["--allow", "fs:read=words"]),
        call("read /data/list.txt", &["--allow", "fs:read=words -> /data"]),
        call("write /words/list.txt changed", &["--allow", "fs:read=words"]),
        call("env LANG", &["--allow", "env=LANG=C"]),
        call("read /words/list.txt", &["--allow", "fs:read=nowhere -> /words"]),
    );
    assert_eq!(std::fs::read_to_string(project.join("words/list.txt")).unwrap(), "seven words");
}

#[test]
fn a_policy_grants_and_limits() {
    let project = with_probe();
    project.write("policy.toml", "[plugin.probe]\n\"fs:write\" = [\"words -> /words\"]\n");
    project.write("wrong.toml", "[plugin.probe]\n\"fs:wrote\" = []\n");
    let call = |command: &str, more: &[&str]| {
        project.plug(&[&["call", "probe.wasm", &process(command)], more].concat())
    };
    assert_runs!(
        project,
        call("write /words/list.txt changed", &["--policy", "policy.toml", "--plugin", "other"]),
        call("write /words/list.txt changed", &["--policy", "policy.toml"]),
        call("read /words/list.txt", &["--policy", "wrong.toml"]),
        call("read /words/list.txt", &["--policy", "policy.toml", "--memory", "1MiB"]),
    );
    assert_eq!(std::fs::read_to_string(project.join("words/list.txt")).unwrap(), "changed");
}

/// From a run to the least policy, and with that policy it works.
#[test]
fn an_audit_becomes_a_policy() {
    let project = with_probe();
    let (read, write) = (process("config database.url"), process("write /words/new.txt x"));
    let calls = ["call", "probe.wasm", &read, &write];
    let restricted = "[defaults]\nconfig = []\n\"fs:read\" = [\"words -> /words\"]\n";
    project.write("restricted.toml", restricted);
    let audit = ["--policy", "restricted.toml", "--config", "database.url=x", "--audit", "denied.jsonl"];
    let run = |more: &[&str]| project.plug(&[&calls[..], more].concat());
    assert_runs!(
        project,
        run(&audit),
        project.plug(&["caps", "--suggest", "denied.jsonl"]),
        run(&["--audit", "nowhere/denied.jsonl"]),
    );
    let suggested = project.plug(&["caps", "--suggest", "denied.jsonl"]).stdout;
    project.write("suggested.toml", suggested);
    let again = run(&["--policy", "suggested.toml", "--config", "database.url=x"]);
    assert!(again.stdout.contains("\"ok x\""), "{}", again.stdout);
    assert_eq!(std::fs::read_to_string(project.join("words/new.txt")).unwrap(), "x");
}
