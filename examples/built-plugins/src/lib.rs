//! The plugins of the examples, built for the tests of their hosts.

use std::ffi::OsString;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::{Arc, LazyLock, Mutex, PoisonError};

use cargo_plug::{Env, ExitCode};

/// The component that `cargo plug build --release` makes of a plugin; built on first use, fresh each
/// time.
///
/// # Panics
/// When it cannot be built, with what `cargo plug build` says about it, or when there is no such plugin.
pub fn built_plugin(name: &str) -> PathBuf {
    let file = folder_of_plugins().join(format!("{name}.wasm"));
    assert!(file.is_file(), "the examples have no plugin `{name}`");
    file
}

/// The folder with all of them.
///
/// # Panics
/// When they cannot be built, with what `cargo plug build` says about it.
pub fn folder_of_plugins() -> &'static Path {
    static FOLDER: LazyLock<Result<PathBuf, String>> = LazyLock::new(|| build(&[]));
    match &*FOLDER {
        Ok(folder) => folder,
        Err(why) => panic!("{why}"),
    }
}

fn build(more: &[&str]) -> Result<PathBuf, String> {
    let workspace = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let target_dir = target_dir()?;
    let mut arguments: Vec<OsString> =
        ["cargo-plug", "build", "--release", "--target-dir"].map(Into::into).into();
    arguments.push(target_dir.clone().into());
    arguments.extend(more.iter().map(OsString::from));
    let said = Said::default();
    let streams = || -> Box<dyn Write> { Box::new(said.clone()) };
    let env = Env::new(workspace, std::env::vars_os(), streams(), streams());
    match cargo_plug::run(arguments, env) {
        ExitCode::Fine => Ok(target_dir.join("plug")),
        _ => Err(format!("the plugins of the examples cannot be built.\n{}", said.text())),
    }
}

/// The one of the test that runs: `TARGET_DIR/PROFILE/deps/TEST`.
fn target_dir() -> Result<PathBuf, String> {
    let test = std::env::current_exe().map_err(|why| format!("this test has no file: {why}"))?;
    let dir = test.ancestors().nth(3).map(Path::to_owned);
    dir.ok_or_else(|| format!("{} is in no target directory", test.display()))
}

/// What a command said.
#[derive(Clone, Default)]
struct Said(Arc<Mutex<Vec<u8>>>);

impl Said {
    fn text(&self) -> String {
        String::from_utf8_lossy(&self.0.lock().unwrap_or_else(PoisonError::into_inner)).into_owned()
    }
}

impl Write for Said {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn what_cannot_be_built_is_an_error_with_what_cargo_says() {
        let why = super::build(&["--package", "none-such"]).unwrap_err();
        assert!(why.contains("none-such"), "{why}");
    }
}
