//! What the folder is about in which the command was given.

use std::path::{Path, PathBuf};

use crate::cargo::Cargo;
use crate::env::Place;
use crate::failure::Failure;
use crate::frozen;
use crate::manifest::{ContractSource, PluginTable};
use crate::plugin_package;
use crate::report::Reporter;
use crate::scaffold::Provenance;

use super::error::CheckError;

/// A plugin of this project.
pub(super) struct BuiltPlugin {
    /// What `cargo plug build` wrote.
    pub(super) component: PathBuf,
    /// Where the contract is for which it is written; the standard world unless given.
    pub(super) contract: Option<PluginContract>,
}

/// The contract of a plugin.
pub(super) struct PluginContract {
    /// The host's own folder, if it is still where it was; else the plugin's copy.
    pub(super) folder: PathBuf,
    pub(super) world: Option<String>,
    /// Where the host's own folder was, if it is gone.
    pub(super) gone: Option<String>,
}

/// The WIT folder here: `wit`, or the current folder.
pub(crate) fn contract_folder(place: &Place) -> Option<PathBuf> {
    let has_wit = |folder: &Path| {
        let entries = std::fs::read_dir(place.resolve(folder)).ok()?;
        entries.flatten().any(|entry| entry.path().extension().is_some_and(|e| e == "wit")).then_some(())
    };
    ["wit", "."].map(PathBuf::from).into_iter().find(|folder| has_wit(folder).is_some())
}

/// The WIT folder here, if this is the project of a contract: versions of it are frozen.
pub(super) fn frozen_contract(place: &Place) -> Option<PathBuf> {
    contract_folder(place).filter(|wit| place.resolve(&frozen::folder(wit)).is_dir())
}

/// The plugin of this project, if it has one.
pub(super) fn built_plugin(place: &Place, reporter: &mut Reporter) -> Result<Option<BuiltPlugin>, Failure> {
    let is_cargo_project = place.cwd().ancestors().any(|folder| folder.join("Cargo.toml").is_file());
    if !is_cargo_project {
        return Ok(None);
    }
    let cargo = Cargo::find(place);
    let metadata = cargo.metadata(None, reporter)?;
    let located = cargo.locate_project(None, reporter)?;
    let Ok(packages) = plugin_package::select(&metadata, &located, &[], false) else { return Ok(None) };
    let [package] = packages.as_slice() else {
        let names = packages.iter().map(|package| package.name.to_string()).collect();
        return Err(CheckError::SeveralPlugins { names }.into());
    };
    let manifest = package.manifest_path.as_std_path();
    let table = PluginTable::read(&package.name, manifest, &package.metadata)?;
    let component =
        metadata.target_directory.as_std_path().join("plug").join(format!("{}.wasm", package.name));
    if !component.is_file() {
        let path = place.show(&component);
        return Err(CheckError::NotBuilt { name: package.name.to_string(), path }.into());
    }
    let folder = manifest.parent().unwrap_or(Path::new("."));
    let contract = table.contract.map(|source| origin(folder, source, place));
    Ok(Some(BuiltPlugin { component: PathBuf::from(place.show(&component)), contract }))
}

/// Where a plugin's contract came from, as `cargo plug new --contract` wrote it down.
fn origin(package: &Path, source: ContractSource, place: &Place) -> PluginContract {
    let copy = package.join(&source.path);
    let host = Provenance::read(&copy).map(|provenance| package.join(provenance.source));
    // Where the plugin's folder is the current one, its own relative paths are the user's.
    let shown = |path: &Path| path.strip_prefix(place.cwd()).unwrap_or(path).to_owned();
    match host {
        Some(host) if host.is_dir() => {
            PluginContract { folder: shown(&host), world: source.world, gone: None }
        }
        host => PluginContract {
            folder: shown(&copy),
            world: source.world,
            gone: host.map(|host| shown(&host).display().to_string()),
        },
    }
}
