//! What a WIT type is called in Rust, and whether a type in the source can be that.

use std::fmt;

use heck::ToUpperCamelCase;
use plug_contract::wit_parser::{Handle, InterfaceId, Resolve, Type, TypeDefKind, TypeId, TypeOwner};
use syn::{GenericArgument, PathArguments};

/// The Rust form that wit-bindgen gives to a WIT type in the signature of an export.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum RustType {
    Unit,
    Primitive(&'static str),
    String,
    List(Box<RustType>),
    Option(Box<RustType>),
    Result(Box<RustType>, Box<RustType>),
    Tuple(Vec<RustType>),
    Array(Box<RustType>, u32),
    /// A record, variant, enum, flags or resource; or an alias, with what it stands for.
    Named(String, Option<Box<RustType>>),
    /// A borrowed resource, or a form that the check below leaves to rustc.
    Other(String),
}

/// How a type in the source compares.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Fit {
    Same,
    /// Cannot be told from the text: an alias, a type of the user's.
    Unknown,
    Different,
}

/// The types of a world.
pub(crate) struct Types<'a> {
    pub(crate) resolve: &'a Resolve,
    /// The interfaces that the plugin implements.
    pub(crate) exported: &'a [InterfaceId],
}

impl Types<'_> {
    pub(crate) fn rust(&self, ty: &Type) -> RustType {
        match ty {
            Type::Bool => RustType::Primitive("bool"),
            Type::U8 => RustType::Primitive("u8"),
            Type::U16 => RustType::Primitive("u16"),
            Type::U32 => RustType::Primitive("u32"),
            Type::U64 => RustType::Primitive("u64"),
            Type::S8 => RustType::Primitive("i8"),
            Type::S16 => RustType::Primitive("i16"),
            Type::S32 => RustType::Primitive("i32"),
            Type::S64 => RustType::Primitive("i64"),
            Type::F32 => RustType::Primitive("f32"),
            Type::F64 => RustType::Primitive("f64"),
            Type::Char => RustType::Primitive("char"),
            Type::String => RustType::String,
            Type::ErrorContext => RustType::Other("ErrorContext".to_owned()),
            Type::Id(id) => self.definition(*id),
        }
    }

    pub(crate) fn rust_or_unit(&self, ty: Option<&Type>) -> RustType {
        ty.map_or(RustType::Unit, |ty| self.rust(ty))
    }

    fn definition(&self, id: TypeId) -> RustType {
        let definition = &self.resolve.types[id];
        let boxed = |ty: &Type| Box::new(self.rust(ty));
        let optional = |ty: &Option<Type>| Box::new(self.rust_or_unit(ty.as_ref()));
        let body = match &definition.kind {
            TypeDefKind::Type(ty) => Some(self.rust(ty)),
            TypeDefKind::List(ty) => Some(RustType::List(boxed(ty))),
            TypeDefKind::Option(ty) => Some(RustType::Option(boxed(ty))),
            TypeDefKind::Result(result) => {
                Some(RustType::Result(optional(&result.ok), optional(&result.err)))
            }
            TypeDefKind::FixedLengthList(ty, len) => Some(RustType::Array(boxed(ty), *len)),
            TypeDefKind::Tuple(tuple) => {
                Some(RustType::Tuple(tuple.types.iter().map(|ty| self.rust(ty)).collect()))
            }
            TypeDefKind::Map(key, value) => {
                Some(RustType::Other(format!("BTreeMap<{}, {}>", self.rust(key), self.rust(value))))
            }
            TypeDefKind::Handle(Handle::Own(of)) => Some(self.definition(*of)),
            TypeDefKind::Handle(Handle::Borrow(of)) => {
                let name = type_name(self.resolve, *of);
                let own = self.is_exported(*of);
                Some(RustType::Other(if own { format!("{name}Borrow<'_>") } else { format!("&{name}") }))
            }
            TypeDefKind::Future(_) | TypeDefKind::Stream(_) | TypeDefKind::Unknown => {
                Some(RustType::Other("_".to_owned()))
            }
            TypeDefKind::Record(_)
            | TypeDefKind::Resource
            | TypeDefKind::Flags(_)
            | TypeDefKind::Variant(_)
            | TypeDefKind::Enum(_) => None,
        };
        match (&definition.name, body) {
            (Some(_), body) => RustType::Named(type_name(self.resolve, id), body.map(Box::new)),
            (None, Some(body)) => body,
            (None, None) => RustType::Other("_".to_owned()),
        }
    }

    /// Whether the plugin implements the resource, rather than the host.
    fn is_exported(&self, mut id: TypeId) -> bool {
        while let TypeDefKind::Type(Type::Id(target)) = self.resolve.types[id].kind {
            id = target;
        }
        matches!(self.resolve.types[id].owner, TypeOwner::Interface(owner) if self.exported.contains(&owner))
    }
}

