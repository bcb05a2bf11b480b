//! From wit-parser's `Resolve` to the model.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use wit_parser::{
    FunctionKind, Handle, InterfaceId, Resolve, Span, Stability, Type as WitType, TypeDefKind, TypeId,
    TypeOwner, WorldId, WorldItem, WorldKey,
};

use super::features::features;
use super::lines::Lines;
use crate::canonical;
use crate::model::{
    Case, Contract, Field, Function, Interface, Item, Location, NamedType, NodeHashes, Param, Parts, Remarks,
    ResourceId, Type, TypeDefinition, TypeOrigin, TypeSource,
};

/// As deep as wasmparser lets types nest.
const MAX_TYPE_DEPTH: u32 = 100;
/// As large as wasmparser lets a type be, in nodes after aliases are resolved.
const MAX_TYPE_SIZE: u32 = 1_000_000;

/// What the name of the world with the optional exports ends in.
const OPTIONAL_SUFFIX: &str = "-optional";

/// A world that no component can have.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(crate) enum ModelError {
    #[error("the type `{0}` nests deeper than {MAX_TYPE_DEPTH} levels")]
    TooDeep(String),
    #[error("the type `{0}` is larger than {MAX_TYPE_SIZE} parts once its aliases are resolved")]
    TooLarge(String),
    #[error("the type `{0}` is not resolved")]
    Unknown(String),
    #[error("the world `{world}` exports `{item}`, and only an interface can be optional: put it into one")]
    OptionalItem { world: String, item: String },
}

/// Normalises `world`.
pub(super) fn contract(
    resolve: &Resolve,
    world: WorldId,
    lines: Option<&Lines>,
) -> Result<Contract, ModelError> {
    let mut builder = Builder::new(resolve, lines);
    let definition = &resolve.worlds[world];
    let package = definition.package.map(|id| &resolve.packages[id].name);
    let (optional, optional_imports) = match optional_world(resolve, world) {
        Some(optional) => builder.optional(world, optional)?,
        None => (Vec::new(), Vec::new()),
    };
    Ok(Contract::new(Parts {
        package: package.map_or_else(String::new, |p| format!("{}:{}", p.namespace, p.name)),
        version: package.and_then(|p| p.version.clone()),
        world: definition.name.clone(),
        features: features(resolve),
        imports: builder.items(definition.imports.iter())?,
        exports: builder.items(definition.exports.iter())?,
        optional,
        optional_imports,
        types: builder.world_types(definition),
        hashes: no_hashes(),
    }))
}

/// The world whose exports are the optional ones of `world`.
pub(crate) fn optional_world(resolve: &Resolve, world: WorldId) -> Option<WorldId> {
    let package = resolve.worlds[world].package?;
    resolve.packages[package].worlds.get(&optional_name(resolve, world)).copied()
}

/// What that world is called.
pub(super) fn optional_name(resolve: &Resolve, world: WorldId) -> String {
    format!("{}{OPTIONAL_SUFFIX}", resolve.worlds[world].name)
}

fn version_of(item: &Item) -> Option<&semver::Version> {
    match item {
        Item::Interface(interface) => interface.version(),
        _ => None,
    }
}

/// Stands in until the digests are computed from the finished node.
fn no_hashes() -> NodeHashes {
    let none = crate::hash::ContractHash::of_node("", "", &[]);
    NodeHashes { api: none, abi: none }
}

/// What a name of the text stands for.
#[derive(Clone)]
enum Meaning {
    Value(Type),
    Resource(ResourceId),
}

/// A converted definition with its extent, so that hostile text cannot blow up or overflow the
/// stack.
#[derive(Clone)]
struct Converted {
    meaning: Meaning,
    size: u32,
    depth: u32,
}

type Interfaces = Vec<(String, Interface)>;
type Items = Vec<(String, Item)>;

struct Builder<'a> {
    resolve: &'a Resolve,
    /// None for what has no text.
    lines: Option<&'a Lines>,
    /// All definitions in the order in which wit-parser keeps them: what one refers to comes first.
    order: Vec<TypeId>,
    /// How many of them are converted.
    done: usize,
    types: HashMap<TypeId, Converted>,
    /// The plain names under which worlds hold inline interfaces.
    inline_names: HashMap<InterfaceId, String>,
}

impl<'a> Builder<'a> {
    fn new(resolve: &'a Resolve, lines: Option<&'a Lines>) -> Builder<'a> {
        let items = resolve.worlds.iter().flat_map(|(_, world)| world.imports.iter().chain(&world.exports));
        let inline = items.filter_map(|(key, item)| match (key, item) {
            (WorldKey::Name(name), WorldItem::Interface { id, .. }) => Some((*id, name.clone())),
            _ => None,
        });
        Builder {
            resolve,
            lines,
            order: resolve.types.iter().map(|(id, _)| id).collect(),
            done: 0,
            types: HashMap::new(),
            inline_names: inline.collect(),
        }
    }
}

