//! A folder in which commands are run, and what they said.

use std::ffi::OsStr;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// A folder of its own, gone when it is dropped.
pub(crate) struct Project {
    folder: tempfile::TempDir,
    vars: Vec<(&'static str, String)>,
}

/// What a command said.
pub(crate) struct Run {
    pub(crate) line: String,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
    pub(crate) code: Option<i32>,
}

/// What a run may know of the machine: where the toolchain is.
const KEPT: [&str; 6] = ["PATH", "HOME", "CARGO_HOME", "RUSTUP_HOME", "RUSTUP_TOOLCHAIN", "TMPDIR"];

impl Project {
    pub(crate) fn new() -> Self {
        let folder = tempfile::Builder::new().prefix("plug-cli-").tempdir().expect("a temporary folder");
        Self { folder, vars: Vec::new() }
    }

    /// The same with a variable set in all runs.
    pub(crate) fn with_var(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.vars.push((name, value.into()));
        self
    }

    pub(crate) fn path(&self) -> PathBuf {
        self.folder.path().canonicalize().expect("it is there")
    }

    pub(crate) fn join(&self, path: &str) -> PathBuf {
        self.path().join(path)
    }

    /// Writes a file, with the folders above it.
    pub(crate) fn write(&self, path: &str, contents: impl AsRef<[u8]>) -> &Self {
        let path = self.join(path);
        fs::create_dir_all(path.parent().expect("it has one")).expect("folders can be made");
        fs::write(path, contents).expect("files can be written");
        self
    }

