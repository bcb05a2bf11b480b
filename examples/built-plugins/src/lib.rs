//! The plugins of the examples, built for the tests of their hosts.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::LazyLock;

const TARGET: &str = "wasm32-wasip2";
const PLUGINS: [&str; 4] = ["data-stats", "grayscale", "invert", "resize"];

/// The component that cargo makes of a plugin; built on first use, fresh each time.
///
/// # Panics
/// When it cannot be built, with what cargo says about it, or when there is no such plugin.
pub fn built_plugin(name: &str) -> PathBuf {
    static FOLDER: LazyLock<Result<PathBuf, String>> = LazyLock::new(|| build(TARGET));
    assert!(PLUGINS.contains(&name), "the examples have no plugin `{name}`");
    match &*FOLDER {
        Ok(folder) => folder.join(format!("{}.wasm", name.replace('-', "_"))),
        Err(why) => panic!("{why}"),
    }
}

fn build(target: &str) -> Result<PathBuf, String> {
    let workspace = Path::new(env!("CARGO_MANIFEST_DIR")).with_file_name("Cargo.toml");
    let target_dir = target_dir()?;
    let mut cargo = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    cargo.args(["build", "--release", "--target", target]);
    cargo.arg("--manifest-path").arg(workspace).arg("--target-dir").arg(&target_dir);
    cargo.args(PLUGINS.iter().flat_map(|name| ["--package", name]));
    let output = cargo.output().map_err(|why| format!("cargo cannot be started: {why}"))?;
    if output.status.success() {
        Ok(target_dir.join(target).join("release"))
    } else {
        Err(format!(
            "the plugins of the examples cannot be built.\n\
             If the target {target} is missing, `cargo plug setup` or `rustup target add {target}` installs it.\n\n{}",
            String::from_utf8_lossy(&output.stderr)
        ))
    }
}

/// The one of the test that runs: `TARGET_DIR/PROFILE/deps/TEST`.
fn target_dir() -> Result<PathBuf, String> {
    let test = std::env::current_exe().map_err(|why| format!("this test has no file: {why}"))?;
    let dir = test.ancestors().nth(3).map(Path::to_owned);
    dir.ok_or_else(|| format!("{} is in no target directory", test.display()))
}

#[cfg(test)]
mod tests {
    #[test]
    fn a_target_that_is_missing_is_an_error_with_its_mend() {
        let why = super::build("wasm32-none-such").unwrap_err();
        assert!(why.contains("`rustup target add wasm32-none-such` installs it"), "{why}");
    }
}
