//! How a finding shows what the two sides have. Everything is bounded: a component may come from
//! anyone.

use crate::compat::report::Part;
use crate::model::{Function, Interface, Location, NamedType, Type, TypeDefinition};

/// The longest text of a part, in characters.
const MAX_PART: usize = 600;
/// The most members of a type that are written out.
const MAX_MEMBERS: usize = 24;

pub(in crate::compat) fn part(text: String, location: Option<&Location>) -> Part {
    Part { text: bounded(text), location: location.cloned() }
}

pub(super) fn signature(function: &Function) -> Part {
    part(format!("{}: {}", plain_name(function.name()), function.signature()), function.location())
}

pub(super) fn interface(interface: &Interface) -> Part {
    part(format!("interface {}", interface.exact_id()), interface.location())
}

pub(super) fn definition_part(ty: &NamedType) -> Part {
    part(definition(ty), ty.location())
}

/// A named type in one line, as WIT writes it.
pub(super) fn definition(ty: &NamedType) -> String {
    let (count, members): (usize, Vec<String>) = match ty.definition() {
        TypeDefinition::Record(fields) => {
            (fields.len(), fields.iter().take(MAX_MEMBERS).map(|f| format!("{}: {}", f.name, f.ty)).collect())
        }
        TypeDefinition::Variant(cases) => (
            cases.len(),
            cases
                .iter()
                .take(MAX_MEMBERS)
                .map(|c| c.ty.as_ref().map_or_else(|| c.name.clone(), |ty| format!("{}({ty})", c.name)))
                .collect(),
        ),
        TypeDefinition::Enum(names) | TypeDefinition::Flags(names) => {
            (names.len(), names.iter().take(MAX_MEMBERS).cloned().collect())
        }
    };
    let more = if count > MAX_MEMBERS { format!(", … {count} in all") } else { String::new() };
    format!("{} {} {{ {}{more} }}", ty.definition().keyword(), ty.name(), members.join(", "))
}

/// A type in words: a named one with its definition, a handle with its interface.
pub(super) fn describe(ty: &Type) -> String {
    bounded(match ty {
        Type::Named(named) => format!("{} {}", named.definition().keyword(), named.name()),
        Type::Own(resource) => format!("own<{}> of {}", resource.name, resource.interface),
        Type::Borrow(resource) => format!("borrow<{}> of {}", resource.name, resource.interface),
        other => other.to_string(),
    })
}

/// At most a dozen names, in backquotes.
pub(super) fn names<'a>(names: impl ExactSizeIterator<Item = &'a str>) -> String {
    const SHOWN: usize = 12;
    let count = names.len();
    let mut out: Vec<String> = names.take(SHOWN).map(|name| format!("`{name}`")).collect();
    if count > SHOWN {
        out.push(format!("and {} more", count - SHOWN));
    }
    out.join(", ")
}

/// `[method]counter.add` as people say it: `counter.add`.
pub(super) fn plain_name(name: &str) -> &str {
    name.split_once(']').map_or(name, |(_, rest)| rest)
}

fn bounded(text: String) -> String {
    match text.char_indices().nth(MAX_PART) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text,
    }
}
