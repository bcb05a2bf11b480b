//! Where the text of a contract is: what a place in it is called, and the line there.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::fs::File;
use std::io::Read as _;
use std::path::{Path, PathBuf};

use plug_contract::{Location, PLUGIN_WIT};

/// The name under which the parser knows our own package when no file defines it.
const PLUGIN_WIT_NAME: &str = "plug-plugin.wit";
/// Files larger than this were no WIT to begin with.
const MOST_BYTES: u64 = 16 << 20;

/// The texts of one version of a contract. Files are read when a line of them is shown.
#[derive(Debug, Clone, Default)]
pub(crate) struct Texts {
    /// Text that is in no file.
    held: BTreeMap<String, String>,
    /// The folder in which relative names are.
    folder: PathBuf,
    /// A folder made for this run, and what stands for it in messages.
    checkout: Option<(PathBuf, String)>,
    cache: RefCell<BTreeMap<String, Option<String>>>,
}

/// A place in a text, for people and programs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Place {
    /// As the user knows it.
    pub(crate) file: String,
    /// Whether there is such a file in the working tree.
    pub(crate) is_file: bool,
    pub(crate) line: u32,
    /// In bytes, from 1.
    pub(crate) column: u32,
    /// The whole line, if it is still there.
    pub(crate) source: Option<String>,
}

impl Place {
    /// The column in characters, as those count who show it.
    pub(crate) fn column_in_characters(&self) -> u32 {
        let bytes = self.column.saturating_sub(1) as usize;
        let before = self.source.as_ref().and_then(|source| source.get(..bytes));
        before.map_or(self.column, |before| before.chars().count() as u32 + 1)
    }
}

impl Texts {
    /// Files of the working tree; relative names are seen from `folder`.
    pub(crate) fn files(folder: &Path) -> Self {
        Self { folder: folder.to_owned(), ..Self::default() }
    }

    /// One text, known by `name`.
    pub(crate) fn held(name: &str, text: &str) -> Self {
        Self { held: BTreeMap::from([(name.to_owned(), text.to_owned())]), ..Self::default() }
    }

    /// Says what the files below `folder` are called.
    pub(crate) fn checked_out(mut self, folder: &Path, shown: &str) -> Self {
        self.checkout = Some((folder.to_owned(), shown.to_owned()));
        self
    }

    /// Reads what is read from files now, since they are going away.
    pub(crate) fn keep(&mut self, files: &[PathBuf]) {
        for file in files {
            let name = file.to_string_lossy().into_owned();
            self.line(&name, 1);
        }
    }

    pub(crate) fn place(&self, location: &Location) -> Place {
        let below_checkout = self.checkout.as_ref().and_then(|(folder, shown)| {
            let rest = Path::new(&location.file).strip_prefix(folder).ok()?;
            Some(format!("{shown}{}", rest.display()))
        });
        let is_held = self.held.contains_key(&location.file) || location.file == PLUGIN_WIT_NAME;
        Place {
            is_file: below_checkout.is_none() && !is_held,
            file: below_checkout.unwrap_or_else(|| location.file.clone()),
            line: location.line,
            column: location.column,
            source: self.line(&location.file, location.line),
        }
    }

    fn line(&self, file: &str, line: u32) -> Option<String> {
        let nth = |text: &str| text.lines().nth((line as usize).checked_sub(1)?).map(str::to_owned);
        if let Some(text) = self.held.get(file) {
            return nth(text);
        }
        let mut cache = self.cache.borrow_mut();
        let text = cache.entry(file.to_owned()).or_insert_with(|| {
            let mut text = String::new();
            let opened = File::open(self.folder.join(file));
            match opened.and_then(|opened| opened.take(MOST_BYTES).read_to_string(&mut text)) {
                Ok(_) => Some(text),
                Err(_) if file == PLUGIN_WIT_NAME => Some(PLUGIN_WIT.to_owned()),
                Err(_) => None,
            }
        });
        nth(text.as_deref()?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(file: &str, line: u32) -> Location {
        Location { file: file.to_owned(), line, column: 1 }
    }

    #[test]
    fn lines_come_from_files_and_from_memory() {
        let temp = tempfile::tempdir().unwrap();
        std::fs::write(temp.path().join("a.wit"), "one\ntwo\n").unwrap();
        let files = Texts::files(temp.path());
        assert_eq!(files.place(&at("a.wit", 2)).source.as_deref(), Some("two"));
        assert_eq!(files.place(&at("a.wit", 3)).source, None);
        assert_eq!(files.place(&at("gone.wit", 1)).source, None);
        assert!(files.place(&at("plug-plugin.wit", 1)).source.is_some());

        let held = Texts::held("contract.lock", "x");
        let place = held.place(&at("contract.lock", 1));
        assert_eq!((place.source.as_deref(), place.is_file), (Some("x"), false));
    }

    #[test]
    fn columns_are_counted_in_characters() {
        let place = |source: Option<&str>| Place {
            file: String::new(),
            is_file: true,
            line: 1,
            column: 4,
            source: source.map(str::to_owned),
        };
        assert_eq!(place(Some("ßa b")).column_in_characters(), 3);
        assert_eq!(place(None).column_in_characters(), 4);
    }

    #[test]
    fn a_checkout_is_called_by_its_revision() {
        let temp = tempfile::tempdir().unwrap();
        let file = temp.path().join("wit/a.wit");
        std::fs::create_dir(temp.path().join("wit")).unwrap();
        std::fs::write(&file, "one\n").unwrap();
        let mut texts = Texts::files(Path::new("")).checked_out(temp.path(), "git:v1:");
        texts.keep(std::slice::from_ref(&file));
        drop(temp);
        let place = texts.place(&at(&file.to_string_lossy(), 1));
        assert_eq!((place.file.as_str(), place.source.as_deref()), ("git:v1:wit/a.wit", Some("one")));
        assert!(!place.is_file);
    }
}
