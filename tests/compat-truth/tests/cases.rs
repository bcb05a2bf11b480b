//! The measured pairs: each links, or fails, as it was measured to.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use plug_compat_truth::{Error, Host, Imports, Plugin, Stage, World};

/// One row of `verdicts.csv`.
struct Pair {
    id: String,
    old: (PathBuf, String),
    new: (PathBuf, String),
    old_on_new: Expected,
    new_on_old: Expected,
}

/// When a plugin fails that calls everything, and one that calls nothing.
struct Expected {
    all: Option<Stage>,
    none: Option<Stage>,
}

fn cases() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../compat-cases")
}

fn stage(text: &str) -> Option<Stage> {
    match text {
        "" | "ok" => None,
        "IMPORT" => Some(Stage::Import),
        "EXPORT-MISSING" => Some(Stage::ExportMissing),
        "EXPORT-TYPE" => Some(Stage::ExportType),
        other => panic!("no stage is called {other}"),
    }
}

fn pairs() -> Vec<Pair> {
    let text = std::fs::read_to_string(cases().join("verdicts.csv")).unwrap();
    let mut lines = text.lines();
    let head: BTreeMap<&str, usize> = lines.next().unwrap().split(',').zip(0..).collect();
    lines
        .map(|line| {
            // only the last columns are free text, with quotes and commas
            let cells: Vec<&str> = line.splitn(20, ',').collect();
            let cell = |name: &str| cells[head[name]];
            let expected = |verdict: &str, all: &str, none: &str| {
                let all = stage(cell(all));
                assert_eq!(cell(verdict) == "breaking", all.is_some(), "{line}");
                Expected { all, none: stage(cell(none)) }
            };
            Pair {
                id: cell("id").to_owned(),
                old: (cases().join(cell("old")), cell("world_old").to_owned()),
                new: (cases().join(cell("new")), cell("world_new").to_owned()),
                old_on_new: expected(
                    "old_plugin_on_new_host",
                    "fail_stage_old_on_new",
                    "exports_only_old_on_new",
                ),
                new_on_old: expected(
                    "new_plugin_on_old_host",
                    "fail_stage_new_on_old",
                    "exports_only_new_on_old",
                ),
            }
        })
        .collect()
}

/// What differs from the measurement; or that the pair cannot be tried with this engine.
fn differences(pair: &Pair) -> Result<Vec<String>, Error> {
    let old = World::from_dir(&pair.old.0, &pair.old.1)?;
    let new = World::from_dir(&pair.new.0, &pair.new.1)?;
    let mut out = Vec::new();
    for (direction, host, plugin, expected) in [
        ("old plugin on new host", &new, &old, &pair.old_on_new),
        ("new plugin on old host", &old, &new, &pair.new_on_old),
    ] {
        let host = Host::new(host)?;
        for (imports, expected) in [(Imports::All, expected.all), (Imports::None, expected.none)] {
            let outcome = host.link(&Plugin::new(plugin, imports)?)?;
            if outcome.stage() != expected {
                let (id, dir) = (&pair.id, pair.new.0.display());
                out.push(format!(
                    "{id} {dir}: {direction}, calling {imports:?}: measured {expected:?}, now {outcome}"
                ));
            }
        }
    }
    Ok(out)
}

#[test]
fn link_as_they_were_measured() {
    let pairs = pairs();
    assert_eq!(pairs.len(), 345);

    let threads = std::thread::available_parallelism().unwrap().get();
    let results: Vec<_> = std::thread::scope(|scope| {
        let parts = pairs.chunks(pairs.len().div_ceil(threads));
        let parts: Vec<_> =
            parts.map(|part| scope.spawn(move || part.iter().map(differences).collect::<Vec<_>>())).collect();
        parts.into_iter().flat_map(|part| part.join().unwrap()).collect()
    });

    let mut wrong = Vec::new();
    for (pair, result) in pairs.iter().zip(results) {
        match result {
            Ok(differences) => wrong.extend(differences),
            Err(why) => wrong.push(format!("{}: {why}", pair.id)),
        }
    }
    assert!(wrong.is_empty(), "{} differ:\n{}", wrong.len(), wrong.join("\n"));
}
