//! Value types, with aliases resolved.

use std::fmt;
use std::sync::Arc;

use super::{Location, NodeHashes};

/// A value type as the linker sees it. Aliases are resolved; records, variants, enums and flags
/// keep the name under which they were defined.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Type {
    /// `bool`, `u8` … `string`, `error-context`, by the name WIT gives it.
    Primitive(&'static str),
    /// `tuple<…>`
    Tuple(Arc<[Type]>),
    /// `option<T>`
    Option(Arc<Type>),
    /// `list<T>`
    List(Arc<Type>),
    /// `list<T, N>`
    FixedList(Arc<Type>, u32),
    /// `map<K, V>`
    Map(Arc<(Type, Type)>),
    /// `result<T, E>`, either of which may be absent.
    Result(Option<Arc<Type>>, Option<Arc<Type>>),
    /// `future<T>`
    Future(Option<Arc<Type>>),
    /// `stream<T>`
    Stream(Option<Arc<Type>>),
    /// A handle that passes ownership.
    Own(ResourceId),
    /// A handle lent for one call.
    Borrow(ResourceId),
    /// A record, variant, enum or flags.
    Named(Arc<NamedType>),
}

/// A resource is who defines it and its name: two of equal shape are never the same.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ResourceId {
    /// Track name of the interface (`wasi:io/streams@0.2`), or `$world`.
    pub interface: String,
    /// The resource's own name.
    pub name: String,
}

/// A type with a definition of its own.
#[derive(Debug)]
pub struct NamedType {
    pub(crate) name: String,
    pub(crate) owner: String,
    pub(crate) definition: TypeDefinition,
    pub(crate) location: Option<Location>,
    pub(crate) hashes: NodeHashes,
}

/// What stands behind the name of a type.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TypeDefinition {
    /// `record`
    Record(Vec<Field>),
    /// `variant`
    Variant(Vec<Case>),
    /// `enum`
    Enum(Vec<String>),
    /// `flags`
    Flags(Vec<String>),
}

/// A field of a record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Field {
    /// Its name.
    pub name: String,
    /// Its type.
    pub ty: Type,
}

/// A case of a variant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Case {
    /// Its name.
    pub name: String,
    /// Its payload, if it has one.
    pub ty: Option<Type>,
}

impl NamedType {
    /// The name under which the type was defined.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The interface that defines it, by track name; `$world` for one that a world itself defines.
    /// It counts for nothing when two types are compared.
    #[must_use]
    pub fn owner(&self) -> &str {
        &self.owner
    }

    /// What stands behind the name.
    #[must_use]
    pub fn definition(&self) -> &TypeDefinition {
        &self.definition
    }

    /// Where it was defined, when it was read from text.
    #[must_use]
    pub fn location(&self) -> Option<&Location> {
        self.location.as_ref()
    }

    /// Its digests.
    #[must_use]
    pub fn hashes(&self) -> NodeHashes {
        self.hashes
    }
}

impl PartialEq for NamedType {
    fn eq(&self, other: &Self) -> bool {
        self.hashes == other.hashes
    }
}

impl Eq for NamedType {}

impl Type {
    /// Hands out the types that it is made of, but not what those are made of.
    pub(crate) fn each_part<'t>(&'t self, mut part: impl FnMut(&'t Type)) {
        match self {
            Type::Primitive(_) | Type::Own(_) | Type::Borrow(_) => {}
            Type::Tuple(types) => types.iter().for_each(part),
            Type::Option(ty) | Type::List(ty) | Type::FixedList(ty, _) => part(ty),
            Type::Map(pair) => [&pair.0, &pair.1].into_iter().for_each(part),
            Type::Result(ok, err) => ok.iter().chain(err).for_each(|ty| part(ty)),
            Type::Future(ty) | Type::Stream(ty) => ty.iter().for_each(|ty| part(ty)),
            Type::Named(named) => match named.definition() {
                TypeDefinition::Record(fields) => fields.iter().for_each(|field| part(&field.ty)),
                TypeDefinition::Variant(cases) => {
                    cases.iter().filter_map(|case| case.ty.as_ref()).for_each(part);
                }
                TypeDefinition::Enum(_) | TypeDefinition::Flags(_) => {}
            },
        }
    }

    /// Where its parts are, if it has any: two types with their parts at the same places are made of
    /// the same. Whoever walks types has to remember where he was, for a few lines of text can stand
    /// for a million parts.
    pub(crate) fn parts_at(&self) -> Option<Places> {
        fn at<T: ?Sized>(part: &Arc<T>) -> *const () {
            Arc::as_ptr(part).cast()
        }
        let nowhere = std::ptr::null();
        match self {
            Type::Primitive(_) | Type::Own(_) | Type::Borrow(_) => None,
            Type::Future(None) | Type::Stream(None) | Type::Result(None, None) => None,
            Type::Tuple(types) => (!types.is_empty()).then(|| [at(types), nowhere]),
            Type::Option(ty)
            | Type::List(ty)
            | Type::FixedList(ty, _)
            | Type::Future(Some(ty))
            | Type::Stream(Some(ty)) => Some([at(ty), nowhere]),
            Type::Result(ok, err) => Some([ok, err].map(|ty| ty.as_ref().map_or(nowhere, at))),
            Type::Map(pair) => Some([at(pair), nowhere]),
            Type::Named(named) => Some([at(named), nowhere]),
        }
    }
}

/// Where the parts of a type are in memory.
pub(crate) type Places = [*const (); 2];

impl TypeDefinition {
    /// `record`, `variant`, `enum` or `flags`.
    #[must_use]
    pub fn keyword(&self) -> &'static str {
        match self {
            TypeDefinition::Record(_) => "record",
            TypeDefinition::Variant(_) => "variant",
            TypeDefinition::Enum(_) => "enum",
            TypeDefinition::Flags(_) => "flags",
        }
    }
}

/// As WIT writes it; a named type by its name.
impl fmt::Display for Type {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Type::Primitive(name) => f.write_str(name),
            Type::Tuple(types) => {
                f.write_str("tuple<")?;
                for (i, ty) in types.iter().enumerate() {
                    if i > 0 {
                        f.write_str(", ")?;
                    }
                    write!(f, "{ty}")?;
                }
                f.write_str(">")
            }
            Type::Option(ty) => write!(f, "option<{ty}>"),
            Type::List(ty) => write!(f, "list<{ty}>"),
            Type::FixedList(ty, len) => write!(f, "list<{ty}, {len}>"),
            Type::Map(pair) => write!(f, "map<{}, {}>", pair.0, pair.1),
            Type::Result(None, None) => f.write_str("result"),
            Type::Result(Some(ok), None) => write!(f, "result<{ok}>"),
            Type::Result(None, Some(err)) => write!(f, "result<_, {err}>"),
            Type::Result(Some(ok), Some(err)) => write!(f, "result<{ok}, {err}>"),
            Type::Future(None) => f.write_str("future"),
            Type::Future(Some(ty)) => write!(f, "future<{ty}>"),
            Type::Stream(None) => f.write_str("stream"),
            Type::Stream(Some(ty)) => write!(f, "stream<{ty}>"),
            Type::Own(resource) => f.write_str(&resource.name),
            Type::Borrow(resource) => write!(f, "borrow<{}>", resource.name),
            Type::Named(named) => f.write_str(&named.name),
        }
    }
}
