//! `check-compat` against what wasmtime was measured to do: 345 pairs of contracts, each in both
//! directions. `cargo xtask compat-score` runs this alone and shows the score.

#![allow(clippy::print_stdout, reason = "the score is what it is run for")]

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde::Deserialize;

/// A row of `tests/compat-cases/verdicts.csv`.
#[derive(Deserialize)]
struct Row {
    id: String,
    old: String,
    new: String,
    world_old: String,
    world_new: String,
    old_plugin_on_new_host: String,
    new_plugin_on_old_host: String,
    why: String,
}

/// What is read of a report.
#[derive(Deserialize)]
struct Report {
    verdict: Verdict,
}

#[derive(Deserialize)]
struct Verdict {
    old_plugin_on_new_host: String,
    new_plugin_on_old_host: String,
}

fn verdict(row: &Row, cases: &Path) -> Verdict {
    let output = Command::new(env!("CARGO_BIN_EXE_cargo-plug"))
        .args(["check-compat", &row.new, "--world", &row.world_new])
        .args(["--against", &row.old, "--against-world", &row.world_old])
        .args(["--linker", "wasmtime", "--format", "json"])
        .current_dir(cases)
        .output()
        .expect("it runs");
    let report: Report = serde_json::from_slice(&output.stdout).unwrap_or_else(|error| {
        panic!("{}: {error}\n{}", row.id, String::from_utf8_lossy(&output.stderr));
    });
    // What links and goes wrong later was measured as linking.
    let measured = |verdict: String| if verdict == "hazard" { "compatible".to_owned() } else { verdict };
    Verdict {
        old_plugin_on_new_host: measured(report.verdict.old_plugin_on_new_host),
        new_plugin_on_old_host: measured(report.verdict.new_plugin_on_old_host),
    }
}

#[test]
fn every_verdict_is_the_measured_one() {
    let root: PathBuf = Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("it is in one").to_owned();
    let cases = root.join("tests/compat-cases");
    let mut table = csv::Reader::from_path(cases.join("verdicts.csv")).expect("it is there");
    let rows: Vec<Row> = table.deserialize().collect::<Result<_, _>>().expect("rows as above");
    assert_eq!(rows.len(), 345);

    let (mut results, mut misses) = (String::new(), String::new());
    let (mut wrong, mut unsafe_misses) = (0, 0);
    for row in &rows {
        let verdict = verdict(row, &cases);
        let line = serde_json::json!({
            "id": row.id,
            "old_plugin_on_new_host": verdict.old_plugin_on_new_host,
            "new_plugin_on_old_host": verdict.new_plugin_on_old_host,
        });
        writeln!(results, "{line}").expect("a String takes all");
        for (direction, expected, got) in [
            ("old plugin on new host", &row.old_plugin_on_new_host, verdict.old_plugin_on_new_host),
            ("new plugin on old host", &row.new_plugin_on_old_host, verdict.new_plugin_on_old_host),
        ] {
            if *expected != got {
                wrong += 1;
                unsafe_misses += usize::from(expected == "breaking");
                let Row { id, old, new, why, .. } = row;
                writeln!(misses, "{id} {direction}: measured {expected}, got {got} ({old} -> {new}) {why}")
                    .expect("a String takes all");
            }
        }
    }
    let target = std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| root.join("target"), PathBuf::from);
    std::fs::write(target.join("compat-score.jsonl"), results).expect("the target folder is there");
    let all = 2 * rows.len();
    let score = format!("{}/{all} agree; {unsafe_misses} of the misses are false-OK", all - wrong);
    println!("{misses}{score}");
    assert!(wrong == 0, "{misses}{score}");
}
