//! Worlds that the SDK cannot serve, although their WIT is valid.

use std::collections::HashSet;

use plug_contract::Contract;
use plug_contract::wit_parser::{
    Function, FunctionKind, Handle, InterfaceId, Resolve, Type, TypeDefKind, TypeId, TypeOwner, World,
    WorldId, WorldItem, WorldKey,
};
use proc_macro2::Span;

use crate::ours::{Ours, our_interface, our_name};
use crate::problem::{Code, Problems};

/// Why a world cannot be served.
pub(crate) enum Obstacle {
    /// Our base is not included.
    NoBase,
    /// Our base is there in another version.
    OtherBase { found: String, wanted: String },
    /// An interface of our base is not what it is in our package.
    ChangedBase { interface: String },
    /// An interface of the application uses types of one that the SDK implements.
    SharedTypes { interface: String, ours: String },
    /// Asynchronous: the function, and what makes it so.
    Async { function: String, reason: &'static str },
    /// A list of handles that the host lends to the function: wit-bindgen writes no valid Rust.
    BorrowedList { function: String },
}

/// Everything that stands in the way.
pub(crate) fn find(ours: &Ours, resolve: &Resolve, id: WorldId) -> Vec<Obstacle> {
    let world = &resolve.worlds[id];
    let mut found: Vec<Obstacle> = base(ours, resolve, id).into_iter().collect();
    for (key, item) in &world.exports {
        if let WorldItem::Interface { id, .. } = item {
            found.extend(shared_types(resolve, world, *id));
        }
        let lists =
            functions(resolve, item).into_iter().filter(|function| borrows_list(resolve, world, function));
        found.extend(
            lists.map(|function| Obstacle::BorrowedList { function: place(resolve, key, item, function) }),
        );
    }
    for (key, item) in world.exports.iter().chain(&world.imports) {
        for function in functions(resolve, item) {
            if let Some(reason) = asynchronous(resolve, function) {
                found.push(Obstacle::Async { function: place(resolve, key, item, function), reason });
            }
        }
    }
    found
}

/// The base must be there, and be the one that the SDK was built for. What is wrong first says it
/// for all.
fn base(ours: &Ours, resolve: &Resolve, id: WorldId) -> Option<Obstacle> {
    let contract = Contract::from_resolve(resolve, id).ok();
    let world = &resolve.worlds[id];
    for item in world.exports.values().chain(world.imports.values()) {
        let WorldItem::Interface { id: interface, .. } = item else { continue };
        let Some(name) = our_name(resolve, *interface) else { continue };
        let found = resolve.id_of(*interface).unwrap_or_default();
        let wanted = format!("plug:plugin/{name}@{}", ours.version());
        if found != wanted {
            return Some(Obstacle::OtherBase { found, wanted });
        }
        if !contract.as_ref().is_some_and(|contract| ours.agrees_with(contract, name)) {
            return Some(Obstacle::ChangedBase { interface: found });
        }
    }
    let included = world.exports.values().any(|item| our_interface(resolve, item) == Some("lifecycle"));
    (!included).then_some(Obstacle::NoBase)
}

/// Our exports are not among the bindings of the application, so its interfaces cannot use them.
fn shared_types(resolve: &Resolve, world: &World, id: InterfaceId) -> Option<Obstacle> {
    let is = |item: &WorldItem, other| matches!(item, WorldItem::Interface { id, .. } if *id == other);
    let ours = resolve.interface_direct_deps(id).find_map(|other| {
        let name = our_name(resolve, other)?;
        let exported = world.exports.values().any(|item| is(item, other));
        let imported = world.imports.values().any(|item| is(item, other));
        (exported && !imported).then_some(name)
    })?;
    let interface = resolve.interfaces[id].name.clone().unwrap_or_default();
    Some(Obstacle::SharedTypes { interface, ours: format!("plug:plugin/{ours}") })
}

fn asynchronous(resolve: &Resolve, function: &Function) -> Option<&'static str> {
    match &function.kind {
        FunctionKind::AsyncFreestanding | FunctionKind::AsyncMethod(_) | FunctionKind::AsyncStatic(_) => {
            Some("it is declared `async`")
        }
        _ if !function.find_futures_and_streams(resolve).is_empty() => {
            Some("it passes a `future` or a `stream`")
        }
        _ => None,
    }
}

/// Whether a parameter has a list with handles in it that the host lends.
fn borrows_list(resolve: &Resolve, world: &World, function: &Function) -> bool {
    let mut search = Search { resolve, world, seen: HashSet::new() };
    function.params.iter().any(|param| search.ty(&param.ty, false))
}

