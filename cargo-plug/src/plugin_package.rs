//! Which packages of a project are plugins.

use std::path::{Path, PathBuf};

use cargo_metadata::{DependencyKind, Metadata, Package};

use crate::cargo::is_cdylib;
use crate::exit_code::ExitCode;
use crate::failure::Explained;
use crate::nearest::nearest;

const SDK: &str = "plug-guest-sdk";

/// No plugin to build.
#[derive(Debug, thiserror::Error)]
pub(crate) enum SelectError {
    #[error("there is no plugin in this project")]
    None { manifest: PathBuf, libraries: Vec<String> },
    #[error("there is no package `{spec}` in this project")]
    Unknown { spec: String, meant: Option<String> },
    #[error("the package `{package}` is no plugin")]
    NoPlugin { package: String, manifest: PathBuf },
    #[error("the plugin `{package}` is no `cdylib`, so no component comes out")]
    NoCdylib { package: String, manifest: PathBuf },
}

impl Explained for SelectError {
    fn code(&self) -> &'static str {
        match self {
            Self::NoCdylib { .. } => "PLG0011",
            Self::None { .. } | Self::Unknown { .. } | Self::NoPlugin { .. } => "PLG0016",
        }
    }

    fn place(&self) -> Option<String> {
        match self {
            Self::None { manifest, .. }
            | Self::NoPlugin { manifest, .. }
            | Self::NoCdylib { manifest, .. } => Some(manifest.display().to_string()),
            Self::Unknown { .. } => None,
        }
    }

    fn help(&self) -> Vec<String> {
        match self {
            Self::None { libraries, .. } if !libraries.is_empty() => {
                vec![format!("choose a plugin of the workspace by `-p`: {}", libraries.join(", "))]
            }
            Self::None { .. } | Self::NoPlugin { .. } => vec![
                "a plugin depends on plug-guest-sdk and is a `cdylib`; `cargo plug new NAME` makes one"
                    .to_owned(),
            ],
            Self::Unknown { meant: Some(meant), .. } => vec![format!("did you mean `{meant}`?")],
            Self::Unknown { meant: None, .. } => {
                vec!["`-p` takes the name of a package of the workspace".to_owned()]
            }
            Self::NoCdylib { .. } => vec!["write `crate-type = [\"cdylib\"]` under `[lib]`".to_owned()],
        }
    }

    fn exit_code(&self) -> ExitCode {
        match self {
            Self::Unknown { .. } => ExitCode::Usage,
            _ => ExitCode::Failed,
        }
    }
}

/// The packages to build, by cargo's own rules: those that are named, else that of the folder,
/// else the default ones of the workspace.
pub(crate) fn select<'a>(
    metadata: &'a Metadata,
    located: &Path,
    specs: &[String],
    workspace: bool,
) -> Result<Vec<&'a Package>, SelectError> {
    let members = metadata.workspace_packages();
    if !specs.is_empty() {
        return specs.iter().map(|spec| named(&members, spec)).collect();
    }
    let root = metadata.workspace_root.join("Cargo.toml");
    let candidates = if workspace {
        members.clone()
    } else if located == root.as_std_path() {
        metadata.workspace_default_packages()
    } else {
        members.iter().copied().filter(|package| package.manifest_path.as_std_path() == located).collect()
    };
    let plugins: Vec<_> = candidates.iter().copied().filter(|package| is_plugin(package)).collect();
    if let Some(package) = candidates.iter().find(|package| declares(package) && !makes_cdylib(package)) {
        return Err(no_cdylib(package));
    }
    if plugins.is_empty() {
        // A crate that uses the SDK and is alone here was meant to be one.
        if let [package] = candidates.as_slice()
            && uses_sdk(package)
        {
            return Err(no_cdylib(package));
        }
        return Err(SelectError::None {
            manifest: located.to_owned(),
            libraries: members
                .iter()
                .filter(|package| is_plugin(package))
                .map(|p| p.name.to_string())
                .collect(),
        });
    }
    Ok(plugins)
}

/// `name`, or `name@version`.
fn named<'a>(members: &[&'a Package], spec: &str) -> Result<&'a Package, SelectError> {
    let (name, version) = spec.split_once('@').map_or((spec, None), |(name, version)| (name, Some(version)));
    let fits = |package: &Package| {
        package.name == name && version.is_none_or(|version| package.version.to_string() == version)
    };
    let Some(package) = members.iter().copied().find(|package| fits(package)) else {
        let meant = nearest(name, members.iter().map(|package| package.name.as_str())).map(str::to_owned);
        return Err(SelectError::Unknown { spec: spec.to_owned(), meant });
    };
    if is_plugin(package) {
        Ok(package)
    } else if declares(package) || uses_sdk(package) {
        Err(no_cdylib(package))
    } else {
        Err(SelectError::NoPlugin {
            package: package.name.to_string(),
            manifest: package.manifest_path.clone().into(),
        })
    }
}

fn no_cdylib(package: &Package) -> SelectError {
    SelectError::NoCdylib {
        package: package.name.to_string(),
        manifest: package.manifest_path.clone().into(),
    }
}

fn is_plugin(package: &Package) -> bool {
    makes_cdylib(package) && (declares(package) || uses_sdk(package))
}

pub(crate) fn makes_cdylib(package: &Package) -> bool {
    package.targets.iter().any(is_cdylib)
}

/// Whether it has a table `[package.metadata.plug]`.
pub(crate) fn declares(package: &Package) -> bool {
    package.metadata.get("plug").is_some()
}

pub(crate) fn uses_sdk(package: &Package) -> bool {
    package
        .dependencies
        .iter()
        .any(|dependency| dependency.name == SDK && dependency.kind == DependencyKind::Normal)
}
