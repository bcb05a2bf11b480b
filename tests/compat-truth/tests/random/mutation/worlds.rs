//! Changes of what a world imports and exports.

use wit_parser::{FunctionKind, InterfaceId, WorldItem, WorldKey};

use super::functions::function;
use super::{Named, named};
use crate::draft::{Draft, fresh};
use crate::noise::Noise;

pub(super) const ALL: &[Named] = &named![worlds: add_function, add_interface, remove, import_or_export, reorder, rename_inline, rename_interface];

fn add_function(draft: &mut Draft, noise: &mut Noise) -> Option<String> {
    let name = fresh(noise, "fn");
    let item = WorldItem::Function(function(&name, FunctionKind::Freestanding, noise));
    let key = WorldKey::Name(name.clone());
    let side = if noise.below(2) == 0 {
        draft.world_mut().imports.insert(key, item);
        "import"
    } else {
        draft.world_mut().exports.insert(key, item);
        "export"
    };
    Some(format!("{side} of a function {name} added"))
}

/// Any interface that there is, on a side where it is not yet.
fn add_interface(draft: &mut Draft, noise: &mut Noise) -> Option<String> {
    let all: Vec<InterfaceId> = draft
        .resolve
        .interfaces
        .iter()
        .filter(|(_, interface)| interface.name.is_some())
        .map(|(id, _)| id)
        .collect();
    let id = *noise.choose(&all)?;
    let export = noise.below(2) == 0;
    let name = draft.interface_name(id);
    let item = WorldItem::Interface {
        id,
        stability: Default::default(),
        external_id: None,
        docs: Default::default(),
        span: Default::default(),
    };
    let world = draft.world_mut();
    let side = if export { &mut world.exports } else { &mut world.imports };
    if side.insert(WorldKey::Interface(id), item).is_some() {
        return None;
    }
    Some(format!("{} of {name} added", if export { "export" } else { "import" }))
}

fn remove(draft: &mut Draft, noise: &mut Noise) -> Option<String> {
    let world = draft.world_mut();
    let count = world.imports.len() + world.exports.len();
    if count == 0 {
        return None;
    }
    let at = noise.below(count);
    let key = match at.checked_sub(world.imports.len()) {
        None => world.imports.shift_remove_index(at)?.0,
        Some(at) => world.exports.shift_remove_index(at)?.0,
    };
    Some(format!("{} removed from the world", draft.resolve.name_world_key(&key)))
}

fn import_or_export(draft: &mut Draft, noise: &mut Noise) -> Option<String> {
    let world = draft.world_mut();
    let count = world.imports.len() + world.exports.len();
    if count == 0 {
        return None;
    }
    let at = noise.below(count);
    let key = match at.checked_sub(world.imports.len()) {
        None => {
            let (key, item) = world.imports.get_index(at)?;
            if matches!(item, WorldItem::Type { .. }) {
                return None;
            }
            let (key, item) = (key.clone(), item.clone());
            world.imports.shift_remove(&key);
            world.exports.insert(key.clone(), item);
            key
        }
        Some(at) => {
            let (key, item) = world.exports.shift_remove_index(at)?;
            world.imports.insert(key.clone(), item);
            key
        }
    };
    Some(format!("{} is on the other side now", draft.resolve.name_world_key(&key)))
}

fn reorder(draft: &mut Draft, noise: &mut Noise) -> Option<String> {
    let imports = &mut draft.world_mut().imports;
    if imports.len() < 2 {
        return None;
    }
    let (one, other) = (noise.below(imports.len()), noise.below(imports.len()));
    imports.swap_indices(one, other);
    Some(format!("imports {one} and {other} swapped"))
}

fn rename_inline(draft: &mut Draft, noise: &mut Noise) -> Option<String> {
    let new = fresh(noise, "inline");
    let imports = &mut draft.world_mut().imports;
    let inline: Vec<WorldKey> = imports
        .iter()
        .filter(|(key, item)| matches!(key, WorldKey::Name(_)) && matches!(item, WorldItem::Interface { .. }))
        .map(|(key, _)| key.clone())
        .collect();
    let key = noise.choose(&inline)?;
    let item = imports.shift_remove(key)?;
    imports.insert(WorldKey::Name(new.clone()), item);
    Some(format!("an inline interface is called {new} now"))
}

fn rename_interface(draft: &mut Draft, noise: &mut Noise) -> Option<String> {
    let id = draft.some_interface(noise)?;
    let new = fresh(noise, "interface");
    let interface = &mut draft.resolve.interfaces[id];
    let old = interface.name.replace(new.clone())?;
    let package = interface.package?;
    let interfaces = &mut draft.resolve.packages[package].interfaces;
    interfaces.shift_remove(&old);
    interfaces.insert(new.clone(), id);
    Some(format!("interface {old} renamed to {new}"))
}
