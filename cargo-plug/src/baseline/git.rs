//! Contracts out of the history of a git repository.

use std::fs::{self, File};
use std::io::{self, Read as _, Seek as _, Write as _};
use std::path::{Component, Path, PathBuf};
use std::process::Stdio;

use plug_contract::MAX_ARTIFACT_BYTES;

use crate::env::Place;

const MOST_FILES: usize = 4096;
/// Links that lead to links.
const DEEPEST_LINKS: usize = 8;
/// Links in all: a few that lead to folders of links are very many.
const MOST_LINKS: usize = 256;

/// What was asked of git is not to be had.
#[derive(Debug, thiserror::Error)]
pub(crate) enum GitError {
    #[error("git cannot be run")]
    Start(#[source] io::Error),
    #[error("this folder is in no git repository")]
    NoRepository,
    #[error("the repository has no revision `{0}`")]
    NoRevision(String),
    #[error("the revision has no `{0}`")]
    NoPath(String),
    #[error("the revision has no `.wit` file at its root")]
    NoRootFile,
    #[error("`{0}` is no place in the repository")]
    NoPlace(String),
    #[error("no path is given, and the new contract is no part of the repository")]
    PathNeeded,
    #[error("`{0}` leads out of the repository")]
    Outside(String),
    #[error(
        "`{path}` has more than {MOST_FILES} files, more than {MOST_LINKS} links, or more than {} MiB",
        MAX_ARTIFACT_BYTES >> 20
    )]
    TooLarge { path: String },
    #[error("git failed: {0}")]
    Failed(String),
    #[error("its files cannot be written aside")]
    Write(#[source] io::Error),
}

impl GitError {
    pub(super) fn help(&self) -> Vec<String> {
        let help = match self {
            Self::Start(_) => "install git, or give a folder instead",
            Self::NoRepository => "run it inside the repository; in CI, see that the history is checked out",
            Self::NoRevision(_) => {
                "`git rev-parse REV` shows what git knows; in CI, fetch the whole history (`fetch-depth: 0`)"
            }
            Self::NoPath(_) | Self::NoPlace(_) => {
                "paths are seen from the root of the repository; `./wit` is seen from the current folder"
            }
            Self::NoRootFile | Self::PathNeeded => "name the folder of the contract: `git:REV:PATH`",
            Self::Outside(_) => "give the folder itself, not a link to it",
            Self::TooLarge { .. } => "give the folder of one contract",
            Self::Failed(_) => "see whether `git fsck` finds the repository sound",
            Self::Write(_) => "see whether there is room in the folder for temporary files (`TMPDIR`)",
        };
        vec![help.to_owned()]
    }
}

/// A file of a revision.
struct Entry {
    is_link: bool,
    id: String,
    size: u64,
    path: String,
}

/// The part of a revision that holds a contract, as files.
pub(super) struct Checkout {
    pub(super) folder: tempfile::TempDir,
    /// Where in the folder the contract is.
    pub(super) path: PathBuf,
}

pub(super) struct Git<'a> {
    place: &'a Place,
}

impl<'a> Git<'a> {
    pub(super) fn new(place: &'a Place) -> Self {
        Self { place }
    }

