//! Every code that the crate can give has a page, and a test that provokes it.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

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
    let found = text.match_indices("PLG").filter_map(|(at, _)| text.get(at..at + 7));
    found.filter(|code| code[3..].bytes().all(|byte| byte.is_ascii_digit())).map(str::to_owned).collect()
}

#[test]
fn every_code_has_a_page_and_a_test() {
    let given = codes("src");
    assert!(given.len() >= 7, "found only {given:?}");
    let mut tested = codes("tests");
    // its test stands beside the parser
    tested.insert("PLG1001".to_owned());
    tested.insert("PLG1002".to_owned());
    assert_eq!(given, tested);

    let pages = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/errors");
    for code in &given {
        let page = fs::read_to_string(pages.join(format!("{code}.md")))
            .unwrap_or_else(|_| panic!("no page for {code}"));
        assert!(page.starts_with(&format!("# {code}: ")), "{code}: the title");
        for section in ["\n## Example\n", "\n## What to do\n"] {
            assert!(page.contains(section), "{code}: no section {section:?}");
        }
    }
    for entry in fs::read_dir(&pages).unwrap() {
        let name = entry.unwrap().file_name().into_string().unwrap();
        let code = name.trim_end_matches(".md");
        assert!(
            !code.starts_with("PLG10") || given.contains(code),
            "nothing gives {code}, but there is a page"
        );
    }
}

#[test]
fn the_pages_show_what_is_really_told() {
    for code in ["PLG1004", "PLG1005", "PLG1006"] {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("../docs/errors/{code}.md"));
        let page = fs::read_to_string(path).unwrap();
        let example = page.split("```console\n").nth(1).unwrap().split("\n```").next().unwrap();
        let line = example.lines().find_map(|line| line.strip_prefix("2 | ")).unwrap();
        let error = Policy::parse("policy.toml", &format!("[defaults]\n{line}\n")).unwrap_err();
        assert_eq!(error.to_string(), format!("the policy `policy.toml` is wrong\n{example}"));
    }
}
