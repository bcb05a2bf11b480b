//! The contract as it stands in the working tree.

use std::path::{Path, PathBuf};

use plug_contract::{Bump, Edition, Linker, Report, Wit, WitError, compare};
use semver::Version;

use super::error::ContractError;
use crate::baseline::{Package, Reading, Reference};
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
    Changed(Box<Report>),
}

impl Change {
    pub(super) fn required(&self) -> Bump {
        match &self.kind {
            Kind::Gone => Bump::Major,
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

/// Compares each world of `old` with the one of that name in `new`.
pub(super) fn rise(old: &Wit, new: &Wit) -> Result<Rise, WitError> {
    let (mut changes, mut declared) = (Vec::new(), None);
    let there = worlds(new);
    for world in worlds(old) {
        let before = old.contract(Some(&world))?;
        // The version is that of the package: any world of it tells how far it rose.
        let Some(counterpart) = there.iter().find(|name| **name == world).or(there.first()) else {
            changes.push(Change { world, kind: Kind::Gone });
            continue;
        };
        let now = new.contract(Some(counterpart))?;
        let report = compare(&Edition::from(before.clone()), &Edition::from(now.clone()), Linker::Wasmtime);
        declared = report.declared_bump();
        if *counterpart != world {
            changes.push(Change { world, kind: Kind::Gone });
        // Optional exports are no part of the hash, and still are a promise.
        } else if before.hash() != now.hash() || report.required_bump() > Bump::Patch {
            changes.push(Change { world, kind: Kind::Changed(Box::new(report)) });
        }
    }
    Ok(Rise { changes, declared })
}
