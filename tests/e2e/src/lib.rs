//! Real guests, real host, real command line: see `tests/`.

use std::path::PathBuf;

/// The `cargo-plug` that was built with these tests.
///
/// # Panics
/// When it was not: a build of this package alone does not make it.
#[must_use]
pub fn cargo_plug() -> PathBuf {
    let mut folder = std::env::current_exe().expect("a test knows its own file");
    folder.pop();
    if folder.ends_with("deps") {
        folder.pop();
    }
    let exe = folder.join(format!("cargo-plug{}", std::env::consts::EXE_SUFFIX));
    assert!(exe.is_file(), "{} is missing; build it with `cargo build --workspace --bins`", exe.display());
    exe
}

/// The repository's root.
#[must_use]
pub fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../..").canonicalize().expect("the repository is there")
}
