//! Every code of the macro has a page, and a case of `ui/fail` that provokes it.

use std::collections::BTreeSet;
use std::path::Path;

/// The codes with `prefix` that a text names.
fn codes(text: &str, prefix: &str) -> BTreeSet<String> {
    let places = text.match_indices(prefix).map(|(at, _)| &text[at..]);
    places
        .filter_map(|rest| rest.get(..7))
        .filter(|code| code[3..].bytes().all(|b| b.is_ascii_digit()))
        .map(str::to_owned)
        .collect()
}

fn crates() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn declared() -> BTreeSet<String> {
    let declared = codes(&std::fs::read_to_string(crates().join("src/problem.rs")).unwrap(), "PLG08");
    assert!(declared.len() > 15, "{declared:?}");
    declared
}

/// What is said about each invalid case; `tests/ui.rs` sees to it that nothing is missing.
fn messages() -> Vec<String> {
    let cases = std::fs::read_dir(crates().join("tests/ui/fail")).unwrap();
    let files = cases.map(|case| case.unwrap().path().join("expected.txt"));
    files.filter_map(|file| std::fs::read_to_string(file).ok()).collect()
}

#[test]
fn every_code_has_a_page_and_every_page_a_code() {
    let pages: BTreeSet<String> = std::fs::read_dir(crates().join("../docs/errors"))
        .unwrap()
        .filter_map(|entry| Some(entry.unwrap().path().file_stem()?.to_str()?.to_owned()))
        .filter(|name| name.starts_with("PLG08"))
        .collect();
    assert_eq!(declared(), pages);
}

#[test]
fn every_code_is_provoked() {
    let mut provoked = BTreeSet::new();
    for expected in messages() {
        provoked.extend(codes(&expected, "PLG08"));
    }
    assert_eq!(declared(), provoked);
}

/// A page shows what is really said: every line of its example stands in some `expected.txt`.
#[test]
fn examples_on_the_pages_are_real() {
    let mut said = BTreeSet::new();
    for expected in messages() {
        said.extend(expected.lines().map(str::to_owned));
    }
    for code in declared() {
        let page = std::fs::read_to_string(crates().join(format!("../docs/errors/{code}.md"))).unwrap();
        assert!(page.starts_with(&format!("# {code}: ")), "{code}");
        assert!(page.contains("\n## What to do\n"), "{code}");
        let example = page.split("```text\n").nth(1).and_then(|rest| rest.split("```").next());
        let example = example.unwrap_or_else(|| panic!("{code} has no example"));
        assert!(example.contains(&code), "{code}");
        for line in example.lines() {
            assert!(said.contains(line), "{code}: nothing says {line:?}");
        }
    }
}