impl RustType {
    /// Whether a type of the source, `None` for no return type, can be this.
    pub(crate) fn compare(&self, found: Option<&syn::Type>) -> Fit {
        match found {
            None => self.compare_unit(),
            Some(found) => self.compare_type(found),
        }
    }

    fn compare_unit(&self) -> Fit {
        match self {
            RustType::Unit => Fit::Same,
            RustType::Named(_, Some(target)) => target.compare_unit(),
            RustType::Other(_) => Fit::Unknown,
            _ => Fit::Different,
        }
    }

    fn compare_type(&self, found: &syn::Type) -> Fit {
        match found {
            syn::Type::Paren(inner) => self.compare_type(&inner.elem),
            syn::Type::Group(inner) => self.compare_type(&inner.elem),
            syn::Type::Path(path) if path.qself.is_none() => self.compare_path(&path.path),
            syn::Type::Tuple(tuple) => self.compare_tuple(tuple),
            // `&str` for a string, `&[u8]` for a list; borrowed resources are `Other`
            syn::Type::Reference(_) => match self {
                RustType::Other(_) => Fit::Unknown,
                _ => Fit::Different,
            },
            _ => Fit::Unknown,
        }
    }

    fn compare_tuple(&self, found: &syn::TypeTuple) -> Fit {
        match self {
            RustType::Unit if found.elems.is_empty() => Fit::Same,
            RustType::Tuple(types) if types.len() == found.elems.len() => {
                all(types.iter().zip(&found.elems).map(|(ty, found)| ty.compare_type(found)))
            }
            RustType::Named(_, Some(target)) => target.compare_tuple(found),
            RustType::Other(_) => Fit::Unknown,
            _ => Fit::Different,
        }
    }

    fn compare_path(&self, found: &syn::Path) -> Fit {
        let Some(last) = found.segments.last() else { return Fit::Unknown };
        let name = last.ident.to_string();
        let args = arguments(&last.arguments);
        match self {
            RustType::Named(own, _) if *own == name => Fit::Same,
            RustType::Named(_, Some(target)) => target.compare_path(found),
            RustType::Named(_, None) if is_builtin(&name) => Fit::Different,
            RustType::Named(_, None) | RustType::Other(_) | RustType::Array(..) => Fit::Unknown,
            RustType::Primitive(own) if *own == name => Fit::Same,
            RustType::String if name == "String" => Fit::Same,
            RustType::List(item) if name == "Vec" => generic(&args, &[item]),
            RustType::Option(item) if name == "Option" => generic(&args, &[item]),
            RustType::Result(ok, err) if name == "Result" => generic(&args, &[ok, err]),
            RustType::Unit
            | RustType::Primitive(_)
            | RustType::String
            | RustType::List(_)
            | RustType::Option(_)
            | RustType::Result(..)
            | RustType::Tuple(_) => {
                if is_builtin(&name) && name != "Result" {
                    Fit::Different
                } else {
                    // a name of the user's, which may be an alias; `Result` is one rather often
                    Fit::Unknown
                }
            }
        }
    }
}

/// The Rust name of a named type.
pub(crate) fn type_name(resolve: &Resolve, id: TypeId) -> String {
    resolve.types[id].name.as_deref().map_or_else(String::new, camel)
}

/// As wit-bindgen does it: `Guest` is the name of the traits.
pub(crate) fn camel(name: &str) -> String {
    if name == "guest" { "Guest_".to_owned() } else { name.to_upper_camel_case() }
}

/// Names that nobody gives to a type of their own.
fn is_builtin(name: &str) -> bool {
    const NAMES: [&str; 20] = [
        "bool", "u8", "u16", "u32", "u64", "u128", "usize", "i8", "i16", "i32", "i64", "i128", "isize",
        "f32", "f64", "char", "String", "Vec", "Option", "Result",
    ];
    NAMES.contains(&name)
}

fn arguments(arguments: &PathArguments) -> Vec<&syn::Type> {
    match arguments {
        PathArguments::AngleBracketed(list) => list
            .args
            .iter()
            .filter_map(|arg| match arg {
                GenericArgument::Type(ty) => Some(ty),
                _ => None,
            })
            .collect(),
        PathArguments::None | PathArguments::Parenthesized(_) => Vec::new(),
    }
}

