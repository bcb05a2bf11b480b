//! The judge against the measured cases: 345 pairs, linked for real by wasmtime 48.0.8.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use plug_contract::{Contract, Edition, Linker, Report, Verdict, WitOptions, compare, rules};

fn cases() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/compat-cases")
}

fn row_report(row: &BTreeMap<String, String>) -> Report {
    let side = |path: &str, world: &str| bindgen(&cases().join(&row[path]), &row[world]);
    compare(&side("old", "world_old"), &side("new", "world_new"), Linker::Wasmtime)
}

/// The rows of `verdicts.csv` by column.
fn rows() -> Vec<BTreeMap<String, String>> {
    let text = std::fs::read_to_string(cases().join("verdicts.csv")).unwrap();
    let mut lines = text.lines();
    let head = fields(lines.next().unwrap());
    lines.map(|line| head.iter().cloned().zip(fields(line)).collect()).collect()
}

/// A line of comma-separated values, some of them quoted.
fn fields(line: &str) -> Vec<String> {
    let (mut out, mut quoted) = (vec![String::new()], false);
    for c in line.chars() {
        match c {
            '"' => quoted = !quoted,
            ',' if !quoted => out.push(String::new()),
            c => out.last_mut().unwrap().push(c),
        }
    }
    out
}

/// As the cases have it: a hazard links.
fn linkage(verdict: Option<Verdict>) -> &'static str {
    match verdict {
        Some(Verdict::Identical) => "identical",
        Some(Verdict::Breaking) => "breaking",
        _ => "compatible",
    }
}

#[test]
fn every_measured_verdict() {
    let mut misses = Vec::new();
    let rows = rows();
    assert_eq!(rows.len(), 345);
    for row in &rows {
        let report = row_report(row);
        let verdicts = report.verdicts();
        for (column, got) in [
            ("old_plugin_on_new_host", verdicts.old_plugin_on_new_host),
            ("new_plugin_on_old_host", verdicts.new_plugin_on_old_host),
        ] {
            if row[column] != linkage(got) {
                misses.push(format!(
                    "{} {} {} {column}: {} is measured, {} was said: {:?}",
                    row["id"],
                    row["case"],
                    row["position"],
                    row[column],
                    linkage(got),
                    report.findings().iter().map(|f| f.rule.id).collect::<Vec<_>>()
                ));
            }
        }
    }
    assert!(misses.is_empty(), "{} misses:\n{}", misses.len(), misses.join("\n"));
}

/// Whatever changes the hash is told, and what is told changes the hash: but for exports behind a
/// feature, which hosts of `bindgen!` demand and the hash leaves out.
#[test]
fn the_hash_changes_when_something_is_found() {
    for row in rows().iter().filter(|row| row["group"] != "gate") {
        let report = row_report(row);
        let same = report.old().hash == report.new().hash;
        let found = report.findings().iter().any(|finding| finding.verdict() > Verdict::Identical);
        assert_ne!(same, found, "{} {} {}: {report}", row["id"], row["case"], row["position"]);
    }
}

#[test]
fn every_measured_hazard_is_one() {
    for row in rows().iter().filter(|row| !row["hazards"].is_empty()) {
        let verdict = row_report(row).verdict();
        assert!(verdict >= Verdict::Hazard, "{} {}: {verdict}", row["id"], row["hazards"]);
    }
}

/// Each rule that is ever reported is what its own example is reported as.
#[test]
fn every_rule_is_found_in_its_fixture() {
    let mut misses = Vec::new();
    for rule in rules().filter(|rule| rule.reported) {
        let own = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/rules").join(rule.id);
        let folders: Vec<PathBuf> = if rule.cases.is_empty() {
            vec![own]
        } else {
            rule.cases.iter().map(|case| cases().join("cases").join(case)).collect()
        };
        for folder in folders {
            let mut seen = Vec::new();
            let (old, new) = (folder.join("old"), folder.join("new"));
            let (old, new) =
                if old.is_dir() { (old, new) } else { (folder.join("old.wit"), folder.join("new.wit")) };
            let worlds = |path: &Path| -> Vec<String> {
                if path.is_dir() {
                    WitOptions::default().read_dir(path).unwrap().world_names()
                } else {
                    read(path, WitOptions::default()).world_names()
                }
            };
            let before = worlds(&old);
            let after = worlds(&new);
            for (i, world) in before.iter().filter(|world| !world.ends_with("-optional")).enumerate() {
                let other =
                    if after.contains(world) { world } else { after.get(i).unwrap_or_else(|| &after[0]) };
                for (before, after, linker) in [
                    (bindgen(&old, world), bindgen(&new, other), Linker::Wasmtime),
                    (full(&old, world), full(&new, other), Linker::Wasmtime),
                    (full(&old, world), full(&new, other), Linker::Plug),
                ] {
                    let report = compare(&before, &after, linker);
                    seen.extend(report.findings().iter().map(|finding| finding.rule.id));
                }
            }
            if !seen.contains(&rule.id) {
                seen.sort_unstable();
                seen.dedup();
                misses.push(format!(
                    "{} {}: {} -> {seen:?}",
                    rule.id,
                    rule.name,
                    folder.file_name().unwrap().display()
                ));
            }
        }
    }
    assert!(misses.is_empty(), "{} misses:\n{}", misses.len(), misses.join("\n"));
}

fn read(path: &Path, options: WitOptions) -> plug_contract::Wit {
    if path.is_dir() {
        options.read_dir(path).unwrap()
    } else {
        let text = std::fs::read_to_string(path).unwrap();
        options.read_text(&path.display().to_string(), &text).unwrap_or_else(|why| panic!("{why}"))
    }
}

fn contract(path: &Path, world: &str, options: WitOptions) -> Contract {
    read(path, options).contract(Some(world)).unwrap()
}

fn bindgen(path: &Path, world: &str) -> Edition {
    Edition::of_bindgen_host(
        contract(path, world, WitOptions::default()),
        contract(path, world, WitOptions::default().all_features()),
    )
}

fn full(path: &Path, world: &str) -> Edition {
    Edition::from(contract(path, world, WitOptions::default().all_features()))
}