impl Builder<'_> {
    /// The optional exports of `world`, and what they import that `world` itself does not.
    fn optional(&mut self, world: WorldId, optional: WorldId) -> Result<(Interfaces, Items), ModelError> {
        let (own, extra) = (&self.resolve.worlds[world], &self.resolve.worlds[optional]);
        let names = own.exports.keys().map(|key| self.resolve.name_canonicalized_world_key(key));
        let demanded: Vec<String> = names.collect();
        let mut exports = Vec::new();
        for (key, item) in self.items(extra.exports.iter())? {
            match item {
                // what the world demands anyway is not optional
                Item::Interface(_) if demanded.contains(&key) => {}
                Item::Interface(interface) => exports.push((key, interface)),
                Item::Function(_) | Item::Resource(_) | Item::Type(_) => {
                    return Err(ModelError::OptionalItem { world: extra.name.clone(), item: key });
                }
            }
        }
        let is_exported = |id| {
            let key = WorldKey::Interface(id);
            own.exports.contains_key(&key) || extra.exports.contains_key(&key)
        };
        let mut imports: Vec<(WorldKey, InterfaceId)> = Vec::new();
        for item in extra.exports.values() {
            let WorldItem::Interface { id, .. } = item else { continue };
            for needed in super::optional::needed(self.resolve, *id, &is_exported) {
                let key = WorldKey::Interface(needed);
                if !own.imports.contains_key(&key) && !imports.iter().any(|(_, id)| *id == needed) {
                    imports.push((key, needed));
                }
            }
        }
        let mut served = Vec::new();
        for (key, id) in imports {
            let name = self.resolve.name_canonicalized_world_key(&key);
            served.push((name, Item::Interface(self.interface(&key, id)?)));
        }
        Ok((exports, served))
    }

    /// The types that the world itself names.
    fn world_types(&self, world: &wit_parser::World) -> Vec<(String, TypeOrigin)> {
        let ids = world.imports.iter().filter_map(|(key, item)| match (key, item) {
            (WorldKey::Name(name), WorldItem::Type { id, .. }) => Some((name, *id)),
            _ => None,
        });
        ids.map(|(name, id)| (name.clone(), self.origin(id))).collect()
    }

    fn origin(&self, id: TypeId) -> TypeOrigin {
        let definition = &self.resolve.types[id];
        let source = match &definition.kind {
            TypeDefKind::Type(WitType::Id(of)) if self.resolve.types[*of].owner != definition.owner => {
                let of = &self.resolve.types[*of];
                TypeSource::Use { interface: self.owner_of(of), name: of.name.clone().unwrap_or_default() }
            }
            TypeDefKind::Record(_)
            | TypeDefKind::Variant(_)
            | TypeDefKind::Enum(_)
            | TypeDefKind::Flags(_)
            | TypeDefKind::Resource => TypeSource::Definition,
            _ => TypeSource::Alias,
        };
        let remarks = remarks(&definition.stability);
        TypeOrigin { source, location: self.location(definition.span), remarks }
    }

    fn items<'i>(
        &mut self,
        items: impl Iterator<Item = (&'i WorldKey, &'i WorldItem)>,
    ) -> Result<Vec<(String, Item)>, ModelError> {
        let mut out = Vec::new();
        for (key, item) in items {
            let name = self.resolve.name_canonicalized_world_key(key);
            let item = match item {
                WorldItem::Interface { id, stability, .. } => {
                    let mut interface = self.interface(key, *id)?;
                    if matches!(stability, Stability::Unstable { .. }) {
                        interface.remarks = remarks(stability);
                    }
                    Item::Interface(interface)
                }
                WorldItem::Function(function) => Item::Function(self.function(function)?),
                WorldItem::Type { id, .. } => match self.definition(*id)?.meaning {
                    Meaning::Value(ty) => Item::Type(ty),
                    Meaning::Resource(resource) if resource.interface == "$world" => Item::Resource(resource),
                    Meaning::Resource(resource) => Item::Type(Type::Own(resource)),
                },
            };
            out.push((name, item));
        }
        out.sort_by(|(a, x), (b, y)| a.cmp(b).then_with(|| version_of(x).cmp(&version_of(y))));
        Ok(out)
    }

    fn interface(&mut self, key: &WorldKey, id: InterfaceId) -> Result<Interface, ModelError> {
        let definition = &self.resolve.interfaces[id];
        let mut functions = BTreeMap::new();
        for (name, function) in &definition.functions {
            functions.insert(name.clone(), self.function(function)?);
        }
        let origins = definition.types.iter().map(|(name, id)| (name.clone(), self.origin(*id))).collect();
        let mut resources = std::collections::BTreeSet::new();
        let mut types = BTreeMap::new();
        for (name, id) in &definition.types {
            let defined_here = matches!(self.resolve.types[*id].kind, TypeDefKind::Resource);
            match self.definition(*id)?.meaning {
                Meaning::Value(ty) => {
                    types.insert(name.clone(), ty);
                }
                Meaning::Resource(_) if defined_here => {
                    resources.insert(name.clone());
                }
                // `use` of a resource: the name stands for a handle of the one it was defined as
                Meaning::Resource(resource) => {
                    types.insert(name.clone(), Type::Own(resource));
                }
            }
        }
        let mut interface = Interface {
            exact_id: self.resolve.name_world_key(key),
            track_id: self.resolve.name_canonicalized_world_key(key),
            version: definition.package.and_then(|id| self.resolve.packages[id].name.version.clone()),
            functions,
            resources,
            types,
            origins,
            location: self.location(definition.span),
            remarks: remarks(&definition.stability),
            hashes: no_hashes(),
        };
        interface.hashes = canonical::interface(&interface);
        Ok(interface)
    }

    fn function(&mut self, function: &wit_parser::Function) -> Result<Function, ModelError> {
        let mut params = Vec::with_capacity(function.params.len());
        for param in &function.params {
            params.push(Param { name: param.name.clone(), ty: self.value(&param.ty)?.0 });
        }
        let result = match &function.result {
            Some(ty) => Some(self.value(ty)?.0),
            None => None,
        };
        let mut out = Function {
            name: function.name.clone(),
            is_async: matches!(
                function.kind,
                FunctionKind::AsyncFreestanding | FunctionKind::AsyncMethod(_) | FunctionKind::AsyncStatic(_)
            ),
            params,
            result,
            location: self.location(function.span),
            remarks: remarks(&function.stability),
            hashes: no_hashes(),
        };
        out.hashes = canonical::function(&out);
        Ok(out)
    }

    /// Who a resource is that is defined as `id`.
    fn resource_id(&self, definition: &wit_parser::TypeDef) -> ResourceId {
        ResourceId { interface: self.owner_of(definition), name: definition.name.clone().unwrap_or_default() }
    }

    /// The track name of the interface that defines a type, or `$world`.
    fn owner_of(&self, definition: &wit_parser::TypeDef) -> String {
        match definition.owner {
            TypeOwner::Interface(owner) => self
                .resolve
                .canonicalized_id_of(owner)
                .or_else(|| self.inline_names.get(&owner).cloned())
                .unwrap_or_default(),
            TypeOwner::World(_) | TypeOwner::None => "$world".to_owned(),
        }
    }

    /// The resource that a handle is of.
    fn handled(&mut self, id: TypeId) -> Result<ResourceId, ModelError> {
        match self.definition(id)?.meaning {
            Meaning::Resource(resource) => Ok(resource),
            Meaning::Value(_) => Err(ModelError::Unknown(self.name_of(id))),
        }
    }

    fn value(&mut self, ty: &WitType) -> Result<(Type, u32, u32), ModelError> {
        let primitive = match ty {
            WitType::Bool => "bool",
            WitType::U8 => "u8",
            WitType::U16 => "u16",
            WitType::U32 => "u32",
            WitType::U64 => "u64",
            WitType::S8 => "s8",
            WitType::S16 => "s16",
            WitType::S32 => "s32",
            WitType::S64 => "s64",
            WitType::F32 => "f32",
            WitType::F64 => "f64",
            WitType::Char => "char",
            WitType::String => "string",
            WitType::ErrorContext => "error-context",
            WitType::Id(id) => {
                let converted = self.definition(*id)?;
                let ty = match converted.meaning {
                    Meaning::Value(ty) => ty,
                    Meaning::Resource(resource) => Type::Own(resource),
                };
                return Ok((ty, converted.size, converted.depth));
            }
        };
        Ok((Type::Primitive(primitive), 1, 1))
    }

    fn name_of(&self, id: TypeId) -> String {
        self.resolve.types[id].name.clone().unwrap_or_else(|| "(without a name)".to_owned())
    }

    /// A definition, converted. All that stand before it are converted first, once: so nothing
    /// here recurses along a chain of aliases.
    fn definition(&mut self, id: TypeId) -> Result<Converted, ModelError> {
        while !self.types.contains_key(&id) {
            let next =
                self.order.get(self.done).copied().ok_or_else(|| ModelError::Unknown(self.name_of(id)))?;
            self.done += 1;
            let converted = self.convert(next)?;
            self.types.insert(next, converted);
        }
        Ok(self.types[&id].clone())
    }

    fn convert(&mut self, id: TypeId) -> Result<Converted, ModelError> {
        let definition = &self.resolve.types[id];
        let mut extent = Extent { size: 1, depth: 0 };
        let mut of = |this: &mut Self, ty: &WitType| -> Result<Type, ModelError> {
            let (ty, size, depth) = this.value(ty)?;
            extent.add(size, depth);
            Ok(ty)
        };
        let ty = match &definition.kind {
            TypeDefKind::Record(record) => {
                let mut fields = Vec::with_capacity(record.fields.len());
                for field in &record.fields {
                    fields.push(Field { name: field.name.clone(), ty: of(self, &field.ty)? });
                }
                self.name(definition, TypeDefinition::Record(fields))
            }
            TypeDefKind::Variant(variant) => {
                let mut cases = Vec::with_capacity(variant.cases.len());
                for case in &variant.cases {
                    let ty = match &case.ty {
                        Some(ty) => Some(of(self, ty)?),
                        None => None,
                    };
                    cases.push(Case { name: case.name.clone(), ty });
                }
                self.name(definition, TypeDefinition::Variant(cases))
            }
            TypeDefKind::Enum(it) => {
                let names = it.cases.iter().map(|case| case.name.clone()).collect();
                self.name(definition, TypeDefinition::Enum(names))
            }
            TypeDefKind::Flags(it) => {
                let names = it.flags.iter().map(|flag| flag.name.clone()).collect();
                self.name(definition, TypeDefinition::Flags(names))
            }
            TypeDefKind::Resource => {
                let resource = self.resource_id(definition);
                return Ok(Converted { meaning: Meaning::Resource(resource), size: 1, depth: 1 });
            }
            TypeDefKind::Handle(Handle::Own(of)) => Type::Own(self.handled(*of)?),
            TypeDefKind::Handle(Handle::Borrow(of)) => Type::Borrow(self.handled(*of)?),
            TypeDefKind::Tuple(tuple) => {
                let types: Result<Vec<_>, _> = tuple.types.iter().map(|ty| of(self, ty)).collect();
                Type::Tuple(types?.into())
            }
            TypeDefKind::Option(ty) => Type::Option(Arc::new(of(self, ty)?)),
            TypeDefKind::List(ty) => Type::List(Arc::new(of(self, ty)?)),
            TypeDefKind::FixedLengthList(ty, len) => Type::FixedList(Arc::new(of(self, ty)?), *len),
            TypeDefKind::Map(key, value) => Type::Map(Arc::new((of(self, key)?, of(self, value)?))),
            TypeDefKind::Result(result) => {
                let mut part = |ty: &Option<WitType>| -> Result<Option<Arc<Type>>, ModelError> {
                    ty.as_ref().map(|ty| of(self, ty).map(Arc::new)).transpose()
                };
                Type::Result(part(&result.ok)?, part(&result.err)?)
            }
            TypeDefKind::Future(ty) => {
                Type::Future(ty.as_ref().map(|ty| of(self, ty).map(Arc::new)).transpose()?)
            }
            TypeDefKind::Stream(ty) => {
                Type::Stream(ty.as_ref().map(|ty| of(self, ty).map(Arc::new)).transpose()?)
            }
            TypeDefKind::Type(WitType::Id(of)) => return self.definition(*of),
            TypeDefKind::Type(ty) => self.value(ty)?.0,
            TypeDefKind::Unknown => return Err(ModelError::Unknown(self.name_of(id))),
        };
        let converted = Converted { meaning: Meaning::Value(ty), size: extent.size, depth: extent.depth + 1 };
        if converted.depth > MAX_TYPE_DEPTH {
            return Err(ModelError::TooDeep(self.name_of(id)));
        }
        if converted.size > MAX_TYPE_SIZE {
            return Err(ModelError::TooLarge(self.name_of(id)));
        }
        Ok(converted)
    }

    fn name(&self, definition: &wit_parser::TypeDef, body: TypeDefinition) -> Type {
        let name = definition.name.clone().unwrap_or_default();
        let hashes = canonical::named_type(&name, &body);
        let location = self.location(definition.span);
        let owner = self.owner_of(definition);
        Type::Named(Arc::new(NamedType { name, owner, definition: body, location, hashes }))
    }

    fn location(&self, span: Span) -> Option<Location> {
        self.lines?.location(&self.resolve.source_map, span)
    }
}

fn remarks(stability: &Stability) -> Remarks {
    let (since, deprecated, feature) = match stability {
        Stability::Unknown => (None, None, None),
        Stability::Stable { since, deprecated } => (Some(since.clone()), deprecated.clone(), None),
        Stability::Unstable { feature, deprecated } => (None, deprecated.clone(), Some(feature.clone())),
    };
    Remarks { since, deprecated, feature }
}

/// How many nodes a type has and how deep they nest.
struct Extent {
    size: u32,
    depth: u32,
}

impl Extent {
    fn add(&mut self, size: u32, depth: u32) {
        self.size = self.size.saturating_add(size);
        self.depth = self.depth.max(depth);
    }
}