    /// Writes what `rev` has at `path` into a folder of its own. Without a path, the one where
    /// `counterpart` is now.
    pub(super) fn check_out(
        &self,
        rev: &str,
        path: Option<&str>,
        counterpart: Option<&Path>,
    ) -> Result<Checkout, GitError> {
        let prefix = self.line(&["rev-parse", "--show-prefix"])?.ok_or(GitError::NoRepository)?;
        let place = match (path, counterpart) {
            (Some(path), _) => match path.strip_prefix("./") {
                Some(rest) => normal(&format!("{prefix}{rest}")),
                None if path == "." || path.starts_with("../") => normal(&format!("{prefix}{path}")),
                None => normal(path),
            },
            (None, Some(counterpart)) => {
                let root = self.line(&["rev-parse", "--show-toplevel"])?.ok_or(GitError::PathNeeded)?;
                let there = self.place.resolve(counterpart);
                let there = there.canonicalize().unwrap_or(there);
                let below = Path::new(&root).canonicalize().ok().and_then(|root| {
                    there.strip_prefix(root).ok().map(|path| path.display().to_string().replace('\\', "/"))
                });
                normal(&below.ok_or(GitError::PathNeeded)?)
            }
            (None, None) => return Err(GitError::PathNeeded),
        };
        let path = place.ok_or_else(|| GitError::NoPlace(path.unwrap_or_default().to_owned()))?;
        let tree = self
            .line(&["rev-parse", "--verify", "--quiet", "--end-of-options", &format!("{rev}^{{tree}}")])?
            .ok_or_else(|| GitError::NoRevision(rev.to_owned()))?;

        let mut walk = Walk { git: self, tree: &tree, root: &path, links: 0, entries: Vec::new() };
        walk.collect(&path, &path, DEEPEST_LINKS)?;
        let entries = walk.entries;
        if entries.is_empty() {
            return Err(if path.is_empty() { GitError::NoRootFile } else { GitError::NoPath(path) });
        }
        let bytes: u64 = entries.iter().map(|entry| entry.size).sum();
        if entries.len() > MOST_FILES || bytes > MAX_ARTIFACT_BYTES {
            return Err(GitError::TooLarge { path });
        }
        let folder = tempfile::Builder::new().prefix("plug-git-").tempdir().map_err(GitError::Write)?;
        self.write(&entries, folder.path())?;
        Ok(Checkout { path: folder.path().join(&path), folder })
    }

    fn list(&self, tree: &str, path: &str) -> Result<Vec<Entry>, GitError> {
        let mut args = vec!["ls-tree", "-r", "-z", "-l", "--full-tree", tree];
        if !path.is_empty() {
            args.extend(["--", path]);
        }
        let output = self.run(&args)?;
        let entries = output.split(|byte| *byte == 0).filter_map(|line| {
            // `mode type id size TAB path`
            let line = std::str::from_utf8(line).ok()?;
            let (about, path) = line.split_once('\t')?;
            let mut about = about.split_ascii_whitespace();
            let (mode, kind, id, size) = (about.next()?, about.next()?, about.next()?, about.next()?);
            (kind == "blob").then(|| Entry {
                is_link: mode == "120000",
                id: id.to_owned(),
                size: size.parse().unwrap_or(0),
                path: path.to_owned(),
            })
        });
        Ok(entries.collect())
    }

    fn write(&self, entries: &[Entry], folder: &Path) -> Result<(), GitError> {
        let mut ids = tempfile::tempfile().map_err(GitError::Write)?;
        for entry in entries {
            writeln!(ids, "{}", entry.id).map_err(GitError::Write)?;
        }
        ids.rewind().map_err(GitError::Write)?;
        let mut command = self.command(&["cat-file", "--batch"]);
        let mut child = command
            .stdin(ids)
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .map_err(GitError::Start)?;
        let mut output = io::BufReader::new(child.stdout.take().expect("it is piped"));
        let written = entries.iter().try_for_each(|entry| write_next(&mut output, entry, folder));
        drop(output);
        let ended = child.wait().map_err(GitError::Start);
        written?;
        ended.map(drop)
    }

    fn command(&self, args: &[&str]) -> std::process::Command {
        let mut command = self.place.command("git".as_ref());
        command.args(args).env("GIT_LITERAL_PATHSPECS", "1").env("GIT_TERMINAL_PROMPT", "0");
        command
    }

    fn run(&self, args: &[&str]) -> Result<Vec<u8>, GitError> {
        let output = self.command(args).stdin(Stdio::null()).output().map_err(GitError::Start)?;
        if output.status.success() {
            return Ok(output.stdout);
        }
        let told = String::from_utf8_lossy(&output.stderr);
        Err(GitError::Failed(told.lines().next().unwrap_or_default().to_owned()))
    }

    /// The one line that git answers; none if it says no.
    fn line(&self, args: &[&str]) -> Result<Option<String>, GitError> {
        let output = self.command(args).stdin(Stdio::null()).output().map_err(GitError::Start)?;
        let line = || String::from_utf8_lossy(&output.stdout).trim_end_matches(['\n', '\r']).to_owned();
        Ok(output.status.success().then(line))
    }
}

/// Gathers the files of a contract.
struct Walk<'a> {
    git: &'a Git<'a>,
    tree: &'a str,
    /// What was asked for.
    root: &'a str,
    /// As many were followed.
    links: usize,
    entries: Vec<Entry>,
}

