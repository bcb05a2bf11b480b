//! A component by what it wants and what it imports.

use std::path::Path;

use plug_contract::{Contract, Section, SectionError};
use plug_policy::{Capability, MAX_WANTS, WantError, WantScope, Wanted};

use super::reach::{self, Import, Power, Reach};
use crate::component_file::{self, ComponentFileError};
use crate::env::Place;

#[derive(Debug)]
pub(crate) struct Subject {
    pub(crate) file: String,
    /// Name and version, as the manifest claims.
    pub(crate) identity: Option<(String, String)>,
    /// The contract that it declares.
    pub(crate) contract: Option<String>,
    pub(crate) wants: Wants,
    pub(crate) imports: Vec<Import>,
    /// Whether events can be delivered to it.
    receives_events: bool,
}

/// What a component says that it wants.
#[derive(Debug)]
pub(crate) enum Wants {
    /// It has no section, and so no manifest.
    Undeclared,
    /// In the order of the manifest.
    Listed(Vec<Want>),
    /// There are more than may be.
    TooMany(WantError),
    /// The section cannot be read.
    Unreadable(SectionError),
}

/// One want: what the manifest says, and what it means.
#[derive(Debug)]
pub(crate) struct Want {
    pub(crate) text: String,
    pub(crate) reason: String,
    pub(crate) required: bool,
    pub(crate) scope: Result<WantScope, WantError>,
}

/// Why the wants cannot be read.
#[derive(Debug, Clone, Copy)]
pub(crate) enum WantsError<'a> {
    Want(&'a WantError),
    Section(&'a SectionError),
}

impl Wants {
    /// All of them, unless one cannot be read.
    pub(crate) fn read(&self) -> Option<Vec<Wanted>> {
        match self {
            Self::Undeclared => Some(Vec::new()),
            Self::Listed(wants) => wants.iter().map(Want::wanted).collect(),
            Self::TooMany(_) | Self::Unreadable(_) => None,
        }
    }

    /// Why not all can be read.
    pub(crate) fn error(&self) -> Option<WantsError<'_>> {
        match self {
            Self::Undeclared => None,
            Self::Listed(wants) => {
                wants.iter().find_map(|want| want.scope.as_ref().err()).map(WantsError::Want)
            }
            Self::TooMany(error) => Some(WantsError::Want(error)),
            Self::Unreadable(error) => Some(WantsError::Section(error)),
        }
    }

    /// Those that can be read.
    fn known(&self) -> Vec<Wanted> {
        let Self::Listed(wants) = self else { return Vec::new() };
        wants.iter().filter_map(Want::wanted).collect()
    }
}

impl Want {
    fn wanted(&self) -> Option<Wanted> {
        let scope = self.scope.as_ref().ok()?.clone();
        Some(Wanted::new(scope, self.reason.clone(), self.required))
    }
}

impl Subject {
    pub(super) fn read(path: &Path, place: &Place) -> Result<Self, ComponentFileError> {
        let file = path.display().to_string();
        let bytes = component_file::read(&place.resolve(path), &file)?;
        let artifact = |source| ComponentFileError::Artifact { path: file.clone(), source };
        let actual = Contract::from_component(&bytes).map_err(artifact)?;
        let section = match Section::read(&bytes) {
            Err(SectionError::Artifact(source)) => return Err(artifact(source)),
            read => read,
        };
        let (identity, contract, wants) = match section {
            Err(error) => (None, None, Wants::Unreadable(error)),
            Ok(None) => (None, None, Wants::Undeclared),
            Ok(Some(section)) => {
                let manifest = section.manifest;
                let wants = listed(&manifest.capabilities);
                (Some((manifest.name, manifest.version)), Some(section.world), wants)
            }
        };
        let receives_events = actual.exports().any(|(key, _)| key.starts_with("plug:plugin/event-handler@"));
        Ok(Self { identity, contract, wants, imports: reach::imports(&actual), receives_events, file })
    }

    /// What the imports could reach at most.
    pub(crate) fn reach(&self) -> Vec<Reach> {
        reach::reach(&self.imports, &self.wants.known())
    }

    /// The imports of one kind that is no capability.
    pub(crate) fn imports_of(&self, power: &Power) -> impl Iterator<Item = &str> {
        self.imports.iter().filter(move |import| import.power == *power).map(|import| import.name.as_str())
    }

    /// The imports of which only the host knows what they can do. Those that go by the name of a
    /// capability of an application that is wanted are not among them.
    pub(crate) fn unknown(&self) -> impl Iterator<Item = &str> {
        let known = self.wants.known();
        let unknown = self.imports.iter().filter(|import| import.power == Power::Unknown);
        unknown
            .filter(move |import| reach::wanted_by_name(import, &known).is_none())
            .map(|import| import.name.as_str())
    }

    /// The capabilities that are wanted, and that nothing known among its imports and exports uses.
    pub(crate) fn idle(&self) -> Vec<Capability> {
        let wants = self.wants.known();
        let reached = |wanted: &Capability| {
            let imports = self.imports.iter().any(|import| match &import.power {
                Power::Capabilities(all) => all.iter().any(|one| reach::includes(wanted, one)),
                Power::Unknown => reach::wanted_by_name(import, &wants).as_ref() == Some(wanted),
                Power::Nothing => false,
            });
            imports || (*wanted == Capability::EventsSubscribe && self.receives_events)
        };
        let mut idle: Vec<Capability> =
            wants.iter().map(|want| want.scope.capability()).filter(|one| !reached(one)).collect();
        idle.sort();
        idle.dedup();
        idle
    }
}

fn listed(wants: &[plug_contract::Want]) -> Wants {
    if wants.len() > MAX_WANTS {
        return Wants::TooMany(WantError::TooMany(wants.len()));
    }
    let want = |want: &plug_contract::Want| Want {
        text: want.capability.clone(),
        reason: want.reason.clone(),
        required: want.required,
        scope: want.capability.parse().map_err(WantError::Text),
    };
    Wants::Listed(wants.iter().map(want).collect())
}

/// What to do about a want that cannot be read.
pub(crate) fn want_help(error: &WantError) -> String {
    match error {
        WantError::Text(error) => error.help().to_owned(),
        _ => "name what the plugin needs by fewer and wider scopes".to_owned(),
    }
}
