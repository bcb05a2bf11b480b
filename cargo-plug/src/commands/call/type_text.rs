//! Types as WIT writes them, without names.

use std::fmt;

use plug_host::wasmtime::component::Type;

use super::labels::Labels;

/// A type of a component, as WIT writes it. What has a name there is written out, but for resources.
pub(super) struct TypeText<'a> {
    ty: &'a Type,
    labels: &'a Labels,
}

impl<'a> TypeText<'a> {
    pub(super) fn new(ty: &'a Type, labels: &'a Labels) -> Self {
        Self { ty, labels }
    }

    fn with<'b>(&self, ty: &'b Type) -> TypeText<'b>
    where
        'a: 'b,
    {
        TypeText { ty, labels: self.labels }
    }

    /// `record { a: u8, b: string }`
    fn braced(
        &self,
        f: &mut fmt::Formatter<'_>,
        keyword: &str,
        parts: impl Iterator<Item = String>,
    ) -> fmt::Result {
        write!(f, "{keyword} {{ {} }}", parts.collect::<Vec<_>>().join(", "))
    }
}

impl fmt::Display for TypeText<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let inner = |ty: &Type| self.with(ty).to_string();
        let maybe = |ty: Option<Type>| ty.map_or_else(String::new, |ty| format!("<{}>", inner(&ty)));
        match self.ty {
            Type::Bool => f.write_str("bool"),
            Type::S8 => f.write_str("s8"),
            Type::U8 => f.write_str("u8"),
            Type::S16 => f.write_str("s16"),
            Type::U16 => f.write_str("u16"),
            Type::S32 => f.write_str("s32"),
            Type::U32 => f.write_str("u32"),
            Type::S64 => f.write_str("s64"),
            Type::U64 => f.write_str("u64"),
            Type::Float32 => f.write_str("f32"),
            Type::Float64 => f.write_str("f64"),
            Type::Char => f.write_str("char"),
            Type::String => f.write_str("string"),
            Type::ErrorContext => f.write_str("error-context"),
            Type::Own(resource) => f.write_str(&self.labels.resource_name(*resource)),
            Type::Borrow(resource) => write!(f, "borrow<{}>", self.labels.resource_name(*resource)),
            Type::List(list) => write!(f, "list<{}>", inner(&list.ty())),
            Type::FixedLengthList(list) => write!(f, "list<{}, {}>", inner(&list.ty()), list.len()),
            Type::Map(map) => write!(f, "map<{}, {}>", inner(&map.key()), inner(&map.value())),
            Type::Option(option) => write!(f, "option<{}>", inner(&option.ty())),
            Type::Stream(stream) => write!(f, "stream{}", maybe(stream.ty())),
            Type::Future(future) => write!(f, "future{}", maybe(future.ty())),
            Type::Tuple(tuple) => {
                write!(f, "tuple<{}>", tuple.types().map(|ty| inner(&ty)).collect::<Vec<_>>().join(", "))
            }
            Type::Record(record) => {
                let fields = record.fields().map(|field| format!("{}: {}", field.name, inner(&field.ty)));
                self.braced(f, "record", fields)
            }
            Type::Variant(variant) => {
                let cases = variant.cases().map(|case| match &case.ty {
                    Some(ty) => format!("{}({})", case.name, inner(ty)),
                    None => case.name.to_owned(),
                });
                self.braced(f, "variant", cases)
            }
            Type::Enum(cases) => self.braced(f, "enum", cases.names().map(str::to_owned)),
            Type::Flags(flags) => self.braced(f, "flags", flags.names().map(str::to_owned)),
            Type::Result(result) => match (result.ok(), result.err()) {
                (None, None) => f.write_str("result"),
                (Some(ok), None) => write!(f, "result<{}>", inner(&ok)),
                (None, Some(err)) => write!(f, "result<_, {}>", inner(&err)),
                (Some(ok), Some(err)) => write!(f, "result<{}, {}>", inner(&ok), inner(&err)),
            },
        }
    }
}