impl Walk<'_> {
    /// The files at `path`, under the name `named`. Links are followed inside the revision, `depth` of
    /// them in a row.
    fn collect(&mut self, path: &str, named: &str, depth: usize) -> Result<(), GitError> {
        for entry in self.git.list(self.tree, path)? {
            let rest = &entry.path[path.len()..];
            let name = format!("{named}{rest}").trim_start_matches('/').to_owned();
            let below = name[self.root.len()..].trim_start_matches('/');
            // What no parser reads, such as frozen versions beside the contract, is not to count.
            if !(is_of_a_contract(below) || entry.is_link && below == "deps") {
                continue;
            }
            if normal(&name).as_deref() != Some(&*name) {
                return Err(GitError::Outside(entry.path));
            }
            if entry.is_link {
                self.links += 1;
                if self.links > MOST_LINKS {
                    return Err(self.too_large());
                }
                let target = self.target(&entry, depth)?;
                self.collect(&target, &name, depth - 1)?;
            } else if has_known_ending(&name) {
                self.entries.push(Entry { path: name, ..entry });
            }
            if self.entries.len() > MOST_FILES {
                return Err(self.too_large());
            }
        }
        Ok(())
    }

    /// Where a link leads, seen from the root of the repository.
    fn target(&self, link: &Entry, depth: usize) -> Result<String, GitError> {
        let target = String::from_utf8_lossy(&self.git.run(&["cat-file", "blob", &link.id])?).into_owned();
        let is_absolute = target.starts_with('/');
        let parent = link.path.rsplit_once('/').map_or("", |(parent, _)| parent);
        let joined = if parent.is_empty() { target } else { format!("{parent}/{target}") };
        normal(&joined)
            .filter(|_| depth > 0 && !is_absolute)
            .ok_or_else(|| GitError::Outside(link.path.clone()))
    }

    fn too_large(&self) -> GitError {
        GitError::TooLarge { path: self.root.to_owned() }
    }
}

/// `id blob size`, a line break, the bytes, a line break.
fn write_next(output: &mut impl io::BufRead, entry: &Entry, folder: &Path) -> Result<(), GitError> {
    let mut header = String::new();
    output.read_line(&mut header).map_err(GitError::Start)?;
    let size: u64 = match header.trim_end().rsplit_once(' ') {
        Some((about, size)) if about.ends_with(" blob") => size.parse().ok(),
        _ => None,
    }
    .ok_or_else(|| GitError::Failed(format!("`{}` is not there: {}", entry.path, header.trim_end())))?;
    let file = folder.join(&entry.path);
    fs::create_dir_all(file.parent().unwrap_or(folder))
        .and_then(|()| File::create(&file))
        .and_then(|mut file| io::copy(&mut output.take(size), &mut file))
        .map_err(GitError::Write)?;
    output.read_exact(&mut [0]).map_err(GitError::Start)
}

/// A path without `.` and `..`; none if it leads out of where it began.
fn normal(path: &str) -> Option<String> {
    let mut parts: Vec<&str> = Vec::new();
    for part in Path::new(path).components() {
        match part {
            Component::Normal(part) => parts.push(part.to_str()?),
            Component::CurDir => {}
            Component::ParentDir => drop(parts.pop()?),
            Component::RootDir | Component::Prefix(_) => return (path == "/").then(String::new),
        }
    }
    Some(parts.join("/"))
}

fn has_known_ending(path: &str) -> bool {
    [".wit", ".wasm", ".lock"].iter().any(|ending| path.ends_with(ending))
}

/// Whether the parser would read a file at this place below the path that was named; empty for the
/// path itself.
fn is_of_a_contract(path: &str) -> bool {
    match path.rsplit_once('/') {
        None => path.is_empty() || path.ends_with(".wit"),
        Some(_) => path.starts_with("deps/"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_stay_inside() {
        for (path, expected) in [
            ("wit", Some("wit")),
            ("a/./b/../wit/", Some("a/wit")),
            ("", Some("")),
            (".", Some("")),
            ("..", None),
            ("a/../../b", None),
            ("/etc", None),
        ] {
            assert_eq!(normal(path).as_deref(), expected, "{path}");
        }
    }
}
