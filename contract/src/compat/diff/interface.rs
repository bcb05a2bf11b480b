//! Two interfaces of one name: their resources and functions.

use std::collections::{BTreeMap, BTreeSet};

use super::change::{Choice, Draft, Position};
use super::function::Place;
use super::gates::{self, Parts};
use super::text;
use super::types::{Callee, same_abi};
use super::walk::Walk;
use crate::compat::report::Part;
use crate::model::{Function, Interface, Item, Param, ResourceId};

/// The most pairs of functions that are looked at for renamings.
const MAX_PAIRS: usize = 1 << 20;

impl<'a> Walk<'a> {
    pub(super) fn interfaces(
        &mut self,
        position: Position,
        key: &'a str,
        old: &'a Interface,
        new: &'a Interface,
    ) {
        let mut members = Members::default();
        self.resources(position, key, old, new, &mut members);
        let place = Place { position, interface: Some(key) };
        for (name, function) in new.functions() {
            if let Some(before) = old.functions().get(name) {
                self.functions(place, before, function);
            }
        }
        self.one_sided(place, old, new, &members);
        if !self.is_component() {
            self.listings.push((position, key, old, new));
            self.interface_remarks(position, key, old, new);
        }
    }

    /// Resources that only one side has; their functions go with them.
    fn resources(
        &mut self,
        position: Position,
        key: &str,
        old: &Interface,
        new: &Interface,
        members: &mut Members,
    ) {
        let (in_old, in_new) = (suffixes(old), suffixes(new));
        let none = BTreeSet::new();
        let suffixes =
            |of: &BTreeMap<&str, BTreeSet<String>>, name: &str| of.get(name).unwrap_or(&none).clone();
        let removed: Vec<&String> = old.resources().difference(new.resources()).collect();
        let added: Vec<&String> = new.resources().difference(old.resources()).collect();
        // a component has no past to which it could be compared
        let candidates: &[&String] = if self.is_component() { &[] } else { &added };
        let mut taken = BTreeSet::new();
        for was in removed.iter().copied() {
            let had = suffixes(&in_old, was);
            let is = candidates.iter().find(|is| {
                // two that have no functions are taken for one only where there is no other choice
                let is_sure = !had.is_empty() || (removed.len() == 1 && added.len() == 1);
                !taken.contains(**is) && is_sure && suffixes(&in_new, is) == had
            });
            if let Some(is) = is {
                taken.insert((*is).clone());
                members.done(was);
                members.done(is);
                let id = |name: &str| ResourceId { interface: key.to_owned(), name: name.to_owned() };
                self.renamed.insert(id(was), id(is));
                let message = format!("resource `{was}` is now called `{is}`");
                let parts = (resource_part(old, was), resource_part(new, is));
                let rule = if had.is_empty() { "S33" } else { "S04" };
                self.resource(rule, position, key, was, message, parts);
                continue;
            }
            let is_unstable = old.type_origins().get(was).is_some_and(|o| o.remarks().feature().is_some());
            let rule = match (had.is_empty(), is_unstable && position == Position::Export) {
                (false, true) => "G11",
                (false, false) => "S32",
                (true, _) => "S03",
            };
            members.done(was);
            if rule == "G11" && self.resource_stays(position, key, was, (resource_part(old, was), None)) {
                continue;
            }
            if self.is_component() && position == Position::Import {
                continue;
            }
            let message = self.say(
                || format!("resource `{was}` is gone"),
                || format!("the host needs the resource `{was}`, and the plugin does not export it"),
            );
            self.resource(rule, position, key, was, message, (resource_part(old, was), None));
        }
        for is in added {
            if taken.contains(is.as_str()) {
                continue;
            }
            let is_unstable = new.type_origins().get(is).is_some_and(|o| o.remarks().feature().is_some());
            let rule = match (suffixes(&in_new, is).is_empty(), is_unstable && position == Position::Export) {
                (false, true) => "G06",
                (false, false) => "S02",
                (true, _) => "S01",
            };
            members.done(is);
            if rule == "G06" && self.resource_stays(position, key, is, (None, resource_part(new, is))) {
                continue;
            }
            if self.is_component() && position == Position::Export {
                continue;
            }
            let message = self.say(
                || format!("resource `{is}` is new"),
                || format!("the plugin needs the resource `{is}`, and the host does not have it"),
            );
            self.resource(rule, position, key, is, message, (None, resource_part(new, is)));
        }
    }

