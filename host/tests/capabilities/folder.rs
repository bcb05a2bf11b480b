//! A folder of the test, with what is granted and what is not.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use tempfile::TempDir;

/// What no plugin may ever see.
pub const SECRET: &str = "the secret";

/// `data` and `other`, which are granted, `secret.txt` and `outside`, which never are.
pub struct Folder(TempDir);

/// Kind, content and time of change of all that is in a folder.
pub type Tree = BTreeMap<PathBuf, (String, Vec<u8>, Option<SystemTime>)>;

impl Folder {
    pub fn new() -> Folder {
        let folder = Folder(tempfile::tempdir().expect("a folder"));
        for (path, text) in [
            ("data/words.txt", "words"),
            ("data/sub/deep.txt", "deep"),
            ("other/mine.txt", "mine"),
            ("secret.txt", SECRET),
            ("outside/secret.txt", SECRET),
        ] {
            let path = folder.at(path);
            fs::create_dir_all(path.parent().expect("a folder")).expect("made");
            fs::write(path, text).expect("written");
        }
        fs::create_dir(folder.at("data/empty")).expect("made");
        folder.link("words.txt", "data/link");
        folder
    }

    pub fn path(&self) -> &Path {
        self.0.path()
    }

    pub fn at(&self, path: &str) -> PathBuf {
        self.0.path().join(path)
    }

    pub fn link(&self, target: impl AsRef<Path>, path: &str) {
        std::os::unix::fs::symlink(target, self.at(path)).expect("linked");
    }

    pub fn read(&self, path: &str) -> String {
        fs::read_to_string(self.at(path)).expect("a file")
    }

    /// All that is there.
    pub fn tree(&self) -> Tree {
        let mut tree = Tree::new();
        walk(self.path(), &mut tree);
        tree
    }

    /// All that is there outside of `data`.
    pub fn outside(&self) -> Tree {
        let data = self.at("data");
        self.tree().into_iter().filter(|(path, _)| !path.starts_with(&data)).collect()
    }
}

fn walk(folder: &Path, tree: &mut Tree) {
    for entry in fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        let found = path.symlink_metadata().expect("metadata");
        let (kind, content) = if found.is_symlink() {
            ("link", fs::read_link(&path).expect("a link").into_os_string().into_encoded_bytes())
        } else if found.is_dir() {
            ("folder", Vec::new())
        } else if found.is_file() {
            ("file", fs::read(&path).expect("a file"))
        } else {
            ("other", Vec::new())
        };
        // that of a folder changes with what is in it
        let changed = (kind == "file").then(|| found.modified().expect("a time"));
        tree.insert(path.clone(), (kind.to_owned(), content, changed));
        if kind == "folder" {
            walk(&path, tree);
        }
    }
}
