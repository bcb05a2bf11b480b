//! A whole run of the program with the real plugins: what each tried, and what became of it.

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use built_plugins::built_plugin;

const PLUGINS: [&str; 8] = ["diligent", "glutton", "hog", "phone-home", "pry", "rogue", "snoop", "spinner"];
const POLICY: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../policy.toml");

fn run(policy: &Path, more: &[&str]) -> Output {
    let folder = tempfile::tempdir().unwrap();
    for name in PLUGINS {
        fs::copy(built_plugin(name), folder.path().join(format!("{name}.wasm"))).unwrap();
    }
    let mut program = Command::new(env!("CARGO_BIN_EXE_untrusted"));
    // a variable that nobody is granted
    program.env("AWS_SECRET_ACCESS_KEY", "tell nobody");
    program.arg(folder.path()).arg("--policy").arg(policy).args(more).output().unwrap()
}

/// The outcome of an attempt: the word and the text behind it.
fn outcome<'a>(table: &'a str, attempt: &str) -> &'a str {
    let line = table.lines().find(|line| line.contains(&format!("  {attempt}  ")));
    let line = line.unwrap_or_else(|| panic!("no attempt to {attempt}:\n{table}"));
    let at = line.find(attempt).unwrap() + attempt.len();
    line[at..].trim()
}