    fn resource_stays(&mut self, position: Position, key: &str, name: &str, parts: Parts) -> bool {
        let remarks = |contract| {
            let interface = gates::exported_interface(contract, key)?;
            interface.type_origins().get(name).map(|origin| origin.remarks())
        };
        self.stays_unstable(position, &format!("{key}#{name}"), remarks, parts)
    }

    fn resource(
        &mut self,
        rule: &'static str,
        position: Position,
        key: &str,
        name: &str,
        message: String,
        (old, new): Parts,
    ) {
        let path = format!("{key}#{name}");
        let choice = Choice::Rule(rule);
        let draft = Draft { choice, path: path.clone(), message, old, new, verdict: None };
        self.add(draft, position, &path);
    }

    /// Functions that only one side has.
    fn one_sided(&mut self, place: Place<'_>, old: &Interface, new: &Interface, members: &Members) {
        let only = |these: &Interface, those: &Interface| -> BTreeMap<String, Function> {
            these
                .functions()
                .iter()
                .filter(|(name, _)| !those.functions().contains_key(*name))
                .filter(|(name, _)| !members.covers(name))
                .map(|(name, function)| (name.clone(), function.clone()))
                .collect()
        };
        let (mut removed, mut added) = (only(old, new), only(new, old));
        if self.is_component() {
            // of a component counts what it calls and what its host demands
            match place.position {
                Position::Import => removed.clear(),
                Position::Export => added.clear(),
            }
        }
        self.renamings(place, &mut removed, &mut added);
        for function in removed.values() {
            self.removed(place, function);
        }
        for function in added.values() {
            self.added_function(place, function);
        }
    }

    /// A function that went and one that came, with the same signature, are one that was renamed.
    pub(super) fn renamings(
        &mut self,
        place: Place<'_>,
        removed: &mut BTreeMap<String, Function>,
        added: &mut BTreeMap<String, Function>,
    ) {
        if self.is_component() || removed.len().saturating_mul(added.len()) > MAX_PAIRS {
            return;
        }
        for pairs in [pairs, pairs_by_words] {
            for (was, is) in pairs(removed, added) {
                let (Some(before), Some(after)) = (removed.remove(&was), added.remove(&is)) else { continue };
                self.renamed_function(place, &before, &after);
                if !same_signature(&before, &after) {
                    self.signatures(place, place.path(&was), &before, &after);
                }
            }
        }
    }

    fn renamed_function(&mut self, place: Place<'_>, before: &Function, after: &Function) {
        let (was, is) = (before.name(), after.name());
        let rule = match (place.callee(was), place.callee(is)) {
            (Callee::WorldFunction, _) | (_, Callee::WorldFunction) => "W31",
            (Callee::Method, Callee::Method) => "S07",
            (Callee::Method, Callee::Static) => "S09",
            (Callee::Method, Callee::Function) => "S10",
            (Callee::Constructor, Callee::Static) => "S18",
            (Callee::Static, Callee::Static) => "S25",
            (Callee::Static, Callee::Method) => "S26",
            (Callee::Static, Callee::Constructor) => "S28",
            (Callee::Static, Callee::Function) => "S30",
            (Callee::Function, Callee::Method | Callee::Static) => "S27",
            _ => "F03",
        };
        self.tally.changed += 1;
        let message = format!("`{}` is now `{}`, with the same signature", call(was), call(is));
        let path = place.path(was);
        let (old, new) = (Some(text::signature(before)), Some(text::signature(after)));
        let choice = Choice::Rule(rule);
        let draft = Draft { choice, path: path.clone(), message, old, new, verdict: None };
        self.add(draft, place.position, &path);
    }

