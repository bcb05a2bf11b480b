//! Every code that the crate can give has a page, and a test that provokes it.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use plug_admission::{Lock, Trust};
use plug_policy::Policy;

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

fn codes(dir: &str) -> BTreeSet<String> {
    let mut files = Vec::new();
    sources(&Path::new(env!("CARGO_MANIFEST_DIR")).join(dir), &mut files);
    let files = files.iter().filter(|file| !file.ends_with("error_pages.rs"));
    let text: String = files.map(|file| fs::read_to_string(file).unwrap()).collect();
    let found = text.match_indices("\"PLG11").filter_map(|(at, _)| text.get(at + 1..at + 8));
    found.filter(|code| code[3..].bytes().all(|byte| byte.is_ascii_digit())).map(str::to_owned).collect()
}

#[test]
fn every_code_has_a_page_and_a_test() {
    let given = codes("src");
    assert!(given.len() >= 18, "found only {given:?}");
    assert_eq!(given, codes("tests"), "codes that the crate gives, and those that its tests provoke");

    let pages = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/errors");
    for code in &given {
        let page = fs::read_to_string(pages.join(format!("{code}.md")))
            .unwrap_or_else(|_| panic!("no page for {code}"));
        assert!(page.starts_with(&format!("# {code}: ")), "{code}: the title");
        for section in ["\n## Example\n", "\n## What to do\n"] {
            assert!(page.contains(section), "{code}: no section {section:?}");
        }
    }
}

/// The TOML that a page shows.
fn toml_of(page: &str) -> Vec<String> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs").join(page);
    let page = fs::read_to_string(path).unwrap();
    page.split("```toml\n").skip(1).map(|rest| rest.split("```").next().unwrap().to_owned()).collect()
}

#[test]
fn the_pages_show_files_that_are_right() {
    let lock = Lock::parse("plug.lock", &toml_of("errors/PLG1102.md")[0]);
    assert!(lock.unwrap().pin("sepia").is_some_and(|pin| pin.signer.is_some()));
    let trust = Trust::parse("trust.toml", &toml_of("errors/PLG1104.md")[0]);
    assert_eq!(trust.unwrap().keys().filter(|key| key.revoked).count(), 1);

    let [trust, policy, lock] = toml_of("guide/signing-and-pinning.md").try_into().unwrap();
    assert_eq!(Trust::parse("trust.toml", &trust).unwrap().keys().count(), 1);
    let policy = Policy::parse("policy.toml", &policy).unwrap();
    assert!(policy.resolve("weather", None).require_signature);
    assert!(!policy.resolve("made-here", None).require_signature);
    // as it is written, to the letter
    assert_eq!(Lock::parse("plug.lock", &lock).unwrap().to_text(), lock);
}
