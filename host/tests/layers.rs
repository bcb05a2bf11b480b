//! The rooms of the crate: lower ones never see higher ones.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

/// Every module of the crate, from the lowest rank up.
const RANKS: [&[&str]; 9] = [
    &["bindings", "error", "event", "limits"],
    &["engine"],
    &["capability"],
    &["artifact", "world"],
    &["plugin"],
    &["dynamic", "pool"],
    &["registry"],
    &["standard"],
    &["host"],
];

fn sources(dir: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(dir).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            sources(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            found.push(path);
        }
    }
}

/// The first name of each `crate::…` path, and of each in `crate::{…}`.
fn modules_named(text: &str) -> Vec<String> {
    let code =
        text.lines().filter(|line| !line.trim_start().starts_with("//")).collect::<Vec<_>>().join("\n");
    let mut names = Vec::new();
    for (_, rest) in code.match_indices("crate::").map(|(at, name)| (at, &code[at + name.len()..])) {
        assert!(!rest.starts_with('{'), "write one `use crate::module::…` for each module: {rest:.60}");
        names.push(rest.chars().take_while(|c| c.is_ascii_alphanumeric() || *c == '_').collect());
    }
    names
}

#[test]
fn modules_import_only_lower_ranks() {
    let src = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let rank: BTreeMap<&str, usize> = RANKS
        .iter()
        .enumerate()
        .flat_map(|(rank, names)| names.iter().map(move |name| (*name, rank)))
        .collect();
    let mut files = Vec::new();
    sources(&src, &mut files);
    let mut seen = 0;
    for file in files {
        let relative = file.strip_prefix(&src).unwrap();
        let module = relative.iter().next().unwrap().to_str().unwrap().trim_end_matches(".rs");
        if module == "lib" {
            continue;
        }
        let own = *rank
            .get(module)
            .unwrap_or_else(|| panic!("module `{module}` has no rank: give it one in {}", file!()));
        for other in modules_named(&fs::read_to_string(&file).unwrap()) {
            // macros, and what `lib.rs` re-exports for the code of `world!`
            if other == module || !rank.contains_key(other.as_str()) {
                assert!(
                    other == module || ["wasmtime", "world", "__private"].contains(&other.as_str()),
                    "{}: `crate::{other}` is no module; name the module that it is from",
                    relative.display()
                );
                continue;
            }
            seen += 1;
            assert!(
                rank[other.as_str()] < own || (other == module),
                "modules of `host` import only lower ranks: {} (rank {own}) names `crate::{other}` (rank {})",
                relative.display(),
                rank[other.as_str()]
            );
        }
    }
    assert!(seen > 20, "the test has found only {seen} paths: does it still read them rightly?");
}
