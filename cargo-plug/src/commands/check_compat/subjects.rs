//! Which is the new, and which are the old.

use std::path::{Path, PathBuf};

use semver::Version;

use super::error::CheckError;
use super::{overrides, project};
use crate::baseline::{self, Package, Reading, Reference};
use crate::cli::CheckCompat;
use crate::env::Place;
use crate::failure::Failure;
use crate::frozen;
use crate::nearest::nearest;
use crate::report::{Event, Reporter};
use crate::worlds::plain_name;

/// What is compared.
pub(super) struct Subjects {
    pub(super) new: Package,
    pub(super) old: Vec<Package>,
    /// Where overrides may lie.
    pub(super) beside: Option<PathBuf>,
}

/// Finds them, by what was named or by what the folder is about.
pub(super) fn find(args: &CheckCompat, place: &Place, reporter: &mut Reporter) -> Result<Subjects, Failure> {
    let reading = Reading { place, features: &args.features };
    let references = args
        .against
        .iter()
        .map(|text| text.parse::<Reference>().map_err(|error| baseline::BaselineError::from(error).into()))
        .collect::<Result<Vec<_>, Failure>>()?;

    let mut plugin = None;
    let path = match &args.new {
        Some(path) => path.clone(),
        None => match project::frozen_contract(place) {
            Some(folder) => folder,
            None => match project::built_plugin(place, reporter)? {
                Some(built) => {
                    let path = built.component.clone();
                    plugin = Some(built);
                    path
                }
                None => project::contract_folder(place).ok_or(CheckError::NothingNew)?,
            },
        },
    };
    let new = reading.read(&Reference::Path(path.clone()), None)?;
    let counterpart = (!new.is_component()).then_some(path.as_path());
    let mut old = references
        .iter()
        .map(|reference| reading.read(reference, counterpart))
        .collect::<Result<Vec<_>, _>>()?;

    if args.frozen.is_some() || (old.is_empty() && counterpart.is_some()) {
        old.extend(frozen_versions(args, &new, &path, &reading)?);
    } else if old.is_empty() {
        let built = match plugin {
            Some(built) => Some(built),
            None => project::built_plugin(place, reporter).ok().flatten(),
        };
        let Some(built) = built else { return Err(CheckError::NothingOld { name: new.name }.into()) };
        old.push(contract_of(&built, &reading, reporter)?);
    }
    let beside = overrides::folder_of(if new.is_component() { Path::new(".") } else { &path }, place);
    Ok(Subjects { new, old, beside: Some(beside) })
}

/// The contract for which a plugin is written.
fn contract_of(
    built: &project::BuiltPlugin,
    reading: &Reading<'_>,
    reporter: &mut Reporter,
) -> Result<Package, Failure> {
    let Some(contract) = &built.contract else { return Ok(reading.standard()) };
    if let Some(gone) = &contract.gone {
        reporter.event(Event::Warning {
            message: format!(
                "the contract came from {gone}, which is not there; the plugin's own copy is taken"
            ),
            help: Some("name the host's contract by `--against`".to_owned()),
        });
    }
    let package = reading.read(&Reference::Path(contract.folder.clone()), None)?;
    Ok(package.about(contract.world.clone()))
}

/// The frozen versions that were asked for; the last one unless said otherwise.
fn frozen_versions(
    args: &CheckCompat,
    new: &Package,
    path: &Path,
    reading: &Reading<'_>,
) -> Result<Vec<Package>, Failure> {
    let name = || new.name.clone();
    let Some(wit) = new.wit().filter(|_| reading.place.resolve(path).is_dir()) else {
        return Err(match args.frozen {
            Some(_) => CheckError::FrozenOfOther { name: name() },
            None => CheckError::NothingOld { name: name() },
        }
        .into());
    };
    let found = frozen::versions(path, reading.place).map_err(|source| CheckError::Unlistable {
        folder: frozen::folder(path).display().to_string(),
        source,
    })?;
    if found.is_empty() && args.frozen.is_some() {
        return Err(CheckError::NothingFrozen { name: name() }.into());
    }
    let current = wit.resolve().packages[wit.package()].name.version.clone();
    let wanted: Vec<_> = match args.frozen.as_deref() {
        Some("all") => found.iter().collect(),
        None => frozen::predecessor(&found, current.as_ref()).into_iter().collect(),
        Some(given) => {
            let version = Version::parse(given.trim_start_matches('v')).ok();
            let named = version.and_then(|version| found.iter().find(|frozen| frozen.version == version));
            let Some(named) = named else {
                let frozen: Vec<_> = found.iter().map(|frozen| frozen.version.to_string()).collect();
                let meant = nearest(given, frozen.iter().map(String::as_str)).map(str::to_owned);
                return Err(CheckError::NotFrozen { version: given.to_owned(), frozen, meant }.into());
            };
            vec![named]
        }
    };
    if wanted.is_empty() {
        return Err(CheckError::NothingOld { name: name() }.into());
    }
    let read = wanted.into_iter().map(|frozen| reading.read(&Reference::Path(frozen.folder.clone()), None));
    Ok(read.collect::<Result<_, _>>()?)
}

/// The world that all of the old are about, where the new has several.
pub(super) fn world_of_old(old: &[Package]) -> Option<String> {
    let mut worlds = old.iter().map(Package::only_world);
    let first = worlds.next()??;
    worlds.all(|world| world.as_ref() == Some(&first)).then_some(first)
}

/// The plain name of the world of the new, where the old has several.
pub(super) fn common_world(new: &Package, asked: Option<&str>) -> Option<String> {
    asked.or(new.own_world()).map(|world| plain_name(world).to_owned())
}
