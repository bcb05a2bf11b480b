//! Changes of what records, variants, enums and flags consist of.

use wit_parser::{Case, EnumCase, Field, Flag, Flags, Tuple, Type, TypeDefKind, TypeId};

use super::types::primitive;
use super::{Named, named};
use crate::draft::{Draft, fresh};
use crate::noise::Noise;

pub(super) const ALL: &[Named] = &named![members: add, remove, rename, reorder, record_to_tuple, enum_to_flags, flags_to_enum, enum_to_variant, toggle_payload];

/// A type that has members, and how many.
fn some(draft: &Draft, noise: &mut Noise) -> Option<(TypeId, usize)> {
    let sized: Vec<_> = draft
        .types()
        .into_iter()
        .filter_map(|id| match &draft.resolve.types[id].kind {
            TypeDefKind::Record(record) => Some((id, record.fields.len())),
            TypeDefKind::Variant(variant) => Some((id, variant.cases.len())),
            TypeDefKind::Enum(names) => Some((id, names.cases.len())),
            TypeDefKind::Flags(flags) => Some((id, flags.flags.len())),
            _ => None,
        })
        .collect();
    noise.choose(&sized).copied()
}

/// A type of a kind.
fn of(draft: &Draft, noise: &mut Noise, kind: fn(&TypeDefKind) -> bool) -> Option<TypeId> {
    let types = draft.types().into_iter();
    let types: Vec<TypeId> = types.filter(|id| kind(&draft.resolve.types[*id].kind)).collect();
    noise.choose(&types).copied()
}

fn add(draft: &mut Draft, noise: &mut Noise) -> Option<String> {
    let (id, count) = some(draft, noise)?;
    let name = fresh(noise, "member");
    let at = noise.below(count + 1);
    let said = format!("{name} added to {} at {at}", draft.type_name(id));
    let (docs, span) = (Default::default(), Default::default());
    match &mut draft.resolve.types[id].kind {
        TypeDefKind::Record(record) => {
            record.fields.insert(at, Field { name, ty: primitive(noise), docs, span });
        }
        TypeDefKind::Variant(variant) => {
            let ty = if noise.below(2) == 0 { None } else { Some(primitive(noise)) };
            variant.cases.insert(at, Case { name, ty, docs, span });
        }
        TypeDefKind::Enum(names) => names.cases.insert(at, EnumCase { name, docs, span }),
        TypeDefKind::Flags(flags) => flags.flags.insert(at, Flag { name, docs, span }),
        _ => return None,
    }
    Some(said)
}

fn remove(draft: &mut Draft, noise: &mut Noise) -> Option<String> {
    let (id, count) = some(draft, noise)?;
    if count < 2 {
        return None;
    }
    let at = noise.below(count);
    match &mut draft.resolve.types[id].kind {
        TypeDefKind::Record(record) => drop(record.fields.remove(at)),
        TypeDefKind::Variant(variant) => drop(variant.cases.remove(at)),
        TypeDefKind::Enum(names) => drop(names.cases.remove(at)),
        TypeDefKind::Flags(flags) => drop(flags.flags.remove(at)),
        _ => return None,
    }
    Some(format!("member {at} of {} removed", draft.type_name(id)))
}

fn rename(draft: &mut Draft, noise: &mut Noise) -> Option<String> {
    let (id, count) = some(draft, noise)?;
    let at = noise.below(count);
    let name = fresh(noise, "member");
    match &mut draft.resolve.types[id].kind {
        TypeDefKind::Record(record) => record.fields[at].name = name,
        TypeDefKind::Variant(variant) => variant.cases[at].name = name,
        TypeDefKind::Enum(names) => names.cases[at].name = name,
        TypeDefKind::Flags(flags) => flags.flags[at].name = name,
        _ => return None,
    }
    Some(format!("member {at} of {} renamed", draft.type_name(id)))
}

fn reorder(draft: &mut Draft, noise: &mut Noise) -> Option<String> {
    let (id, count) = some(draft, noise)?;
    let (one, other) = (noise.below(count), noise.below(count));
    match &mut draft.resolve.types[id].kind {
        TypeDefKind::Record(record) => record.fields.swap(one, other),
        TypeDefKind::Variant(variant) => variant.cases.swap(one, other),
        TypeDefKind::Enum(names) => names.cases.swap(one, other),
        TypeDefKind::Flags(flags) => flags.flags.swap(one, other),
        _ => return None,
    }
    Some(format!("members {one} and {other} of {} swapped", draft.type_name(id)))
}

fn record_to_tuple(draft: &mut Draft, noise: &mut Noise) -> Option<String> {
    let id = of(draft, noise, |kind| matches!(kind, TypeDefKind::Record(_)))?;
    let TypeDefKind::Record(record) = &draft.resolve.types[id].kind else { return None };
    let types: Vec<Type> = record.fields.iter().map(|field| field.ty).collect();
    draft.resolve.types[id].kind = TypeDefKind::Tuple(Tuple { types });
    Some(format!("record {} made a tuple", draft.type_name(id)))
}

fn enum_to_flags(draft: &mut Draft, noise: &mut Noise) -> Option<String> {
    let id = of(draft, noise, |kind| matches!(kind, TypeDefKind::Enum(_)))?;
    let TypeDefKind::Enum(names) = &draft.resolve.types[id].kind else { return None };
    let cases = names.cases.iter().cloned();
    let flags = cases.map(|case| Flag { name: case.name, docs: case.docs, span: case.span }).collect();
    draft.resolve.types[id].kind = TypeDefKind::Flags(Flags { flags });
    Some(format!("enum {} made flags", draft.type_name(id)))
}

fn flags_to_enum(draft: &mut Draft, noise: &mut Noise) -> Option<String> {
    let id = of(draft, noise, |kind| matches!(kind, TypeDefKind::Flags(_)))?;
    let TypeDefKind::Flags(flags) = &draft.resolve.types[id].kind else { return None };
    let flags = flags.flags.iter().cloned();
    let cases = flags.map(|flag| EnumCase { name: flag.name, docs: flag.docs, span: flag.span }).collect();
    draft.resolve.types[id].kind = TypeDefKind::Enum(wit_parser::Enum { cases });
    Some(format!("flags {} made an enum", draft.type_name(id)))
}

fn enum_to_variant(draft: &mut Draft, noise: &mut Noise) -> Option<String> {
    let id = of(draft, noise, |kind| matches!(kind, TypeDefKind::Enum(_)))?;
    let TypeDefKind::Enum(names) = &draft.resolve.types[id].kind else { return None };
    let cases = names.cases.iter().cloned();
    let cases =
        cases.map(|case| Case { name: case.name, ty: None, docs: case.docs, span: case.span }).collect();
    draft.resolve.types[id].kind = TypeDefKind::Variant(wit_parser::Variant { cases });
    Some(format!("enum {} made a variant", draft.type_name(id)))
}

fn toggle_payload(draft: &mut Draft, noise: &mut Noise) -> Option<String> {
    let id = of(draft, noise, |kind| matches!(kind, TypeDefKind::Variant(_)))?;
    let ty = primitive(noise);
    let TypeDefKind::Variant(variant) = &mut draft.resolve.types[id].kind else { return None };
    let at = noise.below(variant.cases.len());
    let case = &mut variant.cases[at];
    case.ty = if case.ty.is_some() { None } else { Some(ty) };
    Some(format!("payload of case {at} of {} added or removed", draft.type_name(id)))
}
