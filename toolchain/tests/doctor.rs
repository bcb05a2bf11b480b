//! What the doctor finds on machines of every kind.
#![cfg(unix)]

mod machine;

use std::fs;

use machine::{Machine, VERSION};
use plug_toolchain::doctor::{Check, CheckState, examine_in};

fn checks(machine: &Machine) -> Vec<Check> {
    examine_in(&machine.path("project"), machine.environment())
}

fn states(machine: &Machine) -> Vec<(&'static str, CheckState)> {
    checks(machine).iter().map(|check| (check.name, check.state)).collect()
}

fn check(machine: &Machine, name: &str) -> Check {
    checks(machine).into_iter().find(|check| check.name == name).expect("it is looked at")
}

fn healthy() -> Machine {
    let machine = Machine::with_rustup();
    machine.install_target(VERSION);
    for tool in ["wasm-component-ld", "rust-lld"] {
        let path = format!("sysroot/lib/rustlib/fake-host/bin/{tool}");
        fs::write(machine.path(&path), "").expect("a file");
    }
    machine
}

#[test]
fn all_is_well() {
    let machine = healthy();
    assert_eq!(
        states(&machine),
        [
            ("rustc", CheckState::Ok),
            ("target wasm32-wasip2", CheckState::Ok),
            ("wasi-libc", CheckState::Ok),
            ("wasm-component-ld", CheckState::Ok),
            ("wasm linker", CheckState::Ok),
        ]
    );
    assert!(checks(&machine).iter().all(|check| check.mend.is_none()));
}

#[test]
fn without_a_compiler_there_is_nothing_else_to_look_at() {
    let checks = checks(&Machine::with(&[]));
    assert_eq!(checks.len(), 1);
    assert_eq!(checks[0].state, CheckState::Missing);
    assert!(checks[0].mend.as_ref().expect("a mend").starts_with("install Rust"));
}

#[test]
fn an_old_compiler_is_a_warning() {
    let machine = Machine::with_rustup().var("FAKE_RELEASE", "1.90.0");
    let check = check(&machine, "rustc");
    assert_eq!(check.state, CheckState::Warning);
    assert!(check.detail.ends_with("the SDK needs 1.95"), "{}", check.detail);
    assert_eq!(check.mend.as_deref(), Some("rustup update stable"));
}

#[test]
fn newer_compilers_are_welcome() {
    for release in ["1.100.0", "2.0.0", "1.96.0-nightly"] {
        let machine = Machine::with_rustup().var("FAKE_RELEASE", release);
        assert_eq!(check(&machine, "rustc").state, CheckState::Ok, "{release}");
    }
}

#[test]
fn an_absent_target_is_mended_by_set_up() {
    let machine = Machine::with_rustup();
    for name in ["target wasm32-wasip2", "wasi-libc"] {
        let check = check(&machine, name);
        assert_eq!(check.state, CheckState::Missing, "{name}");
        assert_eq!(check.mend.as_deref(), Some("cargo plug setup"));
    }
}

#[test]
fn a_missing_file_of_wasi_libc_is_named() {
    let machine = healthy();
    fs::remove_file(machine.target().join("lib/self-contained/crt1-reactor.o")).expect("it is there");
    let check = check(&machine, "wasi-libc");
    assert_eq!(check.state, CheckState::Warning);
    assert!(check.detail.starts_with("no crt1-reactor.o in "), "{}", check.detail);
}

#[test]
fn missing_linkers_are_named_with_the_place() {
    let machine = Machine::with_rustup();
    let component = check(&machine, "wasm-component-ld");
    assert_eq!(component.state, CheckState::Missing);
    assert_eq!(
        machine.redact(&component.detail),
        "neither in MACHINE/sysroot/lib/rustlib/fake-host/bin nor on PATH"
    );
    assert_eq!(check(&machine, "wasm linker").state, CheckState::Missing);
}

#[test]
fn linkers_on_the_search_path_will_do() {
    let machine = Machine::with_rustup();
    fs::write(machine.path("bin/wasm-component-ld"), "").expect("a file");
    fs::write(machine.path("bin/wasm-ld"), "").expect("a file");
    assert_eq!(check(&machine, "wasm-component-ld").state, CheckState::Ok);
    assert_eq!(check(&machine, "wasm linker").state, CheckState::Ok);
}
