//! The table of rules, its pages and its fixtures are in step, and its cells are what was measured.
//!
//! `PLUG_BLESS=1` writes the upper part of each page, and the reference, anew.

mod example;
mod page;
mod reference;
mod verdicts;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use plug_contract::{Bump, Cells, Hazard, Outcome, Rule, rule, rules};
use verdicts::{Direction, Measured, Position};

/// A path in the repository.
fn repository(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..").join(path)
}

fn page_path(id: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("src/compat/rules").join(format!("{id}.md"))
}

/// Names of what lies in a folder and passes.
fn names(dir: &Path, pass: impl Fn(&Path) -> bool) -> BTreeSet<String> {
    let entries = fs::read_dir(dir).unwrap_or_else(|why| panic!("{}: {why}", dir.display()));
    entries
        .map(|entry| entry.unwrap().path())
        .filter(|path| pass(path))
        .map(|path| path.file_stem().unwrap().to_string_lossy().into_owned())
        .collect()
}

/// Compares a file with what it is to be, or makes it so.
fn hold(path: &Path, wanted: &str, stale: &mut Vec<String>) {
    let found = fs::read_to_string(path).unwrap_or_default();
    if found == wanted {
        return;
    }
    if std::env::var_os("PLUG_BLESS").is_some() {
        fs::write(path, wanted).unwrap();
    } else {
        stale.push(path.display().to_string());
    }
}

#[test]
fn ids_and_names_are_well_formed_and_unique() {
    let (mut ids, mut by_name) = (BTreeSet::new(), BTreeMap::new());
    for rule in rules() {
        let (letter, digits) = rule.id.split_at(1);
        assert!(letter.chars().all(|c| c.is_ascii_uppercase()), "{}", rule.id);
        assert!(digits.len() == 2 && digits.chars().all(|c| c.is_ascii_digit()), "{}", rule.id);
        assert!(ids.insert(rule.id), "{} is there twice", rule.id);
        assert!(
            rule.name.split('-').all(|word| !word.is_empty() && word.chars().all(|c| c.is_ascii_lowercase())),
            "{}: `{}` is not in kebab case",
            rule.id,
            rule.name
        );
        if let Some(other) = by_name.insert(rule.name, rule.id) {
            panic!("{other} and {} have the name `{}`", rule.id, rule.name);
        }
    }
}

#[test]
fn a_rule_is_found_by_its_id() {
    assert_eq!(rule("F06").unwrap().name, "option-parameter-added");
    assert_eq!(rule("f06"), rule("F06"));
    assert_eq!(rule("F00"), None);
    assert_eq!(rule(""), None);
}

#[test]
fn rows_are_complete_and_in_whole_sentences() {
    let mut sentences = BTreeMap::new();
    for rule in rules() {
        assert!(rule.import.is_some() || rule.export.is_some(), "{} stands in no position", rule.id);
        let helps = [rule.help.at(true, false), rule.help.at(false, true), rule.help.to_string()];
        let helps = helps.iter().map(String::as_str);
        for text in [rule.sentence, rule.note].into_iter().chain(helps).filter(|text| !text.is_empty()) {
            assert!(text.ends_with('.'), "{}: `{text}` does not end like a sentence", rule.id);
            assert!(!text.contains("  ") && !text.contains('\n'), "{}: `{text}` is not one line", rule.id);
            assert_eq!(text.matches('`').count() % 2, 0, "{}: `{text}` has an odd backtick", rule.id);
        }
        assert!(
            !rule.sentence.is_empty() && !rule.help.to_string().is_empty(),
            "{} says too little",
            rule.id
        );
        let family = &rule.id[..1];
        // N01, N03 and N04 differ by their example, others by their words
        if let Some(other) = sentences.insert((family, rule.sentence), rule.id) {
            panic!("{other} and {} have the same sentence", rule.id);
        }
    }
}

/// What breaks old plugins, their source or their calls needs a new track; what is fine needs none, and
/// what did not change no new version.
#[test]
fn bumps_follow_from_what_old_plugins_suffer() {
    for rule in rules() {
        for cells in [rule.import, rule.export].into_iter().flatten() {
            if cells.bump == Bump::None {
                continue;
            }
            let harmless = cells.old_plugin_on_new_host == Outcome::Links;
            assert_eq!(cells.bump < Bump::Major, harmless, "{}: {cells:?}", rule.id);
        }
    }
}

#[test]
fn bumps_have_names_and_an_order() {
    let all = [Bump::None, Bump::Patch, Bump::Minor, Bump::Major];
    assert!(all.is_sorted());
    assert_eq!(all.map(|bump| bump.to_string()), ["none", "patch", "minor", "major"]);
}

