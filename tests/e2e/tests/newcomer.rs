//! From an empty folder to a running plugin, as the README says it.

use std::path::Path;

use assert_cmd::Command;
use plug_contract::{Section, Wit};
use plug_e2e::{cargo_plug, root};

fn plug(cwd: &Path) -> Command {
    let mut command = Command::new(cargo_plug());
    // one folder for all, so that the SDK is compiled once
    command.arg("plug").current_dir(cwd).env("CARGO_TARGET_DIR", root().join("target/e2e"));
    // what the test runner sets for itself is not what a user has
    command.env_remove("RUSTFLAGS").env_remove("CARGO").env_remove("CARGO_MANIFEST_DIR");
    command.env("RUSTUP_TOOLCHAIN", toolchain());
    command
}

/// Outside the repository, its rust-toolchain.toml does not count.
fn toolchain() -> String {
    let text = std::fs::read_to_string(root().join("rust-toolchain.toml")).unwrap();
    let line = text.lines().find_map(|line| line.strip_prefix("channel = ")).unwrap();
    line.trim_matches('"').to_owned()
}

fn stdout(command: &mut Command) -> String {
    String::from_utf8(command.assert().success().get_output().stdout.clone()).unwrap()
}

#[test]
fn new_build_inspect_call() {
    let folder = tempfile::tempdir().unwrap();
    let sdk = root().join("guest-sdk");
    plug(folder.path()).args(["new", "hello", "--sdk-path"]).arg(&sdk).assert().success();
    let hello = folder.path().join("hello");

    plug(&hello).args(["build", "--release"]).assert().success();
    let component = root().join("target/e2e/plug/hello.wasm");
    let bytes = std::fs::read(&component).unwrap();
    assert!(bytes.len() <= 100_000, "hello has {} bytes, more than 100 kB", bytes.len());
    let section = Section::read(&bytes).unwrap().unwrap();
    assert_eq!(section.manifest.name, "hello");
    let standard = Wit::standard().contract(Some("plugin")).unwrap();
    assert_eq!(section.declared().unwrap().hash(), standard.hash());

    let shown = stdout(plug(&hello).arg("inspect").arg(&component));
    assert!(shown.contains(&standard.hash().to_string()), "{shown}");

    let answer =
        stdout(plug(&hello).arg("call").arg(&component).arg(r#"process({input: "hi", options: []})"#));
    assert!(answer.contains("success: true") && answer.contains("output:"), "{answer}");
}

#[test]
fn a_plugin_for_the_contract_of_an_application() {
    let folder = tempfile::tempdir().unwrap();
    let contract = root().join("examples/image-pipeline/wit");
    plug(folder.path())
        .args(["new", "sharpen", "--contract"])
        .arg(&contract)
        .arg("--sdk-path")
        .arg(root().join("guest-sdk"))
        .assert()
        .success();
    let sharpen = folder.path().join("sharpen");
    plug(&sharpen).args(["build", "--release"]).assert().success();

    let bytes = std::fs::read(root().join("target/e2e/plug/sharpen.wasm")).unwrap();
    let declared = Section::read(&bytes).unwrap().unwrap().declared().unwrap();
    assert_eq!(declared.hash(), Wit::from_dir(&contract).unwrap().contract(None).unwrap().hash());
}
