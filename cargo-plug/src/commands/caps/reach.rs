//! What an import could reach at most.

use std::collections::{BTreeMap, BTreeSet};

use plug_contract::{Contract, Item};
use plug_policy::{Capability, CustomName, Wanted};

use crate::commands::build::linked_name;

/// Something that a host has to offer.
#[derive(Debug)]
pub(crate) struct Import {
    /// With its exact version.
    pub(crate) name: String,
    /// By its track: what another version of the plugin imports under the same key is the same.
    pub(crate) key: String,
    /// Those of an interface that are used.
    pub(crate) functions: BTreeSet<String>,
    pub(crate) power: Power,
}

/// What code can do by an import, if all of it were granted.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Power {
    /// Nothing outside the plugin.
    Nothing,
    Capabilities(Vec<Capability>),
    /// It is an application's own: its host knows.
    Unknown,
}

/// Capabilities that can be reached by the same imports.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Reach {
    pub(crate) standing: Standing,
    pub(crate) capabilities: Vec<Capability>,
    /// With their exact versions.
    pub(crate) imports: Vec<String>,
}

/// How a capability that can be reached stands to what is wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Standing {
    Wanted,
    /// It is imported, and never wanted: no policy gives it to the plugin.
    Unwanted,
    /// It need not be wanted.
    Free,
}

/// All that a component imports and calls.
pub(super) fn imports(actual: &Contract) -> Vec<Import> {
    actual
        .imports()
        .filter_map(|(key, item)| {
            let functions = match item {
                Item::Interface(interface) => interface.functions().keys().cloned().collect(),
                _ => BTreeSet::new(),
            };
            let (name, key) = (linked_name(key, item)?, key.to_owned());
            Some(Import { power: power(&key, item), name, key, functions })
        })
        .collect()
}

fn power(key: &str, item: &Item) -> Power {
    let Item::Interface(interface) = item else { return Power::Unknown };
    let name = key.split_once('@').map_or(key, |(name, _)| name);
    let Some((package, name)) = name.split_once('/') else { return Power::Unknown };
    let capabilities = match (package, name) {
        ("wasi:filesystem", _) => vec![Capability::FsRead, Capability::FsWrite],
        ("wasi:sockets", _) => vec![Capability::Net],
        ("wasi:http", _) => vec![Capability::Http],
        ("wasi:cli", "environment") => vec![Capability::Env],
        ("wasi:clocks", _) => vec![Capability::Clocks],
        ("wasi:random", _) => vec![Capability::Random],
        ("wasi:cli", name)
            if matches!(name, "stdin" | "stdout" | "stderr") || name.starts_with("terminal-") =>
        {
            vec![Capability::Stdio]
        }
        // streams and errors of others; the end of the plugin itself
        ("wasi:io", _) | ("wasi:cli", "exit") => return Power::Nothing,
        ("plug:plugin", "host-api") => {
            let functions = interface.functions();
            let offered = [
                ("log-message", Capability::Log),
                ("get-config", Capability::Config),
                ("emit-event", Capability::EventsEmit),
            ];
            let known = functions.keys().all(|name| offered.iter().any(|(known, _)| known == name));
            if !known {
                return Power::Unknown;
            }
            let used = offered.into_iter().filter(|(name, _)| functions.contains_key(*name));
            used.map(|(_, capability)| capability).collect()
        }
        _ => return Power::Unknown,
    };
    Power::Capabilities(capabilities)
}

/// What imports could reach, sorted by how it stands to the wants.
pub(super) fn reach(imports: &[Import], wants: &[Wanted]) -> Vec<Reach> {
    let mut by_capability: BTreeMap<Capability, Vec<String>> = BTreeMap::new();
    for import in imports {
        let capabilities = match &import.power {
            Power::Nothing => Vec::new(),
            Power::Capabilities(capabilities) => capabilities.clone(),
            Power::Unknown => wanted_by_name(import, wants).into_iter().collect(),
        };
        for capability in capabilities {
            by_capability.entry(capability).or_default().push(import.name.clone());
        }
    }
    let mut found: Vec<Reach> = Vec::new();
    for (capability, imports) in by_capability {
        let standing = if wants.iter().any(|want| includes(&want.scope.capability(), &capability)) {
            Standing::Wanted
        } else if capability.is_free() {
            Standing::Free
        } else {
            Standing::Unwanted
        };
        match found.iter_mut().find(|reach| reach.standing == standing && reach.imports == imports) {
            Some(reach) => reach.capabilities.push(capability),
            None => found.push(Reach { standing, capabilities: vec![capability], imports }),
        }
    }
    found.sort_by_key(|reach| reach.standing);
    found
}

/// Whether who has the one has the other: writing includes reading.
pub(super) fn includes(capability: &Capability, other: &Capability) -> bool {
    capability == other || (capability, other) == (&Capability::FsWrite, &Capability::FsRead)
}

/// The capability of an application that is wanted, and that goes by the name of this interface.
pub(super) fn wanted_by_name(import: &Import, wants: &[Wanted]) -> Option<Capability> {
    let interface = import.key.split_once('@').map_or(&*import.key, |(name, _)| name);
    let name = CustomName::new(&interface.to_ascii_lowercase())?;
    let capability = Capability::Custom(name);
    wants.iter().any(|want| want.scope.capability() == capability).then_some(capability)
}
