//! Every build has the same features, so that nothing is compiled twice
//! (`docs/decisions/0006-one-feature-set.md`).

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::process::Command;

use plug_e2e::root;
use serde_json::Value;

/// What a compilation is of: package, target, mode, platform.
type Key = (String, String, String, String);

/// What cargo would compile, each with everything that makes it another compilation: features and
/// profile, its own and those of all below it.
fn units(folder: &Path, args: &[&str]) -> BTreeMap<Key, BTreeSet<String>> {
    let output = Command::new(env!("CARGO"))
        .args(args)
        .args(["--workspace", "--unit-graph", "-Zunstable-options"])
        // The unit graph is not stable. It only tells; nothing is built with it.
        .env("RUSTC_BOOTSTRAP", "1")
        .env("CARGO_TARGET_DIR", root().join("target"))
        .current_dir(folder)
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let graph: Value = serde_json::from_slice(&output.stdout).unwrap();
    let units = graph["units"].as_array().unwrap();
    let mut identities = vec![None; units.len()];
    let mut out: BTreeMap<Key, BTreeSet<String>> = BTreeMap::new();
    for (index, unit) in units.iter().enumerate() {
        let package = unit["pkg_id"].as_str().unwrap();
        if !package.starts_with("registry+") {
            continue;
        }
        let key = (
            package.to_owned(),
            format!("{} {}", unit["target"]["name"], unit["target"]["kind"]),
            unit["mode"].to_string(),
            unit["platform"].to_string(),
        );
        out.entry(key).or_default().insert(identity(units, index, &mut identities));
    }
    out
}

fn identity(units: &[Value], index: usize, known: &mut Vec<Option<String>>) -> String {
    if let Some(known) = &known[index] {
        return known.clone();
    }
    let unit = &units[index];
    let mut below: Vec<String> = unit["dependencies"]
        .as_array()
        .unwrap()
        .iter()
        .map(|dependency| identity(units, dependency["index"].as_u64().unwrap() as usize, known))
        .collect();
    below.sort();
    let own = format!(
        "{} {} {} {} opt {} debug {} {below:?}",
        unit["pkg_id"],
        unit["mode"],
        unit["platform"],
        unit["features"],
        unit["profile"]["opt_level"],
        unit["profile"]["debuginfo"],
    );
    // the digest stands for all below, so that the text does not grow with the tree
    let identity = format!("{} {}", unit["features"], plug_contract::Digest::of(own.as_bytes()));
    known[index] = Some(identity.clone());
    identity
}

#[test]
fn nothing_is_compiled_twice() {
    let tests = units(&root(), &["test", "--no-run"]);
    assert!(tests.keys().any(|(package, ..)| package.contains("wasmtime@")), "the engine is among them");
    let examples = root().join("examples");
    for (build, other) in [
        ("`cargo build --workspace --bins`", units(&root(), &["build", "--bins"])),
        ("`cargo build --workspace --bins` of the examples", units(&examples, &["build", "--bins"])),
        ("`cargo test --workspace` of the examples", units(&examples, &["test", "--no-run"])),
    ] {
        for (key, identities) in other {
            let Some(expected) = tests.get(&key) else { continue };
            let different: Vec<_> = identities.difference(expected).collect();
            assert!(
                different.is_empty(),
                "docs/decisions/0006: {build} compiles {} {} another time than `cargo test --workspace`:\n\
                 it has {different:#?}\nthe tests have {expected:#?}\n\
                 let `tests/feature-pins` switch on what is missing on one side",
                key.0,
                key.1,
            );
        }
    }
}
