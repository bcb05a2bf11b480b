//! Optional interfaces that cannot be exported one without the other.

use std::collections::{BTreeSet, HashSet};

use super::{Contract, Interface, Item, Type, TypeSource};

impl Contract {
    /// What a plugin that exports these optional interfaces has to export beside them, so that hosts
    /// of this contract take it: further optional interfaces. All by track name, in order.
    ///
    /// What an interface takes types from by `use` is imported if it is not exported beside it, and a
    /// host does not provide what it looks for among the exports. Nothing comes of that while only
    /// values pass; but a resource has to be somebody's.
    #[must_use]
    pub fn tied_optional_exports(&self, exported: &[&str]) -> Vec<&str> {
        let names = self.optional_exports().map(|(key, _)| key);
        let mut there: BTreeSet<&str> = names.filter(|key| exported.contains(key)).collect();
        let mut tied = Vec::new();
        while let Some(next) = self.next_tied(&there) {
            there.insert(next);
            tied.push(next);
        }
        tied.sort_unstable();
        tied
    }

    fn next_tied<'a>(&'a self, there: &BTreeSet<&'a str>) -> Option<&'a str> {
        let is_exported = |key: &str| self.export(key).is_some() || there.contains(key);
        let is_optional = |key: &&str| self.optional_export(key).is_some() && !is_exported(key);
        let interfaces = || there.iter().filter_map(|key| self.optional_export(key));
        let owners = interfaces().flat_map(resource_owners);
        let mut unowned = owners.filter(is_optional).filter(|key| self.import(key).is_none());
        unowned.next().or_else(|| {
            // what is imported cannot take types from what is exported
            let imported = interfaces().flat_map(|interface| self.taken_from(interface, &is_exported));
            imported.filter(is_optional).find(|key| {
                let interface = self.optional_export(key);
                interface.is_some_and(|it| self.taken_from(it, &|_| false).into_iter().any(is_exported))
            })
        })
    }

    /// The interfaces that one takes types from, and those that they take them from, as far as the
    /// first one that is `there`.
    fn taken_from<'a>(&'a self, interface: &'a Interface, there: &dyn Fn(&str) -> bool) -> BTreeSet<&'a str> {
        let mut out = BTreeSet::new();
        let mut pending = vec![interface];
        while let Some(interface) = pending.pop() {
            for key in used(interface).filter(|key| !there(key)) {
                if out.insert(key) {
                    pending.extend(self.interface(key));
                }
            }
        }
        out
    }

    /// The interface of that track name, wherever it stands.
    fn interface(&self, key: &str) -> Option<&Interface> {
        let extra = self.optional_imports().find(|(name, _)| *name == key).map(|(_, item)| item);
        let items = [self.export(key), self.import(key), extra].into_iter().flatten();
        let mut interfaces = items.filter_map(|item| match item {
            Item::Interface(interface) => Some(interface),
            Item::Function(_) | Item::Resource(_) | Item::Type(_) => None,
        });
        interfaces.next().or_else(|| self.optional_export(key))
    }
}

/// The interfaces that it names in a `use`.
fn used(interface: &Interface) -> impl Iterator<Item = &str> {
    interface.type_origins().values().filter_map(|origin| match origin.source() {
        TypeSource::Use { interface, .. } => Some(interface.as_str()),
        _ => None,
    })
}

/// Whose resources stand in its types and functions.
fn resource_owners(interface: &Interface) -> BTreeSet<&str> {
    let functions = interface.functions().values();
    let signatures = functions.flat_map(|f| f.params().iter().map(|param| &param.ty).chain(f.result()));
    let mut pending: Vec<&Type> = interface.types().values().chain(signatures).collect();
    let (mut out, mut seen) = (BTreeSet::new(), HashSet::new());
    while let Some(ty) = pending.pop() {
        match ty {
            Type::Own(resource) | Type::Borrow(resource) => {
                out.insert(resource.interface.as_str());
            }
            _ => {
                if ty.parts_at().is_some_and(|places| seen.insert(places)) {
                    ty.each_part(|part| pending.push(part));
                }
            }
        }
    }
    out
}
