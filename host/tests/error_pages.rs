//! Every code that the crate can give has a page, and a test that provokes it.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

fn sources(dir: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(dir).unwrap_or_else(|why| panic!("{}: {why}", dir.display())) {
        let path = entry.unwrap().path();
        if path.is_dir() {
            sources(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            found.push(path);
        }
    }
}

/// The codes in all the sources that `chosen` chooses: in quotes, or in brackets at the end of a
/// message of the macro.
fn codes(dir: &str, chosen: impl Fn(&Path) -> bool) -> BTreeSet<String> {
    let mut files = Vec::new();
    sources(&Path::new(env!("CARGO_MANIFEST_DIR")).join(dir), &mut files);
    let text: String =
        files.iter().filter(|file| chosen(file)).map(|file| fs::read_to_string(file).unwrap()).collect();
    let found = text.match_indices("PLG").filter(|(at, _)| text[..*at].ends_with(['"', '[']));
    let found = found.filter_map(|(at, _)| text.get(at..at + 7));
    found.filter(|code| code[3..].bytes().all(|byte| byte.is_ascii_digit())).map(str::to_owned).collect()
}

fn is_test(path: &Path) -> bool {
    path.file_name().is_some_and(|name| name == "tests.rs")
}

#[test]
fn every_code_has_a_page_and_a_test() {
    let mut given = codes("src", |path| !is_test(path));
    given.extend(codes("../host-macros/src", |path| !is_test(path)));
    assert!(given.len() > 25, "found only {given:?}");
    let mut tested = codes("tests", |path| !path.ends_with("error_pages.rs"));
    tested.extend(codes("src", is_test));
    tested.extend(codes("../host-macros/src", is_test));
    let untested: Vec<_> = given.difference(&tested).collect();
    assert!(untested.is_empty(), "no test provokes {untested:?}");

    let pages = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/errors");
    for code in &given {
        let path = pages.join(format!("{code}.md"));
        let page =
            fs::read_to_string(&path).unwrap_or_else(|_| panic!("{code} has no page {}", path.display()));
        assert!(page.starts_with(&format!("# {code}: ")), "{code}: the title");
        for section in ["\n## Example\n", "\n## What to do\n"] {
            assert!(page.contains(section), "{code}: no section {section:?}");
        }
    }
    // a page of ours without code would be one that nobody can be led to
    for entry in fs::read_dir(&pages).unwrap() {
        let name = entry.unwrap().file_name().into_string().unwrap();
        let code = name.trim_end_matches(".md");
        let ours = code.starts_with("PLG05") || code.starts_with("PLG06");
        // the Rust compiler says it, to the example in the documentation of `PluginHandle::call`
        let is_compilers = code == "PLG0519";
        assert!(!ours || is_compilers || given.contains(code), "nothing gives {code}, but there is a page");
    }
}
