//! Where things are in this repository.

use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::{env, fs};

use crate::console::Failure;

/// The folders that chores work in.
#[derive(Debug)]
pub(crate) struct Repository {
    root: PathBuf,
    target: PathBuf,
}

impl Repository {
    /// The repository that this program was built from.
    pub(crate) fn find() -> Result<Self, Failure> {
        let root = Path::new(env!("CARGO_MANIFEST_DIR"))
            .parent()
            .filter(|root| root.join("Cargo.toml").is_file())
            .ok_or_else(|| Failure::new("the repository that xtask was built from is gone"))?
            .to_owned();
        let target = match env::var_os("CARGO_TARGET_DIR").filter(|dir| !dir.is_empty()) {
            Some(dir) => std::path::absolute(dir)
                .map_err(|error| Failure::new(format!("CARGO_TARGET_DIR: {error}")))?,
            None => root.join("target"),
        };
        Ok(Self { root, target })
    }

    pub(crate) fn root(&self) -> &Path {
        &self.root
    }

    /// The one target directory for all that is built here.
    pub(crate) fn target(&self) -> &Path {
        &self.target
    }

    pub(crate) fn path(&self, relative: &str) -> PathBuf {
        self.root.join(relative)
    }

    /// `path` as seen from the root, when it is below it.
    pub(crate) fn shown<'p>(&self, path: &'p Path) -> &'p Path {
        path.strip_prefix(&self.root).unwrap_or(path)
    }

    /// Where the host's programs of the dev profile land.
    pub(crate) fn programs(&self) -> PathBuf {
        self.target.join("debug")
    }
}

/// An empty folder where there may have been a full one.
pub(crate) fn fresh_folder(folder: &Path) -> Result<PathBuf, Failure> {
    match fs::remove_dir_all(folder) {
        Err(error) if error.kind() != ErrorKind::NotFound => {
            return Err(Failure::new(format!("cannot empty {}: {error}", folder.display())));
        }
        _ => {}
    }
    fs::create_dir_all(folder)
        .map_err(|error| Failure::new(format!("cannot create {}: {error}", folder.display())))?;
    Ok(folder.to_owned())
}

/// `path` as one would type it in `dir`, when both are in one folder; else in full.
pub(crate) fn seen_from(dir: &Path, path: &Path) -> PathBuf {
    let shared = dir.components().zip(path.components()).take_while(|(one, other)| one == other);
    let shared = shared.count();
    // Only the root in common: the way up would be longer than the whole path.
    if shared <= 1 {
        return path.to_owned();
    }
    let up = dir.components().skip(shared).map(|_| Path::new(".."));
    let down = path.components().skip(shared).map(|part| Path::new(part.as_os_str()));
    up.chain(down).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_shown_as_one_would_type_them() {
        let seen = |dir: &str, path: &str| seen_from(Path::new(dir), Path::new(path));
        assert_eq!(seen("/repo/target/demo", "/repo/guest-sdk"), Path::new("../../guest-sdk"));
        assert_eq!(seen("/repo/examples", "/repo/examples/a/b.png"), Path::new("a/b.png"));
        assert_eq!(seen("/elsewhere/demo", "/repo/guest-sdk"), Path::new("/repo/guest-sdk"));
    }
}
