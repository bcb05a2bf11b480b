//! What building a plugin needs, looked at one by one.

use std::path::{Path, PathBuf};

use crate::environment::Environment;
use crate::rustc::{Rustc, ToolchainError, minimum_release};
use crate::target::{GUEST_TARGET, SELF_CONTAINED, Target, TargetState};

/// One thing that was looked at.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Check {
    /// What it is.
    pub name: &'static str,
    /// How it is.
    pub state: CheckState,
    /// What was found.
    pub detail: String,
    /// The command, or the deed, that mends it.
    pub mend: Option<String>,
}

/// How a thing is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CheckState {
    /// As it should be.
    Ok,
    /// It may do, or may not.
    Warning,
    /// Not there, or of no use.
    Missing,
}

impl Check {
    /// A check whose state is [`CheckState::Ok`].
    pub fn ok(name: &'static str, detail: impl Into<String>) -> Self {
        Self { name, state: CheckState::Ok, detail: detail.into(), mend: None }
    }

    /// A check whose state is [`CheckState::Warning`].
    pub fn warning(name: &'static str, detail: impl Into<String>, mend: impl Into<String>) -> Self {
        let (detail, mend) = (detail.into(), Some(mend.into()));
        Self { name, state: CheckState::Warning, detail, mend }
    }

    /// A check whose state is [`CheckState::Missing`].
    pub fn missing(name: &'static str, detail: impl Into<String>, mend: impl Into<String>) -> Self {
        let (detail, mend) = (detail.into(), Some(mend.into()));
        Self { name, state: CheckState::Missing, detail, mend }
    }
}

/// Looks at the compiler that is active in `dir`, its guest target, wasi-libc and the linkers.
pub fn examine(dir: &Path) -> Vec<Check> {
    examine_in(dir, Environment::inherited())
}

/// The same in another environment than that of this process.
pub fn examine_in(dir: &Path, environment: Environment) -> Vec<Check> {
    match Rustc::probe_in(dir, environment) {
        Ok(rustc) => vec![
            compiler(&rustc),
            target(&rustc),
            wasi_libc(&rustc),
            component_linker(&rustc),
            linker(&rustc),
        ],
        // Without a compiler there is no place where the rest could be.
        Err(error) => vec![no_compiler(&error)],
    }
}

fn no_compiler(error: &ToolchainError) -> Check {
    Check::missing("rustc", error.to_string(), error.mend())
}

fn compiler(rustc: &Rustc) -> Check {
    let detail = format!("{} in {}", rustc.version(), rustc.sysroot().display());
    if numbers(rustc.release()) < numbers(minimum_release()) {
        Check::warning(
            "rustc",
            format!("{detail}; the SDK needs {}", minimum_release()),
            "rustup update stable",
        )
    } else {
        Check::ok("rustc", detail)
    }
}

/// The parts of `1.95.0` that are numbers.
fn numbers(release: &str) -> Vec<u32> {
    release.split(['.', '-']).map_while(|part| part.parse().ok()).take(2).collect()
}

fn target(rustc: &Rustc) -> Check {
    let name = "target wasm32-wasip2";
    match Target::require(rustc) {
        Ok(()) => Check::ok(name, rustc.target_libdir().display().to_string()),
        Err(error) => Check::missing(name, error.to_string(), "cargo plug setup"),
    }
}

fn wasi_libc(rustc: &Rustc) -> Check {
    let name = "wasi-libc";
    let folder = rustc.target_libdir().join(SELF_CONTAINED);
    let missing = Target::missing_libc(rustc.target_libdir());
    if missing.is_empty() {
        return Check::ok(name, folder.display().to_string());
    }
    let files: Vec<_> = missing.iter().filter_map(|path| path.file_name()?.to_str()).collect();
    let detail = format!("no {} in {}", files.join(", "), folder.display());
    // Some distributions patch their compiler to look elsewhere for it.
    if Target::state(rustc) == TargetState::Absent {
        Check::missing(name, detail, "cargo plug setup")
    } else {
        Check::warning(name, detail, "cargo plug setup")
    }
}

fn component_linker(rustc: &Rustc) -> Check {
    let name = "wasm-component-ld";
    match tool(rustc, "wasm-component-ld") {
        Some(path) => Check::ok(name, path.display().to_string()),
        None => Check::missing(
            name,
            format!("neither in {} nor on PATH", rustc.tools_dir().display()),
            "cargo install wasm-component-ld, or install Rust by rustup, which brings it",
        ),
    }
}

fn linker(rustc: &Rustc) -> Check {
    let name = "wasm linker";
    match ["rust-lld", "wasm-ld"].into_iter().find_map(|program| tool(rustc, program)) {
        Some(path) => Check::ok(name, path.display().to_string()),
        None => Check::missing(
            name,
            format!(
                "no rust-lld in {} and no wasm-ld on PATH: {GUEST_TARGET} does not link",
                rustc.tools_dir().display()
            ),
            "install the package lld, or Rust by rustup, which brings it",
        ),
    }
}

fn tool(rustc: &Rustc, program: &str) -> Option<PathBuf> {
    let own = rustc.tools_dir().join(format!("{program}{}", std::env::consts::EXE_SUFFIX));
    if own.is_file() { Some(own) } else { rustc.environment().find(program) }
}
