//! The type that a host expects: WIT with its names resolved.

use std::collections::BTreeMap;
use std::sync::Arc;

use wit_parser::{
    Function, Handle, InterfaceId, Resolve, Type, TypeDefKind, TypeId, TypeOwner, WorldId, WorldItem,
};

use crate::error::Error;
use crate::resources::HostResource;

/// A type, with the Rust type behind it that generated bindings would have.
pub(crate) enum Shape {
    /// A type without parts.
    Plain(Type),
    List(Arc<Shape>),
    FixedLengthList(Arc<Shape>, u32),
    Map([Arc<Shape>; 2]),
    Option(Arc<Shape>),
    Result(Option<Arc<Shape>>, Option<Arc<Shape>>),
    Tuple(Vec<Arc<Shape>>),
    Record(Vec<(String, Arc<Shape>)>),
    Variant(Vec<(String, Option<Arc<Shape>>)>),
    Enum(Vec<String>),
    Flags(Vec<String>),
    Future(Option<Arc<Shape>>),
    Stream(Option<Arc<Shape>>),
    /// `Resource<T>`
    HostResource(HostResource),
    /// `ResourceAny`
    GuestResource,
}

/// The type of a function.
pub(crate) struct Signature {
    pub(crate) params: Vec<Arc<Shape>>,
    pub(crate) results: Vec<Arc<Shape>>,
}

/// The largest tuple that wasmtime, and Rust, has.
pub(crate) const MAX_TUPLE: usize = 17;

/// The largest list of a fixed length that is tried.
pub(crate) const MAX_FIXED_LENGTH: u32 = 32;

/// A resource that a host defines: the import that it is in, or none for the world itself; its name.
pub(crate) type ResourceName = (Option<String>, String);

/// The resources of a host, each with its number.
#[derive(Default)]
pub(crate) struct Numbers(BTreeMap<ResourceName, usize>);

impl Numbers {
    pub(crate) fn resource(&mut self, name: ResourceName) -> Result<HostResource, Error> {
        let next = self.0.len();
        let number = *self.0.entry(name).or_insert(next);
        HostResource::number(number)
            .ok_or_else(|| Error::Inexpressible(format!("it has more than {number} resources")))
    }
}

/// Reads the types of one world. Its interfaces must have been told apart by
/// [`Resolve::generate_nominal_type_ids`].
pub(crate) struct Shapes<'a> {
    resolve: &'a Resolve,
    imported: BTreeMap<InterfaceId, String>,
    numbers: &'a mut Numbers,
    known: BTreeMap<TypeId, Arc<Shape>>,
}

