//! Taking over a host's WIT folder: read whole, bounded, nothing from outside of it.

use std::collections::BTreeMap;
use std::fs;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use plug_contract::{Contract, Digest};
use serde::{Deserialize, Serialize};

use super::ScaffoldError;

/// Says where a copied contract comes from; lies beside its `.wit` files.
pub(crate) const PROVENANCE_FILE: &str = "plug-contract.toml";

const MOST_FILES: usize = 1_000;
const MOST_BYTES: u64 = 16 << 20;
const DEEPEST: usize = 8;

/// The files of a contract, by their place in the folder.
#[derive(Debug)]
pub(crate) struct ContractCopy {
    files: BTreeMap<PathBuf, Vec<u8>>,
}

/// What `plug-contract.toml` holds.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Provenance {
    format: u32,
    /// The host's folder, as seen from the plugin's.
    pub(crate) source: String,
    world: String,
    contract: String,
    abi: String,
    tool: String,
    files: BTreeMap<String, String>,
}

impl Provenance {
    /// What lies beside the contract in `folder`; none if it was not copied, or the note is garbled.
    pub(crate) fn read(folder: &Path) -> Option<Self> {
        toml::from_str(&fs::read_to_string(folder.join(PROVENANCE_FILE)).ok()?).ok()
    }
}

impl ContractCopy {
    /// Reads the `.wit` files (and, in `deps`, packages in binary form) of `folder`, which messages
    /// call `shown`.
    pub(crate) fn read(folder: &Path, shown: &str) -> Result<Self, ScaffoldError> {
        let root = folder
            .canonicalize()
            .map_err(|source| ScaffoldError::CopyIo { place: shown.to_owned(), source })?;
        let mut reading = Reading { root: &root, shown, bytes: 0, files: BTreeMap::new() };
        reading.folder(&root, Path::new(""), 0)?;
        if !reading.files.keys().any(|file| file.parent() == Some(Path::new(""))) {
            let objection = if folder.join("wit").is_dir() {
                "there is no `.wit` file in it; its folder `wit` may be the one"
            } else {
                "there is no `.wit` file in it"
            };
            return Err(ScaffoldError::Copy { place: shown.to_owned(), objection: objection.to_owned() });
        }
        Ok(Self { files: reading.files })
    }

    pub(crate) fn files(&self) -> &BTreeMap<PathBuf, Vec<u8>> {
        &self.files
    }

    /// The text of `plug-contract.toml`.
    pub(crate) fn provenance(&self, source: &str, contract: &Contract) -> String {
        let provenance = Provenance {
            format: 1,
            source: source.to_owned(),
            world: contract.id(),
            contract: contract.hash().to_string(),
            abi: contract.abi_hash().to_string(),
            tool: concat!("cargo-plug ", env!("CARGO_PKG_VERSION")).to_owned(),
            files: self
                .files
                .iter()
                .map(|(path, bytes)| {
                    (path.display().to_string().replace('\\', "/"), Digest::of(bytes).to_string())
                })
                .collect(),
        };
        let table = toml::to_string(&provenance).expect("strings and numbers are always TOML");
        format!(
            "# Where the contract in this folder comes from; `cargo plug new --contract` wrote it.\n{table}"
        )
    }
}

struct Reading<'a> {
    root: &'a Path,
    shown: &'a str,
    bytes: u64,
    files: BTreeMap<PathBuf, Vec<u8>>,
}

impl Reading<'_> {
    fn folder(&mut self, folder: &Path, relative: &Path, depth: usize) -> Result<(), ScaffoldError> {
        if depth > DEEPEST {
            return Err(self.refuse(relative, &format!("it is more than {DEEPEST} folders deep")));
        }
        let entries = fs::read_dir(folder)
            .and_then(Iterator::collect::<Result<Vec<_>, _>>)
            .map_err(|source| self.io(relative, source))?;
        for entry in entries {
            let path = entry.path();
            let relative = relative.join(entry.file_name());
            let within_deps = relative.starts_with("deps");
            let Some(kind) = Kind::of(&path, depth == 0, within_deps) else { continue };
            let real = path.canonicalize().map_err(|source| self.io(&relative, source))?;
            if !real.starts_with(self.root) {
                return Err(self.refuse(&relative, "it is a link that leads out of the folder"));
            }
            match kind {
                Kind::Folder => self.folder(&path, &relative, depth + 1)?,
                Kind::File => self.file(&path, &relative)?,
            }
        }
        Ok(())
    }

    fn file(&mut self, path: &Path, relative: &Path) -> Result<(), ScaffoldError> {
        if self.files.len() == MOST_FILES {
            return Err(self.refuse(Path::new(""), &format!("it has more than {MOST_FILES} files")));
        }
        if relative.to_str().is_none() {
            return Err(self.refuse(relative, "its name is no Unicode"));
        }
        let mut bytes = Vec::new();
        fs::File::open(path)
            .and_then(|file| file.take(MOST_BYTES - self.bytes + 1).read_to_end(&mut bytes))
            .map_err(|source| self.io(relative, source))?;
        self.bytes += bytes.len() as u64;
        if self.bytes > MOST_BYTES {
            return Err(self.refuse(Path::new(""), &format!("it has more than {} MiB", MOST_BYTES >> 20)));
        }
        self.files.insert(relative.to_owned(), bytes);
        Ok(())
    }

    fn place(&self, relative: &Path) -> String {
        if relative.as_os_str().is_empty() {
            self.shown.to_owned()
        } else {
            Path::new(self.shown).join(relative).display().to_string()
        }
    }

    fn refuse(&self, relative: &Path, objection: &str) -> ScaffoldError {
        ScaffoldError::Copy { place: self.place(relative), objection: objection.to_owned() }
    }

    fn io(&self, relative: &Path, source: io::Error) -> ScaffoldError {
        ScaffoldError::CopyIo { place: self.place(relative), source }
    }
}

