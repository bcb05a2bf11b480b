//! The types that an interface names: what no function shows, and who defines what.

use std::collections::{HashMap, HashSet, VecDeque};

use super::change::{Choice, Draft, Position};
use super::named::type_path;
use super::text;
use super::types::same_abi;
use super::walk::Walk;
use crate::compat::report::Part;
use crate::model::{Interface, Item, NamedType, ResourceId, Type, TypeDefinition, TypeOrigin, TypeSource};

/// A name of one of the two interfaces with all that is known of it.
#[derive(Clone, Copy)]
struct Entry<'a> {
    name: &'a str,
    ty: &'a Type,
    origin: &'a TypeOrigin,
}

impl Walk<'_> {
    pub(super) fn listing(&mut self, position: Position, key: &str, old: &Interface, new: &Interface) {
        let (before, after) = (entries(old), entries(new));
        let gone: Vec<Entry<'_>> =
            before.iter().filter(|e| !new.types().contains_key(e.name)).copied().collect();
        let come: Vec<Entry<'_>> =
            after.iter().filter(|e| !old.types().contains_key(e.name)).copied().collect();
        let mut free: HashMap<Shape, VecDeque<Entry<'_>>> = HashMap::new();
        for entry in &come {
            free.entry(shape(entry)).or_default().push_back(*entry);
        }
        let mut listing = Listing { position, key, old, new, come, taken: HashSet::new(), free };
        let by_name: HashMap<&str, Entry<'_>> = after.iter().map(|entry| (entry.name, *entry)).collect();
        for entry in &before {
            if let Some(other) = by_name.get(entry.name) {
                self.both(&listing, *entry, *other);
            }
        }
        for entry in gone {
            if !self.turned(&listing, entry, new, false) {
                self.gone(&mut listing, entry);
            }
        }
        let Listing { come, taken, .. } = &listing;
        for entry in come.iter().filter(|entry| !taken.contains(entry.name)) {
            if !self.turned(&listing, *entry, old, true) {
                self.come(&listing, *entry);
            }
        }
    }

    /// A name that both have.
    fn both(&mut self, listing: &Listing<'_>, old: Entry<'_>, new: Entry<'_>) {
        use TypeSource::{Alias, Definition, Use};
        if old.ty == new.ty {
            let (rule, message) = match (old.origin.source(), new.origin.source()) {
                (Definition, Use { interface, .. }) => ("T06", format!("moved to {interface}")),
                (Use { interface, .. }, Definition) => {
                    ("T09", format!("was taken from {interface} and is now a copy of its own"))
                }
                (Use { interface: a, name: x }, Use { interface: b, name: y }) if (a, x) != (b, y) => {
                    ("T16", format!("is now taken from {b}, not from {a}"))
                }
                (Alias, Definition) | (Definition, Alias) => {
                    ("R24", "is defined in another way, with the same shape".to_owned())
                }
                _ => return,
            };
            let message = format!("type `{}` {message}", new.name);
            return self.listed(rule, listing, message, Some(old), Some(new));
        }
        match (old.origin.source(), new.origin.source(), old.ty, new.ty) {
            (Alias, Definition, ..) | (Definition, Alias, ..) if same_abi(old.ty, new.ty) => {
                let message = format!("type `{}` is defined in another way, with the same shape", new.name);
                self.listed("R24", listing, message, Some(old), Some(new));
            }
            // an alias of something without a name of its own
            (Alias, Alias, _, _) if !matches!((old.ty, new.ty), (Type::Named(_), Type::Named(_))) => {
                let (was, is) = (text::describe(old.ty), text::describe(new.ty));
                let message = format!("type `{}` stood for `{was}` and now stands for `{is}`", new.name);
                let blamed =
                    self.blame("T02", listing, new.name, (old.ty, new.ty), &message, [part(old), part(new)]);
                if !blamed && !same_abi(old.ty, new.ty) && !uses(listing.old, old.ty) {
                    self.listed("T05", listing, message, Some(old), Some(new));
                }
            }
            (Definition, Definition, Type::Named(a), Type::Named(b))
                if !self.was_met(0, a) && !same_members(a, b) =>
            {
                let (rule, what) = match (a.definition(), b.definition()) {
                    (TypeDefinition::Record(x), TypeDefinition::Record(y)) if y.len() > x.len() => {
                        ("R14", "gained a field")
                    }
                    _ => ("R23", "changed"),
                };
                let keyword = a.definition().keyword();
                let message = format!("{keyword} `{}`, which no function uses, {what}", new.name);
                self.listed(rule, listing, message, Some(old), Some(new));
            }
            _ => {}
        }
    }

    /// Puts the blame for changed signatures on the name that they use.
    fn blame(
        &mut self,
        rule: &'static str,
        listing: &Listing<'_>,
        name: &str,
        (was, is): (&Type, &Type),
        message: &str,
        [old, new]: [Part; 2],
    ) -> bool {
        let same = |a: &Type, b: &Type| match (a, b) {
            // the name of a resource stands for both of its handles
            (Type::Own(a) | Type::Borrow(a), Type::Own(b) | Type::Borrow(b)) => a == b,
            _ => a == b,
        };
        let guilty: Vec<usize> = self
            .retyped
            .iter()
            .filter(|(_, a, b)| same(a, was) && same(b, is))
            .map(|(index, ..)| *index)
            .collect();
        let draft = Draft {
            choice: Choice::Rule(rule),
            path: format!("{}#{name}", listing.key),
            message: message.to_owned(),
            old: Some(old),
            new: Some(new),
            verdict: None,
        };
        self.changes.replace(&guilty, listing.position, listing.key, draft)
    }

    /// A name that stood for a resource and stands for a value type, or the reverse.
    fn turned(
        &mut self,
        listing: &Listing<'_>,
        entry: Entry<'_>,
        resources: &Interface,
        is_new: bool,
    ) -> bool {
        if !resources.resources().contains(entry.name) {
            return false;
        }
        let id = ResourceId { interface: listing.key.to_owned(), name: entry.name.to_owned() };
        let handle = Type::Own(id);
        let origin = resources.type_origins().get(entry.name).and_then(TypeOrigin::location);
        let resource = text::part(format!("resource {}", entry.name), origin);
        let name = entry.name;
        let is_record =
            matches!(entry.ty, Type::Named(ty) if matches!(ty.definition(), TypeDefinition::Record(_)));
        if is_new {
            let rule = if is_record { "R22" } else { "T14" };
            let message = format!("`{name}` was a resource and is now a value type");
            self.blame(rule, listing, name, (&handle, entry.ty), &message, [resource, part(entry)])
        } else {
            let rule = if is_record { "R12" } else { "T19" };
            let message = format!("`{name}` was a value type and is now a resource");
            self.blame(rule, listing, name, (entry.ty, &handle), &message, [part(entry), resource])
        }
    }

    /// A name that only the old interface has.
    fn gone(&mut self, listing: &mut Listing<'_>, entry: Entry<'_>) {
        let other = listing.free.get_mut(&shape(&entry)).and_then(VecDeque::pop_front);
        let name = entry.name;
        let (rule, message) = match (entry.origin.source(), other) {
            (TypeSource::Definition, Some(other)) => {
                let Type::Named(ty) = entry.ty else { return };
                listing.taken.insert(other.name);
                if self.was_met(0, ty) {
                    return; // found where functions use it
                }
                let rule = match ty.definition() {
                    TypeDefinition::Record(_) => "R13",
                    TypeDefinition::Variant(_) => "V14",
                    TypeDefinition::Enum(_) => "E07",
                    TypeDefinition::Flags(_) => "L09",
                };
                let message =
                    format!("{} `{name}` is now called `{}`", ty.definition().keyword(), other.name);
                // the same words as where a function uses it, so that both are one finding
                let draft = Draft {
                    choice: Choice::Rule(rule),
                    path: type_path(ty),
                    message,
                    old: Some(part(entry)),
                    new: Some(part(other)),
                    verdict: None,
                };
                return self.add(draft, listing.position, listing.key);
            }
            (TypeSource::Definition, None) => {
                if let Type::Named(ty) = entry.ty
                    && self.was_met(0, ty)
                {
                    return;
                }
                let is_unstable = entry.origin.remarks().feature().is_some();
                (if is_unstable { "G10" } else { "R15" }, format!("type `{name}` is gone"))
            }
            (TypeSource::Alias, Some(other)) => {
                listing.taken.insert(other.name);
                ("T03", format!("alias `{name}` is now called `{}`", other.name))
            }
            (TypeSource::Use { .. }, Some(other)) => {
                listing.taken.insert(other.name);
                ("T07", format!("`{name}` is now used under the name `{}`", other.name))
            }
            (TypeSource::Alias, None) if uses(listing.new, entry.ty) => {
                ("T04", format!("alias `{name}` is gone, and what it stood for is written out"))
            }
            (TypeSource::Alias | TypeSource::Use { .. }, None) => {
                ("T15", format!("the name `{name}` is gone"))
            }
        };
        self.listed(rule, listing, message, Some(entry), other);
    }

    /// A name that only the new interface has.
    fn come(&mut self, listing: &Listing<'_>, entry: Entry<'_>) {
        let name = entry.name;
        let (rule, message) = match (entry.origin.source(), entry.ty) {
            _ if entry.origin.remarks().feature().is_some() => ("G05", format!("type `{name}` is new")),
            (TypeSource::Definition, Type::Named(ty)) if self.was_met(1, ty) => return,
            (TypeSource::Definition, _) if self.was_unstable_type(listing, name) => {
                ("G13", format!("type `{name}` is no longer behind a feature"))
            }
            (TypeSource::Definition, _) => ("R16", format!("type `{name}` is new")),
            (TypeSource::Use { interface, .. }, _) => {
                ("T08", format!("`{name}` is now taken from {interface}"))
            }
            (TypeSource::Alias, Type::Own(_)) => ("S23", format!("alias `{name}` of a resource is new")),
            (TypeSource::Alias, _) => ("T01", format!("alias `{name}` is new")),
        };
        self.listed(rule, listing, message, None, Some(entry));
    }

    fn listed(
        &mut self,
        rule: &'static str,
        listing: &Listing<'_>,
        message: String,
        old: Option<Entry<'_>>,
        new: Option<Entry<'_>>,
    ) {
        let name = old.or(new).map_or("", |entry| entry.name);
        let draft = Draft {
            choice: Choice::Rule(rule),
            path: format!("{}#{name}", listing.key),
            message,
            old: old.map(part),
            new: new.map(part),
            verdict: None,
        };
        self.add(draft, listing.position, listing.key);
    }

    /// Whether the old contract has the type behind a feature.
    fn was_unstable_type(&self, listing: &Listing<'_>, name: &str) -> bool {
        let Some(unstable) = self.unstable[0] else { return false };
        let item = match listing.position {
            Position::Import => unstable.import(listing.key),
            Position::Export => unstable.export(listing.key),
        };
        matches!(item, Some(Item::Interface(interface))
            if interface.type_origins().get(name).is_some_and(|o| o.remarks().feature().is_some()))
    }

    /// Whether some function led to the type of the old contract (0) or the new one (1), and it was
    /// compared there.
    fn was_met(&self, side: usize, ty: &NamedType) -> bool {
        self.met[side].contains(&type_path(ty))
    }
}