    pub(super) fn removed(&mut self, place: Place<'_>, function: &Function) {
        if self.function_stays(place, function, (Some(text::signature(function)), None)) {
            return;
        }
        let is_export = place.position == Position::Export;
        let rule = if is_export && function.remarks().feature().is_some() {
            "G07"
        } else if self.is_unstable(1, place, function.name()) {
            "G08"
        } else {
            match place.callee(function.name()) {
                Callee::Function => "F02",
                Callee::Method => "S06",
                Callee::Static => "S24",
                Callee::Constructor => "S15",
                Callee::WorldFunction => "W29",
            }
        };
        self.tally.removed += 1;
        let name = call(function.name());
        let message = self.say(
            || format!("`{name}` is gone"),
            || format!("the host needs the function `{name}`, and the plugin does not export it"),
        );
        self.one_function(rule, place, function, message, true);
    }

    pub(super) fn added_function(&mut self, place: Place<'_>, function: &Function) {
        if self.function_stays(place, function, (None, Some(text::signature(function)))) {
            return;
        }
        // one that is imported is seen only by those who switched its feature on
        let is_export = place.position == Position::Export;
        let rule = if is_export && function.remarks().feature().is_some() {
            "G01"
        } else if self.is_unstable(0, place, function.name()) {
            "G02"
        } else {
            match place.callee(function.name()) {
                Callee::Function => "F01",
                Callee::Method => "S05",
                Callee::Static => "S12",
                Callee::Constructor => "S14",
                Callee::WorldFunction if place.position == Position::Import => "W05",
                Callee::WorldFunction => "W06",
            }
        };
        self.tally.added += 1;
        let name = call(function.name());
        let message = self.say(
            || format!("`{name}` is new"),
            || format!("the plugin calls the function `{name}`, and the host does not have it"),
        );
        self.one_function(rule, place, function, message, false);
    }

    fn function_stays(&mut self, place: Place<'_>, function: &Function, parts: Parts) -> bool {
        let Some(key) = place.interface.filter(|_| function.remarks().feature().is_some()) else {
            return false;
        };
        let remarks = |contract| {
            let interface = gates::exported_interface(contract, key)?;
            interface.functions().get(function.name()).map(Function::remarks)
        };
        let stays = self.stays_unstable(place.position, &place.path(function.name()), remarks, parts);
        self.tally.equal += usize::from(stays);
        stays
    }

    fn one_function(
        &mut self,
        rule: &'static str,
        place: Place<'_>,
        function: &Function,
        message: String,
        is_old: bool,
    ) {
        let path = place.path(function.name());
        let part = Some(text::signature(function));
        let (old, new) = if is_old { (part, None) } else { (None, part) };
        let choice = Choice::Rule(rule);
        let draft = Draft { choice, path: path.clone(), message, old, new, verdict: None };
        self.add(draft, place.position, &path);
    }

    /// Whether the old contract (0) or the new one (1) has the function behind a feature.
    fn is_unstable(&self, side: usize, place: Place<'_>, name: &str) -> bool {
        let (Some(unstable), Some(key)) = (self.unstable[side], place.interface) else { return false };
        let item = match place.position {
            Position::Import => unstable.import(key),
            Position::Export => unstable.export(key),
        };
        matches!(item, Some(Item::Interface(interface))
            if interface.functions().get(name).is_some_and(|f| f.remarks().feature().is_some()))
    }
}

/// Resources that are dealt with, functions and all.
#[derive(Default)]
struct Members(BTreeSet<String>);

impl Members {
    fn done(&mut self, resource: &str) {
        self.0.insert(resource.to_owned());
    }

    fn covers(&self, function: &str) -> bool {
        resource_of(function).is_some_and(|resource| self.0.contains(resource))
    }
}

