//! WIT files: found, bounded, and scanned before the parser sees them.

use std::path::{Path, PathBuf};

use crate::model::Location;

/// No folder of WIT that a person wrote comes near this; all of WASI is some 300 kB.
pub(super) const MAX_WIT_BYTES: u64 = 16 << 20;
/// As many files as a package with its dependencies may have.
pub(super) const MAX_WIT_FILES: usize = 4096;
/// wit-parser recurses along interfaces that use each other: on a thread with 2 MiB of stack it
/// manages two thousand. All of WASI has about 50.
pub(super) const MAX_INTERFACES: usize = 1000;
/// wit-parser recurses into `<…>`; deeper than this is an attack, and no component can hold it.
const MAX_NESTING: usize = 100;

/// A file of a package.
#[derive(Debug)]
pub(super) struct SourceFile {
    pub(super) path: PathBuf,
    pub(super) bytes: Vec<u8>,
}

/// A folder or file under `deps/`, or the package itself.
#[derive(Debug)]
pub(super) struct SourceGroup {
    pub(super) files: Vec<SourceFile>,
}

/// Why a folder could not be read.
#[derive(Debug)]
pub(super) enum SourceError {
    Io(PathBuf, std::io::Error),
    Empty(PathBuf),
    TooLarge(PathBuf),
}

/// Reads `dir/*.wit`, and every package in `dir/deps`, in the order of their names.
pub(super) fn read_folder(dir: &Path) -> Result<(SourceGroup, Vec<SourceGroup>), SourceError> {
    let mut budget = Budget { bytes: MAX_WIT_BYTES, files: MAX_WIT_FILES };
    let main = read_wit_files(dir, &mut budget)?;
    if main.files.is_empty() {
        return Err(SourceError::Empty(dir.to_owned()));
    }
    let mut deps = Vec::new();
    let deps_dir = dir.join("deps");
    if deps_dir.is_dir() {
        for path in sorted_entries(&deps_dir)? {
            if path.is_dir() {
                let group = read_wit_files(&path, &mut budget)?;
                if !group.files.is_empty() {
                    deps.push(group);
                }
            } else if matches!(extension(&path), Some("wit" | "wasm")) {
                deps.push(SourceGroup { files: vec![budget.read(&path)?] });
            }
        }
    }
    Ok((main, deps))
}

fn read_wit_files(dir: &Path, budget: &mut Budget) -> Result<SourceGroup, SourceError> {
    let mut files = Vec::new();
    for path in sorted_entries(dir)? {
        if extension(&path) == Some("wit") && path.is_file() {
            files.push(budget.read(&path)?);
        }
    }
    Ok(SourceGroup { files })
}

fn extension(path: &Path) -> Option<&str> {
    path.extension().and_then(|e| e.to_str())
}

fn sorted_entries(dir: &Path) -> Result<Vec<PathBuf>, SourceError> {
    let failed = |source| SourceError::Io(dir.to_owned(), source);
    let mut paths = Vec::new();
    for entry in std::fs::read_dir(dir).map_err(failed)? {
        paths.push(entry.map_err(failed)?.path());
        if paths.len() > MAX_WIT_FILES {
            return Err(SourceError::TooLarge(dir.to_owned()));
        }
    }
    paths.sort();
    Ok(paths)
}

struct Budget {
    bytes: u64,
    files: usize,
}

impl Budget {
    fn read(&mut self, path: &Path) -> Result<SourceFile, SourceError> {
        use std::io::Read as _;
        let failed = |source| SourceError::Io(path.to_owned(), source);
        let too_large = || SourceError::TooLarge(path.to_owned());
        self.files = self.files.checked_sub(1).ok_or_else(too_large)?;
        let mut bytes = Vec::new();
        std::fs::File::open(path)
            .map_err(failed)?
            .take(self.bytes + 1)
            .read_to_end(&mut bytes)
            .map_err(failed)?;
        self.bytes = self.bytes.checked_sub(bytes.len() as u64).ok_or_else(too_large)?;
        Ok(SourceFile { path: path.to_owned(), bytes })
    }
}

/// The place where `<` nests too deep, as line and column, if there is one. Comments are skipped.
pub(super) fn too_deep(text: &str) -> Option<(u32, u32)> {
    let mut depth = 0usize;
    let mut block_comments = 0usize;
    for (row, line) in text.lines().enumerate() {
        let bytes = line.as_bytes();
        let mut at = 0;
        while at < bytes.len() {
            match (bytes[at], bytes.get(at + 1)) {
                (b'/', Some(b'*')) => {
                    block_comments += 1;
                    at += 1;
                }
                (b'*', Some(b'/')) if block_comments > 0 => {
                    block_comments -= 1;
                    at += 1;
                }
                _ if block_comments > 0 => {}
                (b'/', Some(b'/')) => break,
                (b'-', Some(b'>')) => at += 1,
                (b'<', _) => {
                    depth += 1;
                    if depth > MAX_NESTING {
                        return Some((row as u32 + 1, at as u32 + 1));
                    }
                }
                (b'>', _) => depth = depth.saturating_sub(1),
                _ => {}
            }
            at += 1;
        }
    }
    None
}

/// Reads `file:line:column` as wit-parser renders it.
pub(super) fn location(rendered: &str) -> Option<Location> {
    let (rest, column) = rendered.rsplit_once(':')?;
    let (file, line) = rest.rsplit_once(':')?;
    Some(Location { file: file.to_owned(), line: line.parse().ok()?, column: column.parse().ok()? })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nesting_is_found_outside_comments_only() {
        let deep = "list<".repeat(101);
        assert_eq!(too_deep(&format!("a\n {deep}")), Some((2, 2 + 5 * 100 + 4)));
        assert_eq!(too_deep(&format!("// {deep}\n/* {deep} /* {deep} */ */")), None);
        assert_eq!(too_deep(&format!("/* */ {deep}")).map(|at| at.0), Some(1));
        assert_eq!(too_deep(&"f: func() -> list<u8>;\n".repeat(1000)), None);
    }

    #[test]
    fn locations_are_read_from_the_end() {
        let place = location("a:b/c.wit:3:14").unwrap();
        assert_eq!((place.file.as_str(), place.line, place.column), ("a:b/c.wit", 3, 14));
        assert_eq!(location("<unknown>"), None);
    }
}
