//! A package that is about to be changed.

use plug_contract::Wit;
use wit_component::WitPrinter;
use wit_parser::{
    Field, Function, InterfaceId, PackageId, Resolve, Type, TypeDef, TypeDefKind, TypeId, TypeOwner, WorldId,
    WorldItem, WorldKey,
};

use crate::noise::Noise;

#[derive(Clone)]
pub(crate) struct Draft {
    pub(crate) resolve: Resolve,
    pub(crate) package: PackageId,
    pub(crate) world: WorldId,
}

/// Where a function stands.
#[derive(Clone)]
pub(crate) enum Place {
    Interface(InterfaceId, String),
    Import(WorldKey),
    Export(WorldKey),
}

/// Where a type is used.
#[derive(Clone)]
pub(crate) enum Slot {
    Param(Place, usize),
    Result(Place),
    Field(TypeId, usize),
    Case(TypeId, usize),
    Alias(TypeId),
}

impl Draft {
    pub(crate) fn new(wit: &Wit, world: &str) -> Draft {
        let resolve = wit.resolve().clone();
        let world = wit.select_world(Some(world)).unwrap();
        Draft { package: wit.package(), world, resolve }
    }

    /// As WIT text, if it can be written at all.
    pub(crate) fn text(&self) -> Option<String> {
        let packages = self.resolve.packages.iter().map(|(id, _)| id);
        let others: Vec<_> = packages.filter(|id| *id != self.package).collect();
        let mut printer = WitPrinter::default();
        printer.print(&self.resolve, self.package, &others).ok()?;
        Some(printer.output.to_string())
    }

    pub(crate) fn world_mut(&mut self) -> &mut wit_parser::World {
        &mut self.resolve.worlds[self.world]
    }

    /// The world of the optional exports.
    pub(crate) fn optional_world(&self) -> Option<WorldId> {
        let name = format!("{}-optional", self.resolve.worlds[self.world].name);
        self.resolve.packages[self.package].worlds.get(&name).copied()
    }

    /// The interfaces of the world, and its optional ones.
    pub(crate) fn interfaces(&self) -> Vec<InterfaceId> {
        let world = &self.resolve.worlds[self.world];
        let optional = self.optional_world().map(|id| &self.resolve.worlds[id]);
        let mut ids: Vec<_> = world
            .imports
            .values()
            .chain(world.exports.values())
            .chain(optional.into_iter().flat_map(|world| world.exports.values()))
            .filter_map(|item| match item {
                WorldItem::Interface { id, .. } => Some(*id),
                _ => None,
            })
            .collect();
        ids.sort_unstable();
        ids.dedup();
        ids
    }

    /// All functions of the world.
    pub(crate) fn functions(&self) -> Vec<Place> {
        let world = &self.resolve.worlds[self.world];
        let is_function = |item: &WorldItem| matches!(item, WorldItem::Function(_));
        let imports = world.imports.iter().filter(|(_, item)| is_function(item));
        let exports = world.exports.iter().filter(|(_, item)| is_function(item));
        let own = imports
            .map(|(key, _)| Place::Import(key.clone()))
            .chain(exports.map(|(key, _)| Place::Export(key.clone())));
        let interfaces = self.interfaces().into_iter();
        let inner = interfaces.flat_map(|id| {
            let names = self.resolve.interfaces[id].functions.keys().cloned();
            names.map(move |name| Place::Interface(id, name))
        });
        own.chain(inner).collect()
    }

    pub(crate) fn function(&mut self, place: &Place) -> &mut Function {
        let world = &mut self.resolve.worlds[self.world];
        let item = match place {
            Place::Interface(id, name) => return &mut self.resolve.interfaces[*id].functions[name],
            Place::Import(key) => &mut world.imports[key],
            Place::Export(key) => &mut world.exports[key],
        };
        match item {
            WorldItem::Function(function) => function,
            _ => panic!("a place of a function holds one"),
        }
    }

    /// The named types of the world and its interfaces.
    pub(crate) fn types(&self) -> Vec<TypeId> {
        let own = self.resolve.worlds[self.world].imports.values().filter_map(|item| match item {
            WorldItem::Type { id, .. } => Some(*id),
            _ => None,
        });
        let interfaces = self.interfaces().into_iter();
        own.chain(interfaces.flat_map(|id| self.resolve.interfaces[id].types.values().copied())).collect()
    }

    /// The resources among them.
    pub(crate) fn resources(&self) -> Vec<TypeId> {
        let types = self.types().into_iter();
        types.filter(|id| matches!(self.resolve.types[*id].kind, TypeDefKind::Resource)).collect()
    }