/// Cells, position by position, are what wasmtime did.
#[test]
fn cells_agree_with_what_was_measured() {
    let mut wrong = Vec::new();
    for measured in verdicts::all() {
        for rule in rules().filter(|rule| rule.cases.contains(&measured.case.as_str())) {
            let Some(cells) = cells_of(rule, &measured) else {
                wrong.push(format!("{}: {} was measured, and has no cells", rule.id, measured.id));
                continue;
            };
            for (direction, cell) in [
                (Direction::OldOnNew, cells.old_plugin_on_new_host),
                (Direction::NewOnOld, cells.new_plugin_on_old_host),
            ] {
                let told = match cell {
                    Outcome::Breaks(stage) => Some(stage),
                    Outcome::Links | Outcome::Hazard(_) => None,
                };
                let found = measured.stage(direction);
                if told != found {
                    wrong.push(format!(
                        "{} {direction:?}: {told:?}, {} found {found:?}",
                        rule.id, measured.id
                    ));
                }
                let unseen = matches!(cell, Outcome::Hazard(Hazard::Call | Hazard::Composition));
                if found.is_none() && cell == Outcome::Links && !measured.hazards.is_empty() {
                    wrong.push(format!("{}: {} says {}", rule.id, measured.id, measured.hazards));
                }
                if unseen && measured.hazards.is_empty() {
                    wrong.push(format!("{}: {} knows no hazard", rule.id, measured.id));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// The cells of the position that was measured. A measured world has its one change on one side.
fn cells_of(rule: &Rule, measured: &Measured) -> Option<Cells> {
    match (measured.position, rule.import, rule.export) {
        (Position::Import, import, _) => import,
        (Position::Export, _, export) => export,
        (Position::World, import, None) => import,
        (Position::World, None, export) => export,
        (Position::World, import, export) => {
            if measured.changes.contains("world-export") {
                export
            } else {
                import
            }
        }
    }
}

#[test]
fn every_measured_case_shows_a_rule() {
    let known: BTreeSet<&str> = rules().flat_map(|rule| rule.cases).copied().collect();
    let folders = names(&repository("tests/compat-cases/cases"), Path::is_dir);
    let measured: BTreeSet<String> = verdicts::all().into_iter().map(|measured| measured.case).collect();
    assert_eq!(folders, measured, "verdicts.csv and the folders differ");
    let known: BTreeSet<String> = known.into_iter().map(str::to_owned).collect();
    assert_eq!(folders.difference(&known).collect::<Vec<_>>(), Vec::<&String>::new(), "show no rule");
    assert_eq!(known.difference(&folders).collect::<Vec<_>>(), Vec::<&String>::new(), "are not there");
}

#[test]
fn every_rule_has_a_fixture_that_parses_and_differs() {
    let own = names(&Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/rules"), Path::is_dir);
    let wanted: BTreeSet<String> =
        rules().filter(|rule| rule.cases.is_empty()).map(|rule| rule.id.to_owned()).collect();
    assert_eq!(own, wanted, "fixtures are for the rules without a measured case");
    for rule in rules() {
        for (old, new) in example::fixtures(rule) {
            assert_ne!(old.text, new.text, "{}", rule.id);
            for side in [&old, &new] {
                let worlds = side.worlds();
                if rule.cases.is_empty() {
                    assert_eq!(worlds.contains("imp"), rule.import.is_some(), "{}: world `imp`", rule.id);
                    assert_eq!(worlds.contains("exp"), rule.export.is_some(), "{}: world `exp`", rule.id);
                }
                assert!(!worlds.is_empty(), "{} has no world", rule.id);
            }
        }
    }
}

#[test]
fn pages_are_up_to_date() {
    let mut stale = Vec::new();
    let measured = verdicts::all();
    for rule in rules() {
        let path = page_path(rule.id);
        let text = fs::read_to_string(&path).unwrap_or_default();
        let by_hand = text.split_once(page::DIVIDER).map_or("", |(_, below)| below).trim();
        hold(&path, &page::whole(rule, &measured, by_hand), &mut stale);
        if std::env::var_os("PLUG_BLESS").is_none() {
            assert_eq!(rule.page, text, "{} shows another page", rule.id);
        }
    }
    assert!(
        stale.is_empty(),
        "run `PLUG_BLESS=1 cargo test -p plug-contract --test rules`, for these are stale:\n{}",
        stale.join("\n")
    );
}

#[test]
fn pages_say_what_to_do() {
    let files = names(page_path("F01").parent().unwrap(), |path| path.extension().is_some_and(|e| e == "md"));
    let ids: BTreeSet<String> = rules().map(|rule| rule.id.to_owned()).collect();
    assert_eq!(files, ids, "each page belongs to a rule, and each rule has one");
    let mut wrong = Vec::new();
    for id in ids {
        let text = fs::read_to_string(page_path(&id)).unwrap();
        let by_hand = text.split_once(page::DIVIDER).map_or("", |(_, below)| below);
        if !by_hand.contains("## What to do\n\n") {
            wrong.push(format!("{id} does not say what to do"));
        }
        if !text.matches("```").count().is_multiple_of(2) {
            wrong.push(format!("{id} has an open code block"));
        }
        for link in by_hand.split("](").skip(1).filter_map(|rest| rest.split(')').next()) {
            if link.strip_suffix(".md").and_then(rule).is_none() {
                wrong.push(format!("{id} links to `{link}`, which is no page of a rule"));
            }
        }
        for block in page::blocks(by_hand, "wit") {
            if let Err(why) = example::check_snippet(block) {
                wrong.push(format!("{id}: {why}\n{block}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn the_reference_is_up_to_date() {
    let mut stale = Vec::new();
    hold(&repository("docs/guide/rules.md"), &reference::text(), &mut stale);
    assert!(stale.is_empty(), "run `PLUG_BLESS=1 cargo test -p plug-contract --test rules`");
}
