//! One direction of a comparison: a plugin of one contract on a host of the other.

use std::collections::{HashMap, HashSet};

use super::change::{Change, Changes, Contexts, Draft, Position};
use super::types::Memo;
use crate::compat::report::{Scope, Tally};
use crate::compat::verdict::Direction;
use crate::model::{Contract, Interface, Item, ResourceId, Type};

/// What is compared, and what came out so far.
pub(in crate::compat) struct Walk<'a> {
    pub(super) scope: Scope,
    pub(super) direction: Direction,
    /// The old contract: the plugin's in a host upgrade, else the host's.
    pub(super) old: &'a Contract,
    pub(super) new: &'a Contract,
    /// The two with every `@unstable` item on, where they are known.
    pub(super) unstable: [Option<&'a Contract>; 2],
    /// Resources that the plugin itself defines, by the old contract and by the new one.
    exports: [ExportedResources; 2],
    /// Whether some resource changed hands: then equal hashes do not say that two types are equal.
    pub(super) is_flipped: bool,
    /// Resources that are only named otherwise.
    pub(super) renamed: HashMap<ResourceId, ResourceId>,
    /// Interfaces whose types are compared last, when it is known which of them functions use.
    pub(super) listings: Vec<(Position, &'a str, &'a Interface, &'a Interface)>,
    pub(super) changes: Changes,
    pub(super) memo: Memo,
    /// Named types that some function led to, by path, of the old contract and of the new one. Not by
    /// address: what a host demands may have been read apart from what it serves.
    pub(super) met: [HashSet<String>; 2],
    /// Where one type stands in place of another: the difference, and both types.
    pub(super) retyped: Vec<(usize, Type, Type)>,
    pub(super) tally: Tally,
    pub(super) environment: Vec<String>,
}

/// What a walk found.
pub(in crate::compat) struct Found {
    pub(in crate::compat) changes: Vec<Change>,
    pub(in crate::compat) tally: Tally,
    pub(in crate::compat) environment: Vec<String>,
}

/// Compares `old` and `new`, one of which is the plugin's contract and the other the host's, by
/// the direction.
pub(in crate::compat) fn walk(
    scope: Scope,
    direction: Direction,
    old: &Contract,
    new: &Contract,
    unstable: [Option<&Contract>; 2],
) -> Found {
    let exports = [ExportedResources::of(old), ExportedResources::of(new)];
    let is_flipped = exports[0] != exports[1];
    let mut walk = Walk {
        scope,
        direction,
        old,
        new,
        unstable,
        exports,
        is_flipped,
        renamed: HashMap::new(),
        listings: Vec::new(),
        changes: Changes::default(),
        memo: Memo::default(),
        met: Default::default(),
        retyped: Vec::new(),
        tally: Tally::default(),
        environment: Vec::new(),
    };
    walk.world();
    Found { changes: walk.changes.finish(), tally: walk.tally, environment: walk.environment }
}

impl<'a> Walk<'a> {
    pub(super) fn plugin(&self) -> &'a Contract {
        match self.direction {
            Direction::OldPluginOnNewHost => self.old,
            Direction::NewPluginOnOldHost => self.new,
        }
    }

    pub(super) fn host(&self) -> &'a Contract {
        match self.direction {
            Direction::OldPluginOnNewHost => self.new,
            Direction::NewPluginOnOldHost => self.old,
        }
    }

    /// The plugin's and the host's of something in the order old, new.
    pub(super) fn oriented<T>(&self, plugin: T, host: T) -> (T, T) {
        match self.direction {
            Direction::OldPluginOnNewHost => (plugin, host),
            Direction::NewPluginOnOldHost => (host, plugin),
        }
    }

    pub(super) fn host_is_old(&self) -> bool {
        self.direction == Direction::NewPluginOnOldHost
    }

    /// Whether what only one side has is looked at: of a component, only what it uses and what
    /// its host demands.
    pub(super) fn is_component(&self) -> bool {
        self.scope == Scope::Component
    }

    /// What changed, or how plugin and host differ.
    pub(super) fn say(&self, changed: impl FnOnce() -> String, differs: impl FnOnce() -> String) -> String {
        match self.scope {
            Scope::Contracts => changed(),
            Scope::Component => differs(),
        }
    }

    /// Whether the plugin defines the resource by the old contract, and by the new one.
    pub(super) fn are_exported(&self, old: &ResourceId, new: &ResourceId, among: Optional) -> (bool, bool) {
        let [by_old, by_new] = &self.exports;
        (by_old.contains(old, among[0]), by_new.contains(new, among[1]))
    }

    /// Whether an interface is an optional export by the old contract, and by the new one.
    pub(super) fn are_optional(&self, position: Position, interface: Option<&str>) -> Optional {
        [self.old, self.new].map(|contract| {
            position == Position::Export
                && interface.is_some_and(|key| contract.optional_export(key).is_some())
        })
    }

    /// Keeps a difference that is no type's.
    pub(super) fn add(&mut self, draft: Draft, position: Position, place: &str) {
        let everywhere = Contexts { param: true, result: true, error: true, direct: true, plain: true };
        self.changes.add(draft, everywhere, position, place);
    }
}

/// Whether a function is one of an optional export: by the old contract, and by the new one.
pub(super) type Optional = [bool; 2];

/// Resources that a plugin defines.
#[derive(PartialEq, Eq)]
struct ExportedResources {
    /// Wherever they are named.
    everywhere: HashSet<ResourceId>,
    /// Of optional exports that are imports, too: only where optional exports name them. All others
    /// take the import.
    among_optional: HashSet<ResourceId>,
}

impl ExportedResources {
    fn of(contract: &Contract) -> ExportedResources {
        let exported = contract.exports().filter_map(|(_, item)| match item {
            Item::Interface(interface) => Some(interface),
            Item::Function(_) | Item::Resource(_) | Item::Type(_) => None,
        });
        let (imported, free): (Vec<_>, Vec<_>) =
            contract.optional_exports().partition(|(key, _)| contract.import(key).is_some());
        ExportedResources {
            everywhere: exported.chain(free.into_iter().map(|(_, it)| it)).flat_map(resources).collect(),
            among_optional: imported.into_iter().flat_map(|(_, it)| resources(it)).collect(),
        }
    }

    fn contains(&self, resource: &ResourceId, is_among_optional: bool) -> bool {
        self.everywhere.contains(resource) || (is_among_optional && self.among_optional.contains(resource))
    }
}

fn resources(interface: &Interface) -> impl Iterator<Item = ResourceId> {
    let owner = interface.track_id();
    interface.resources().iter().map(|name| ResourceId { interface: owner.to_owned(), name: name.clone() })
}
