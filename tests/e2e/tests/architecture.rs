//! The walls of ARCHITECTURE.md. Each failure quotes the sentence that it guards.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::Command;

use cargo_metadata::{DependencyKind, MetadataCommand};

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").canonicalize().unwrap()
}

/// Who may depend on whom among our crates; tests and benches aside.
const EDGES: &[(&str, &[&str])] = &[
    ("plug-contract", &[]),
    ("plug-policy", &["plug-contract"]),
    ("plug-admission", &["plug-contract", "plug-policy"]),
    ("plug-toolchain", &[]),
    ("plug-guest-macros", &["plug-contract"]),
    ("plug-guest-sdk", &["plug-guest-macros"]),
    ("plug-host-macros", &["plug-contract"]),
    ("plug-host", &["plug-admission", "plug-contract", "plug-host-macros", "plug-policy"]),
    ("cargo-plug", &["plug-admission", "plug-contract", "plug-host", "plug-policy", "plug-toolchain"]),
    ("xtask", &["plug-toolchain"]),
    ("plug-fixtures", &["plug-toolchain"]),
    ("plug-e2e", &[]),
    ("plug-compat-truth", &["plug-contract"]),
    ("plug-feature-pins", &[]),
];

#[test]
fn crates_depend_along_the_arrows_only() {
    let metadata = MetadataCommand::new().manifest_path(root().join("Cargo.toml")).no_deps().exec().unwrap();
    let names: BTreeSet<&str> = metadata.packages.iter().map(|package| package.name.as_str()).collect();
    let drawn: BTreeSet<&str> = EDGES.iter().map(|(name, _)| *name).collect();
    assert_eq!(names, drawn, "ARCHITECTURE.md: every crate has its place in the picture");

    for package in &metadata.packages {
        let actual: BTreeSet<&str> = package
            .dependencies
            .iter()
            .filter(|dep| dep.kind != DependencyKind::Development && names.contains(dep.name.as_str()))
            .map(|dep| dep.name.as_str())
            .collect();
        let (_, allowed) = EDGES.iter().find(|(name, _)| *name == package.name.as_str()).unwrap();
        let allowed: BTreeSet<&str> = allowed.iter().copied().collect();
        assert_eq!(
            actual, allowed,
            "ARCHITECTURE.md: nothing runs against the arrows ({} depends on our crates so)",
            package.name
        );
    }
}

/// All crates in the tree of a package, tests aside.
fn tree(package: &str, args: &[&str]) -> BTreeSet<String> {
    let output = Command::new(env!("CARGO"))
        .args(["tree", "--locked", "--edges", "normal,build", "--prefix", "none", "--package", package])
        .args(args)
        .current_dir(root())
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let text = String::from_utf8(output.stdout).unwrap();
    text.lines().filter_map(|line| line.split(' ').next()).map(str::to_owned).collect()
}

#[test]
fn light_crates_stay_light() {
    for (package, args, sentence) in [
        ("plug-contract", &[][..], "contract never sees wasmtime, tokio or the clock"),
        ("plug-policy", &[], "policy never sees wasmtime, tokio or the clock"),
        ("plug-admission", &[], "admission never sees wasmtime, tokio or the clock"),
        ("plug-guest-sdk", &[], "a guest never sees the host or its engine"),
        ("plug-toolchain", &[], "toolchain compiles in a second, so that xtask does"),
        ("xtask", &[], "xtask compiles in seconds: no wasmtime in its tree"),
        (
            "cargo-plug",
            &["--no-default-features"],
            "without the feature `run`, cargo-plug has no wasmtime in its tree",
        ),
    ] {
        let tree = tree(package, args);
        for heavy in ["wasmtime", "tokio", "cranelift-codegen"] {
            assert!(!tree.contains(heavy), "ARCHITECTURE.md: {sentence} ({package} brings {heavy})");
        }
    }
    // the check can fail: the whole command line does run plugins
    assert!(tree("cargo-plug", &[]).contains("wasmtime"));
}

#[test]
fn one_version_of_the_wit_parser() {
    let output = Command::new(env!("CARGO"))
        .args(["tree", "--locked", "--workspace", "--duplicates", "--depth", "0", "--prefix", "none"])
        .current_dir(root())
        .output()
        .unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    for line in text.lines() {
        for once in ["wit-parser ", "wit-component ", "wasmparser ", "wasmtime "] {
            assert!(
                !line.starts_with(once),
                "ARCHITECTURE.md: one wit-parser for all, the one of the engine (there is more than one: {line})"
            );
        }
    }
}

#[test]
fn the_wit_that_crates_carry_is_the_wit_of_the_repository() {
    // On systems without symlinks a checkout holds a file with the link's text instead.
    assert_eq!(plug_contract::PLUGIN_WIT, std::fs::read_to_string(root().join("wit/plugin.wit")).unwrap());
}

#[test]
fn files_are_named_after_their_noun() {
    let mut stack = vec![root()];
    while let Some(dir) = stack.pop() {
        for entry in std::fs::read_dir(&dir).unwrap() {
            let path = entry.unwrap().path();
            let name = path.file_name().unwrap().to_string_lossy().into_owned();
            if path.is_dir() && !path.is_symlink() {
                if !matches!(name.as_str(), "target" | ".git") {
                    stack.push(path);
                }
            } else if let Some(stem) = name.strip_suffix(".rs") {
                assert!(
                    !matches!(stem, "utils" | "util" | "common" | "helpers" | "imp" | "misc"),
                    "CONTRIBUTING.md: a file is named after its noun ({})",
                    path.display()
                );
            }
        }
    }
}