    pub(crate) fn read(&self, path: &str) -> String {
        fs::read_to_string(self.join(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
    }

    /// All files and folders, sorted.
    pub(crate) fn files(&self) -> Vec<String> {
        fn list(folder: &Path, root: &Path, found: &mut Vec<String>) {
            for entry in fs::read_dir(folder).expect("it can be read") {
                let path = entry.expect("it can be read").path();
                if path.is_dir() {
                    list(&path, root, found);
                } else {
                    found.push(path.strip_prefix(root).expect("it is below").display().to_string());
                }
            }
        }
        let mut found = Vec::new();
        list(&self.path(), &self.path(), &mut found);
        found.sort();
        found
    }

    /// Runs `cargo plug` at the project's root.
    pub(crate) fn plug(&self, args: &[&str]) -> Run {
        self.plug_in(".", args)
    }

    /// Runs `cargo plug` in a folder of the project.
    pub(crate) fn plug_in(&self, folder: &str, args: &[&str]) -> Run {
        self.run(env!("CARGO_BIN_EXE_cargo-plug"), folder, "cargo plug", args, Stdio::piped())
    }

    /// Runs `cargo plug` with its stdout somewhere else.
    pub(crate) fn plug_into(&self, stdout: impl Into<Stdio>, args: &[&str]) -> Run {
        self.run(env!("CARGO_BIN_EXE_cargo-plug"), ".", "cargo plug", args, stdout.into())
    }

    /// Runs cargo in a folder of the project, and wants it to succeed.
    pub(crate) fn cargo(&self, folder: &str, args: &[&str]) {
        let run = self.run("cargo", folder, "cargo", args, Stdio::piped());
        assert!(run.code == Some(0), "{run}");
    }

    /// Runs git at the project's root, as somebody whose settings are nobody's.
    pub(crate) fn git(&self, args: &[&str]) {
        let settings = [
            "-c",
            "user.name=Somebody",
            "-c",
            "user.email=somebody@example.org",
            "-c",
            "init.defaultBranch=main",
        ];
        let args: Vec<_> = settings.iter().chain(args).copied().collect();
        let run = self.run("git", ".", "git", &args, Stdio::piped());
        assert!(run.code == Some(0), "{run}");
    }

    fn run(
        &self,
        program: impl AsRef<OsStr>,
        folder: &str,
        shown: &str,
        args: &[&str],
        stdout: Stdio,
    ) -> Run {
        let output = Command::new(program)
            .args(args)
            .current_dir(self.join(folder))
            .env_clear()
            .envs(KEPT.iter().filter_map(|name| Some((name, std::env::var_os(name)?))))
            .env("GIT_CONFIG_GLOBAL", "/dev/null")
            .envs(self.vars.iter().map(|(name, value)| (name, value)))
            .stdin(Stdio::null())
            .stdout(stdout)
            .output()
            .expect("it runs");
        let quoted =
            |arg: &&str| if arg.contains([' ', '"', '(']) { format!("'{arg}'") } else { (*arg).to_owned() };
        let mut line = shown.to_owned();
        for arg in args {
            write!(line, " {}", quoted(arg)).expect("a String takes all");
        }
        Run {
            line,
            stdout: String::from_utf8(output.stdout).expect("UTF-8"),
            stderr: String::from_utf8(output.stderr).expect("UTF-8"),
            code: output.status.code(),
        }
    }

    /// What `insta` leaves out: what differs from machine to machine and from version to version.
    pub(crate) fn filters(&self) -> Vec<(String, &'static str)> {
        let literal = |path: PathBuf| path.display().to_string().replace('.', "\\.");
        let version = env!("CARGO_PKG_VERSION").replace('.', "\\.");
        vec![
            (literal(self.path()), "[PROJECT]"),
            (literal(target_dir()), "[TARGET]"),
            (literal(repository()), "[REPOSITORY]"),
            ("sha256:[0-9a-f]{64}".to_owned(), "sha256:[DIGEST]"),
            ("wit1-[a-z2-7]{16,52}".to_owned(), "wit1-[HASH]"),
            ("RW[A-Za-z0-9+/]{54}".to_owned(), "[PUBLIC KEY]"),
            (r"\b[0-9A-F]{16}\b".to_owned(), "[KEY]"),
            (r"\d+(\.\d)? [kM]?B \(\d+ bytes\)".to_owned(), "[SIZE]"),
            (r" +\d+(\.\d)? [kM]?B +\d+ %".to_owned(), " [SIZE]"),
            (r"(compile|instantiate|call) \d+(\.\d+)? (µs|ms|s)\b".to_owned(), "$1 [TIME]"),
            // one byte more or less, from run to run: where the compiler puts its trap
            (r"\+0x[0-9a-f]+".to_owned(), "+[OFFSET]"),
            (r"(wanted|allocation of) \d+ bytes".to_owned(), "$1 [BYTES]"),
            (
                "\"(size|code|data|names|contract_section|other_custom_sections|structure)\": \\d+"
                    .to_owned(),
                "\"$1\": [SIZE]",
            ),
            (format!("cargo-plug {version}"), "cargo-plug [VERSION]"),
            (format!("plug-guest-sdk {version}"), "plug-guest-sdk [VERSION]"),
            (r"wit-bindgen \d+\.\d+\.\d+".to_owned(), "wit-bindgen [VERSION]"),
        ]
    }
}

impl std::fmt::Display for Run {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let code = self.code.map_or_else(|| "killed".to_owned(), |code| code.to_string());
        writeln!(f, "$ {}\n=> {code}", self.line)?;
        for (name, text) in [("stdout", &self.stdout), ("stderr", &self.stderr)] {
            if !text.is_empty() {
                writeln!(f, "--- {name}\n{}", text.trim_end_matches('\n'))?;
            }
        }
        Ok(())
    }
}

/// All runs after each other, as one snapshot.
pub(crate) fn transcript(runs: impl IntoIterator<Item = Run>) -> String {
    runs.into_iter().map(|run| run.to_string()).collect::<Vec<_>>().join("\n")
}

macro_rules! assert_runs {
    ($project:expr, $($run:expr),+ $(,)?) => {{
        let project: &$crate::project::Project = &$project;
        let text = $crate::project::transcript([$($run),+]);
        let filters = project.filters();
        insta::with_settings!({
            filters => filters.iter().map(|(what, by)| (what.as_str(), *by)),
            omit_expression => true,
            prepend_module_to_snapshot => true,
        }, { insta::assert_snapshot!(text) });
    }};
}
pub(crate) use assert_runs;

pub(crate) fn repository() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("it is in one").to_owned()
}

/// The repository's target folder: what the SDK needs is compiled there once for all.
pub(crate) fn target_dir() -> PathBuf {
    match std::env::var_os("CARGO_TARGET_DIR").map(PathBuf::from) {
        Some(folder) if folder.is_absolute() => folder,
        _ => repository().join("target"),
    }
}