impl<'a> Shapes<'a> {
    pub(crate) fn new(resolve: &'a Resolve, world: WorldId, numbers: &'a mut Numbers) -> Shapes<'a> {
        let imports = resolve.worlds[world].imports.iter();
        let imported = imports.filter_map(|(key, item)| match item {
            WorldItem::Interface { id, .. } => Some((*id, resolve.name_world_key(key))),
            _ => None,
        });
        Shapes { resolve, imported: imported.collect(), numbers, known: BTreeMap::new() }
    }

    pub(crate) fn signature(&mut self, function: &Function) -> Result<Arc<Signature>, Error> {
        if function.params.len() > MAX_TUPLE {
            return Err(Error::Inexpressible(format!(
                "`{}` has {} parameters",
                function.name,
                function.params.len()
            )));
        }
        let params = function.params.iter().map(|param| self.shape(&param.ty)).collect::<Result<_, _>>()?;
        let results = function.result.iter().map(|ty| self.shape(ty)).collect::<Result<_, _>>()?;
        Ok(Arc::new(Signature { params, results }))
    }

    /// The resource that the type defines for the host, if it is one.
    pub(crate) fn defined(&mut self, id: TypeId) -> Result<Option<HostResource>, Error> {
        match self.resolve.types[id].kind {
            TypeDefKind::Resource => self.host_resource(id),
            _ => Ok(None),
        }
    }

    fn shape(&mut self, ty: &Type) -> Result<Arc<Shape>, Error> {
        let Type::Id(id) = ty else { return Ok(Arc::new(Shape::Plain(*ty))) };
        if let Some(shape) = self.known.get(id) {
            return Ok(Arc::clone(shape));
        }
        let shape = self.definition(*id)?;
        self.known.insert(*id, Arc::clone(&shape));
        Ok(shape)
    }

    fn optional(&mut self, ty: Option<&Type>) -> Result<Option<Arc<Shape>>, Error> {
        ty.map(|ty| self.shape(ty)).transpose()
    }

    fn definition(&mut self, id: TypeId) -> Result<Arc<Shape>, Error> {
        let resolve = self.resolve;
        Ok(Arc::new(match &resolve.types[id].kind {
            TypeDefKind::Type(ty) => return self.shape(ty),
            TypeDefKind::List(ty) => Shape::List(self.shape(ty)?),
            TypeDefKind::FixedLengthList(ty, length) => {
                if *length > MAX_FIXED_LENGTH {
                    return Err(Error::Inexpressible(format!("a list of the fixed length {length}")));
                }
                Shape::FixedLengthList(self.shape(ty)?, *length)
            }
            TypeDefKind::Map(key, value) => Shape::Map([self.shape(key)?, self.shape(value)?]),
            TypeDefKind::Option(ty) => Shape::Option(self.shape(ty)?),
            TypeDefKind::Result(result) => {
                Shape::Result(self.optional(result.ok.as_ref())?, self.optional(result.err.as_ref())?)
            }
            TypeDefKind::Tuple(tuple) => {
                if tuple.types.len() > MAX_TUPLE {
                    return Err(Error::Inexpressible(format!("a tuple of {} types", tuple.types.len())));
                }
                Shape::Tuple(tuple.types.iter().map(|ty| self.shape(ty)).collect::<Result<_, _>>()?)
            }
            TypeDefKind::Record(record) => {
                let field = |field: &wit_parser::Field| Ok((field.name.clone(), self.shape(&field.ty)?));
                Shape::Record(record.fields.iter().map(field).collect::<Result<_, Error>>()?)
            }
            TypeDefKind::Variant(variant) => {
                let case =
                    |case: &wit_parser::Case| Ok((case.name.clone(), self.optional(case.ty.as_ref())?));
                Shape::Variant(variant.cases.iter().map(case).collect::<Result<_, Error>>()?)
            }
            TypeDefKind::Enum(names) => {
                Shape::Enum(names.cases.iter().map(|case| case.name.clone()).collect())
            }
            TypeDefKind::Flags(flags) => {
                Shape::Flags(flags.flags.iter().map(|flag| flag.name.clone()).collect())
            }
            TypeDefKind::Future(ty) => Shape::Future(self.optional(ty.as_ref())?),
            TypeDefKind::Stream(ty) => Shape::Stream(self.optional(ty.as_ref())?),
            TypeDefKind::Handle(Handle::Own(resource) | Handle::Borrow(resource)) => {
                match self.host_resource(self.original(*resource))? {
                    Some(resource) => Shape::HostResource(resource),
                    None => Shape::GuestResource,
                }
            }
            TypeDefKind::Resource | TypeDefKind::Unknown => {
                return Err(Error::Inexpressible("a resource where a value stands".to_owned()));
            }
        }))
    }

    /// Where a chain of `use` began.
    fn original(&self, mut id: TypeId) -> TypeId {
        while let TypeDefKind::Type(Type::Id(next)) = self.resolve.types[id].kind {
            id = next;
        }
        id
    }

    /// Resources of the world and of what it imports are the host's; others are the plugin's.
    fn host_resource(&mut self, id: TypeId) -> Result<Option<HostResource>, Error> {
        let ty = &self.resolve.types[id];
        let name = ty.name.clone().unwrap_or_default();
        match ty.owner {
            TypeOwner::Interface(interface) => match self.imported.get(&interface) {
                Some(import) => self.numbers.resource((Some(import.clone()), name)).map(Some),
                None => Ok(None),
            },
            TypeOwner::World(_) | TypeOwner::None => self.numbers.resource((None, name)).map(Some),
        }
    }
}
