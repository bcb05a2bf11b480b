//! `cargo plug contract freeze`

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use plug_contract::{Digest, Wit};

use super::error::ContractError;
use super::working_tree::{WorkingTree, rise};
use crate::baseline::{BaselineError, Reading, Reference};
use crate::cli::{Freeze, LinkerName, WitFeatures};
use crate::commands::Outcome;
use crate::commands::check_compat::warn_of_one;
use crate::contract_lock::{ContractLock, LOCK_FILE};
use crate::env::Place;
use crate::failure::Failure;
use crate::frozen;
use crate::report::{Event, Reporter};
use crate::scaffold::{ContractCopy, Staging};
use crate::worlds::worlds;

pub(super) fn run(args: &Freeze, place: &Place, reporter: &mut Reporter) -> Result<Outcome, Failure> {
    let reading = Reading { place, features: &args.features };
    let tree = WorkingTree::read(args.folder.as_deref(), &reading)?;
    let (wit, version) = tree.versioned()?;
    if worlds(wit).is_empty() {
        let folder = tree.folder.display().to_string();
        return Err(ContractError::NoWorld { package: wit.package_name(), folder }.into());
    }
    let copy = ContractCopy::read(&place.resolve(&tree.folder), &tree.folder.display().to_string())?;
    let lock = lock(&tree, &copy, &args.features)?;
    let shown = frozen::folder(&tree.folder).join(version.to_string());
    let target = place.resolve(&shown);
    if target.symlink_metadata().is_ok() {
        if let Some(what) = difference(&target, &copy, &lock) {
            return Err(ContractError::FrozenOtherwise {
                package: wit.package_name(),
                folder: shown.display().to_string(),
                what,
            }
            .into());
        }
        reporter.event(Event::Kept { path: shown.display().to_string() });
        return Ok(Outcome::Done);
    }
    warn_of_too_small_a_step(&tree, &reading, reporter)?;
    for world in worlds(wit) {
        let side = tree.package.clone().side(Some(&world), None)?;
        warn_of_one(&side.edition(LinkerName::Wasmtime), &side.texts, reporter);
    }

    let staging = Staging::in_folder(&place.resolve(&frozen::folder(&tree.folder)), &version.to_string())?;
    for (path, contents) in copy.files() {
        staging.write(path, contents)?;
    }
    staging.write(Path::new(LOCK_FILE), lock.to_text().as_bytes())?;
    staging.place(&target)?;
    reporter.event(Event::Frozen {
        package: wit.package_name(),
        folder: shown.display().to_string(),
        files: copy.files().len(),
        hashes: lock.worlds.iter().map(|world| (world.name.clone(), world.hash.clone())).collect(),
    });
    Ok(Outcome::Done)
}

fn lock(tree: &WorkingTree, copy: &ContractCopy, features: &WitFeatures) -> Result<ContractLock, Failure> {
    let name = tree.folder.display().to_string();
    let (Some(plain), Some(all)) = (tree.package.wit(), tree.package.wit_with_all_features()) else {
        return Err(ContractError::NoFolder { name }.into());
    };
    let features = if features.all_features { feature_names(all) } else { features.features.clone() };
    let lock = ContractLock::of(plain, all, &features, digests(copy)).map_err(BaselineError::wit(&name))?;
    Ok(lock)
}

/// Every feature that an item of the text is gated by.
fn feature_names(wit: &Wit) -> Vec<String> {
    use plug_contract::wit_parser::Stability;

    let resolve = wit.resolve();
    let interfaces = resolve.interfaces.iter().flat_map(|(_, interface)| {
        interface
            .functions
            .values()
            .map(|function| &function.stability)
            .chain(std::iter::once(&interface.stability))
    });
    let types = resolve.types.iter().map(|(_, ty)| &ty.stability);
    let worlds = resolve.worlds.iter().flat_map(|(_, world)| {
        let items = world.imports.values().chain(world.exports.values());
        items.map(|item| item.stability(resolve)).chain(std::iter::once(&world.stability))
    });
    let mut names: Vec<String> = interfaces
        .chain(types)
        .chain(worlds)
        .filter_map(|stability| match stability {
            Stability::Unstable { feature, .. } => Some(feature.clone()),
            _ => None,
        })
        .collect();
    names.sort();
    names.dedup();
    names
}

/// The files with their digests, by their place in the folder.
pub(super) fn digests(copy: &ContractCopy) -> BTreeMap<String, String> {
    copy.files()
        .iter()
        .map(|(path, bytes)| (path.display().to_string().replace('\\', "/"), Digest::of(bytes).to_string()))
        .collect()
}

/// In what the frozen version differs from what would be frozen now.
fn difference(frozen: &Path, copy: &ContractCopy, lock: &ContractLock) -> Option<String> {
    let there = match fs::read(frozen.join(LOCK_FILE)).map(|bytes| ContractLock::parse(&bytes)) {
        Ok(Ok(there)) => there,
        _ => return Some(format!("its `{LOCK_FILE}` cannot be read")),
    };
    for (path, bytes) in copy.files() {
        if fs::read(frozen.join(path)).ok().as_ref() != Some(bytes) {
            return Some(format!("`{}` differs", path.display()));
        }
    }
    if let Some(gone) = there.files.keys().find(|path| !copy.files().contains_key(&PathBuf::from(path))) {
        return Some(format!("`{gone}` is gone"));
    }
    (!there.is_same(lock)).then(|| format!("its `{LOCK_FILE}` differs"))
}

/// A version that rose too little is frozen all the same: whether it may ship is its author's word.
fn warn_of_too_small_a_step(
    tree: &WorkingTree,
    reading: &Reading<'_>,
    reporter: &mut Reporter,
) -> Result<(), Failure> {
    let (_, version) = tree.versioned()?;
    let older = frozen::versions(&tree.folder, reading.place).map_err(|source| {
        ContractError::Unreadable { folder: frozen::folder(&tree.folder).display().to_string(), source }
    })?;
    let Some(before) = older.iter().rfind(|frozen| frozen.version < *version) else { return Ok(()) };
    let Ok(package) = reading.read(&Reference::Path(before.folder.clone()), None) else { return Ok(()) };
    let Some(rise) = rise(&package, &tree.package)? else { return Ok(()) };
    if !rise.is_enough() {
        reporter.event(Event::Warning {
            message: format!("{version} needs a {} version after {}", rise.required(), before.version),
            help: Some(format!(
                "`cargo plug check-compat {} --frozen {}` says what changed",
                tree.folder.display(),
                before.version
            )),
        });
    }
    Ok(())
}
