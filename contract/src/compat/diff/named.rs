//! Two records, variants, enums or flags.

use std::collections::{HashMap, HashSet};

use super::change::{Choice, Contexts};
use super::members::{Members, members};
use super::text;
use super::types::{Owner, Site, Spot, same_abi};
use super::walk::Walk;
use crate::model::{Case, Field, NamedType, Type, TypeDefinition};

/// Above this many cases an enum takes two bytes.
const ENUM_BYTE: usize = 256;
/// Above these many, flags take more room.
const FLAGS_ROOM: [usize; 3] = [8, 16, 32];

impl Walk<'_> {
    pub(super) fn named(&mut self, old: &NamedType, new: &NamedType, spot: &Spot<'_>) -> Vec<(usize, bool)> {
        if old.hashes() == new.hashes() && !self.is_flipped {
            return Vec::new();
        }
        let key = (std::ptr::from_ref(old), std::ptr::from_ref(new), spot.position, spot.optional);
        let found = match self.memo.get(&key) {
            Some(found) => found.clone(),
            None => {
                let own = Spot {
                    owner: Owner::Type { old, new },
                    path: type_path(old),
                    words: format!("{} `{}`", old.definition().keyword(), old.name()),
                    ..spot.clone()
                };
                let found = self.definitions(old, new, &own);
                self.memo.insert(key, found.clone());
                self.met[0].insert(type_path(old));
                self.met[1].insert(type_path(new));
                found
            }
        };
        for (index, is_own) in &found {
            let seen = Contexts { direct: spot.seen.direct && *is_own, ..spot.seen };
            self.changes.reach(*index, seen, spot.position, spot.place);
        }
        found.into_iter().map(|(index, _)| (index, false)).collect()
    }

    /// What differs between two definitions; whatever is in a named type below is not their own.
    fn definitions(&mut self, old: &NamedType, new: &NamedType, spot: &Spot<'_>) -> Vec<(usize, bool)> {
        let keywords = (old.definition().keyword(), new.definition().keyword());
        let mut found = match (old.definition(), new.definition()) {
            (TypeDefinition::Record(a), TypeDefinition::Record(b)) => self.records(a, b, spot),
            (TypeDefinition::Variant(a), TypeDefinition::Variant(b)) => self.variants(a, b, spot),
            (TypeDefinition::Enum(a), TypeDefinition::Enum(b)) => self.enums(a, b, spot),
            (TypeDefinition::Flags(a), TypeDefinition::Flags(b)) => self.flags(a, b, spot),
            _ => {
                let rule = match keywords {
                    ("variant", "enum") => "V10",
                    ("enum", "flags") => "E08",
                    ("enum", "variant") => "E09",
                    ("record", _) => "R18",
                    ("variant", _) => "V13",
                    ("enum", _) => "E10",
                    _ => "L08",
                };
                let (a, b) = keywords;
                let message = self.say(
                    || format!("{a} `{}` became {b} `{}`", old.name(), new.name()),
                    || format!("`{}` is {b} `{}` in the plugin and {a} on the host", old.name(), new.name()),
                );
                return vec![(self.keep(Choice::Rule(rule), message, spot), true)];
            }
        };
        if old.name() != new.name() && !self.is_component() {
            found.push((self.renaming(old, new, spot), true));
        }
        found
    }

    /// The name of a type is nothing to the linker, but it is in everybody's source.
    fn renaming(&mut self, old: &NamedType, new: &NamedType, spot: &Spot<'_>) -> usize {
        let both_stay = has_type(self.new, old) && has_type(self.old, new);
        let keyword = old.definition().keyword();
        let (rule, message) = if both_stay {
            ("R17", format!("`{}` is used where `{}` was, of the same shape", new.name(), old.name()))
        } else {
            let rule = match keyword {
                "record" => "R13",
                "variant" => "V14",
                "enum" => "E07",
                _ => "L09",
            };
            (rule, format!("{keyword} `{}` is now called `{}`", old.name(), new.name()))
        };
        self.keep(Choice::Rule(rule), message, spot)
    }

    fn records(&mut self, old: &[Field], new: &[Field], spot: &Spot<'_>) -> Vec<(usize, bool)> {
        let before: Vec<&str> = old.iter().map(|field| field.name.as_str()).collect();
        let after: Vec<&str> = new.iter().map(|field| field.name.as_str()).collect();
        let change = members(&before, &after, |i, j| same_abi(&old[i].ty, &new[j].ty));
        let added: HashSet<&str> = change.added.iter().copied().collect();
        let is_option = new
            .iter()
            .filter(|field| added.contains(field.name.as_str()))
            .all(|field| matches!(field.ty, Type::Option(_)));
        let same_type = old.iter().all(|field| same_abi(&field.ty, &old[0].ty));
        let rules = MemberRules {
            member: "field",
            added: Choice::FieldAdded { is_option },
            removed: "R04",
            renamed: "R05",
            reordered: if same_type { "R07" } else { "R06" },
            several: "R19",
        };
        let mut found = self.member_change(&change, (old.len(), new.len()), &rules, spot);
        let by_name: HashMap<&str, &Field> = new.iter().map(|field| (field.name.as_str(), field)).collect();
        for (i, field) in old.iter().enumerate() {
            let other = if change.renamed.is_empty() {
                by_name.get(field.name.as_str()).copied()
            } else {
                new.get(i)
            };
            let Some(other) = other else { continue };
            let words = format!("field `{}` of {}", field.name, spot.words);
            let seen = Contexts { direct: false, ..spot.seen };
            let inner = Spot { site: Site::Field, words, seen, ..spot.clone() };
            found.extend(self.types(&field.ty, &other.ty, &inner));
        }
        found
    }

    fn variants(&mut self, old: &[Case], new: &[Case], spot: &Spot<'_>) -> Vec<(usize, bool)> {
        let before: Vec<&str> = old.iter().map(|case| case.name.as_str()).collect();
        let after: Vec<&str> = new.iter().map(|case| case.name.as_str()).collect();
        let change = members(&before, &after, |i, j| match (&old[i].ty, &new[j].ty) {
            (None, None) => true,
            (Some(a), Some(b)) => same_abi(a, b),
            _ => false,
        });
        let rules = MemberRules {
            member: "case",
            added: Choice::CaseAdded { at_end: change.is_appended },
            removed: "V04",
            renamed: "V05",
            reordered: "V06",
            several: "V16",
        };
        let mut found = self.member_change(&change, (old.len(), new.len()), &rules, spot);
        let by_name: HashMap<&str, &Case> = new.iter().map(|case| (case.name.as_str(), case)).collect();
        for (i, case) in old.iter().enumerate() {
            let other =
                if change.renamed.is_empty() { by_name.get(case.name.as_str()).copied() } else { new.get(i) };
            if let Some(other) = other {
                found.extend(self.payloads(case, other, spot));
            }
        }
        found
    }

    fn payloads(&mut self, old: &Case, new: &Case, spot: &Spot<'_>) -> Vec<(usize, bool)> {
        let case = format!("case `{}` of {}", old.name, spot.words);
        let (rule, message) = match (&old.ty, &new.ty) {
            (None, None) => return Vec::new(),
            (Some(a), Some(b)) => {
                let words = format!("the payload of {case}");
                let seen = Contexts { direct: false, ..spot.seen };
                return self.types(a, b, &Spot { site: Site::Payload, words, seen, ..spot.clone() });
            }
            (None, Some(ty)) => {
                let is = text::describe(ty);
                let message = self.say(
                    || format!("{case} now carries `{is}`"),
                    || format!("{case} carries `{is}` in the plugin and nothing on the host"),
                );
                ("V07", message)
            }
            (Some(ty), None) => {
                let was = text::describe(ty);
                let message = self.say(
                    || format!("{case} no longer carries `{was}`"),
                    || format!("{case} carries `{was}` on the host and nothing in the plugin"),
                );
                ("V15", message)
            }
        };
        vec![(self.keep(Choice::Rule(rule), message, spot), true)]
    }

    fn enums(&mut self, old: &[String], new: &[String], spot: &Spot<'_>) -> Vec<(usize, bool)> {
        let change = name_lists(old, new);
        let added = if old.len() <= ENUM_BYTE && new.len() > ENUM_BYTE {
            Choice::Rule("E06")
        } else if change.is_appended {
            Choice::EnumCaseAdded
        } else {
            Choice::Rule("E12")
        };
        let rules = MemberRules {
            member: "case",
            added,
            removed: "E03",
            renamed: "E04",
            reordered: "E05",
            several: "E11",
        };
        self.member_change(&change, (old.len(), new.len()), &rules, spot)
    }

    fn flags(&mut self, old: &[String], new: &[String], spot: &Spot<'_>) -> Vec<(usize, bool)> {
        let change = name_lists(old, new);
        let outgrows = FLAGS_ROOM.iter().any(|room| old.len() <= *room && new.len() > *room);
        let added = if outgrows {
            Choice::Rule("L05")
        } else if change.is_appended {
            Choice::FlagAdded
        } else {
            Choice::Rule("L10")
        };
        let rules = MemberRules {
            member: "flag",
            added,
            removed: "L06",
            renamed: "L03",
            reordered: "L04",
            several: "L11",
        };
        self.member_change(&change, (old.len(), new.len()), &rules, spot)
    }

    /// One finding for all that became of the members of a type.
    fn member_change(
        &mut self,
        change: &Members<'_>,
        (old, new): (usize, usize),
        rules: &MemberRules,
        spot: &Spot<'_>,
    ) -> Vec<(usize, bool)> {
        let member = rules.member;
        let list = |names: &[&str]| {
            let s = if names.len() == 1 { "" } else { "s" };
            format!("the {member}{s} {}", text::names(names.iter().copied()))
        };
        let mut parts = Vec::new();
        let mut choices = Vec::new();
        if !change.added.is_empty() && !change.removed.is_empty() && self.is_component() {
            choices.extend([rules.added, Choice::Rule(rules.removed)]);
            let (has, misses) = (list(&change.added), list(&change.removed));
            parts.push(format!("has {has} in the plugin where the host has {misses}"));
        } else if !change.added.is_empty() {
            choices.push(rules.added);
            parts.push(self.say(
                || format!("gained {}", list(&change.added)),
                || format!("has {} in the plugin, and not on the host", list(&change.added)),
            ));
        }
        if !change.removed.is_empty() && choices.len() < 2 {
            choices.push(Choice::Rule(rules.removed));
            parts.push(self.say(
                || format!("lost {}", list(&change.removed)),
                || format!("has {} on the host, and not in the plugin", list(&change.removed)),
            ));
        }
        if !change.renamed.is_empty() {
            choices.push(Choice::Rule(rules.renamed));
            let pairs: Vec<String> =
                change.renamed.iter().take(12).map(|(a, b)| format!("`{a}` -> `{b}`")).collect();
            let pairs = pairs.join(", ");
            parts.push(self.say(
                || format!("has another name for a {member}: {pairs}"),
                || format!("has another name for a {member} in the plugin: {pairs}"),
            ));
        }
        if change.is_reordered {
            choices.push(Choice::Rule(rules.reordered));
            parts.push(self.say(
                || format!("has its {member}s in another order"),
                || format!("has its {member}s in another order in the plugin"),
            ));
        }
        let choice = match choices.as_slice() {
            [] => return Vec::new(),
            [only] => *only,
            _ => Choice::Rule(rules.several),
        };
        let count = if old == new || self.is_component() {
            String::new()
        } else {
            format!(" ({old} -> {new} {member}s)")
        };
        let message = format!("{} {}{count}", spot.words, parts.join(" and "));
        vec![(self.keep(choice, message, spot), true)]
    }
}

/// The rules for what can become of the members of one kind of type.
struct MemberRules {
    member: &'static str,
    added: Choice,
    removed: &'static str,
    renamed: &'static str,
    reordered: &'static str,
    several: &'static str,
}

fn name_lists<'a>(old: &'a [String], new: &'a [String]) -> Members<'a> {
    let before: Vec<&str> = old.iter().map(String::as_str).collect();
    let after: Vec<&str> = new.iter().map(String::as_str).collect();
    members(&before, &after, |_, _| true)
}

/// `acme:images/types@1#pixel`
pub(super) fn type_path(ty: &NamedType) -> String {
    match ty.owner() {
        "$world" | "" => ty.name().to_owned(),
        owner => format!("{owner}#{}", ty.name()),
    }
}

/// Whether the interface that defines `ty` in its own contract has a type of that name here.
fn has_type(contract: &crate::model::Contract, ty: &NamedType) -> bool {
    let named = |key: &str, item: &crate::model::Item| match item {
        crate::model::Item::Interface(interface) => {
            key == ty.owner() && interface.types().contains_key(ty.name())
        }
        _ => false,
    };
    contract.imports().chain(contract.exports()).any(|(key, item)| named(key, item))
}
