//! A whole run of the program with the real plugins: what each tried, and what became of it.

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use built_plugins::built_plugin;

const PLUGINS: [&str; 7] = ["diligent", "glutton", "hog", "phone-home", "pry", "snoop", "spinner"];
const POLICY: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../policy.toml");

fn run(policy: &Path) -> Output {
    let folder = tempfile::tempdir().unwrap();
    for name in PLUGINS {
        fs::copy(built_plugin(name), folder.path().join(format!("{name}.wasm"))).unwrap();
    }
    let mut program = Command::new(env!("CARGO_BIN_EXE_untrusted"));
    // a variable that nobody is granted
    program.env("AWS_SECRET_ACCESS_KEY", "tell nobody");
    program.arg(folder.path()).arg("--policy").arg(policy).output().unwrap()
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
    let run = run(Path::new(POLICY));
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
    let run = run(&policy);
    let out = String::from_utf8(run.stdout).unwrap();
    assert_eq!(run.status.code(), Some(1), "{out}");
    assert!(outcome(&out, "overwrite /data/words.txt").starts_with("done"), "{out}");
    assert!(outcome(&out, "read /data/link-to-secret").starts_with("denied"), "{out}");
    assert!(out.contains("BAD   data/words.txt is changed"), "{out}");
    assert!(out.contains("BAD   somebody connected to 127.0.0.1:"), "{out}");
}
