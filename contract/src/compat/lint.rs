//! What is no change, but will be a trouble to whoever changes the contract, or uses it.

use std::collections::BTreeMap;

use super::diff::Position;
use super::edition::Edition;
use crate::model::{Contract, Function, Interface, Item, Location, Type, TypeDefinition, TypeSource};

/// wasmtime 48's `bindgen!` writes code for an enum of exactly this many cases that does not
/// compile (`expected repr(u8), found repr(u16)`).
const BROKEN_ENUM: usize = 256;
/// wasmtime 48's `bindgen!` calls a type parameter of its own so.
const TAKEN_NAME: &str = "s";

/// Something about one contract that is better mended before it is published.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Lint {
    /// Its name, such as `unversioned-package`.
    pub name: &'static str,
    /// What is so, in a sentence.
    pub message: String,
    /// What to do.
    pub help: &'static str,
    /// Where, when it was read from text.
    pub location: Option<Location>,
}

/// Looks for what will be a trouble later. With the version `before`, also for annotations that
/// say something else than what happened.
#[must_use]
pub fn lint(edition: &Edition, before: Option<&Edition>) -> Vec<Lint> {
    let mut lints = Vec::new();
    let contract = &edition.plugin;
    lints.extend(version(contract));
    for (position, interface) in interfaces(contract) {
        types(position, interface, &mut lints);
    }
    if let Some(unstable) = &edition.unstable {
        unstable_exports(unstable, &mut lints);
    }
    match before {
        Some(before) => since(&before.plugin, contract, &mut lints),
        None => ties(contract, &mut lints),
    }
    lints
}

fn version(contract: &Contract) -> Option<Lint> {
    let package = contract.package();
    let (name, message, help) = match contract.version() {
        None => (
            "unversioned-package",
            format!("package {package} has no version, so that it cannot be told from any other state of it"),
            "give it one: `package … @0.1.0;`; plugins and hosts of versions on one track link with each other",
        ),
        Some(version) if !version.pre.is_empty() => (
            "prerelease",
            format!("{package}@{version} is a prerelease, and links with nothing but exactly itself"),
            "release it before plugins are built for it",
        ),
        Some(version) if version.major == 0 && version.minor == 0 => (
            "trackless-version",
            format!("{package}@{version} links with nothing but exactly itself: 0.0.x has no track"),
            "begin at 0.1.0, where versions that differ in the last number link",
        ),
        Some(_) => return None,
    };
    Some(Lint { name, message, help, location: None })
}

fn interfaces(contract: &Contract) -> impl Iterator<Item = (Position, &Interface)> {
    let imports = contract.imports().map(|(_, item)| (Position::Import, item));
    let exports = contract.exports().map(|(_, item)| (Position::Export, item));
    imports.chain(exports).filter_map(|(position, item)| match item {
        Item::Interface(interface) => Some((position, interface)),
        Item::Function(_) | Item::Resource(_) | Item::Type(_) => None,
    })
}

/// Types that hosts made with wasmtime's `bindgen!` cannot have.
fn types(position: Position, interface: &Interface, lints: &mut Vec<Lint>) {
    let own =
        interface.type_origins().iter().filter(|(_, origin)| *origin.source() == TypeSource::Definition);
    for (name, origin) in own {
        let path = format!("{}#{name}", interface.track_id());
        let location = origin.location().cloned();
        if let Some(Type::Named(ty)) = interface.types().get(name)
            && let TypeDefinition::Enum(cases) = ty.definition()
            && cases.len() == BROKEN_ENUM
        {
            lints.push(Lint {
                name: "enum-of-256-cases",
                message: format!(
                    "`{path}` has exactly 256 cases, and hosts made with wasmtime 48 do not compile"
                ),
                help: "leave one out, or add one",
                location: location.clone(),
            });
        }
        if position == Position::Export && name == TAKEN_NAME {
            lints.push(Lint {
                name: "type-named-s",
                message: format!(
                    "`{path}` meets a name that wasmtime 48 uses itself, and hosts do not compile"
                ),
                help: "give the type another name",
                location,
            });
        }
    }
}

/// Optional exports that need each other. Of two versions, a finding tells those that came.
fn ties(contract: &Contract, lints: &mut Vec<Lint>) {
    for (key, interface) in contract.optional_exports() {
        if let [first, others @ ..] = contract.tied_optional_exports(&[key]).as_slice() {
            let more = if others.is_empty() { "" } else { " and others" };
            lints.push(Lint {
                name: "optional-interface-tied",
                message: format!(
                    "a plugin that exports the optional interface `{key}` has to export `{first}`{more} too"
                ),
                help: "say so in its documentation, or put what belongs together into one interface",
                location: interface.location().cloned(),
            });
        }
    }
}

/// Exports behind a feature: a host of `bindgen!` demands them, and no guest has them.
fn unstable_exports(all: &Contract, lints: &mut Vec<Lint>) {
    for (_, interface) in interfaces(all).filter(|(position, _)| *position == Position::Export) {
        let unstable = interface.functions().values().find(|f| f.remarks().feature().is_some());
        if let Some(function) = unstable {
            lints.push(Lint {
                name: "unstable-export",
                message: format!(
                    "`{}#{}` is `@unstable` and exported: hosts made with `bindgen!` demand it, guests leave it out",
                    interface.track_id(),
                    function.name()
                ),
                help: "put it into an interface of its own in the world of optional exports",
                location: function.location().cloned(),
            });
        }
    }
}

/// Functions that say they are older than they are.
fn since(before: &Contract, now: &Contract, lints: &mut Vec<Lint>) {
    let old: BTreeMap<&str, &Interface> = interfaces(before).map(|(_, i)| (i.track_id(), i)).collect();
    let mut seen = Vec::new();
    for (_, interface) in interfaces(now) {
        let (Some(known), Some(version)) = (old.get(interface.track_id()), interface.version()) else {
            continue;
        };
        if seen.contains(&interface.track_id()) {
            continue;
        }
        seen.push(interface.track_id());
        let added = interface.functions().values().filter(|f| !known.functions().contains_key(f.name()));
        let stale = |function: &&Function| {
            function.remarks().since().is_some_and(|since| since.cmp_precedence(version).is_lt())
        };
        lints.extend(added.filter(stale).map(|function| Lint {
            name: "since-before-added",
            message: format!(
                "`{}#{}` is new in {version}, and its `@since` names an older version",
                interface.track_id(),
                function.name()
            ),
            help: "let `@since` name the first version that has it",
            location: function.location().cloned(),
        }));
    }
}
