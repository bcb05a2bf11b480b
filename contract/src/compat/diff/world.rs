//! Two worlds: which import is served by which, which export is demanded by which, and what only
//! one of them has.

use std::collections::BTreeMap;

use super::change::{Choice, Draft, Position};
use super::function::Place;
use super::gates;
use super::pairing::{Single, plain};
use super::text;
use super::walk::Walk;
use crate::compat::report::Part;
use crate::model::{Contract, Function, Interface, Item, Remarks, Type, TypeSource};

/// Items of one side that the other has no counterpart for.
#[derive(Default)]
struct Singles<'a> {
    interfaces: Vec<Single<'a>>,
    functions: BTreeMap<String, Function>,
    resources: Vec<&'a str>,
    types: Vec<(&'a str, &'a Type)>,
}

/// Both sides of a position.
#[derive(Default)]
struct Unpaired<'a> {
    old: Singles<'a>,
    new: Singles<'a>,
}

impl<'a> Walk<'a> {
    pub(super) fn world(&mut self) {
        let mut imports = self.imports();
        let mut exports = self.exports();
        if !self.is_component() {
            self.ties();
        }
        self.changed_roles(&mut imports.old, &mut exports.new, "W10", Position::Import);
        self.changed_roles(&mut imports.new, &mut exports.old, "W32", Position::Export);
        self.one_sided_items(Position::Import, imports);
        self.one_sided_items(Position::Export, exports);
        for (position, key, old, new) in std::mem::take(&mut self.listings) {
            self.listing(position, key, old, new);
        }
        if !self.is_component() && self.old.world() != self.new.world() {
            let message = format!("the world `{}` is now called `{}`", self.old.world(), self.new.world());
            let part = |contract: &Contract| Some(text::part(format!("world {}", contract.world()), None));
            let draft = Draft {
                choice: Choice::Rule("W11"),
                path: self.old.world().to_owned(),
                message,
                old: part(self.old),
                new: part(self.new),
                verdict: None,
            };
            let world = self.new.world().to_owned();
            self.add(draft, Position::Export, &world);
        }
    }

