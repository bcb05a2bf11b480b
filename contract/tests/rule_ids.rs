//! The engine gives out ids as text; each must be in the table, or judging would panic.

use std::collections::BTreeSet;
use std::path::Path;

use plug_contract::{rule, rules};

/// All text literals of the engine that look like an id.
fn given_out() -> BTreeSet<String> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/compat");
    let mut files = vec![folder.join("engine.rs")];
    files.extend(std::fs::read_dir(folder.join("diff")).unwrap().map(|entry| entry.unwrap().path()));
    let mut ids = BTreeSet::new();
    for file in files {
        let source = std::fs::read_to_string(file).unwrap();
        for literal in source.split('"').skip(1) {
            let is_id = literal.len() == 3
                && literal.starts_with(|c: char| c.is_ascii_uppercase())
                && literal[1..].bytes().all(|b| b.is_ascii_digit());
            if is_id {
                ids.insert(literal.to_owned());
            }
        }
    }
    ids
}

#[test]
fn every_id_that_is_given_out_is_a_rule_that_is_reported() {
    let ids = given_out();
    assert!(ids.len() > 200, "only {} found: is the engine elsewhere now?", ids.len());
    for id in &ids {
        let rule = rule(id).unwrap_or_else(|| panic!("{id} is not in the table"));
        assert!(rule.reported, "{id} is given out, but the table says it never is");
    }
    for rule in rules().filter(|rule| rule.reported) {
        assert!(ids.contains(rule.id), "{} is never given out", rule.id);
    }
}
