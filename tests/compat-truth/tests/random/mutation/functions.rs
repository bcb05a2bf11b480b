//! Changes of functions and what they take and give.

use wit_parser::{Function, FunctionKind, Param, WorldItem, WorldKey};

use super::types::primitive;
use super::{Named, named};
use crate::draft::{Draft, Place, fresh, is_method};
use crate::noise::Noise;

pub(super) const ALL: &[Named] = &named![functions: add, remove, rename, reorder, add_param, remove_param, rename_param, reorder_params, toggle_result, toggle_async];

fn some(draft: &Draft, noise: &mut Noise) -> Option<Place> {
    noise.choose(&draft.functions()).cloned()
}

fn named(place: &Place) -> String {
    match place {
        Place::Interface(_, name)
        | Place::Import(WorldKey::Name(name))
        | Place::Export(WorldKey::Name(name)) => name.clone(),
        Place::Import(WorldKey::Interface(_)) | Place::Export(WorldKey::Interface(_)) => String::new(),
    }
}

pub(super) fn function(name: &str, kind: FunctionKind, noise: &mut Noise) -> Function {
    let params = ["first", "second"].iter().take(noise.below(3));
    Function {
        name: name.to_owned(),
        kind,
        params: params.map(|name| param(name, noise)).collect(),
        result: if noise.below(2) == 0 { None } else { Some(primitive(noise)) },
        docs: Default::default(),
        stability: Default::default(),
        span: Default::default(),
        external_id: None,
    }
}

pub(super) fn param(name: &str, noise: &mut Noise) -> Param {
    Param { name: name.to_owned(), ty: primitive(noise), span: Default::default() }
}

fn add(draft: &mut Draft, noise: &mut Noise) -> Option<String> {
    let id = draft.some_interface(noise)?;
    let name = fresh(noise, "fn");
    let function = function(&name, FunctionKind::Freestanding, noise);
    draft.resolve.interfaces[id].functions.insert(name.clone(), function);
    Some(format!("function {name} added to {}", draft.interface_name(id)))
}

fn remove(draft: &mut Draft, noise: &mut Noise) -> Option<String> {
    let place = some(draft, noise)?;
    match &place {
        Place::Interface(id, name) => drop(draft.resolve.interfaces[*id].functions.shift_remove(name)),
        Place::Import(key) => drop(draft.world_mut().imports.shift_remove(key)),
        Place::Export(key) => drop(draft.world_mut().exports.shift_remove(key)),
    }
    Some(format!("function {} removed", named(&place)))
}

fn rename(draft: &mut Draft, noise: &mut Noise) -> Option<String> {
    let place = some(draft, noise)?;
    let function = draft.function(&place).clone();
    if matches!(function.kind, FunctionKind::Constructor(_)) {
        return None;
    }
    let new = fresh(noise, "fn");
    let renamed = |name: &str| match name.rsplit_once('.') {
        Some((resource, _)) => format!("{resource}.{new}"),
        None => new.clone(),
    };
    let old = function.name.clone();
    let function = Function { name: renamed(&old), ..function };
    let key = WorldKey::Name(function.name.clone());
    match &place {
        Place::Interface(id, name) => {
            let functions = &mut draft.resolve.interfaces[*id].functions;
            functions.shift_remove(name);
            functions.insert(function.name.clone(), function);
        }
        Place::Import(old) => {
            let imports = &mut draft.world_mut().imports;
            imports.shift_remove(old);
            imports.insert(key, WorldItem::Function(function));
        }
        Place::Export(old) => {
            let exports = &mut draft.world_mut().exports;
            exports.shift_remove(old);
            exports.insert(key, WorldItem::Function(function));
        }
    }
    Some(format!("function {old} renamed to {new}"))
}

fn reorder(draft: &mut Draft, noise: &mut Noise) -> Option<String> {
    let id = draft.some_interface(noise)?;
    let functions = &mut draft.resolve.interfaces[id].functions;
    if functions.len() < 2 {
        return None;
    }
    let (one, other) = (noise.below(functions.len()), noise.below(functions.len()));
    functions.swap_indices(one, other);
    Some(format!("functions {one} and {other} of {} swapped", draft.interface_name(id)))
}

fn add_param(draft: &mut Draft, noise: &mut Noise) -> Option<String> {
    let place = some(draft, noise)?;
    let new = param(&fresh(noise, "param"), noise);
    let params = &mut draft.function(&place).params;
    params.push(new);
    Some(format!("parameter added to {}", named(&place)))
}

fn remove_param(draft: &mut Draft, noise: &mut Noise) -> Option<String> {
    let place = some(draft, noise)?;
    let function = draft.function(&place);
    if function.params.len() <= usize::from(is_method(function)) {
        return None;
    }
    function.params.pop();
    Some(format!("last parameter of {} removed", named(&place)))
}

fn rename_param(draft: &mut Draft, noise: &mut Noise) -> Option<String> {
    let place = some(draft, noise)?;
    let name = fresh(noise, "param");
    let function = draft.function(&place);
    if function.params.len() <= usize::from(is_method(function)) {
        return None;
    }
    function.params.last_mut()?.name = name;
    Some(format!("last parameter of {} renamed", named(&place)))
}

fn reorder_params(draft: &mut Draft, noise: &mut Noise) -> Option<String> {
    let first = |function: &Function| usize::from(is_method(function));
    let mut long = draft.functions();
    long.retain(|place| {
        let function = draft.function(place);
        function.params.len() >= first(function) + 2
    });
    let place = noise.choose(&long)?;
    let function = draft.function(place);
    let (first, last) = (first(function), function.params.len() - 1);
    function.params.swap(first, last);
    Some(format!("first and last parameter of {} swapped", named(place)))
}

fn toggle_result(draft: &mut Draft, noise: &mut Noise) -> Option<String> {
    let place = some(draft, noise)?;
    let new = primitive(noise);
    let function = draft.function(&place);
    if matches!(function.kind, FunctionKind::Constructor(_)) {
        return None;
    }
    function.result = if function.result.is_some() { None } else { Some(new) };
    Some(format!("result of {} added or removed", named(&place)))
}

fn toggle_async(draft: &mut Draft, noise: &mut Noise) -> Option<String> {
    let place = some(draft, noise)?;
    let function = draft.function(&place);
    function.kind = match function.kind {
        FunctionKind::Freestanding => FunctionKind::AsyncFreestanding,
        FunctionKind::AsyncFreestanding => FunctionKind::Freestanding,
        FunctionKind::Method(id) => FunctionKind::AsyncMethod(id),
        FunctionKind::AsyncMethod(id) => FunctionKind::Method(id),
        FunctionKind::Static(id) => FunctionKind::AsyncStatic(id),
        FunctionKind::AsyncStatic(id) => FunctionKind::Static(id),
        FunctionKind::Constructor(_) => return None,
    };
    Some(format!("function {} made async, or no longer", named(&place)))
}
