//! What the process gives: read here once, passed on as values.

use std::collections::BTreeMap;
use std::ffi::{OsStr, OsString};
use std::io::{self, BufRead, IsTerminal, Write};
use std::path::{Path, PathBuf};

/// The surroundings of one run: where it happens, what is set, whom it talks to.
pub struct Env {
    pub(crate) place: Place,
    pub(crate) streams: Streams,
}

/// Folder and variables.
#[derive(Debug, Clone)]
pub(crate) struct Place {
    cwd: PathBuf,
    vars: BTreeMap<OsString, OsString>,
    /// Whether `cwd` is the folder of this process, so that relative paths may be used as given.
    is_own: bool,
}

/// The three streams, and which of them are terminals.
pub(crate) struct Streams {
    pub(crate) stdin: Box<dyn BufRead>,
    pub(crate) stdout: Box<dyn Write>,
    pub(crate) stderr: Box<dyn Write>,
    pub(crate) stdin_is_terminal: bool,
    pub(crate) stdout_is_terminal: bool,
    pub(crate) stderr_is_terminal: bool,
    /// How wide the terminal is that stdout goes to, if it is one.
    pub(crate) columns: Option<usize>,
}

impl Env {
    /// The surroundings of this process.
    #[must_use]
    pub fn from_process() -> Self {
        Self {
            place: Place {
                cwd: std::env::current_dir().unwrap_or_else(|_| PathBuf::from(".")),
                vars: std::env::vars_os().collect(),
                is_own: true,
            },
            streams: Streams {
                stdin: Box::new(io::BufReader::new(io::stdin())),
                stdout: Box::new(io::stdout()),
                stderr: Box::new(io::stderr()),
                stdin_is_terminal: io::stdin().is_terminal(),
                stdout_is_terminal: io::stdout().is_terminal(),
                stderr_is_terminal: io::stderr().is_terminal(),
                columns: terminal_size::terminal_size_of(io::stdout()).map(|(width, _)| usize::from(width.0)),
            },
        }
    }

    /// Surroundings made up by the caller: nothing is a terminal, nothing is read from stdin.
    #[must_use]
    pub fn new(
        cwd: PathBuf,
        vars: impl IntoIterator<Item = (OsString, OsString)>,
        stdout: Box<dyn Write>,
        stderr: Box<dyn Write>,
    ) -> Self {
        Self {
            place: Place { cwd, vars: vars.into_iter().collect(), is_own: false },
            streams: Streams {
                stdin: Box::new(io::empty()),
                stdout,
                stderr,
                stdin_is_terminal: false,
                stdout_is_terminal: false,
                stderr_is_terminal: false,
                columns: None,
            },
        }
    }
}

impl Place {
    #[cfg(test)]
    pub(crate) fn at(cwd: &str) -> Self {
        Self { cwd: PathBuf::from(cwd), vars: BTreeMap::new(), is_own: false }
    }

    pub(crate) fn cwd(&self) -> &Path {
        &self.cwd
    }

    /// `path` as seen from the folder of this run.
    pub(crate) fn resolve(&self, path: &Path) -> PathBuf {
        self.cwd.join(path)
    }

    /// `path` to be read from: as the user wrote it if possible, since messages name it.
    pub(crate) fn input(&self, path: &Path) -> PathBuf {
        if self.is_own { path.to_owned() } else { self.resolve(path) }
    }

    pub(crate) fn var(&self, name: &str) -> Option<&OsStr> {
        self.vars.get(OsStr::new(name)).map(OsString::as_os_str).filter(|value| !value.is_empty())
    }

    /// `path` as a person in this folder would write it.
    pub(crate) fn show(&self, path: &Path) -> String {
        match path.strip_prefix(&self.cwd) {
            Ok(rest) if rest.as_os_str().is_empty() => ".".to_owned(),
            Ok(rest) => rest.display().to_string(),
            Err(_) => path.display().to_string(),
        }
    }

    /// A command that runs in these surroundings and no others.
    pub(crate) fn command(&self, program: &OsStr) -> std::process::Command {
        let mut command = std::process::Command::new(program);
        command.current_dir(&self.cwd).env_clear().envs(&self.vars);
        command
    }
}
