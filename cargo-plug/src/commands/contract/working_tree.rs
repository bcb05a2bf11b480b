//! The contract as it stands in the working tree.

use std::path::{Path, PathBuf};

use plug_contract::{Bump, Contract, Edition, Linker, Report, Wit, WitError, compare};
use semver::Version;

use super::error::ContractError;
use crate::baseline::{BaselineError, Package, Reading, Reference};
use crate::commands::check_compat::contract_folder;
use crate::failure::Failure;
use crate::worlds::worlds;

/// A WIT folder that is worked on.
pub(super) struct WorkingTree {
    /// As the user would write it.
    pub(super) folder: PathBuf,
    pub(super) package: Package,
}

impl WorkingTree {
    /// The folder that was named, or the one that is here.
    pub(super) fn read(folder: Option<&Path>, reading: &Reading<'_>) -> Result<Self, Failure> {
        let folder = match folder {
            Some(folder) => folder.to_owned(),
            None => contract_folder(reading.place).ok_or(ContractError::NoContract)?,
        };
        let there = reading.place.resolve(&folder);
        if there.exists() && !there.is_dir() {
            return Err(ContractError::NoFolder { name: folder.display().to_string() }.into());
        }
        let package = reading.read(&Reference::Path(folder.clone()), None)?;
        Ok(Self { folder, package })
    }

    /// The text, and the version of its package.
    pub(super) fn versioned(&self) -> Result<(&Wit, &Version), ContractError> {
        let folder = || self.folder.display().to_string();
        let wit = self.package.wit().ok_or_else(|| ContractError::NoFolder { name: folder() })?;
        let name = &wit.resolve().packages[wit.package()].name;
        match &name.version {
            Some(version) => Ok((wit, version)),
            None => Err(ContractError::Unversioned { package: wit.package_name(), folder: folder() }),
        }
    }
}

/// How a world changed since it was frozen.
pub(super) struct Change {
    pub(super) world: String,
    pub(super) kind: Kind,
}

pub(super) enum Kind {
    /// It is there no more.
    Gone,
    /// It was not there.
    New,
    Changed(Box<Report>),
}

impl Change {
    pub(super) fn required(&self) -> Bump {
        match &self.kind {
            Kind::Gone => Bump::Major,
            Kind::New => Bump::Minor,
            Kind::Changed(report) => report.required_bump(),
        }
    }
}

/// What became of a contract since it was frozen.
pub(super) struct Rise {
    /// The worlds that are not what they were.
    pub(super) changes: Vec<Change>,
    /// By how much the version rose; none if it went down.
    pub(super) declared: Option<Bump>,
}

impl Rise {
    /// By how much the version has to rise.
    pub(super) fn required(&self) -> Bump {
        self.changes.iter().map(Change::required).max().unwrap_or(Bump::None)
    }

    pub(super) fn is_enough(&self) -> bool {
        self.changes.is_empty() || self.declared >= Some(self.required())
    }
}

/// Compares each world of `old` with the one of that name in `new`, for hosts made by `bindgen!`, as
/// `check-compat` does unless told otherwise. None if either is no text.
pub(super) fn rise(old: &Package, new: &Package) -> Result<Option<Rise>, BaselineError> {
    let (Some(old_wit), Some(new_wit)) = (old.wit(), new.wit()) else { return Ok(None) };
    let (before, now) = (worlds(old_wit), worlds(new_wit));
    let (mut changes, mut declared) = (Vec::new(), None);
    for world in &before {
        // The version is that of the package: any world of it tells how far it rose.
        let Some(counterpart) = now.iter().find(|name| *name == world).or(now.first()) else {
            changes.push(Change { world: world.clone(), kind: Kind::Gone });
            continue;
        };
        let wrong_old = BaselineError::wit(&old.name);
        let wrong_new = BaselineError::wit(&new.name);
        let was = WorldVersion::of(old, old_wit, world).map_err(wrong_old)?;
        let is = WorldVersion::of(new, new_wit, counterpart).map_err(wrong_new)?;
        let report = compare(&was.edition(), &is.edition(), Linker::Wasmtime);
        declared = report.declared_bump();
        if counterpart != world {
            changes.push(Change { world: world.clone(), kind: Kind::Gone });
        } else if was.differs_from(&is) {
            changes.push(Change { world: world.clone(), kind: Kind::Changed(Box::new(report)) });
        }
    }
    let added = now.into_iter().filter(|world| !before.contains(world));
    changes.extend(added.map(|world| Change { world, kind: Kind::New }));
    Ok(Some(Rise { changes, declared }))
}

/// One version of a world.
struct WorldVersion {
    contract: Contract,
    /// The same with the `@unstable` items of all features.
    all_features: Contract,
}

impl WorldVersion {
    fn of(package: &Package, wit: &Wit, world: &str) -> Result<Self, WitError> {
        let contract = wit.contract(Some(world))?;
        let all_features = match package.wit_with_all_features() {
            Some(all) => all.contract(Some(world))?,
            None => contract.clone(),
        };
        Ok(Self { contract, all_features })
    }

    fn edition(&self) -> Edition {
        Edition::of_bindgen_host(self.contract.clone(), self.all_features.clone())
    }

    /// Whether anything changed. An `@unstable` export breaks plugins of its own version too, so that
    /// there are findings is not enough.
    fn differs_from(&self, other: &Self) -> bool {
        let optional = || {
            compare(
                &Edition::from(self.contract.clone()),
                &Edition::from(other.contract.clone()),
                Linker::Wasmtime,
            )
        };
        self.contract.hash() != other.contract.hash()
            || self.all_features.hash() != other.all_features.hash()
            // Optional exports are no part of the hash, and still are a promise.
            || optional().required_bump() > Bump::Patch
    }
}
