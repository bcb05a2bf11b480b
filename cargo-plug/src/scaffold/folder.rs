//! Writing a folder so that it is there as a whole or not at all.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use super::ScaffoldError;

/// A folder beside the final one, removed again unless it is moved into place.
#[derive(Debug)]
pub(crate) struct Staging {
    folder: PathBuf,
    /// Folders above it that were made for it, outermost first.
    made: Vec<PathBuf>,
    placed: bool,
}

impl Staging {
    /// Makes an empty folder in `parent`, and `parent` too if it is missing.
    pub(crate) fn in_folder(parent: &Path, name: &str) -> Result<Self, ScaffoldError> {
        let write = |source| ScaffoldError::Write { path: parent.to_owned(), source };
        let mut made: Vec<PathBuf> =
            parent.ancestors().take_while(|folder| !folder.exists()).map(Path::to_owned).collect();
        made.reverse();
        fs::create_dir_all(parent).map_err(write)?;
        // Not by crate tempfile: its folders are closed to all but their owner, and this one stays.
        let folder = parent.join(format!(".{name}.plug-new-{}", std::process::id()));
        if folder.exists() {
            fs::remove_dir_all(&folder).map_err(write)?;
        }
        let staging = Self { folder, made, placed: false };
        fs::create_dir(&staging.folder).map_err(write)?;
        Ok(staging)
    }

    pub(crate) fn path(&self) -> &Path {
        &self.folder
    }

    /// Writes a file at `relative`, with the folders above it.
    pub(crate) fn write(&self, relative: &Path, contents: &[u8]) -> Result<(), ScaffoldError> {
        let path = self.folder.join(relative);
        path.parent()
            .map_or(Ok(()), fs::create_dir_all)
            .and_then(|()| fs::write(&path, contents))
            .map_err(|source| ScaffoldError::Write { path, source })
    }

    /// Moves the folder to `target`, which does not exist.
    pub(crate) fn place(mut self, target: &Path) -> Result<(), ScaffoldError> {
        fs::rename(&self.folder, target)
            .map_err(|source| ScaffoldError::Write { path: target.to_owned(), source })?;
        self.placed = true;
        Ok(())
    }

    /// Moves the files into `target`, which exists. Those in `keep` that are there already stay as
    /// they are and are returned; if another one is there, nothing is moved.
    pub(crate) fn merge(self, target: &Path, keep: &[&str]) -> Result<Vec<PathBuf>, ScaffoldError> {
        let write = |path: &Path| {
            let path = path.to_owned();
            move |source: io::Error| ScaffoldError::Write { path, source }
        };
        let mut files = Vec::new();
        list(&self.folder, &self.folder, &mut files).map_err(write(&self.folder))?;
        let (there, fresh): (Vec<_>, Vec<_>) = files.into_iter().partition(|file| target.join(file).exists());
        let kept = |file: &PathBuf| keep.iter().any(|name| Path::new(name) == file);
        if !there.iter().all(kept) {
            return Err(ScaffoldError::Exists {
                folder: target.display().to_string(),
                init: true,
                files: there
                    .iter()
                    .filter(|file| !kept(file))
                    .map(|file| file.display().to_string())
                    .collect(),
            });
        }
        let mut moved = Vec::new();
        for file in &fresh {
            let to = target.join(file);
            let result = to
                .parent()
                .map_or(Ok(()), fs::create_dir_all)
                .and_then(|()| fs::rename(self.folder.join(file), &to));
            if let Err(source) = result {
                for done in moved {
                    drop(fs::remove_file(done));
                }
                return Err(ScaffoldError::Write { path: to, source });
            }
            moved.push(to);
        }
        Ok(there)
    }
}

impl Drop for Staging {
    fn drop(&mut self) {
        // Best effort: the error that led here is the one to report.
        if !self.placed {
            drop(fs::remove_dir_all(&self.folder));
            for folder in self.made.iter().rev() {
                // Fails, as it should, where something else has been put there.
                drop(fs::remove_dir(folder));
            }
        }
    }
}

/// All files under `folder`, relative to `root`, sorted.
fn list(folder: &Path, root: &Path, files: &mut Vec<PathBuf>) -> io::Result<()> {
    let mut entries = fs::read_dir(folder)?.collect::<Result<Vec<_>, _>>()?;
    entries.sort_by_key(fs::DirEntry::file_name);
    for entry in entries {
        let path = entry.path();
        if entry.file_type()?.is_dir() {
            list(&path, root, files)?;
        } else if let Ok(relative) = path.strip_prefix(root) {
            files.push(relative.to_owned());
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(folder: &Path) -> Vec<String> {
        let mut files = Vec::new();
        list(folder, folder, &mut files).unwrap();
        files.iter().map(|file| file.display().to_string()).collect()
    }

    #[test]
    fn nothing_is_left_of_a_folder_that_is_not_placed() {
        let temp = tempfile::tempdir().unwrap();
        let staging = Staging::in_folder(&temp.path().join("a/b"), "x").unwrap();
        staging.write(Path::new("src/lib.rs"), b"x").unwrap();
        drop(staging);
        assert!(!temp.path().join("a").exists());
    }

    #[test]
    fn a_folder_is_placed_as_a_whole() {
        let temp = tempfile::tempdir().unwrap();
        let staging = Staging::in_folder(temp.path(), "x").unwrap();
        staging.write(Path::new("src/lib.rs"), b"x").unwrap();
        staging.place(&temp.path().join("x")).unwrap();
        assert_eq!(names(temp.path()), ["x/src/lib.rs"]);
    }

    #[test]
    fn merging_keeps_what_may_be_kept_and_refuses_the_rest() {
        let temp = tempfile::tempdir().unwrap();
        fs::write(temp.path().join("README.md"), "mine").unwrap();
        let stage = || {
            let staging = Staging::in_folder(temp.path(), "x").unwrap();
            staging.write(Path::new("README.md"), b"yours").unwrap();
            staging.write(Path::new("src/lib.rs"), b"x").unwrap();
            staging
        };
        assert_eq!(stage().merge(temp.path(), &["README.md"]).unwrap(), [Path::new("README.md")]);
        assert_eq!(fs::read_to_string(temp.path().join("README.md")).unwrap(), "mine");
        assert_eq!(names(temp.path()), ["README.md", "src/lib.rs"]);
        assert!(matches!(
            stage().merge(temp.path(), &["README.md"]),
            Err(ScaffoldError::Exists { files, .. }) if files == ["src/lib.rs"]
        ));
        assert_eq!(names(temp.path()), ["README.md", "src/lib.rs"]);
    }
}
