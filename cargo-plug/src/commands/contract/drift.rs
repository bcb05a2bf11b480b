//! `cargo plug contract drift`

use std::path::Path;

use plug_contract::{Bump, Wit, WitError};
use semver::Version;

use super::error::ContractError;
use super::freeze::digests;
use super::working_tree::{Kind, Rise, WorkingTree, rise};
use crate::baseline::{Package, Reading, Reference};
use crate::cli::{Drift, Format, WitFeatures};
use crate::contract_lock::{ContractLock, LOCK_FILE};
use crate::env::Place;
use crate::exit_code::ExitCode;
use crate::failure::Failure;
use crate::frozen::{self, FrozenVersion};
use crate::next_version::next_version;
use crate::scaffold::ContractCopy;

/// Whether what is frozen is as it was, and the version rose with the contract.
pub(crate) struct DriftReport {
    /// With its version, as it stands in the working tree.
    pub(crate) package: String,
    /// The frozen versions that were looked at.
    pub(crate) frozen: Vec<String>,
    /// The one that the working tree was held against.
    pub(crate) against: Option<String>,
    pub(crate) required: Bump,
    pub(crate) declared: Option<Bump>,
    pub(crate) problems: Vec<Problem>,
    pub(crate) format: Format,
}

/// Something that is not as it should be.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Problem {
    pub(crate) kind: ProblemKind,
    /// A file or a folder.
    pub(crate) place: String,
    pub(crate) message: String,
    pub(crate) help: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum ProblemKind {
    /// A frozen version is not what its lock says.
    FrozenChanged,
    /// The contract changed, and its version rose too little.
    VersionTooLow,
}

impl ProblemKind {
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::FrozenChanged => "frozen-changed",
            Self::VersionTooLow => "version-too-low",
        }
    }
}

impl DriftReport {
    pub(crate) fn exit_code(&self) -> ExitCode {
        if self.problems.is_empty() { ExitCode::Fine } else { ExitCode::Incompatible }
    }
}

pub(super) fn run(args: &Drift, place: &Place) -> Result<DriftReport, Failure> {
    let plain = WitFeatures::default();
    let tree = WorkingTree::read(args.folder.as_deref(), &Reading { place, features: &plain })?;
    let (wit, version) = tree.versioned()?;
    let versions = frozen::versions(&tree.folder, place).map_err(|source| ContractError::Unreadable {
        folder: frozen::folder(&tree.folder).display().to_string(),
        source,
    })?;
    let (mut problems, mut sound) = (Vec::new(), Vec::new());
    for frozen in &versions {
        match tampered(frozen, place) {
            None => sound.push(frozen),
            Some((place, message)) => problems.push(Problem {
                kind: ProblemKind::FrozenChanged,
                place,
                message,
                help: format!(
                    "{} may be in use: bring its files back from the history, and change the contract \
                     outside of `{}`",
                    frozen.version,
                    frozen::FROZEN_FOLDER
                ),
            }),
        }
    }

    let before = frozen::predecessor(&versions, Some(version));
    let (mut required, mut declared) = (Bump::None, None);
    // What is no longer what was frozen says nothing of what came after it.
    if let Some(before) = before.filter(|before| sound.contains(before)) {
        let features = lock_of(before, place).map(|lock| lock.features).unwrap_or_default();
        let features = WitFeatures { features, all_features: false };
        let reading = Reading { place, features: &features };
        let old = reading.read(&Reference::Path(before.folder.clone()), None)?;
        let new = reading.read(&Reference::Path(tree.folder.clone()), None)?;
        if let Some(rise) = rise(&old, &new)? {
            (required, declared) = (rise.required(), rise.declared);
            if !rise.is_enough() {
                problems.push(too_low(&rise, before, &tree));
            }
        }
    }
    Ok(DriftReport {
        package: wit.package_name(),
        frozen: versions.iter().map(|frozen| frozen.version.to_string()).collect(),
        against: before.map(|frozen| frozen.version.to_string()),
        required,
        declared,
        problems,
        format: args.format,
    })
}