struct Search<'a> {
    resolve: &'a Resolve,
    world: &'a World,
    seen: HashSet<(TypeId, bool)>,
}

impl Search<'_> {
    fn ty(&mut self, ty: &Type, in_list: bool) -> bool {
        let Type::Id(id) = ty else { return false };
        if !self.seen.insert((*id, in_list)) {
            return false;
        }
        match &self.resolve.types[*id].kind {
            TypeDefKind::Handle(Handle::Borrow(resource)) => in_list && !self.is_own(*resource),
            TypeDefKind::List(ty) | TypeDefKind::FixedLengthList(ty, _) => self.ty(ty, true),
            TypeDefKind::Map(key, value) => self.ty(key, true) || self.ty(value, true),
            TypeDefKind::Option(ty) | TypeDefKind::Type(ty) => self.ty(ty, in_list),
            TypeDefKind::Result(result) => result.ok.iter().chain(&result.err).any(|ty| self.ty(ty, in_list)),
            TypeDefKind::Tuple(tuple) => tuple.types.iter().any(|ty| self.ty(ty, in_list)),
            TypeDefKind::Record(record) => record.fields.iter().any(|field| self.ty(&field.ty, in_list)),
            TypeDefKind::Variant(variant) => {
                variant.cases.iter().filter_map(|case| case.ty.as_ref()).any(|ty| self.ty(ty, in_list))
            }
            TypeDefKind::Resource
            | TypeDefKind::Handle(Handle::Own(_))
            | TypeDefKind::Flags(_)
            | TypeDefKind::Enum(_)
            | TypeDefKind::Future(_)
            | TypeDefKind::Stream(_)
            | TypeDefKind::Unknown => false,
        }
    }

    /// Whether the plugin implements the resource.
    fn is_own(&self, mut resource: TypeId) -> bool {
        while let TypeDefKind::Type(Type::Id(target)) = self.resolve.types[resource].kind {
            resource = target;
        }
        let TypeOwner::Interface(owner) = self.resolve.types[resource].owner else { return false };
        self.world
            .exports
            .values()
            .any(|item| matches!(item, WorldItem::Interface { id, .. } if *id == owner))
    }
}

fn functions<'a>(resolve: &'a Resolve, item: &'a WorldItem) -> Vec<&'a Function> {
    match item {
        WorldItem::Function(function) => vec![function],
        WorldItem::Interface { id, .. } => resolve.interfaces[*id].functions.values().collect(),
        WorldItem::Type { .. } => Vec::new(),
    }
}

/// `acme:slow/work@0.1.0#run`
fn place(resolve: &Resolve, key: &WorldKey, item: &WorldItem, function: &Function) -> String {
    match item {
        WorldItem::Interface { .. } => format!("{}#{}", resolve.name_world_key(key), function.name),
        WorldItem::Function(_) | WorldItem::Type { .. } => function.name.clone(),
    }
}

impl Obstacle {
    /// Notes it as a problem of the attribute's argument at `span`.
    pub(crate) fn tell(&self, world: &str, span: Span, problems: &mut Problems) {
        let (code, what, help) = match self {
            Obstacle::NoBase => (
                Code::Wit("PLG0104"),
                format!("the world `{world}` is no contract for plugins: it does not include our base"),
                "write into the world\n\n    include plug:plugin/base@1.0.0;",
            ),
            Obstacle::OtherBase { found, wanted } => (
                Code::Base,
                format!("the world `{world}` has `{found}`, this SDK serves `{wanted}`"),
                "use the version of plug-guest-sdk that goes with the host's contract",
            ),
            Obstacle::ChangedBase { interface } => (
                Code::Base,
                format!(
                    "the `{interface}` of the world `{world}` is not what our package of that version has"
                ),
                "remove our package from the folder `deps`: it is supplied",
            ),
            Obstacle::SharedTypes { interface, ours } => (
                Code::SharedTypes,
                format!("`{interface}` uses types of `{ours}`, which the SDK implements by itself"),
                "define the types in an interface of the application's",
            ),
            Obstacle::Async { function, reason } => (
                Code::Unsupported,
                format!("`{function}` is asynchronous: {reason}, and the SDK cannot do that yet"),
                "write the world with plain functions",
            ),
            Obstacle::BorrowedList { function } => (
                Code::Unsupported,
                format!(
                    "`{function}` takes a list of handles that the host lends, and the SDK cannot do that yet"
                ),
                "pass the handles one by one, or as owned ones",
            ),
        };
        problems.add_at(code, span, &what, help);
    }
}