    /// Pairs each import of the plugin with what the host serves for it.
    fn imports(&mut self) -> Unpaired<'a> {
        let (plugin, host) = (self.plugin(), self.host());
        // a plugin that has an optional export needs what that one imports
        let wanted: Vec<_> = plugin.imports().chain(plugin.optional_imports()).collect();
        let served: Vec<_> = host.imports().chain(host.optional_imports()).collect();
        let (mut only_plugin, mut only_host) = (Vec::new(), vec![true; served.len()]);
        for (key, item) in wanted {
            match counterpart(&served, key, item) {
                Some(index) if same_kind(item, served[index].1) => {
                    only_host[index] = false;
                    let (old, new) = self.oriented(item, served[index].1);
                    self.pair(Position::Import, key, old, new);
                }
                _ => only_plugin.push((key, item)),
            }
        }
        let only_host =
            served.into_iter().zip(only_host).filter(|(_, is_free)| *is_free).map(|(item, _)| item);
        self.unpaired(only_plugin, only_host.collect())
    }

    /// Pairs each export that the host demands, or would use, with what the plugin has.
    fn exports(&mut self) -> Unpaired<'a> {
        let (plugin, host) = (self.plugin(), self.host());
        let provided: Vec<_> = plugin.exports().collect();
        let (mut only_host, mut only_plugin) = (Vec::new(), vec![true; provided.len()]);
        for (key, item) in host.exports() {
            match counterpart(&provided, key, item) {
                Some(index) if same_kind(item, provided[index].1) => {
                    only_plugin[index] = false;
                    let (old, new) = self.oriented(provided[index].1, item);
                    self.pair(Position::Export, key, old, new);
                }
                _ => match (plugin.optional_export(key), item) {
                    // a plugin of that contract may have it, and may not
                    (Some(theirs), Item::Interface(ours)) => {
                        let (old, new) = self.oriented(theirs, ours);
                        self.changed_need(key, old, new);
                        self.interfaces(Position::Export, key, old, new);
                    }
                    _ => only_host.push((key, item)),
                },
            }
        }
        for (key, ours) in host.optional_exports() {
            let exact = |index: &usize| provided[*index].0 == key;
            if let Some(index) = (0..provided.len()).rev().find(exact)
                && let Item::Interface(theirs) = provided[index].1
            {
                only_plugin[index] = false;
                let (old, new) = self.oriented(theirs, ours);
                if !self.is_component() {
                    self.changed_need(key, old, new);
                }
                self.interfaces(Position::Export, key, old, new);
            } else if let Some(theirs) = plugin.optional_export(key) {
                let (old, new) = self.oriented(theirs, ours);
                self.interfaces(Position::Export, key, old, new);
            } else {
                self.one_sided_optional(key, ours, self.oriented(false, true).0);
            }
        }
        for (key, theirs) in plugin.optional_exports() {
            if host.optional_export(key).is_none() && host.export(key).is_none() {
                self.one_sided_optional(key, theirs, self.oriented(true, false).0);
            }
        }
        let only_plugin =
            provided.into_iter().zip(only_plugin).filter(|(_, is_free)| *is_free).map(|(item, _)| item);
        self.unpaired(only_plugin.collect(), only_host)
    }

    fn unpaired(&self, plugin: Vec<Keyed<'a>>, host: Vec<Keyed<'a>>) -> Unpaired<'a> {
        let (old, new) = self.oriented(plugin, host);
        Unpaired { old: Singles::of(old), new: Singles::of(new) }
    }

    fn pair(&mut self, position: Position, key: &'a str, old: &'a Item, new: &'a Item) {
        match (old, new) {
            (Item::Interface(a), Item::Interface(b)) => self.interfaces(position, key, a, b),
            (Item::Function(a), Item::Function(b)) => {
                self.functions(Place { position, interface: None }, a, b);
            }
            // value types of a world are compared where its functions use them
            _ => {}
        }
    }

    /// An export that became optional, or was.
    fn changed_need(&mut self, key: &str, old: &Interface, new: &Interface) {
        let (rule, message) = if self.new.optional_export(key).is_some() {
            ("O03", format!("the export `{key}` is now optional"))
        } else {
            ("O04", format!("the export `{key}` was optional and is now demanded"))
        };
        let message = self
            .say(|| message, || format!("the host needs the interface `{key}`, and the plugin may lack it"));
        self.whole(
            rule,
            Position::Export,
            key,
            message,
            Some(text::interface(old)),
            Some(text::interface(new)),
        );
    }

    /// An optional interface that only one side knows.
    fn one_sided_optional(&mut self, key: &str, interface: &Interface, is_old: bool) {
        if self.is_component() {
            return; // the plugin does without
        }
        let part = Some(text::interface(interface));
        if is_old {
            let message = format!("the optional interface `{key}` is gone");
            self.whole("O02", Position::Export, key, message, part, None);
        } else {
            let message = format!("the optional interface `{key}` is new");
            self.whole("O01", Position::Export, key, message, None, part);
        }
    }

    /// Optional interfaces that cannot be exported alone any more.
    fn ties(&mut self) {
        let (old, new) = (self.old, self.new);
        for (key, interface) in new.optional_exports() {
            let before = old.tied_optional_exports(&[key]);
            let tied = new.tied_optional_exports(&[key]);
            let came: Vec<&str> = tied.into_iter().filter(|other| !before.contains(other)).collect();
            if !came.is_empty() {
                let others = text::names(came.into_iter());
                let message = format!("a plugin that exports `{key}` has to export {others} too");
                let was = old.optional_export(key).map(text::interface);
                self.whole("O05", Position::Export, key, message, was, Some(text::interface(interface)));
            }
        }
    }

    fn whole(
        &mut self,
        rule: &'static str,
        position: Position,
        key: &str,
        message: String,
        old: Option<Part>,
        new: Option<Part>,
    ) {
        let path = key.to_owned();
        let draft = Draft { choice: Choice::Rule(rule), path, message, old, new, verdict: None };
        self.add(draft, position, key);
    }

    /// What was imported and is exported, or the reverse.
    fn changed_roles(
        &mut self,
        from: &mut Singles<'a>,
        to: &mut Singles<'a>,
        rule: &'static str,
        position: Position,
    ) {
        if self.is_component() {
            return;
        }
        let moved: Vec<Single<'a>> = from
            .interfaces
            .iter()
            .filter(|(key, _)| to.interfaces.iter().any(|(other, _)| other == key))
            .copied()
            .collect();
        for (key, interface) in moved {
            from.interfaces.retain(|(other, _)| *other != key);
            to.interfaces.retain(|(other, _)| *other != key);
            let (was, is) = if rule == "W10" { ("imported", "exported") } else { ("exported", "imported") };
            let message = format!("`{key}` was {was} and is now {is}");
            let part = || Some(text::interface(interface));
            self.whole(rule, position, key, message, part(), part());
        }
    }

    fn one_sided_items(&mut self, position: Position, mut items: Unpaired<'a>) {
        // what no linker looks at is on no track either
        let is_looked_at =
            |(_, interface): &Single<'a>| position == Position::Export || interface.is_linked();
        let (mut old, old_rest): (Vec<_>, Vec<_>) =
            std::mem::take(&mut items.old.interfaces).into_iter().partition(is_looked_at);
        let (mut new, new_rest): (Vec<_>, Vec<_>) =
            std::mem::take(&mut items.new.interfaces).into_iter().partition(is_looked_at);
        self.changed_kinds(position, &mut old, &mut items.new.functions);
        self.changed_kinds(position, &mut new, &mut items.old.functions);
        self.tracks(position, &mut old, &mut new);
        self.other_names(position, &mut old, &mut new);
        for (key, interface) in old.into_iter().chain(old_rest) {
            self.removed_interface(position, key, interface);
        }
        for (key, interface) in new.into_iter().chain(new_rest) {
            self.added_interface(position, key, interface);
        }

        let place = Place { position, interface: None };
        let (mut removed, mut added) = (items.old.functions, items.new.functions);
        match (self.is_component(), position) {
            (true, Position::Import) => removed.clear(),
            (true, Position::Export) => added.clear(),
            (false, _) => self.renamings(place, &mut removed, &mut added),
        }
        for function in removed.values() {
            self.removed(place, function);
        }
        for function in added.values() {
            self.added_function(place, function);
        }
        self.world_resources(position, &items.old.resources, &items.new.resources);
        if !self.is_component() {
            self.world_types(position, &items.old.types, &items.new.types);
        }
    }

    /// Names that stand for an interface on one side and for a function on the other.
    fn changed_kinds(
        &mut self,
        position: Position,
        interfaces: &mut Vec<Single<'a>>,
        functions: &mut BTreeMap<String, Function>,
    ) {
        interfaces.retain(|(key, interface)| {
            let Some(function) = functions.remove(*key) else { return true };
            let message = format!("`{key}` is an interface on one side and a function on the other");
            let (a, b) = (Some(text::interface(interface)), Some(text::signature(&function)));
            self.whole("W40", position, key, message, a, b);
            false
        });
    }

    fn removed_interface(&mut self, position: Position, key: &'a str, interface: &'a Interface) {
        if self.is_component() && position == Position::Import {
            return; // the host has more than the plugin uses
        }
        let has_functions = !interface.functions().is_empty();
        let is_served = |contract: &Contract, same_track: bool| {
            contract.imports().any(|(other, item)| {
                let is_one = matches!(item, Item::Interface(_)) && plain(other) == plain(key);
                is_one && (other == key) == same_track
            })
        };
        let rule = match position {
            Position::Import if !interface.is_linked() => "W34",
            Position::Import if is_served(self.new, true) => "N21",
            Position::Import if is_served(self.new, false) => "N20",
            Position::Import => "W02",
            Position::Export if interface.remarks().feature().is_some() => "G15",
            Position::Export if has_functions => "W04",
            Position::Export => "W35",
        };
        let part = Some(text::interface(interface));
        if rule == "G15" && self.stays_unstable(position, key, exported(key), (part.clone(), None)) {
            return;
        }
        let message = self.say(
            || format!("the world no longer {}s `{}`", position.word(), interface.exact_id()),
            || {
                format!(
                    "the host needs the interface `{}`, and the plugin does not export it",
                    interface.exact_id()
                )
            },
        );
        self.tally.removed += interface.functions().len();
        self.whole(rule, position, key, message, part, None);
    }

    fn added_interface(&mut self, position: Position, key: &'a str, interface: &'a Interface) {
        if self.is_component() {
            match position {
                Position::Export => return, // nobody calls it
                Position::Import if !interface.is_linked() => return,
                Position::Import if key.starts_with("wasi:") => {
                    return self.environment.push(interface.exact_id().to_owned());
                }
                Position::Import => {}
            }
        }
        let has_functions = !interface.functions().is_empty();
        let is_served = |contract: &Contract, same_track: bool| {
            contract.imports().any(|(other, item)| {
                let is_one = matches!(item, Item::Interface(_)) && plain(other) == plain(key);
                is_one && (other == key) == same_track
            })
        };
        let has_types = !interface.types().is_empty() || !interface.resources().is_empty();
        let rule = match position {
            Position::Import if !interface.is_linked() && has_types => "W16",
            Position::Import if !interface.is_linked() => "W18",
            Position::Import if is_served(self.old, true) => "N17",
            Position::Import if is_served(self.old, false) => "N18",
            Position::Import if !has_functions => "W17",
            Position::Import => "W01",
            Position::Export if interface.remarks().feature().is_some() => "G14",
            Position::Export if has_functions => "W03",
            Position::Export if has_types => "W20",
            Position::Export => "W19",
        };
        let part = Some(text::interface(interface));
        if rule == "G14" && self.stays_unstable(position, key, exported(key), (None, part.clone())) {
            return;
        }
        let message = self.say(
            || format!("the world now {}s `{}`", position.word(), interface.exact_id()),
            || {
                format!(
                    "the plugin needs the interface `{}`, and the host does not have it",
                    interface.exact_id()
                )
            },
        );
        self.tally.added += interface.functions().len();
        self.whole(rule, position, key, message, None, part);
    }

    fn world_resources(&mut self, position: Position, old: &[&'a str], new: &[&'a str]) {
        let part = |name: &str| Some(text::part(format!("resource {name}"), None));
        if let ([was], [is]) = (old, new)
            && !self.is_component()
        {
            let message = format!("resource `{was}` is now called `{is}`");
            return self.whole("W41", position, was, message, part(was), part(is));
        }
        if !self.is_component() {
            for name in old {
                let message = format!("resource `{name}` is gone");
                self.whole("W28", position, name, message, part(name), None);
            }
        }
        for name in new {
            let message = self.say(
                || format!("resource `{name}` is new"),
                || format!("the plugin needs the resource `{name}`, and the host does not have it"),
            );
            self.whole("W26", position, name, message, None, part(name));
        }
    }

    fn world_types(&mut self, position: Position, old: &[(&'a str, &'a Type)], new: &[(&'a str, &'a Type)]) {
        for (name, ty) in old {
            let message = format!("type `{name}` of the world is gone");
            let part = Some(text::part(format!("type {name} = {}", text::describe(ty)), None));
            self.whole("W30", position, name, message, part, None);
        }
        for (name, ty) in new {
            let origin = self.new.type_origins().find(|(other, _)| other == name);
            let is_use = origin.is_some_and(|(_, origin)| matches!(origin.source(), TypeSource::Use { .. }));
            let at = origin.and_then(|(_, origin)| origin.location().cloned());
            let message = format!("type `{name}` of the world is new");
            let part = Some(text::part(format!("type {name} = {}", text::describe(ty)), at.as_ref()));
            self.whole(if is_use { "W22" } else { "W21" }, position, name, message, None, part);
        }
    }
}