#[test]
fn only_what_is_granted_can_be_done() {
    let run = run(Path::new(POLICY), &[]);
    let out = String::from_utf8(run.stdout).unwrap();
    let err = String::from_utf8(run.stderr).unwrap();
    assert!(run.status.success(), "{out}{err}");
    let (table, rest) = out.split_once("what the operator was told:").unwrap();

    for granted in [
        "read /data/words.txt",
        "write /scratch/count.txt",
        "the variable PLUGIN_MODE",
        "keep counts.words",
        "tell that it is counted",
    ] {
        assert!(outcome(table, granted).starts_with("done"), "{granted}:\n{table}");
    }
    for forbidden in [
        "read /etc/passwd",
        "read /data/../secret.txt",
        "read /data/link-to-secret",
        "read /proc/self/environ",
        "overwrite /data/words.txt",
        "remove /data/words.txt",
        "look up localhost",
        "connect to 169.254.169.254:80",
        "listen on 0.0.0.0:8080",
        "the host's environment",
        "the configuration's billing.key",
        "another plugin's counts.words",
        "set another plugin's counts.words",
        "emit admin.shutdown",
    ] {
        assert!(outcome(table, forbidden).starts_with("denied"), "{forbidden}:\n{table}");
    }
    assert_eq!(table.matches("  denied  ").count(), 16, "with the two attempts to call home:\n{table}");
    assert!(table.contains("stopped  plugin `hog` ran out of memory"), "{table}");
    assert!(table.contains("stopped  plugin `spinner` was stopped: it computed longer than"), "{table}");
    assert!(table.contains("stopped  plugin `glutton` cannot be given what it needs"), "{table}");

    for (rogue, stopped) in [
        ("abort", "panicked or aborted"),
        ("emit", "was stopped: it computed longer than the 500ms that a call may"),
        ("log", "was stopped: it computed longer than the 500ms that a call may"),
        ("recurse", "used up its stack"),
        ("refuse", "refused to start: I will not work here"),
        ("talk", "handed over more than the 1048576 bytes that it may at once"),
        ("wait", "was stopped: the call took longer than the 2s that it may"),
    ] {
        let line = format!("stopped  plugin `rogue-{rogue}` {stopped}");
        assert!(table.contains(&line), "{line}\n{table}");
    }

    let (told, effects) = rest.split_once("what really happened:").unwrap();
    for line in [
        r#"pry: events:emit "admin.shutdown"; to allow it: "events:emit" = ["admin.shutdown"]"#,
        r#"pry: acme:errands/store "counts.words"; to allow it: "acme:errands/store" = ["counts.words"]"#,
        r#"pry: config "billing.key"; to allow it: config = ["billing.key"]"#,
        r#"snoop: fs:write "/data"; to allow it: "fs:write" = ["data -> /data"]"#,
    ] {
        assert!(told.contains(line), "{line}\n{told}");
    }
    assert!(!effects.contains("BAD"), "{effects}");
    assert!(effects.contains(r#"{"counts.words": "12"}"#), "{effects}");
}

/// The table is not made up: with more granted, more can be done.
#[test]
fn what_is_granted_makes_the_difference() {
    let folder = tempfile::tempdir().unwrap();
    let policy = folder.path().join("policy.toml");
    let text = fs::read_to_string(POLICY).unwrap();
    let text = text.replace("[plugin.snoop]\n\"fs:read\"", "[plugin.snoop]\n\"fs:write\"");
    fs::write(&policy, text + "\n[plugin.phone-home]\n\"net:private\" = [\"127.0.0.1:*\"]\n").unwrap();
    let run = run(&policy, &[]);
    let out = String::from_utf8(run.stdout).unwrap();
    assert_eq!(run.status.code(), Some(1), "{out}");
    assert!(outcome(&out, "overwrite /data/words.txt").starts_with("done"), "{out}");
    assert!(outcome(&out, "read /data/link-to-secret").starts_with("denied"), "{out}");
    assert!(out.contains("BAD   data/words.txt is changed"), "{out}");
    assert!(out.contains("BAD   somebody connected to 127.0.0.1:"), "{out}");
}

/// What comes of the attempts of all others, again and again, and of the good plugin meanwhile.
#[test]
fn the_good_plugin_is_served_beside_all_others() {
    let run = run(Path::new(POLICY), &["--load", "--seconds", "2"]);
    let out = String::from_utf8(run.stdout).unwrap();
    let err = String::from_utf8(run.stderr).unwrap();
    assert!(run.status.success(), "{out}{err}");
    let (table, rest) = out.split_once("calls of diligent").unwrap();
    let rows: Vec<Vec<&str>> = table
        .lines()
        .map(|line| line.split("  ").map(str::trim).filter(|cell| !cell.is_empty()).collect())
        .collect();
    // where many compute at once, the time of the whole call can be over first
    let (computes, waits) = ("stopped (PLG0605)", "stopped (PLG0606)");
    for (plugin, attempt, outcome) in [
        ("glutton", "be loaded", "stopped (PLG1007)"),
        ("hog", "run its errand", "stopped (PLG0604)"),
        ("pry", "another plugin's counts.words", "denied"),
        ("rogue-abort", "run its errand", "stopped (PLG0601)"),
        ("rogue-come-and-go", "do its worst", "done"),
        ("rogue-emit", "run its errand", computes),
        ("rogue-log", "run its errand", computes),
        ("rogue-recurse", "run its errand", "stopped (PLG0603)"),
        ("rogue-refuse", "be loaded", "stopped (PLG0506)"),
        ("rogue-talk", "run its errand", "stopped (PLG0617)"),
        ("rogue-wait", "run its errand", waits),
        ("spinner", "run its errand", computes),
    ] {
        let row = rows.iter().find(|row| {
            let ends = row.get(2).is_some_and(|end| *end == outcome || outcome == computes && *end == waits);
            row.len() == 4 && row[..2] == [plugin, attempt] && ends
        });
        let row = row.unwrap_or_else(|| panic!("{plugin} {attempt} {outcome}:\n{table}"));
        assert!(row[3].parse::<u64>().is_ok_and(|times| times > 0), "{row:?}");
    }
    for measured in ["alone", "beside all the others"] {
        let line = rest.lines().find_map(|line| line.strip_prefix(measured)).unwrap();
        let mut cells = line.split_whitespace();
        assert!(cells.next().unwrap().parse::<u64>().is_ok_and(|made| made > 0), "{line}");
        assert_eq!(cells.next(), Some("0"), "{line}");
    }
    assert!(!rest.contains("BAD"), "{rest}");
}