/// Another number of arguments means an alias of that name (`io::Result<T>`): for rustc to judge.
fn generic(found: &[&syn::Type], wanted: &[&RustType]) -> Fit {
    if found.len() != wanted.len() {
        return Fit::Unknown;
    }
    all(wanted.iter().zip(found).map(|(ty, found)| ty.compare_type(found)))
}

fn all(fits: impl Iterator<Item = Fit>) -> Fit {
    fits.fold(Fit::Same, |so_far, fit| match (so_far, fit) {
        (Fit::Different, _) | (_, Fit::Different) => Fit::Different,
        (Fit::Unknown, _) | (_, Fit::Unknown) => Fit::Unknown,
        (Fit::Same, Fit::Same) => Fit::Same,
    })
}

impl fmt::Display for RustType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            RustType::Unit => f.write_str("()"),
            RustType::Primitive(name) => f.write_str(name),
            RustType::String => f.write_str("String"),
            RustType::List(item) => write!(f, "Vec<{item}>"),
            RustType::Option(item) => write!(f, "Option<{item}>"),
            RustType::Result(ok, err) => write!(f, "Result<{ok}, {err}>"),
            RustType::Array(item, len) => write!(f, "[{item}; {len}]"),
            RustType::Tuple(types) => {
                f.write_str("(")?;
                for (n, ty) in types.iter().enumerate() {
                    if n > 0 {
                        f.write_str(", ")?;
                    }
                    write!(f, "{ty}")?;
                }
                f.write_str(if types.len() == 1 { ",)" } else { ")" })
            }
            RustType::Named(name, _) | RustType::Other(name) => f.write_str(name),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn boxed(ty: RustType) -> Box<RustType> {
        Box::new(ty)
    }

    fn fit(ty: &RustType, found: &str) -> Fit {
        ty.compare(Some(&syn::parse_str(found).unwrap()))
    }

    #[test]
    fn builtin_types_are_told_apart() {
        assert_eq!(fit(&RustType::String, "String"), Fit::Same);
        assert_eq!(fit(&RustType::String, "::std::string::String"), Fit::Same);
        assert_eq!(fit(&RustType::String, "u32"), Fit::Different);
        assert_eq!(fit(&RustType::String, "&str"), Fit::Different);
        assert_eq!(fit(&RustType::Primitive("u32"), "u64"), Fit::Different);
        assert_eq!(fit(&RustType::Unit, "()"), Fit::Same);
        assert_eq!(fit(&RustType::Unit, "bool"), Fit::Different);
    }

    #[test]
    fn containers_are_compared_inside() {
        let bytes = RustType::List(boxed(RustType::Primitive("u8")));
        assert_eq!(fit(&bytes, "Vec<u8>"), Fit::Same);
        assert_eq!(fit(&bytes, "Vec<u16>"), Fit::Different);
        assert_eq!(fit(&bytes, "Vec<Byte>"), Fit::Unknown);
        let pair = RustType::Tuple(vec![RustType::String, RustType::Primitive("bool")]);
        assert_eq!(fit(&pair, "(String, bool)"), Fit::Same);
        assert_eq!(fit(&pair, "(String,)"), Fit::Different);
    }

    #[test]
    fn what_may_be_an_alias_is_left_to_rustc() {
        let result = RustType::Result(boxed(RustType::Unit), boxed(RustType::String));
        assert_eq!(fit(&result, "Result<(), String>"), Fit::Same);
        assert_eq!(fit(&result, "Result<()>"), Fit::Unknown);
        assert_eq!(fit(&result, "Result<(), u8>"), Fit::Different);
        assert_eq!(fit(&result, "Outcome"), Fit::Unknown);
        assert_eq!(fit(&result, "String"), Fit::Different);
    }

    #[test]
    fn an_alias_fits_by_name_and_by_what_it_stands_for() {
        let pixels =
            RustType::Named("Pixels".into(), Some(boxed(RustType::List(boxed(RustType::Primitive("u8"))))));
        assert_eq!(fit(&pixels, "Pixels"), Fit::Same);
        assert_eq!(fit(&pixels, "Vec<u8>"), Fit::Same);
        assert_eq!(fit(&pixels, "Vec<u32>"), Fit::Different);
        let record = RustType::Named("Image".into(), None);
        assert_eq!(fit(&record, "bindings::Image"), Fit::Same);
        assert_eq!(fit(&record, "Picture"), Fit::Unknown);
        assert_eq!(fit(&record, "u32"), Fit::Different);
    }

    #[test]
    fn a_missing_return_type_is_unit() {
        assert_eq!(RustType::Unit.compare(None), Fit::Same);
        assert_eq!(RustType::String.compare(None), Fit::Different);
    }
}
