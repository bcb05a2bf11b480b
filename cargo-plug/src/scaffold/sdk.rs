//! Where the new plugin gets plug-guest-sdk from.

use std::fs;
use std::path::{Component, Path, PathBuf};

use super::ScaffoldError;

const PACKAGE: &str = "plug-guest-sdk";

/// The dependency on the SDK.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Sdk {
    /// The version that belongs to this tool.
    Published(String),
    /// A folder, as it is written into the manifest.
    Path(String),
}

impl Sdk {
    /// The version that this tool was released with.
    pub(crate) fn published() -> Self {
        let (major, minor) = (env!("CARGO_PKG_VERSION_MAJOR"), env!("CARGO_PKG_VERSION_MINOR"));
        Self::Published(format!("{major}.{minor}"))
    }

    /// The SDK in the folder `given` by the user.
    pub(crate) fn at(given: &Path, resolved: &Path, plugin: &Path) -> Result<Self, ScaffoldError> {
        let wrong = |objection: &str| ScaffoldError::Sdk {
            folder: given.display().to_string(),
            objection: objection.to_owned(),
        };
        if !resolved.is_dir() {
            return Err(wrong("there is no such folder"));
        }
        let manifest = fs::read_to_string(resolved.join("Cargo.toml"))
            .map_err(|_| wrong("it has no `Cargo.toml` that can be read"))?;
        if package_name(&manifest).as_deref() != Some(PACKAGE) {
            return Err(wrong("its `Cargo.toml` is of another package"));
        }
        let resolved = resolved.canonicalize().map_err(|_| wrong("it cannot be read"))?;
        Ok(if given.is_absolute() {
            Self::Path(slashes(&resolved))
        } else {
            Self::relative(&resolved, plugin)
        })
    }

    /// The SDK of the repository around `plugin`, if it is a repository that has it.
    pub(crate) fn around(plugin: &Path) -> Option<Self> {
        let folder = plugin.ancestors().skip(1).map(|folder| folder.join("guest-sdk")).find(|folder| {
            fs::read_to_string(folder.join("Cargo.toml"))
                .is_ok_and(|manifest| package_name(&manifest).as_deref() == Some(PACKAGE))
        })?;
        Some(Self::relative(&folder.canonicalize().ok()?, plugin))
    }

    fn relative(sdk: &Path, plugin: &Path) -> Self {
        Self::Path(slashes(&relative_path(plugin, sdk)))
    }

    /// As the value of the dependency in a manifest.
    pub(crate) fn to_toml(&self) -> String {
        match self {
            Self::Published(version) => format!("\"{version}\""),
            Self::Path(path) => {
                let path = toml::Value::String(path.clone());
                format!("{{ path = {path} }}")
            }
        }
    }
}

fn package_name(manifest: &str) -> Option<String> {
    let manifest: toml::Table = manifest.parse().ok()?;
    Some(manifest.get("package")?.get("name")?.as_str()?.to_owned())
}

/// Manifests have slashes on every system.
fn slashes(path: &Path) -> String {
    path.display().to_string().replace('\\', "/")
}

/// The way from folder `from` to `to`, both absolute. `from` need not exist.
pub(crate) fn relative_path(from: &Path, to: &Path) -> PathBuf {
    let from: Vec<Component<'_>> = from.components().collect();
    let to: Vec<Component<'_>> = to.components().collect();
    let common = from.iter().zip(&to).take_while(|(a, b)| a == b).count();
    let mut path = PathBuf::new();
    for _ in common..from.len() {
        path.push("..");
    }
    path.extend(&to[common..]);
    path
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_way_between_folders() {
        for (from, to, way) in
            [("/a/b/c", "/a/sdk", "../../sdk"), ("/a", "/a/sdk", "sdk"), ("/x/y", "/a", "../../a")]
        {
            assert_eq!(relative_path(Path::new(from), Path::new(to)), Path::new(way));
        }
    }

    #[test]
    fn a_path_is_written_as_toml() {
        assert_eq!(Sdk::Path("a \"b\"".to_owned()).to_toml(), r#"{ path = 'a "b"' }"#);
        assert_eq!(Sdk::Published("0.1".to_owned()).to_toml(), "\"0.1\"");
    }
}