enum Kind {
    Folder,
    File,
}

impl Kind {
    /// `None` is what the WIT parser would not read either.
    fn of(path: &Path, top: bool, within_deps: bool) -> Option<Self> {
        if path.is_dir() {
            let deps = path.file_name().is_some_and(|name| name == "deps");
            return (within_deps || (top && deps)).then_some(Self::Folder);
        }
        let ending = path.extension().and_then(|ending| ending.to_str());
        let wit = ending == Some("wit") || (within_deps && ending == Some("wasm"));
        // A link to nothing counts: reading it says what is wrong.
        (wit && (path.is_file() || path.is_symlink())).then_some(Self::File)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn folder() -> tempfile::TempDir {
        let temp = tempfile::tempdir().unwrap();
        fs::create_dir_all(temp.path().join("wit/deps/other")).unwrap();
        fs::create_dir_all(temp.path().join("wit/notes")).unwrap();
        fs::write(temp.path().join("secret.wit"), "secret").unwrap();
        for file in ["a.wit", "b.txt", "notes/n.wit", "deps/c.wit", "deps/other/d.wit", "deps/other/e.md"] {
            fs::write(temp.path().join("wit").join(file), file).unwrap();
        }
        temp
    }

    fn read(temp: &tempfile::TempDir) -> Result<Vec<String>, String> {
        match ContractCopy::read(&temp.path().join("wit"), "wit") {
            Ok(copy) => Ok(copy.files.keys().map(|path| path.display().to_string()).collect()),
            Err(ScaffoldError::Copy { place, objection }) => Err(format!("{place}: {objection}")),
            Err(other) => Err(other.to_string()),
        }
    }

    #[test]
    fn what_the_parser_reads_is_taken_and_nothing_else() {
        assert_eq!(read(&folder()).unwrap(), ["a.wit", "deps/c.wit", "deps/other/d.wit"]);
    }

    #[test]
    fn a_folder_without_wit_is_refused() {
        let temp = folder();
        fs::remove_file(temp.path().join("wit/a.wit")).unwrap();
        assert_eq!(read(&temp).unwrap_err(), "wit: there is no `.wit` file in it");
    }

    #[test]
    fn the_folder_within_is_proposed() {
        let temp = folder();
        fs::remove_file(temp.path().join("secret.wit")).unwrap();
        let error = ContractCopy::read(temp.path(), "host").unwrap_err();
        assert!(error.to_string().ends_with("its folder `wit` may be the one"), "{error}");
    }

    #[cfg(unix)]
    #[test]
    fn links_stay_inside() {
        use std::os::unix::fs::symlink;

        let temp = folder();
        symlink("a.wit", temp.path().join("wit/inside.wit")).unwrap();
        assert_eq!(read(&temp).unwrap(), ["a.wit", "deps/c.wit", "deps/other/d.wit", "inside.wit"]);
        symlink("../secret.wit", temp.path().join("wit/outside.wit")).unwrap();
        assert_eq!(read(&temp).unwrap_err(), "wit/outside.wit: it is a link that leads out of the folder");
    }

    #[cfg(unix)]
    #[test]
    fn a_link_to_itself_ends() {
        let temp = folder();
        std::os::unix::fs::symlink(".", temp.path().join("wit/deps/round")).unwrap();
        assert!(read(&temp).unwrap_err().contains("folders deep"));
    }

    #[test]
    fn sizes_are_bounded() {
        let temp = folder();
        fs::write(temp.path().join("wit/big.wit"), vec![b' '; (MOST_BYTES + 1) as usize]).unwrap();
        assert_eq!(read(&temp).unwrap_err(), "wit: it has more than 16 MiB");
    }
}