    /// Where types are used.
    pub(crate) fn slots(&mut self) -> Vec<Slot> {
        let mut slots = Vec::new();
        for place in self.functions() {
            let function = self.function(&place);
            let (params, result) = (function.params.len(), function.result.is_some());
            // the first of a method is the resource itself
            let first = usize::from(is_method(function));
            let constructor = matches!(function.kind, wit_parser::FunctionKind::Constructor(_));
            slots.extend((first..params).map(|at| Slot::Param(place.clone(), at)));
            if result && !constructor {
                slots.push(Slot::Result(place));
            }
        }
        for id in self.types() {
            match &self.resolve.types[id].kind {
                TypeDefKind::Record(record) => {
                    slots.extend((0..record.fields.len()).map(|at| Slot::Field(id, at)));
                }
                TypeDefKind::Variant(variant) => {
                    let payloads = variant.cases.iter().zip(0..).filter(|(case, _)| case.ty.is_some());
                    slots.extend(payloads.map(|(_, at)| Slot::Case(id, at)));
                }
                TypeDefKind::Type(Type::Id(_)) => {}
                TypeDefKind::Type(_) => slots.push(Slot::Alias(id)),
                _ => {}
            }
        }
        slots
    }

    pub(crate) fn slot(&mut self, slot: &Slot) -> &mut Type {
        let found = match slot {
            Slot::Param(place, at) => self.function(place).params.get_mut(*at).map(|param| &mut param.ty),
            Slot::Result(place) => self.function(place).result.as_mut(),
            Slot::Field(id, at) => match &mut self.resolve.types[*id].kind {
                TypeDefKind::Record(record) => {
                    record.fields.get_mut(*at).map(|field: &mut Field| &mut field.ty)
                }
                _ => None,
            },
            Slot::Case(id, at) => match &mut self.resolve.types[*id].kind {
                TypeDefKind::Variant(variant) => variant.cases.get_mut(*at).and_then(|case| case.ty.as_mut()),
                _ => None,
            },
            Slot::Alias(id) => match &mut self.resolve.types[*id].kind {
                TypeDefKind::Type(ty) => Some(ty),
                _ => None,
            },
        };
        found.expect("a slot holds a type")
    }

    /// The interface in which a slot stands.
    pub(crate) fn interface_of(&self, slot: &Slot) -> Option<InterfaceId> {
        match slot {
            Slot::Param(place, _) | Slot::Result(place) => match place {
                Place::Interface(id, _) => Some(*id),
                _ => None,
            },
            Slot::Field(id, _) | Slot::Case(id, _) | Slot::Alias(id) => match self.resolve.types[*id].owner {
                TypeOwner::Interface(id) => Some(id),
                _ => None,
            },
        }
    }

    /// A type without a name.
    pub(crate) fn anonymous(&mut self, kind: TypeDefKind) -> Type {
        Type::Id(self.resolve.types.alloc(definition(None, kind, TypeOwner::None)))
    }

    /// A new type in an interface.
    pub(crate) fn named(&mut self, interface: InterfaceId, name: &str, kind: TypeDefKind) -> TypeId {
        let ty = definition(Some(name.to_owned()), kind, TypeOwner::Interface(interface));
        let id = self.resolve.types.alloc(ty);
        self.resolve.interfaces[interface].types.insert(name.to_owned(), id);
        id
    }

    pub(crate) fn type_name(&self, id: TypeId) -> String {
        self.resolve.types[id].name.clone().unwrap_or_default()
    }

    pub(crate) fn interface_name(&self, id: InterfaceId) -> String {
        self.resolve.interfaces[id].name.clone().unwrap_or_else(|| "inline".to_owned())
    }

    pub(crate) fn some_interface(&self, noise: &mut Noise) -> Option<InterfaceId> {
        noise.choose(&self.interfaces()).copied()
    }
}

fn definition(name: Option<String>, kind: TypeDefKind, owner: TypeOwner) -> TypeDef {
    TypeDef {
        name,
        kind,
        owner,
        docs: Default::default(),
        stability: Default::default(),
        span: Default::default(),
        external_id: None,
    }
}

pub(crate) fn is_method(function: &Function) -> bool {
    use wit_parser::FunctionKind::{AsyncMethod, Method};
    matches!(function.kind, Method(_) | AsyncMethod(_))
}

pub(crate) fn fresh(noise: &mut Noise, kind: &str) -> String {
    const WORDS: &[&str] = &["amber", "birch", "cedar", "delta", "ember", "flint", "grove", "heath"];
    format!("{kind}-{}-{}", WORDS[noise.below(WORDS.len())], WORDS[noise.below(WORDS.len())])
}