fn too_low(rise: &Rise, before: &FrozenVersion, tree: &WorkingTree) -> Problem {
    let worlds: Vec<_> = rise
        .changes
        .iter()
        .map(|change| match &change.kind {
            Kind::Gone => format!("the world `{}` is gone", change.world),
            Kind::New => format!("the world `{}` is new", change.world),
            Kind::Changed(report) if report.new().hash == report.old().hash => {
                format!("the world `{}` has other optional or `@unstable` exports", change.world)
            }
            Kind::Changed(report) => format!(
                "the world `{}` is {} and was {}",
                change.world,
                report.new().hash.short(),
                report.old().hash.short()
            ),
        })
        .collect();
    let what = match rise.declared {
        Some(Bump::None) => "the contract changed, and its version did not",
        None => "the contract changed, and its version went back",
        Some(_) => "the contract changed more than its version",
    };
    let required = rise.required();
    let next = next_version(&before.version, required)
        .map_or_else(|| format!("a {required} version"), |next| format!("{next} ({required})"));
    let is_comparable = rise.changes.iter().any(|change| matches!(change.kind, Kind::Changed(_)));
    // Of worlds that only one of the two has, there is nothing to compare.
    let more = if is_comparable {
        format!(
            "; `cargo plug check-compat {} --frozen {}` says what changed",
            tree.folder.display(),
            before.version
        )
    } else {
        String::new()
    };
    Problem {
        kind: ProblemKind::VersionTooLow,
        place: tree.folder.display().to_string(),
        message: format!("{what}: {}", worlds.join(", ")),
        help: format!("make it {next}, or take the change back{more}"),
    }
}

fn lock_of(frozen: &FrozenVersion, place: &Place) -> Option<ContractLock> {
    let bytes = std::fs::read(place.resolve(&frozen.folder.join(LOCK_FILE))).ok()?;
    ContractLock::parse(&bytes).ok()
}

/// The version in `acme:words@1.0.0`.
fn version_of(package: &str) -> Option<Version> {
    Version::parse(package.split_once('@')?.1).ok()
}

/// Where and how a frozen version is not what its lock says.
fn tampered(frozen: &FrozenVersion, place: &Place) -> Option<(String, String)> {
    let shown = frozen.folder.display().to_string();
    let lock_file = frozen.folder.join(LOCK_FILE).display().to_string();
    let bytes = match std::fs::read(place.resolve(Path::new(&lock_file))) {
        Ok(bytes) => bytes,
        Err(error) => return Some((lock_file, format!("the lock cannot be read: {error}"))),
    };
    let lock = match ContractLock::parse(&bytes).and_then(|lock| lock.verify().map(|()| lock)) {
        Ok(lock) => lock,
        Err(error) => return Some((lock_file, format!("the lock is wrong: {error}"))),
    };
    if version_of(&lock.package).as_ref() != Some(&frozen.version) {
        return Some((shown, format!("the folder is named {}, and holds {}", frozen.version, lock.package)));
    }
    let copy = match ContractCopy::read(&place.resolve(&frozen.folder), &shown) {
        Ok(copy) => copy,
        Err(error) => return Some((shown, error.to_string())),
    };
    let there = digests(&copy);
    let at = |file: &str| frozen.folder.join(file).display().to_string();
    for (file, digest) in &lock.files {
        match there.get(file) {
            None => return Some((at(file), "the frozen file is gone".to_owned())),
            Some(now) if now != digest => return Some((at(file), "the frozen file changed".to_owned())),
            Some(_) => {}
        }
    }
    if let Some(extra) = there.keys().find(|file| !lock.files.contains_key(*file)) {
        return Some((at(extra), "the file was not frozen".to_owned()));
    }
    // The files are those of the lock; the hashes are if the lock was written by hand.
    let hashed = |wit: &Wit| -> Result<bool, WitError> {
        for world in &lock.worlds {
            if wit.contract(Some(&world.name))?.hash().to_string() != world.hash {
                return Ok(false);
            }
        }
        Ok(true)
    };
    let features = WitFeatures { features: lock.features.clone(), all_features: false };
    let package = Reading { place, features: &features }.read(&Reference::Path(frozen.folder.clone()), None);
    let name = package.as_ref().ok().and_then(Package::wit).map(Wit::package_name);
    match package.ok().and_then(|package| hashed(package.wit()?).ok()) {
        Some(_) if name.as_ref() != Some(&lock.package) => {
            Some((lock_file, format!("the lock is of {}, and the files are not", lock.package)))
        }
        Some(true) => None,
        Some(false) => Some((lock_file, "the files have other hashes than the lock".to_owned())),
        None => Some((shown, "the frozen files cannot be read as a contract".to_owned())),
    }
}