/// The resource that a function belongs to: `counter` of `[method]counter.add`.
fn resource_of(function: &str) -> Option<&str> {
    let (_, rest) = function.split_once(']')?;
    Some(rest.split_once('.').map_or(rest, |(resource, _)| resource))
}

/// The functions of each resource without its name.
fn suffixes(interface: &Interface) -> BTreeMap<&str, BTreeSet<String>> {
    let mut out: BTreeMap<&str, BTreeSet<String>> = BTreeMap::new();
    for name in interface.functions().keys() {
        if let Some(resource) = resource_of(name) {
            let (kind, rest) = name.split_once(']').unwrap_or(("", name));
            out.entry(resource).or_default().insert(format!("{kind}]{}", &rest[resource.len()..]));
        }
    }
    out
}

fn resource_part(interface: &Interface, name: &str) -> Option<Part> {
    let origin = interface.type_origins().get(name);
    Some(text::part(format!("resource {name}"), origin.and_then(|origin| origin.location())))
}

/// How one calls it: `counter.add`, `counter`, `apply`.
fn call(name: &str) -> &str {
    text::plain_name(name)
}

/// The functions that have one counterpart and are the only one that it has, by name.
fn pairs(removed: &BTreeMap<String, Function>, added: &BTreeMap<String, Function>) -> Vec<(String, String)> {
    let mut pairs = Vec::new();
    for (was, function) in removed {
        let mut matching = added.iter().filter(|(_, other)| same_signature(function, other));
        let (Some((is, _)), None) = (matching.next(), matching.next()) else { continue };
        if removed.values().filter(|other| same_signature(other, &added[is])).count() == 1 {
            pairs.push((was.clone(), is.clone()));
        }
    }
    pairs
}

/// The same, by what the signatures read like: a type that changed beside the name is still called
/// what it was.
fn pairs_by_words(
    removed: &BTreeMap<String, Function>,
    added: &BTreeMap<String, Function>,
) -> Vec<(String, String)> {
    let (mut were, mut are) = (by_words(removed), by_words(added));
    were.retain(|_, names| names.len() == 1);
    are.retain(|_, names| names.len() == 1);
    let name = |names: &[&String]| names[0].clone();
    were.iter().filter_map(|(words, was)| Some((name(was), name(are.get(words)?)))).collect()
}

/// Names of functions by all else that can be read of them. One that takes and returns nothing reads
/// like too many others.
fn by_words(functions: &BTreeMap<String, Function>) -> BTreeMap<String, Vec<&String>> {
    let mut by_words: BTreeMap<String, Vec<&String>> = BTreeMap::new();
    for (name, function) in functions {
        if function.params().is_empty() && function.result().is_none() {
            continue;
        }
        let kind = name.split_once(']').map_or("", |(kind, _)| kind);
        let resource = resource_of(name).unwrap_or_default();
        let words = format!("{kind} {resource} {}", function.signature());
        by_words.entry(words).or_default().push(name);
    }
    by_words
}

/// Parameters and result agree, whatever the names of function, parameters and types.
fn same_signature(a: &Function, b: &Function) -> bool {
    let result = match (a.result(), b.result()) {
        (None, None) => true,
        (Some(a), Some(b)) => same_abi(a, b),
        _ => false,
    };
    // a method's `self` is what makes it one, unless the other has it as a parameter
    let own = |function: &Function| usize::from(function.name().starts_with("[method]"));
    let same =
        |a: &[Param], b: &[Param]| a.len() == b.len() && a.iter().zip(b).all(|(a, b)| same_abi(&a.ty, &b.ty));
    result
        && a.is_async() == b.is_async()
        && resource_of(a.name()).is_none_or(|r| resource_of(b.name()).is_none_or(|other| r == other))
        && (same(&a.params()[own(a)..], &b.params()[own(b)..])
            || (own(a) != own(b) && same(a.params(), b.params())))
}
