//! The frozen versions of a contract: `frozen/VERSION` in its WIT folder.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use semver::Version;

use crate::env::Place;

/// The folder beside the `.wit` files. No WIT parser looks into it.
pub(crate) const FROZEN_FOLDER: &str = "frozen";

/// A frozen version.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct FrozenVersion {
    pub(crate) version: Version,
    /// As seen from where the WIT folder was.
    pub(crate) folder: PathBuf,
}

/// Where the versions of the contract in `wit` are frozen.
pub(crate) fn folder(wit: &Path) -> PathBuf {
    if wit == Path::new(".") { PathBuf::from(FROZEN_FOLDER) } else { wit.join(FROZEN_FOLDER) }
}

/// All frozen versions, oldest first. Folders whose names are no versions are somebody else's.
pub(crate) fn versions(wit: &Path, place: &Place) -> io::Result<Vec<FrozenVersion>> {
    let shown = folder(wit);
    let entries = match fs::read_dir(place.resolve(&shown)) {
        Ok(entries) => entries,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(error),
    };
    let mut versions = Vec::new();
    for entry in entries {
        let entry = entry?;
        let name = entry.file_name();
        if let Some(version) = name.to_str().and_then(|name| Version::parse(name).ok())
            && entry.path().is_dir()
        {
            versions.push(FrozenVersion { version, folder: shown.join(name) });
        }
    }
    versions.sort_by(|a, b| a.version.cmp(&b.version));
    Ok(versions)
}

/// The one that `current` grew out of: the highest that is not higher, or else the highest.
pub(crate) fn predecessor<'a>(
    versions: &'a [FrozenVersion],
    current: Option<&Version>,
) -> Option<&'a FrozenVersion> {
    let before = current.and_then(|current| versions.iter().rfind(|frozen| frozen.version <= *current));
    before.or(versions.last())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_are_in_order_and_others_are_left_alone() {
        let temp = tempfile::tempdir().unwrap();
        for name in ["1.10.0", "1.9.0", "2.0.0-rc.1", "notes"] {
            fs::create_dir_all(temp.path().join("wit/frozen").join(name)).unwrap();
        }
        fs::write(temp.path().join("wit/frozen/1.0.0"), "a file").unwrap();
        let place = Place::at(&temp.path().to_string_lossy());
        let found = versions(Path::new("wit"), &place).unwrap();
        let names: Vec<_> = found.iter().map(|frozen| frozen.folder.display().to_string()).collect();
        assert_eq!(names, ["wit/frozen/1.9.0", "wit/frozen/1.10.0", "wit/frozen/2.0.0-rc.1"]);

        let before =
            |version: &str| predecessor(&found, Some(&version.parse().unwrap())).unwrap().version.to_string();
        assert_eq!(before("1.10.0"), "1.10.0");
        assert_eq!(before("1.9.5"), "1.9.0");
        assert_eq!(before("2.0.0"), "2.0.0-rc.1");
        assert_eq!(before("1.0.0"), "2.0.0-rc.1", "there is nothing older, so the newest it is");
        assert!(versions(Path::new("nowhere"), &place).unwrap().is_empty());
    }
}