struct Listing<'a> {
    position: Position,
    key: &'a str,
    old: &'a Interface,
    new: &'a Interface,
    come: Vec<Entry<'a>>,
    /// New names that are old ones under another name.
    taken: HashSet<&'a str>,
    /// Those that may be, by shape, in the order of their names.
    free: HashMap<Shape, VecDeque<Entry<'a>>>,
}

/// What tells types apart whatever their names: how the name came to be, and what the linker sees.
type Shape = (u8, String);

fn shape(entry: &Entry<'_>) -> Shape {
    let source = match entry.origin.source() {
        TypeSource::Definition => 0,
        TypeSource::Alias => 1,
        TypeSource::Use { .. } => 2,
    };
    let ty = match entry.ty {
        Type::Named(ty) => format!("{} {}", ty.definition().keyword(), ty.hashes().abi),
        other => other.to_string(),
    };
    (source, ty)
}

fn entries(interface: &Interface) -> Vec<Entry<'_>> {
    let types = interface.types().iter();
    types
        .filter_map(|(name, ty)| Some(Entry { name, ty, origin: interface.type_origins().get(name)? }))
        .collect()
}

fn part(entry: Entry<'_>) -> Part {
    let text = match (entry.origin.source(), entry.ty) {
        (TypeSource::Definition, Type::Named(ty)) => text::definition(ty),
        (TypeSource::Use { interface, name }, _) if name == entry.name => {
            format!("use {interface}.{{{name}}}")
        }
        (TypeSource::Use { interface, name }, _) => format!("use {interface}.{{{name} as {}}}", entry.name),
        _ => format!("type {} = {}", entry.name, text::describe(entry.ty)),
    };
    text::part(text, entry.origin.location())
}

