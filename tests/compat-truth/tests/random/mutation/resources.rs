//! Changes of resources and their handles.

use wit_parser::{FunctionKind, Handle, Param, Type, TypeDefKind, TypeId, TypeOwner};

use super::functions::function;
use super::{Named, named};
use crate::draft::{Draft, fresh};
use crate::noise::Noise;

pub(super) const ALL: &[Named] =
    &named![resources: add, add_function, own_or_borrow, other_resource, take_handle];

fn add(draft: &mut Draft, noise: &mut Noise) -> Option<String> {
    let home = draft.some_interface(noise)?;
    let name = fresh(noise, "resource");
    let id = draft.named(home, &name, TypeDefKind::Resource);
    if noise.below(2) == 0 {
        member(draft, noise, id)?;
    }
    Some(format!("resource {name} added to {}", draft.interface_name(home)))
}

fn add_function(draft: &mut Draft, noise: &mut Noise) -> Option<String> {
    let id = *noise.choose(&draft.resources())?;
    member(draft, noise, id)
}

/// A method, static function or constructor.
fn member(draft: &mut Draft, noise: &mut Noise, id: TypeId) -> Option<String> {
    let TypeOwner::Interface(home) = draft.resolve.types[id].owner else { return None };
    let resource = draft.type_name(id);
    let new = fresh(noise, "fn");
    let (name, kind) = match noise.below(3) {
        0 => (format!("[method]{resource}.{new}"), FunctionKind::Method(id)),
        1 => (format!("[static]{resource}.{new}"), FunctionKind::Static(id)),
        _ => (format!("[constructor]{resource}"), FunctionKind::Constructor(id)),
    };
    let mut function = function(&name, kind, noise);
    match function.kind {
        FunctionKind::Method(_) => {
            let ty = draft.anonymous(TypeDefKind::Handle(Handle::Borrow(id)));
            function.params.insert(0, Param { name: "self".to_owned(), ty, span: Default::default() });
        }
        FunctionKind::Constructor(_) => {
            function.result = Some(draft.anonymous(TypeDefKind::Handle(Handle::Own(id))));
        }
        _ => {}
    }
    let functions = &mut draft.resolve.interfaces[home].functions;
    if functions.contains_key(&name) {
        return None;
    }
    functions.insert(name.clone(), function);
    Some(format!("{name} added to {}", draft.interface_name(home)))
}

/// A place where a handle stands by itself.
fn handle(draft: &mut Draft, noise: &mut Noise) -> Option<(crate::draft::Slot, Handle)> {
    let slots = draft.slots();
    let handles: Vec<_> = slots
        .into_iter()
        .filter_map(|slot| match *draft.slot(&slot) {
            Type::Id(id) => match draft.resolve.types[id].kind {
                TypeDefKind::Handle(handle) => Some((slot, handle)),
                _ => None,
            },
            _ => None,
        })
        .collect();
    noise.choose(&handles).cloned()
}

fn own_or_borrow(draft: &mut Draft, noise: &mut Noise) -> Option<String> {
    let (slot, old) = handle(draft, noise)?;
    let (new, id) = match old {
        Handle::Own(id) => (Handle::Borrow(id), id),
        Handle::Borrow(id) => (Handle::Own(id), id),
    };
    *draft.slot(&slot) = draft.anonymous(TypeDefKind::Handle(new));
    Some(format!("a handle of {} is {new:?} now", draft.type_name(id)))
}

fn other_resource(draft: &mut Draft, noise: &mut Noise) -> Option<String> {
    let (slot, old) = handle(draft, noise)?;
    let home = draft.interface_of(&slot)?;
    let near: Vec<TypeId> =
        draft.resolve.interfaces[home].types.values().copied().filter(|id| is_resource(draft, *id)).collect();
    let id = *noise.choose(&near)?;
    let new = match old {
        Handle::Own(_) => Handle::Own(id),
        Handle::Borrow(_) => Handle::Borrow(id),
    };
    *draft.slot(&slot) = draft.anonymous(TypeDefKind::Handle(new));
    Some(format!("a handle is one of {} now", draft.type_name(id)))
}

/// A handle where there was something else.
fn take_handle(draft: &mut Draft, noise: &mut Noise) -> Option<String> {
    let slots = draft.slots();
    let slot = noise.choose(&slots)?.clone();
    let home = draft.interface_of(&slot)?;
    let types = draft.resolve.interfaces[home].types.values().copied();
    let near: Vec<TypeId> = types.filter(|id| is_resource(draft, *id)).collect();
    let id = *noise.choose(&near)?;
    let new = if noise.below(2) == 0 { Handle::Own(id) } else { Handle::Borrow(id) };
    *draft.slot(&slot) = draft.anonymous(TypeDefKind::Handle(new));
    Some(format!("{new:?} of {} where there was another type", draft.type_name(id)))
}

/// Whether it is a resource or was taken from another interface as one.
fn is_resource(draft: &Draft, mut id: TypeId) -> bool {
    while let TypeDefKind::Type(Type::Id(next)) = draft.resolve.types[id].kind {
        id = next;
    }
    matches!(draft.resolve.types[id].kind, TypeDefKind::Resource)
}
