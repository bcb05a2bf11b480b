//! Commands run by a chore: shown as one would type them, then run.

use std::env;
use std::ffi::{OsStr, OsString};
use std::fmt::Display;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

use crate::console::{self, Failure};
use crate::repository::Repository;

/// Where cargo puts what it builds.
pub(crate) const TARGET_DIR: &str = "CARGO_TARGET_DIR";

/// One command of a chore.
#[derive(Debug)]
pub(crate) struct Step {
    program: OsString,
    arguments: Vec<OsString>,
    dir: PathBuf,
    /// The folder as it stands before the command.
    prompt: String,
    variables: Vec<(&'static str, OsString)>,
    /// Variables that belong to the command as one would type it.
    shown: Vec<String>,
}

impl Step {
    /// `cargo …` in the repository's root. Its own commands, such as `cargo plug`, are found first.
    pub(crate) fn cargo<A: AsRef<OsStr>>(
        repository: &Repository,
        arguments: impl IntoIterator<Item = A>,
    ) -> Self {
        Self::program(repository, "cargo").arguments(arguments)
    }

    /// A program that was built here, or else one of the machine's.
    pub(crate) fn program(repository: &Repository, name: &str) -> Self {
        let path = env::var_os("PATH").unwrap_or_default();
        let path = [repository.programs()].into_iter().chain(env::split_paths(&path));
        let path = env::join_paths(path).unwrap_or_default();
        Self {
            program: name.into(),
            arguments: Vec::new(),
            dir: repository.root().to_owned(),
            prompt: String::new(),
            variables: vec![("PATH", path)],
            shown: Vec::new(),
        }
    }

    /// In another workspace than the root's, with the root's target directory.
    pub(crate) fn in_workspace(mut self, repository: &Repository, dir: &Path) -> Self {
        dir.clone_into(&mut self.dir);
        self.prompt = repository.shown(dir).display().to_string();
        self.variables.push((TARGET_DIR, repository.target().as_os_str().to_owned()));
        self
    }

    pub(crate) fn argument(self, argument: impl AsRef<OsStr>) -> Self {
        self.arguments([argument])
    }

    pub(crate) fn arguments<A: AsRef<OsStr>>(mut self, arguments: impl IntoIterator<Item = A>) -> Self {
        self.arguments.extend(arguments.into_iter().map(|argument| argument.as_ref().to_owned()));
        self
    }

    /// With a variable that is shown with the command.
    pub(crate) fn var(mut self, name: &'static str, value: impl Display) -> Self {
        self.shown.push(format!("{name}={value}"));
        self.variables.push((name, value.to_string().into()));
        self
    }

    /// Shows it, runs it, and says how long it took.
    pub(crate) fn run(&self) -> Result<Duration, Failure> {
        console::command(&self.prompt, &self.line());
        let start = Instant::now();
        let status = self.command().status().map_err(|error| {
            Failure::new(format!("{} cannot be started: {error}", self.program.to_string_lossy()))
        })?;
        let time = start.elapsed();
        if status.success() {
            console::took(time);
            Ok(time)
        } else {
            Err(Failure::new(format!("`{}` failed ({status})", self.line())).exit(status.code()))
        }
    }

    /// Whether it succeeds; shows nothing.
    pub(crate) fn succeeds(&self) -> bool {
        self.command().output().is_ok_and(|output| output.status.success())
    }

    fn command(&self) -> Command {
        let mut command = Command::new(&self.program);
        command.args(&self.arguments).current_dir(&self.dir);
        // What cargo tells this program of its own package is not for others.
        for (name, _) in env::vars_os() {
            let own = ["CARGO_MANIFEST_", "CARGO_PKG_", "CARGO_BIN_", "CARGO_CRATE_"];
            if own.iter().any(|prefix| name.to_string_lossy().starts_with(prefix)) {
                command.env_remove(name);
            }
        }
        command.envs(self.variables.iter().map(|(name, value)| (name, value)));
        command
    }

    /// As one would type it in the step's folder.
    fn line(&self) -> String {
        let words = [&self.program].into_iter().chain(&self.arguments).map(|word| quoted(word));
        let words = self.shown.iter().cloned().chain(words);
        words.collect::<Vec<_>>().join(" ")
    }
}

fn quoted(word: &OsStr) -> String {
    let word = word.to_string_lossy();
    let plain = |letter: char| letter.is_ascii_alphanumeric() || "-_./:=,+@%".contains(letter);
    if !word.is_empty() && word.chars().all(plain) {
        word.into_owned()
    } else {
        format!("'{}'", word.replace('\'', r"'\''"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_quoted_as_a_shell_needs_it() {
        assert_eq!(quoted(OsStr::new("--manifest-path=a/b.toml")), "--manifest-path=a/b.toml");
        assert_eq!(quoted(OsStr::new("-D warnings")), "'-D warnings'");
        assert_eq!(quoted(OsStr::new("it's")), r"'it'\''s'");
        assert_eq!(quoted(OsStr::new("")), "''");
    }
}