/// Whether two definitions read the same: then only a type that they name has changed.
fn same_members(a: &NamedType, b: &NamedType) -> bool {
    match (a.definition(), b.definition()) {
        (TypeDefinition::Record(a), TypeDefinition::Record(b)) => {
            a.len() == b.len()
                && a.iter().zip(b).all(|(a, b)| a.name == b.name && a.ty.to_string() == b.ty.to_string())
        }
        (TypeDefinition::Variant(a), TypeDefinition::Variant(b)) => {
            let payload = |ty: &Option<Type>| ty.as_ref().map(ToString::to_string);
            a.len() == b.len()
                && a.iter().zip(b).all(|(a, b)| a.name == b.name && payload(&a.ty) == payload(&b.ty))
        }
        _ => false,
    }
}

/// Whether a signature of the interface has the type anywhere in it.
fn uses(interface: &Interface, wanted: &Type) -> bool {
    interface.functions().values().any(|function| {
        function.params().iter().any(|param| contains(&param.ty, wanted))
            || function.result().is_some_and(|ty| contains(ty, wanted))
    })
}

fn contains(ty: &Type, wanted: &Type) -> bool {
    if ty == wanted {
        return true;
    }
    let optional = |ty: &Option<std::sync::Arc<Type>>| ty.as_ref().is_some_and(|ty| contains(ty, wanted));
    match ty {
        Type::Tuple(types) => types.iter().any(|ty| contains(ty, wanted)),
        Type::Option(ty) | Type::List(ty) | Type::FixedList(ty, _) => contains(ty, wanted),
        Type::Map(pair) => contains(&pair.0, wanted) || contains(&pair.1, wanted),
        Type::Result(ok, err) => optional(ok) || optional(err),
        Type::Future(ty) | Type::Stream(ty) => optional(ty),
        Type::Named(named) => match named.definition() {
            TypeDefinition::Record(fields) => fields.iter().any(|field| contains(&field.ty, wanted)),
            TypeDefinition::Variant(cases) => {
                cases.iter().any(|case| case.ty.as_ref().is_some_and(|ty| contains(ty, wanted)))
            }
            TypeDefinition::Enum(_) | TypeDefinition::Flags(_) => false,
        },
        Type::Primitive(_) | Type::Own(_) | Type::Borrow(_) => false,
    }
}
