//! What is learned about the compiler, and about the target by its files.
#![cfg(unix)]

mod machine;

use std::fs;

use machine::{Machine, VERSION};
use plug_toolchain::{Environment, Rustc, Target, TargetState, ToolchainError};

fn refusal(machine: &Machine) -> ToolchainError {
    Rustc::probe_in(&machine.path("project"), machine.environment()).expect_err("no compiler")
}

#[test]
fn the_compiler_describes_itself() {
    let machine = Machine::with_rustup();
    let rustc = machine.rustc();
    assert_eq!(rustc.version(), VERSION);
    assert_eq!(rustc.release(), "1.95.0");
    assert_eq!(rustc.commit_hash(), "59807616e");
    assert_eq!(rustc.host(), "fake-host");
    assert_eq!(rustc.sysroot(), machine.path("sysroot"));
    assert_eq!(rustc.target_libdir(), machine.target().join("lib"));
}

#[test]
fn the_variable_rustc_names_another_compiler() {
    let machine = Machine::with(&[]).var("RUSTC", "rustc");
    assert!(matches!(refusal(&machine), ToolchainError::NoRustc));
    let own = machine.path("sysroot/bin/rustc").display().to_string();
    let machine = machine.var("RUSTC", &own);
    assert_eq!(machine.rustc().version(), VERSION);
}

#[test]
fn no_compiler_at_all() {
    let error = refusal(&Machine::with(&[]));
    assert_eq!(error.code(), "PLG0401");
    assert_eq!(error.to_string(), "no `rustc` was found on the search path");
    assert!(error.mend().contains("rustup.rs"), "{}", error.mend());
}

#[test]
fn a_compiler_that_does_not_answer_is_quoted() {
    let machine = Machine::with_rustup().var("FAKE_RUSTC", "silent");
    let error = refusal(&machine);
    assert_eq!(error.code(), "PLG0402");
    assert_eq!(
        machine.redact(&error.to_string()),
        "`MACHINE/bin/rustc -vV` failed in MACHINE/project: rustc failed (exit status: 1): \
         error: override toolchain '1.0' is not installed"
    );
}

#[test]
fn a_program_that_is_no_compiler() {
    let machine = Machine::with_rustup().var("FAKE_RUSTC", "odd");
    let error = refusal(&machine);
    assert_eq!(error.code(), "PLG0402");
    assert_eq!(machine.redact(&error.to_string()), "`MACHINE/bin/rustc -vV` did not say its version");
}

#[test]
fn a_compiler_from_before_the_target() {
    let machine = Machine::with_rustup().var("FAKE_RUSTC", "old").var("FAKE_RELEASE", "1.70.0");
    let error = refusal(&machine);
    assert_eq!(error.code(), "PLG0403");
    assert_eq!(error.to_string(), "rustc 1.70.0 does not know the target wasm32-wasip2");
    assert!(error.mend().contains("rustup update"), "{}", error.mend());
}

#[test]
fn the_compiler_of_this_repository_answers() {
    let dir = env!("CARGO_MANIFEST_DIR").as_ref();
    let rustc = Rustc::probe_in(dir, Environment::inherited()).expect("there is one: it built this");
    assert!(rustc.sysroot().is_dir());
    assert!(rustc.version().contains(rustc.release()));
}

#[test]
fn an_absent_target() {
    let machine = Machine::with_rustup();
    let rustc = machine.rustc();
    assert_eq!(Target::state(&rustc), TargetState::Absent);
    let error = Target::require(&rustc).expect_err("it is absent");
    assert_eq!(error.code(), "PLG0410");
    assert_eq!(error.to_string(), "the target wasm32-wasip2 is not installed for rustc 1.95.0");
    assert_eq!(error.mend(), "run `cargo plug setup`");
}

#[test]
fn a_present_target_with_and_without_the_marker() {
    let machine = Machine::with_rustup();
    machine.install_target(VERSION);
    let rustc = machine.rustc();
    assert_eq!(Target::state(&rustc), TargetState::Present);
    machine.mark_target(rustc.verbose_version());
    assert_eq!(Target::state(&rustc), TargetState::Present);
    assert!(Target::require(&rustc).is_ok());
}

#[test]
fn an_incomplete_target_names_what_is_missing() {
    let machine = Machine::with_rustup();
    machine.install_target(VERSION);
    let lib = machine.target().join("lib");
    fs::remove_file(lib.join("self-contained/libc.a")).expect("it is there");
    fs::remove_file(lib.join("libstd-0123.rlib")).expect("it is there");
    let rustc = machine.rustc();
    let missing = vec![lib.join("libstd-*.rlib"), lib.join("self-contained/libc.a")];
    assert_eq!(Target::state(&rustc), TargetState::Incomplete { missing });
    let error = Target::require(&rustc).expect_err("it is incomplete");
    assert_eq!(error.code(), "PLG0411");
    assert!(error.to_string().ends_with("self-contained/libc.a"), "{error}");
}

#[test]
fn a_target_of_another_compiler_is_stale_by_its_marker() {
    let machine = Machine::with_rustup();
    machine.install_target("nothing to be read here");
    machine.mark_target("rustc 1.94.1 (0123456 2026-03-01)\nrelease: 1.94.1\n");
    let rustc = machine.rustc();
    assert_eq!(Target::state(&rustc), TargetState::Stale);
    let error = Target::require(&rustc).expect_err("it is stale");
    assert_eq!(error.code(), "PLG0412");
    assert_eq!(
        error.to_string(),
        "the target wasm32-wasip2 was built by rustc 1.94.1 (0123456 2026-03-01), \
         the compiler is rustc 1.95.0 (59807616e 2026-04-14)"
    );
}

#[test]
fn a_compiler_of_the_same_version_line_built_otherwise_is_another() {
    let machine = Machine::with_rustup();
    machine.install_target(VERSION);
    machine.mark_target(&format!("{VERSION}\nLLVM version: 21.0.0\n"));
    assert_eq!(Target::state(&machine.rustc()), TargetState::Stale);
}

#[test]
fn a_target_of_another_compiler_is_stale_by_its_libraries() {
    let machine = Machine::with_rustup();
    machine.install_target("rustc 1.94.1 (0123456 2026-03-01)");
    let rustc = machine.rustc();
    assert_eq!(Target::state(&rustc), TargetState::Stale);
    let built_by = Target::built_by(&rustc);
    assert_eq!(built_by.as_deref(), Some("rustc 1.94.1 (0123456 2026-03-01)"));
}
