//! WIT types as Rust writes them, under the names that wit-bindgen gives them.

use std::collections::{BTreeMap, BTreeSet};

use heck::{ToSnakeCase, ToUpperCamelCase};
use wit_parser::{
    Handle, InterfaceId, PackageId, Resolve, Type, TypeDefKind, TypeId, TypeOwner, WorldId, WorldItem,
};

/// Prints the types of the functions that a world exports.
pub(crate) struct RustTypes<'a> {
    resolve: &'a Resolve,
    /// Resources that these define are the plugin's own; all others are the host's.
    exported: BTreeSet<InterfaceId>,
    /// Names that stand for several types, which the macro therefore leaves out of its prelude.
    ambiguous: BTreeSet<String>,
}

/// Something in WIT that the SDK has no form for.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("it uses `{0}`, which the SDK does not know")]
pub(crate) struct UnknownForm(pub(crate) &'static str);

/// wit-bindgen escapes these by `_`, as they are no identifiers in some edition of Rust.
const ESCAPED: [&str; 50] = [
    "abstract", "as", "async", "await", "become", "box", "break", "const", "continue", "crate", "do", "dyn",
    "else", "enum", "extern", "false", "final", "fn", "for", "if", "impl", "in", "let", "loop", "macro",
    "match", "mod", "move", "mut", "override", "priv", "pub", "ref", "return", "self", "static", "struct",
    "super", "trait", "true", "try", "type", "typeof", "unsafe", "unsized", "use", "virtual", "where",
    "while", "yield",
];

/// `max-width` → `max_width`, `type` → `type_`.
pub(crate) fn identifier(name: &str) -> String {
    if ESCAPED.contains(&name) { format!("{name}_") } else { name.to_snake_case() }
}

/// `image-filter` → `ImageFilter`.
pub(crate) fn type_name(name: &str) -> String {
    match name {
        // wit-bindgen keeps this one for its traits.
        "guest" => "Guest_".to_owned(),
        name => name.to_upper_camel_case(),
    }
}

impl<'a> RustTypes<'a> {
    pub(crate) fn new(resolve: &'a Resolve, world: WorldId) -> Self {
        let world = &resolve.worlds[world];
        let interface = |item: &WorldItem| match item {
            WorldItem::Interface { id, .. } => Some(*id),
            WorldItem::Function(_) | WorldItem::Type { .. } => None,
        };
        let exported: BTreeSet<_> = world.exports.values().filter_map(interface).collect();
        let mut types = Self { resolve, exported, ambiguous: BTreeSet::new() };
        let mut meanings = BTreeMap::new();
        let of_interfaces = world
            .exports
            .values()
            .chain(world.imports.values())
            .filter_map(interface)
            .flat_map(|id| &resolve.interfaces[id].types)
            .map(|(name, id)| (name.as_str(), *id));
        let of_world = world.imports.values().filter_map(|item| match item {
            WorldItem::Type { id, .. } => Some((resolve.types[*id].name.as_deref()?, *id)),
            WorldItem::Function(_) | WorldItem::Interface { .. } => None,
        });
        for (name, id) in of_interfaces.chain(of_world) {
            let meaning = types.definition(id);
            if *meanings.entry(type_name(name)).or_insert(meaning) != meaning {
                types.ambiguous.insert(type_name(name));
            }
        }
        types
    }

    pub(crate) fn resolve(&self) -> &'a Resolve {
        self.resolve
    }

    /// What an alias stands for in the end.
    fn definition(&self, mut id: TypeId) -> TypeId {
        while let TypeDefKind::Type(Type::Id(next)) = self.resolve.types[id].kind {
            id = next;
        }
        id
    }

    /// The name of a type, with its modules if it needs them.
    fn named(&self, id: TypeId) -> String {
        let definition = &self.resolve.types[id];
        let name = type_name(definition.name.as_deref().unwrap_or_default());
        if !self.ambiguous.contains(&name) {
            return name;
        }
        match definition.owner {
            TypeOwner::Interface(interface) => format!("crate::bindings::{}::{name}", self.module(interface)),
            TypeOwner::World(_) | TypeOwner::None => format!("crate::bindings::{name}"),
        }
    }

    /// The module where wit-bindgen puts an interface.
    fn module(&self, id: InterfaceId) -> String {
        let interface = &self.resolve.interfaces[id];
        let mut path = if self.exported.contains(&id) { vec!["exports".to_owned()] } else { Vec::new() };
        if let Some(package) = interface.package {
            path.push(identifier(&self.resolve.packages[package].name.namespace));
            path.push(self.package_module(package));
        }
        path.push(identifier(interface.name.as_deref().unwrap_or_default()));
        path.join("::")
    }

    /// With its version, where there are several.
    fn package_module(&self, id: PackageId) -> String {
        let own = &self.resolve.packages[id].name;
        let base = own.name.to_snake_case();
        let same = self
            .resolve
            .packages
            .iter()
            .filter(|(_, other)| other.name.namespace == own.namespace && other.name.name == own.name)
            .count();
        match &own.version {
            Some(version) if same > 1 => {
                format!("{base}{}", version.to_string().replace(['.', '-', '+'], "_").to_snake_case())
            }
            _ => base,
        }
    }

    /// What a function returns: `()` for nothing.
    pub(crate) fn result(&self, result: Option<&Type>) -> Result<String, UnknownForm> {
        result.map_or_else(|| Ok("()".to_owned()), |ty| self.print(ty))
    }

    pub(crate) fn print(&self, ty: &Type) -> Result<String, UnknownForm> {
        Ok(match ty {
            Type::Bool => "bool".to_owned(),
            Type::U8 => "u8".to_owned(),
            Type::U16 => "u16".to_owned(),
            Type::U32 => "u32".to_owned(),
            Type::U64 => "u64".to_owned(),
            Type::S8 => "i8".to_owned(),
            Type::S16 => "i16".to_owned(),
            Type::S32 => "i32".to_owned(),
            Type::S64 => "i64".to_owned(),
            Type::F32 => "f32".to_owned(),
            Type::F64 => "f64".to_owned(),
            Type::Char => "char".to_owned(),
            Type::String => "String".to_owned(),
            Type::ErrorContext => return Err(UnknownForm("error-context")),
            Type::Id(id) => self.print_id(*id)?,
        })
    }

    fn print_id(&self, id: TypeId) -> Result<String, UnknownForm> {
        let definition = &self.resolve.types[id];
        if let (Some(_), false) = (&definition.name, matches!(definition.kind, TypeDefKind::Handle(_))) {
            let lifetime = if self.borrows(&Type::Id(id)) { "<'_>" } else { "" };
            return Ok(format!("{}{lifetime}", self.named(id)));
        }
        let side = |ty: &Option<Type>| self.result(ty.as_ref());
        Ok(match &definition.kind {
            TypeDefKind::Handle(Handle::Own(resource)) => self.named(*resource),
            TypeDefKind::Handle(Handle::Borrow(resource)) => {
                let name = self.named(*resource);
                if self.is_exported(*resource) { format!("{name}Borrow<'_>") } else { format!("&{name}") }
            }
            TypeDefKind::Tuple(tuple) => {
                let types = tuple.types.iter().map(|ty| self.print(ty)).collect::<Result<Vec<_>, _>>()?;
                match types.as_slice() {
                    [one] => format!("({one},)"),
                    types => format!("({})", types.join(", ")),
                }
            }
            TypeDefKind::Option(ty) => format!("Option<{}>", self.print(ty)?),
            TypeDefKind::Result(result) => format!("Result<{}, {}>", side(&result.ok)?, side(&result.err)?),
            TypeDefKind::List(ty) => format!("Vec<{}>", self.print(ty)?),
            TypeDefKind::FixedLengthList(ty, length) => format!("[{}; {length}]", self.print(ty)?),
            TypeDefKind::Type(ty) => self.print(ty)?,
            other => return Err(UnknownForm(other.as_str())),
        })
    }

    fn is_exported(&self, id: TypeId) -> bool {
        matches!(self.resolve.types[self.definition(id)].owner, TypeOwner::Interface(owner) if self.exported.contains(&owner))
    }

    /// Whether a value of this type holds a handle that is lent for one call.
    fn borrows(&self, ty: &Type) -> bool {
        let Type::Id(id) = ty else { return false };
        let any = |ty: &Option<Type>| ty.as_ref().is_some_and(|ty| self.borrows(ty));
        match &self.resolve.types[*id].kind {
            TypeDefKind::Handle(Handle::Borrow(_)) => true,
            TypeDefKind::Record(record) => record.fields.iter().any(|field| self.borrows(&field.ty)),
            TypeDefKind::Variant(variant) => variant.cases.iter().any(|case| any(&case.ty)),
            TypeDefKind::Tuple(tuple) => tuple.types.iter().any(|ty| self.borrows(ty)),
            TypeDefKind::Result(result) => any(&result.ok) || any(&result.err),
            TypeDefKind::Map(key, value) => self.borrows(key) || self.borrows(value),
            TypeDefKind::Option(ty)
            | TypeDefKind::List(ty)
            | TypeDefKind::FixedLengthList(ty, _)
            | TypeDefKind::Type(ty) => self.borrows(ty),
            TypeDefKind::Resource
            | TypeDefKind::Handle(Handle::Own(_))
            | TypeDefKind::Flags(_)
            | TypeDefKind::Enum(_)
            | TypeDefKind::Future(_)
            | TypeDefKind::Stream(_)
            | TypeDefKind::Unknown => false,
        }
    }

    /// An expression for some value of the type, to begin a test with. There is none for handles.
    pub(crate) fn sample(&self, ty: &Type) -> Option<String> {
        Some(match ty {
            Type::Bool => "false".to_owned(),
            Type::F32 | Type::F64 => "0.0".to_owned(),
            Type::Char => "'x'".to_owned(),
            Type::String => "String::new()".to_owned(),
            Type::ErrorContext => return None,
            Type::Id(id) => self.sample_id(*id)?,
            _ => "0".to_owned(),
        })
    }

    fn sample_id(&self, id: TypeId) -> Option<String> {
        let definition = &self.resolve.types[id];
        let name = self.named(id);
        Some(match &definition.kind {
            TypeDefKind::Record(record) => {
                let fields = record
                    .fields
                    .iter()
                    .map(|field| Some(format!("{}: {}", identifier(&field.name), self.sample(&field.ty)?)))
                    .collect::<Option<Vec<_>>>()?;
                format!("{name} {{ {} }}", fields.join(", "))
            }
            TypeDefKind::Flags(_) => format!("{name}::empty()"),
            TypeDefKind::Enum(cases) => format!("{name}::{}", type_name(&cases.cases.first()?.name)),
            TypeDefKind::Variant(variant) => {
                let case = variant.cases.first()?;
                let payload = match &case.ty {
                    Some(ty) => format!("({})", self.sample(ty)?),
                    None => String::new(),
                };
                format!("{name}::{}{payload}", type_name(&case.name))
            }
            TypeDefKind::Tuple(tuple) => {
                let values = tuple.types.iter().map(|ty| self.sample(ty)).collect::<Option<Vec<_>>>()?;
                match values.as_slice() {
                    [one] => format!("({one},)"),
                    values => format!("({})", values.join(", ")),
                }
            }
            TypeDefKind::Option(_) => "None".to_owned(),
            TypeDefKind::List(_) => "Vec::new()".to_owned(),
            TypeDefKind::FixedLengthList(ty, length) => {
                format!("std::array::from_fn::<_, {length}, _>(|_| {})", self.sample(ty)?)
            }
            TypeDefKind::Result(result) => match &result.ok {
                Some(ty) => format!("Ok({})", self.sample(ty)?),
                None => "Ok(())".to_owned(),
            },
            TypeDefKind::Type(ty) => self.sample(ty)?,
            _ => return None,
        })
    }
}
