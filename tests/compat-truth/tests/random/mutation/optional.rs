//! Changes of what a plugin may export and need not.

use wit_parser::{FunctionKind, InterfaceId, Type, TypeDefKind, WorldId, WorldItem, WorldKey};

use super::functions::function;
use super::{Named, named};
use crate::draft::{Draft, fresh};
use crate::noise::Noise;

pub(super) const ALL: &[Named] = &named![optional: make_optional, make_mandatory, add, remove, take_type];

/// The world of the optional exports, new if there is none.
fn optional_world(draft: &mut Draft) -> WorldId {
    if let Some(world) = draft.optional_world() {
        return world;
    }
    let mut world = draft.resolve.worlds[draft.world].clone();
    world.name.push_str("-optional");
    world.imports.clear();
    world.exports.clear();
    let name = world.name.clone();
    let id = draft.resolve.worlds.alloc(world);
    draft.resolve.packages[draft.package].worlds.insert(name, id);
    id
}

fn some_export(draft: &Draft, world: WorldId, noise: &mut Noise) -> Option<(WorldKey, WorldItem)> {
    let exports = draft.resolve.worlds[world].exports.iter();
    let interfaces: Vec<_> = exports.filter(|(key, _)| matches!(key, WorldKey::Interface(_))).collect();
    let (key, item) = noise.choose(&interfaces)?;
    Some(((*key).clone(), (*item).clone()))
}

/// Moves an export from one world to the other.
fn move_export(draft: &mut Draft, noise: &mut Noise, from: WorldId, to: WorldId) -> Option<String> {
    let (key, item) = some_export(draft, from, noise)?;
    draft.resolve.worlds[from].exports.shift_remove(&key);
    let name = draft.resolve.name_world_key(&key);
    draft.resolve.worlds[to].exports.insert(key, item);
    Some(name)
}

fn make_optional(draft: &mut Draft, noise: &mut Noise) -> Option<String> {
    let optional = optional_world(draft);
    let name = move_export(draft, noise, draft.world, optional)?;
    Some(format!("export {name} made optional"))
}

fn make_mandatory(draft: &mut Draft, noise: &mut Noise) -> Option<String> {
    let optional = draft.optional_world()?;
    let name = move_export(draft, noise, optional, draft.world)?;
    Some(format!("optional export {name} made mandatory"))
}

fn add(draft: &mut Draft, noise: &mut Noise) -> Option<String> {
    let optional = optional_world(draft);
    let interfaces = draft.resolve.interfaces.iter();
    let named: Vec<InterfaceId> =
        interfaces.filter(|(_, interface)| interface.name.is_some()).map(|(id, _)| id).collect();
    let id = *noise.choose(&named)?;
    let key = WorldKey::Interface(id);
    if draft.resolve.worlds[draft.world].exports.contains_key(&key) {
        return None;
    }
    let item = WorldItem::Interface {
        id,
        stability: Default::default(),
        external_id: None,
        docs: Default::default(),
        span: Default::default(),
    };
    match draft.resolve.worlds[optional].exports.insert(key, item) {
        None => Some(format!("optional export {} added", draft.interface_name(id))),
        Some(_) => None,
    }
}

fn remove(draft: &mut Draft, noise: &mut Noise) -> Option<String> {
    let optional = draft.optional_world()?;
    let (key, _) = some_export(draft, optional, noise)?;
    draft.resolve.worlds[optional].exports.shift_remove(&key);
    Some(format!("optional export {} removed", draft.resolve.name_world_key(&key)))
}

/// A function of one optional interface takes a type of another one.
fn take_type(draft: &mut Draft, noise: &mut Noise) -> Option<String> {
    let world = draft.optional_world()?;
    let home = |(key, _): (WorldKey, WorldItem)| match key {
        WorldKey::Interface(id) => Some(id),
        WorldKey::Name(_) => None,
    };
    let user = home(some_export(draft, world, noise)?)?;
    let owner = home(some_export(draft, world, noise)?)?;
    let types: Vec<_> = draft.resolve.interfaces[owner].types.values().copied().collect();
    let id = *noise.choose(&types)?;
    let name = draft.type_name(id);
    if user == owner || draft.resolve.interfaces[user].types.contains_key(&name) {
        return None;
    }
    let alias = draft.named(user, &name, TypeDefKind::Type(Type::Id(id)));
    let called = fresh(noise, "fn");
    let mut function = function(&called, FunctionKind::Freestanding, noise);
    function.result = Some(Type::Id(alias));
    draft.resolve.interfaces[user].functions.insert(called, function);
    Some(format!("{} takes {name} of {}", draft.interface_name(user), draft.interface_name(owner)))
}
