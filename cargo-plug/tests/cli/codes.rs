//! Codes, their pages, and the tests that provoke them.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use crate::project::repository;

/// Each `PLG` with four digits in the files below `folder` that `wanted` names.
fn codes_in(folder: &Path, wanted: &dyn Fn(&Path) -> bool) -> BTreeSet<String> {
    let mut codes = BTreeSet::new();
    let Ok(entries) = fs::read_dir(folder) else { return codes };
    for entry in entries {
        let path = entry.unwrap().path();
        if path.is_dir() {
            codes.extend(codes_in(&path, wanted));
        } else if wanted(&path) {
            let text = fs::read_to_string(&path).unwrap_or_default();
            codes.extend(text.match_indices("PLG").filter_map(|(at, _)| {
                let code = text.get(at..at + 7)?;
                code[3..].chars().all(|c| c.is_ascii_digit()).then(|| code.to_owned())
            }));
        }
    }
    codes
}

fn is_source(path: &Path) -> bool {
    path.extension().is_some_and(|ending| ending == "rs") && !path.ends_with("error_page/table.rs")
}

fn pages() -> BTreeSet<String> {
    let entries = fs::read_dir(repository().join("docs/errors")).unwrap();
    entries
        .filter_map(|entry| Some(entry.unwrap().file_name().to_str()?.strip_suffix(".md")?.to_owned()))
        .collect()
}

#[test]
fn every_code_has_a_page_and_every_page_a_code() {
    let root = repository();
    let mut used = BTreeSet::new();
    for member in [
        "contract",
        "policy",
        "admission",
        "toolchain",
        "guest-macros",
        "guest-sdk",
        "host-macros",
        "host",
        "cargo-plug",
    ] {
        used.extend(codes_in(&root.join(member).join("src"), &is_source));
    }
    // Examples of codes that do not exist, in tests.
    used.retain(|code| !code.starts_with("PLG9"));
    let pages = pages();
    let without_page: Vec<_> = used.difference(&pages).collect();
    let without_use: Vec<_> = pages.difference(&used).collect();
    assert!(without_page.is_empty(), "no page in docs/errors: {without_page:?}");
    assert!(without_use.is_empty(), "no source has these codes: {without_use:?}");
}

#[test]
fn every_code_of_the_command_line_is_provoked() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let own = |code: &String| {
        ["PLG00", "PLG01", "PLG02", "PLG0302", "PLG07", "PLG09", "PLG11"]
            .iter()
            .any(|own| code.starts_with(own))
    };
    let is_snapshot = |path: &Path| path.extension().is_some_and(|ending| ending == "snap");
    let provoked = codes_in(&root.join("tests/cli/snapshots"), &is_snapshot);
    let unprovoked: Vec<_> = pages()
        .into_iter()
        .filter(own)
        .filter(|code| !provoked.contains(code))
        // A thread or a runtime that the system refuses: a unit test of `host_failure` has it.
        .filter(|code| code != "PLG0708")
        // A limit that only hosts set: a test of plug-admission has it.
        .filter(|code| code != "PLG1118")
        .collect();
    assert!(unprovoked.is_empty(), "no snapshot shows: {unprovoked:?}");
}

/// The runs in all snapshots: how they ended, and the codes that they showed.
fn runs() -> Vec<(i32, BTreeSet<String>)> {
    let mut runs = Vec::new();
    for entry in fs::read_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cli/snapshots")).unwrap() {
        let path = entry.unwrap().path();
        let text = fs::read_to_string(&path).unwrap();
        for run in text.split("\n=> ").skip(1) {
            let Some(code) = run.lines().next().and_then(|line| line.parse().ok()) else { continue };
            let codes = run.match_indices("[PLG").filter_map(|(at, _)| run.get(at + 1..at + 8));
            runs.push((code, codes.map(str::to_owned).collect()));
        }
    }
    runs
}

#[test]
fn the_guide_says_which_errors_end_with_which_exit_code() {
    let guide = fs::read_to_string(repository().join("docs/guide/command-line.md")).unwrap();
    let runs = runs();
    for code in [2, 100, 101] {
        let row = format!("| {code} |");
        let row = guide.lines().find(|line| line.starts_with(&row)).expect("a row of the table");
        let told: BTreeSet<String> =
            row.match_indices("PLG").map(|(at, _)| row[at..at + 7].to_owned()).collect();
        let seen: BTreeSet<String> =
            runs.iter().filter(|(ended, _)| *ended == code).flat_map(|(_, codes)| codes.clone()).collect();
        assert_eq!(told, seen, "exit code {code}: the guide, and the snapshots");
    }
    assert!(runs.iter().all(|(code, _)| [0, 1, 2, 100, 101].contains(code)));
}