type Keyed<'a> = (&'a str, &'a Item);

/// What is said about an exported interface.
fn exported(key: &str) -> impl Fn(&Contract) -> Option<&Remarks> {
    move |contract| gates::exported_interface(contract, key).map(Interface::remarks)
}

impl<'a> Singles<'a> {
    fn of(items: Vec<Keyed<'a>>) -> Singles<'a> {
        let mut out = Singles::default();
        for (key, item) in items {
            match item {
                Item::Interface(interface) => out.interfaces.push((key, interface)),
                Item::Function(function) => {
                    out.functions.insert(key.to_owned(), function.clone());
                }
                Item::Resource(_) => out.resources.push(key),
                Item::Type(ty) => out.types.push((key, ty)),
            }
        }
        out
    }
}

/// wasmtime takes the exact version if it is there, else the highest on the track.
fn counterpart(among: &[Keyed<'_>], key: &str, item: &Item) -> Option<usize> {
    let exact = match item {
        Item::Interface(interface) => Some(interface.exact_id()),
        _ => None,
    };
    let is_exact = |(other, candidate): &Keyed<'_>| {
        *other == key
            && matches!(candidate, Item::Interface(interface) if Some(interface.exact_id()) == exact)
    };
    let on_track = |(other, candidate): &Keyed<'_>| {
        *other == key
            && match (item, candidate) {
                (Item::Interface(a), Item::Interface(b)) => same_name(a, b),
                _ => true,
            }
    };
    among.iter().position(is_exact).or_else(|| among.iter().rposition(on_track))
}

/// Whether wasmtime takes two versions under one key for the same: where there is no track, names
/// have to be equal to the letter, build metadata and all.
fn same_name(a: &Interface, b: &Interface) -> bool {
    let has_track =
        |version: &semver::Version| version.pre.is_empty() && (version.major > 0 || version.minor > 0);
    a.version().is_none_or(has_track) || a.exact_id() == b.exact_id()
}

fn same_kind(a: &Item, b: &Item) -> bool {
    std::mem::discriminant(a) == std::mem::discriminant(b)
}
