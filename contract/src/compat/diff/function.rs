//! Two functions of one name.

use super::change::{Choice, Contexts, Position};
use super::retyped::world_signature;
use super::text;
use super::types::{Callee, Owner, Site, Spot};
use super::walk::Walk;
use crate::compat::edition::Linker;
use crate::model::{Function, Param, Type, TypeDefinition};

/// Where a function stands.
#[derive(Clone, Copy)]
pub(super) struct Place<'a> {
    pub(super) position: Position,
    /// The track name of its interface; none for a function of the world itself.
    pub(super) interface: Option<&'a str>,
}

impl Place<'_> {
    pub(super) fn path(&self, name: &str) -> String {
        match self.interface {
            Some(interface) => format!("{interface}#{name}"),
            None => name.to_owned(),
        }
    }

    pub(super) fn callee(&self, name: &str) -> Callee {
        match name.split_once(']') {
            Some(("[method" | "[async method", _)) => Callee::Method,
            Some(("[static" | "[async static", _)) => Callee::Static,
            Some(("[constructor", _)) => Callee::Constructor,
            _ if self.interface.is_none() => Callee::WorldFunction,
            _ => Callee::Function,
        }
    }
}

impl Walk<'_> {
    pub(super) fn functions(&mut self, place: Place<'_>, old: &Function, new: &Function) {
        let path = place.path(new.name());
        let is_equal = old.hashes() == new.hashes();
        if is_equal {
            self.tally.equal += 1;
        } else {
            self.tally.changed += 1;
        }
        self.remarks(
            place.position,
            &path,
            old.remarks(),
            new.remarks(),
            false,
            Some((old.location(), new.location())),
        );
        if !is_equal || self.is_flipped {
            self.signatures(place, path, old, new);
        }
    }

    /// What differs between two functions that are one to their callers, at `path`.
    pub(super) fn signatures(&mut self, place: Place<'_>, path: String, old: &Function, new: &Function) {
        let callee = place.callee(new.name());
        let spot = Spot {
            position: place.position,
            optional: self.are_optional(place.position, place.interface),
            place: &path,
            owner: Owner::Function { callee, old, new },
            path: path.clone(),
            site: Site::Param,
            words: String::new(),
            seen: Contexts { direct: true, plain: true, ..Contexts::default() },
        };
        self.asynchrony(callee, old, new, &spot);
        self.params(callee, old, new, &spot);
        self.results(callee, old, new, &spot);
    }

    fn asynchrony(&mut self, callee: Callee, old: &Function, new: &Function, spot: &Spot<'_>) {
        if old.is_async() == new.is_async() {
            return;
        }
        let rule = match (callee, spot.position, new.is_async()) {
            (Callee::WorldFunction, Position::Export, true) => "A03",
            (Callee::WorldFunction, Position::Export, false) => "A19",
            (Callee::WorldFunction, Position::Import, true) => "A21",
            (Callee::WorldFunction, Position::Import, false) => "A22",
            (Callee::Method | Callee::Static, _, true) => "A04",
            (Callee::Method | Callee::Static, _, false) => "A20",
            (_, _, true) => "A01",
            (_, _, false) => "A02",
        };
        let name = text::plain_name(new.name());
        let (was, is) = if old.is_async() { ("async", "not async") } else { ("not async", "async") };
        let message = self.say(
            || format!("`{name}` was {was} and is now {is}"),
            || format!("`{name}` is {is} in the plugin and {was} on the host"),
        );
        self.keep(Choice::Rule(rule), message, spot);
    }

    fn params(&mut self, callee: Callee, old: &Function, new: &Function, spot: &Spot<'_>) {
        let (before, after) = (old.params(), new.params());
        let spot = Spot { seen: Contexts { param: true, ..spot.seen }, ..spot.clone() };
        if before.len() != after.len() {
            self.number_of_params(callee, before, after, &spot);
            return;
        }
        let renamed: Vec<(&str, &str)> = before
            .iter()
            .zip(after)
            .filter(|(a, b)| a.name != b.name)
            .map(|(a, b)| (a.name.as_str(), b.name.as_str()))
            .collect();
        if !renamed.is_empty() {
            let (mut left, mut right): (Vec<_>, Vec<_>) = renamed.iter().copied().unzip();
            left.sort_unstable();
            right.sort_unstable();
            let is_permuted = left == right;
            let links = self.link_in_place(before, after, &spot);
            let (rule, message) = if is_permuted {
                let message = self.say(
                    || "the parameters come in another order".to_owned(),
                    || "the parameters come in another order in the plugin".to_owned(),
                );
                let rule = match (callee, links) {
                    (Callee::WorldFunction, true) => "W37",
                    (_, true) => "F10",
                    (Callee::Function, false) => "F09",
                    (_, false) => of_signature(callee, spot.position, "F09"),
                };
                (rule, message)
            } else {
                let pairs: Vec<String> =
                    renamed.iter().take(12).map(|(a, b)| format!("`{a}` -> `{b}`")).collect();
                let pairs = pairs.join(", ");
                let message = self.say(
                    || format!("a parameter has another name: {pairs}"),
                    || format!("a parameter has another name in the plugin: {pairs}"),
                );
                let rule = match (callee, spot.position) {
                    (Callee::WorldFunction, Position::Export) => "W09",
                    (Callee::WorldFunction, Position::Import) => "W36",
                    _ => "F08",
                };
                (rule, message)
            };
            self.keep(Choice::Rule(rule), message, &spot);
            if is_permuted {
                return;
            }
        }
        for (a, b) in before.iter().zip(after) {
            self.types(&a.ty, &b.ty, &Spot { words: format!("parameter `{}`", b.name), ..spot.clone() });
        }
    }

    /// Whether parameters link by their positions, whatever they are called.
    fn link_in_place(&mut self, before: &[Param], after: &[Param], spot: &Spot<'_>) -> bool {
        // compared on trial: what is found counts for the order, and not by itself
        let changes = std::mem::take(&mut self.changes);
        let (memo, retyped) = (std::mem::take(&mut self.memo), std::mem::take(&mut self.retyped));
        for (a, b) in before.iter().zip(after) {
            self.types(&a.ty, &b.ty, spot);
        }
        self.memo = memo;
        self.retyped = retyped;
        let found = std::mem::replace(&mut self.changes, changes).finish();
        found.iter().all(|change| change.outcome(self.direction, Linker::Wasmtime).0.links())
    }

    /// More or fewer parameters than before.
    fn number_of_params(&mut self, callee: Callee, before: &[Param], after: &[Param], spot: &Spot<'_>) {
        let only = |these: &[Param], those: &[Param]| -> Vec<String> {
            these
                .iter()
                .filter(|param| !those.iter().any(|other| other.name == param.name))
                .map(|param| param.name.clone())
                .collect()
        };
        let (added, removed) = (only(after, before), only(before, after));
        let plain = if folds(before, after) {
            "F14"
        } else if folds(after, before) {
            "F29"
        } else if is_appended_option(before, after) {
            "F06"
        } else if removed.is_empty() {
            "F05"
        } else if added.is_empty() {
            "F07"
        } else {
            "F26"
        };
        let rule = of_signature(callee, spot.position, plain);
        let names = |names: &[String]| text::names(names.iter().map(String::as_str));
        let what = match (added.is_empty(), removed.is_empty()) {
            (true, true) => "has another number of parameters".to_owned(),
            (false, true) => self.say(
                || format!("gained the parameter {}", names(&added)),
                || format!("has the parameter {} in the plugin, and not on the host", names(&added)),
            ),
            (true, false) => self.say(
                || format!("lost the parameter {}", names(&removed)),
                || format!("has the parameter {} on the host, and not in the plugin", names(&removed)),
            ),
            (false, false) => self.say(
                || format!("gained the parameter {} and lost {}", names(&added), names(&removed)),
                || format!("takes {} in the plugin where the host has {}", names(&added), names(&removed)),
            ),
        };
        let Owner::Function { new, .. } = spot.owner else { return };
        let message = format!("`{}` {what}", text::plain_name(new.name()));
        self.keep(Choice::Rule(rule), message, spot);
    }

    fn results(&mut self, callee: Callee, old: &Function, new: &Function, spot: &Spot<'_>) {
        let seen = Contexts { result: true, ..spot.seen };
        let words = "the result".to_owned();
        let spot = Spot { site: Site::Result, words, seen, ..spot.clone() };
        let rule = |plain| of_signature(callee, spot.position, plain);
        let name = text::plain_name(new.name());
        match (old.result(), new.result()) {
            (None, None) => {}
            (Some(a), Some(b)) => {
                self.types(a, b, &spot);
            }
            (None, Some(b)) => {
                let is = text::describe(b);
                let message = self.say(
                    || format!("`{name}` now returns `{is}`"),
                    || format!("`{name}` returns `{is}` in the plugin and nothing on the host"),
                );
                self.keep(Choice::Rule(rule("F15")), message, &spot);
            }
            (Some(a), None) => {
                let was = text::describe(a);
                let message = self.say(
                    || format!("`{name}` no longer returns `{was}`"),
                    || format!("`{name}` returns `{was}` on the host and nothing in the plugin"),
                );
                self.keep(Choice::Rule(rule("F16")), message, &spot);
            }
        }
    }
}

/// The rule for a signature: those of a plain function are told apart.
fn of_signature(callee: Callee, position: Position, plain: &'static str) -> &'static str {
    match callee {
        Callee::Function => plain,
        Callee::Method => "S11",
        Callee::Static => "S13",
        Callee::Constructor => "S16",
        Callee::WorldFunction => world_signature(position),
    }
}

/// Whether the old parameters became the fields of one record.
fn folds(before: &[Param], after: &[Param]) -> bool {
    let [only] = after else { return false };
    let Type::Named(record) = &only.ty else { return false };
    let TypeDefinition::Record(fields) = record.definition() else { return false };
    fields.len() == before.len() && fields.iter().zip(before).all(|(field, param)| field.name == param.name)
}

/// Whether the new parameters are the old ones and then options.
fn is_appended_option(before: &[Param], after: &[Param]) -> bool {
    let Some((kept, added)) = after.split_at_checked(before.len()) else { return false };
    kept.iter().zip(before).all(|(a, b)| a.name == b.name)
        && added.iter().all(|param| matches!(param.ty, Type::Option(_)))
}
