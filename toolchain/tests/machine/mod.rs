//! A machine made for one test: a toolchain's folder, and fakes of the tools on its search path.
//!
//! The fakes are symbolic links to `tests/fakes`, and are told by variables how to behave. (Files
//! written here and run at once could be busy: another test's thread may be starting a process.)
#![allow(dead_code, reason = "each test binary uses its own part of it")]

use std::fs;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};
use std::time::Duration;

use plug_toolchain::{Environment, Patience, Progress, Rustc, Setup, SetupError};
use tempfile::TempDir;

pub(crate) const VERSION: &str = "rustc 1.95.0 (59807616e 2026-04-14)";
const LIBRARIES: [&str; 5] = ["core", "alloc", "compiler_builtins", "std", "panic_abort"];
const LIBC: [&str; 3] = ["crt1-command.o", "crt1-reactor.o", "libc.a"];

pub(crate) struct Machine {
    dir: TempDir,
    environment: Environment,
}

impl Machine {
    /// With these tools of `tests/fakes` on the search path.
    pub(crate) fn with(tools: &[&str]) -> Self {
        let dir = TempDir::new().expect("a temporary folder");
        let root = dir.path();
        for folder in ["bin", "home", "project", "sysroot/bin", "sysroot/lib/rustlib/fake-host/bin"] {
            fs::create_dir_all(root.join(folder)).expect("a folder");
        }
        let fakes = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests").join("fakes");
        for tool in tools {
            symlink(fakes.join(tool), root.join("bin").join(tool)).expect("a link");
        }
        for tool in ["rustc", "cargo"] {
            symlink(fakes.join(tool), root.join("sysroot/bin").join(tool)).expect("a link");
        }
        fs::write(root.join("keyring.gpg"), "keys").expect("a file");
        let environment = Environment::empty()
            .with_var("PATH", root.join("bin"))
            .with_var("HOME", root.join("home"))
            .with_var("FAKE_SYSROOT", root.join("sysroot"))
            .with_var("FAKE_LOG", root.join("log"))
            .with_keyring(root.join("keyring.gpg"));
        Self { dir, environment }
    }

    /// Rust by rustup, and nothing else.
    pub(crate) fn with_rustup() -> Self {
        Self::with(&["rustc", "rustup"])
    }

    /// Debian, with Rust from anywhere but rustup.
    pub(crate) fn with_apt() -> Self {
        Self::with(&["rustc", "apt-get", "apt-cache", "dpkg"])
    }

    /// Debian with Rust by rustup.
    pub(crate) fn with_both() -> Self {
        Self::with(&["rustc", "rustup", "apt-get", "apt-cache", "dpkg"])
    }

    pub(crate) fn var(mut self, name: &str, value: &str) -> Self {
        self.environment = self.environment.with_var(name, value);
        self
    }

    pub(crate) fn impatient(mut self) -> Self {
        let silence = Duration::from_millis(300);
        self.environment =
            self.environment.with_patience(Patience { silence, total: Duration::from_secs(30) });
        self
    }

    pub(crate) fn without_keyring(mut self) -> Self {
        let path = self.path("no-keyring");
        self.environment = self.environment.with_keyring(path);
        self
    }

    pub(crate) fn environment(&self) -> Environment {
        self.environment.clone()
    }

    pub(crate) fn path(&self, relative: &str) -> PathBuf {
        self.dir.path().join(relative)
    }

    pub(crate) fn rustc(&self) -> Rustc {
        Rustc::probe_in(&self.path("project"), self.environment()).expect("the fake compiler answers")
    }

    pub(crate) fn target(&self) -> PathBuf {
        self.path("sysroot/lib/rustlib/wasm32-wasip2")
    }

    /// A whole target as if built by a compiler of that version line.
    pub(crate) fn install_target(&self, version: &str) {
        let lib = self.target().join("lib");
        fs::create_dir_all(lib.join("self-contained")).expect("a folder");
        for name in LIBRARIES {
            let text = format!("rmeta {version} more");
            fs::write(lib.join(format!("lib{name}-0123.rlib")), text).expect("a file");
        }
        for name in LIBC {
            fs::write(lib.join("self-contained").join(name), "libc").expect("a file");
        }
    }

    /// What set-up leaves when it builds the target itself.
    pub(crate) fn mark_target(&self, text: &str) {
        fs::write(self.target().join("built-by-plug-setup"), text).expect("a file");
    }

    /// Runs set-up; also returns what it told.
    pub(crate) fn set_up(&self) -> (Result<(), SetupError>, Vec<Progress>) {
        let mut told = Vec::new();
        let outcome = Setup::plan(&self.rustc()).run(&mut |progress| told.push(progress));
        (outcome, told)
    }

    /// The command lines that the fakes were called with.
    pub(crate) fn log(&self) -> Vec<String> {
        let text = fs::read_to_string(self.path("log")).unwrap_or_default();
        text.lines().map(str::to_owned).collect()
    }

    pub(crate) fn clear_log(&self) {
        fs::write(self.path("log"), "").expect("a file");
    }

    /// How often a tool was called with that word among its arguments.
    pub(crate) fn calls(&self, tool: &str, word: &str) -> usize {
        let called = |line: &&String| {
            let mut words = line.split_whitespace();
            words.next() == Some(tool) && words.any(|other| other == word)
        };
        self.log().iter().filter(called).count()
    }

    /// Every file and folder of the toolchain and the home, to be compared.
    pub(crate) fn snapshot(&self) -> Vec<String> {
        let mut found = Vec::new();
        for top in ["sysroot", "home"] {
            list(&self.path(top), &mut found);
        }
        found.sort();
        found
    }

    /// Nothing but the lock may remain of a run.
    pub(crate) fn leftovers(&self) -> Vec<String> {
        let names = fs::read_dir(self.path("sysroot/lib/rustlib")).expect("a folder");
        let names = names.map(|entry| entry.expect("an entry").file_name().into_string().expect("text"));
        names.filter(|name| name.starts_with(".plug-setup") && name != ".plug-setup.lock").collect()
    }

    /// `text` with the machine's own folder taken out.
    pub(crate) fn redact(&self, text: &str) -> String {
        text.replace(&self.dir.path().display().to_string(), "MACHINE")
    }
}

fn list(path: &Path, found: &mut Vec<String>) {
    let data = path.symlink_metadata().expect("metadata");
    if data.is_dir() {
        found.push(path.display().to_string());
        for entry in fs::read_dir(path).expect("a folder") {
            list(&entry.expect("an entry").path(), found);
        }
    } else {
        let text = fs::read_to_string(path).unwrap_or_default();
        found.push(format!("{} {text}", path.display()));
    }
}
