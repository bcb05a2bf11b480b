//! Changes of which type stands where, and of types' names and homes.

use wit_parser::{Result_, Tuple, Type, TypeDefKind, TypeOwner};

use super::{Named, named};
use crate::draft::{Draft, Slot, fresh};
use crate::noise::Noise;

pub(super) const ALL: &[Named] = &named![types: retype, wrap, swap, add_unused, remove_unused, rename, introduce_alias, inline_alias, move_to_new_interface];

pub(super) fn primitive(noise: &mut Noise) -> Type {
    const ALL: &[Type] = &[
        Type::Bool,
        Type::U8,
        Type::U16,
        Type::U32,
        Type::U64,
        Type::S8,
        Type::S16,
        Type::S32,
        Type::S64,
        Type::F32,
        Type::F64,
        Type::Char,
        Type::String,
    ];
    ALL[noise.below(ALL.len())]
}

fn some(draft: &mut Draft, noise: &mut Noise) -> Option<Slot> {
    noise.choose(&draft.slots()).cloned()
}

fn described(draft: &Draft, slot: &Slot) -> String {
    let home = draft.interface_of(slot).map_or("the world".to_owned(), |id| draft.interface_name(id));
    match slot {
        Slot::Param(_, at) => format!("parameter {at} of a function in {home}"),
        Slot::Result(_) => format!("result of a function in {home}"),
        Slot::Field(id, at) => format!("field {at} of {} in {home}", draft.type_name(*id)),
        Slot::Case(id, at) => format!("case {at} of {} in {home}", draft.type_name(*id)),
        Slot::Alias(id) => format!("alias {} in {home}", draft.type_name(*id)),
    }
}

fn retype(draft: &mut Draft, noise: &mut Noise) -> Option<String> {
    let slot = some(draft, noise)?;
    let new = primitive(noise);
    *draft.slot(&slot) = new;
    Some(format!("{} is {new:?} now", described(draft, &slot)))
}

fn wrap(draft: &mut Draft, noise: &mut Noise) -> Option<String> {
    let slot = some(draft, noise)?;
    let of = *draft.slot(&slot);
    let kind = match noise.below(9) {
        0 => TypeDefKind::Option(of),
        1 => TypeDefKind::List(of),
        2 => TypeDefKind::Result(Result_ { ok: Some(of), err: None }),
        3 => TypeDefKind::Result(Result_ { ok: Some(primitive(noise)), err: Some(of) }),
        4 => TypeDefKind::Tuple(Tuple { types: vec![of, primitive(noise)] }),
        5 => TypeDefKind::Map(Type::String, of),
        6 => TypeDefKind::FixedLengthList(of, 1 + noise.below(4) as u32),
        7 => TypeDefKind::Stream(Some(of)),
        _ => TypeDefKind::Future(Some(of)),
    };
    let said = format!("{} wrapped: {}", described(draft, &slot), kind.as_str());
    let wrapped = draft.anonymous(kind);
    *draft.slot(&slot) = wrapped;
    Some(said)
}

/// The types of two places of one interface change places.
fn swap(draft: &mut Draft, noise: &mut Noise) -> Option<String> {
    let one = some(draft, noise)?;
    let home = draft.interface_of(&one);
    let slots = draft.slots();
    let near: Vec<Slot> = slots.into_iter().filter(|slot| draft.interface_of(slot) == home).collect();
    let other = noise.choose(&near)?;
    let (first, second) = (*draft.slot(&one), *draft.slot(other));
    *draft.slot(&one) = second;
    *draft.slot(other) = first;
    Some(format!("types of {} and {} swapped", described(draft, &one), described(draft, other)))
}

fn add_unused(draft: &mut Draft, noise: &mut Noise) -> Option<String> {
    let id = draft.some_interface(noise)?;
    let name = fresh(noise, "type");
    let ty = primitive(noise);
    draft.named(id, &name, TypeDefKind::Type(ty));
    Some(format!("type {name} added to {}", draft.interface_name(id)))
}

/// Removes a type; where it was used, the text no longer parses, and the change is not taken.
fn remove_unused(draft: &mut Draft, noise: &mut Noise) -> Option<String> {
    let id = *noise.choose(&draft.types())?;
    let name = draft.type_name(id);
    let TypeOwner::Interface(home) = draft.resolve.types[id].owner else { return None };
    draft.resolve.interfaces[home].types.shift_remove(&name);
    Some(format!("type {name} removed from {}", draft.interface_name(home)))
}

fn rename(draft: &mut Draft, noise: &mut Noise) -> Option<String> {
    let id = *noise.choose(&draft.types())?;
    let old = draft.type_name(id);
    let new = fresh(noise, "type");
    let TypeOwner::Interface(home) = draft.resolve.types[id].owner else { return None };
    let types = &mut draft.resolve.interfaces[home].types;
    types.shift_remove(&old);
    types.insert(new.clone(), id);
    draft.resolve.types[id].name = Some(new.clone());
    Some(format!("type {old} of {} renamed to {new}", draft.interface_name(home)))
}

fn introduce_alias(draft: &mut Draft, noise: &mut Noise) -> Option<String> {
    let slot = some(draft, noise)?;
    let home = draft.interface_of(&slot)?;
    if matches!(slot, Slot::Alias(_)) {
        return None;
    }
    let name = fresh(noise, "alias");
    let ty = *draft.slot(&slot);
    let alias = draft.named(home, &name, TypeDefKind::Type(ty));
    *draft.slot(&slot) = Type::Id(alias);
    Some(format!("{} has an alias", described(draft, &slot)))
}

fn inline_alias(draft: &mut Draft, noise: &mut Noise) -> Option<String> {
    let slots = draft.slots().into_iter();
    let aliased: Vec<(Slot, Type)> = slots
        .filter_map(|slot| match *draft.slot(&slot) {
            Type::Id(id) => match draft.resolve.types[id].kind {
                TypeDefKind::Type(ty) => Some((slot, ty)),
                _ => None,
            },
            _ => None,
        })
        .collect();
    let (slot, ty) = noise.choose(&aliased)?;
    *draft.slot(slot) = *ty;
    Some(format!("{} has no alias any more", described(draft, slot)))
}

/// A type goes to an interface of its own; its old home uses it from there.
fn move_to_new_interface(draft: &mut Draft, noise: &mut Noise) -> Option<String> {
    let id = *noise.choose(&draft.types())?;
    let name = draft.type_name(id);
    let TypeOwner::Interface(home) = draft.resolve.types[id].owner else { return None };
    if matches!(draft.resolve.types[id].kind, TypeDefKind::Type(_)) {
        return None;
    }
    let package = draft.resolve.interfaces[home].package?;
    let interface_name = fresh(noise, "types");
    let mut interface = draft.resolve.interfaces[home].clone();
    interface.name = Some(interface_name.clone());
    interface.types.retain(|_, ty| *ty == id);
    interface.functions.retain(|_, function| function.kind.resource() == Some(id));
    let new = draft.resolve.interfaces.alloc(interface);
    draft.resolve.packages[package].interfaces.insert(interface_name.clone(), new);

    let old = &mut draft.resolve.interfaces[home];
    old.functions.retain(|_, function| function.kind.resource() != Some(id));
    old.types.shift_remove(&name);
    draft.resolve.types[id].owner = TypeOwner::Interface(new);
    draft.named(home, &name, TypeDefKind::Type(Type::Id(id)));
    Some(format!("type {name} moved from {} to {interface_name}", draft.interface_name(home)))
}
