//! Values for wasm-wave, which has neither handles nor maps nor streams: a handle is the case of an enum,
//! its label, a map a list of pairs, a stream a list, and a future what comes of it.

use std::borrow::Cow;
use std::rc::Rc;

use plug_host::stream_element;
use plug_host::wasmtime::component::{Type, Val};
use wasm_wave::wasm::{WasmType, WasmTypeKind, WasmValue, WasmValueError};

use super::labels::{Labels, handle_type};

/// A type, and what labels in its values stand for.
#[derive(Clone)]
pub(super) struct LabelledType {
    shape: Shape,
    labels: Rc<Labels>,
}

#[derive(Clone)]
enum Shape {
    Of(Type),
    /// An entry of a map: WAVE has no maps, so that they are lists of pairs.
    Entry(Type, Type),
}

/// A value that was read.
#[derive(Debug, Clone)]
pub(super) struct LabelledVal(pub(super) Val);

impl Shape {
    /// What comes of a future stands for it.
    fn of(ty: Type) -> Self {
        Self::Of(match &ty {
            Type::Future(_) => stream_element(&ty).unwrap_or(ty),
            _ => ty,
        })
    }
}

impl LabelledType {
    pub(super) fn new(ty: &Type, labels: &Rc<Labels>) -> Self {
        Self { shape: Shape::of(ty.clone()), labels: Rc::clone(labels) }
    }

    fn with(&self, ty: Type) -> Self {
        self.shaped(Shape::of(ty))
    }

    fn shaped(&self, shape: Shape) -> Self {
        Self { shape, labels: Rc::clone(&self.labels) }
    }

    /// None for an entry of a map.
    fn ty(&self) -> Option<&Type> {
        match &self.shape {
            Shape::Of(ty) => Some(ty),
            Shape::Entry(..) => None,
        }
    }
}

impl WasmType for LabelledType {
    fn kind(&self) -> WasmTypeKind {
        match &self.shape {
            Shape::Of(Type::Own(_) | Type::Borrow(_)) => WasmTypeKind::Enum,
            Shape::Of(Type::FixedLengthList(_) | Type::Map(_) | Type::Stream(_)) => WasmTypeKind::List,
            Shape::Of(ty) => ty.kind(),
            Shape::Entry(..) => WasmTypeKind::Tuple,
        }
    }

    fn list_element_type(&self) -> Option<Self> {
        Some(match self.ty()? {
            Type::List(list) => self.with(list.ty()),
            Type::FixedLengthList(list) => self.with(list.ty()),
            Type::Map(map) => self.shaped(Shape::Entry(map.key(), map.value())),
            ty => self.with(stream_element(ty)?),
        })
    }

    fn record_fields(&self) -> Box<dyn Iterator<Item = (Cow<'_, str>, Self)> + '_> {
        let fields = self.ty().into_iter().flat_map(|ty| ty.record_fields());
        Box::new(fields.map(|(name, ty)| (name, self.with(ty))))
    }

    fn tuple_element_types(&self) -> Box<dyn Iterator<Item = Self> + '_> {
        match &self.shape {
            Shape::Of(ty) => Box::new(ty.tuple_element_types().map(|ty| self.with(ty))),
            Shape::Entry(key, value) => Box::new([key, value].into_iter().map(|ty| self.with(ty.clone()))),
        }
    }

    fn variant_cases(&self) -> Box<dyn Iterator<Item = (Cow<'_, str>, Option<Self>)> + '_> {
        let cases = self.ty().into_iter().flat_map(|ty| ty.variant_cases());
        Box::new(cases.map(|(name, ty)| (name, ty.map(|ty| self.with(ty)))))
    }

    fn enum_cases(&self) -> Box<dyn Iterator<Item = Cow<'_, str>> + '_> {
        Box::new(self.ty().into_iter().flat_map(|ty| ty.enum_cases()))
    }

    fn option_some_type(&self) -> Option<Self> {
        self.ty()?.option_some_type().map(|ty| self.with(ty))
    }

    fn result_types(&self) -> Option<(Option<Self>, Option<Self>)> {
        let (ok, err) = self.ty()?.result_types()?;
        Some((ok.map(|ty| self.with(ty)), err.map(|ty| self.with(ty))))
    }

    fn flags_names(&self) -> Box<dyn Iterator<Item = Cow<'_, str>> + '_> {
        Box::new(self.ty().into_iter().flat_map(|ty| ty.flags_names()))
    }
}

macro_rules! as_they_are {
    ($($make:ident: $ty:ty),* $(,)?) => {
        $(
            fn $make(value: $ty) -> Self {
                Self(Val::$make(value))
            }
        )*
    };
}

/// What is made of parts is not checked again: wasmtime's own check does not know handles, and
/// wasm-wave has read each part by its type.
impl WasmValue for LabelledVal {
    type Type = LabelledType;

    fn kind(&self) -> WasmTypeKind {
        self.0.kind()
    }

    as_they_are! {
        make_bool: bool,
        make_s8: i8,
        make_s16: i16,
        make_s32: i32,
        make_s64: i64,
        make_u8: u8,
        make_u16: u16,
        make_u32: u32,
        make_u64: u64,
        make_f32: f32,
        make_f64: f64,
        make_char: char,
        make_string: Cow<'_, str>,
    }

    fn make_list(ty: &LabelledType, values: impl IntoIterator<Item = Self>) -> Result<Self, WasmValueError> {
        let values: Vec<Val> = values.into_iter().map(|value| value.0).collect();
        Ok(Self(match ty.ty() {
            Some(Type::Map(_)) => Val::Map(values.into_iter().filter_map(entry).collect()),
            Some(Type::FixedLengthList(list)) => {
                let (wanted, len) = (list.len(), values.len());
                if usize::try_from(wanted) != Ok(len) {
                    let objection = format!("the list must have {wanted} elements, not {len}");
                    return Err(WasmValueError::Other(objection));
                }
                Val::FixedLengthList(values)
            }
            _ => Val::List(values),
        }))
    }

    fn make_record<'a>(
        _: &LabelledType,
        fields: impl IntoIterator<Item = (&'a str, Self)>,
    ) -> Result<Self, WasmValueError> {
        let fields = fields.into_iter().map(|(name, value)| (name.to_owned(), value.0));
        Ok(Self(Val::Record(fields.collect())))
    }

    fn make_tuple(_: &LabelledType, values: impl IntoIterator<Item = Self>) -> Result<Self, WasmValueError> {
        Ok(Self(Val::Tuple(values.into_iter().map(|value| value.0).collect())))
    }

    fn make_variant(_: &LabelledType, case: &str, payload: Option<Self>) -> Result<Self, WasmValueError> {
        Ok(Self(Val::Variant(case.to_owned(), boxed(payload))))
    }

    fn make_enum(ty: &LabelledType, case: &str) -> Result<Self, WasmValueError> {
        let value = match ty.ty().map(|ty| (ty, handle_type(ty))) {
            None => return Err(WasmValueError::Other("a pair is no enum".to_owned())),
            Some((ty, None)) => Val::make_enum(ty, case)?,
            Some((_, Some((resource, is_own)))) => ty
                .labels
                .value(case, resource, is_own)
                .map_err(|objection| WasmValueError::Other(objection.message))?,
        };
        Ok(Self(value))
    }

    fn make_option(_: &LabelledType, value: Option<Self>) -> Result<Self, WasmValueError> {
        Ok(Self(Val::Option(boxed(value))))
    }

    fn make_result(
        _: &LabelledType,
        value: Result<Option<Self>, Option<Self>>,
    ) -> Result<Self, WasmValueError> {
        Ok(Self(Val::Result(value.map(boxed).map_err(boxed))))
    }

    fn make_flags<'a>(
        ty: &LabelledType,
        names: impl IntoIterator<Item = &'a str>,
    ) -> Result<Self, WasmValueError> {
        match ty.ty() {
            Some(ty) => Val::make_flags(ty, names).map(Self),
            None => Err(WasmValueError::Other("a pair is no flags".to_owned())),
        }
    }
}

/// Of the pair that wasm-wave made for an entry.
fn entry(pair: Val) -> Option<(Val, Val)> {
    let Val::Tuple(parts) = pair else { return None };
    <[Val; 2]>::try_from(parts).ok().map(Into::into)
}

fn boxed(value: Option<LabelledVal>) -> Option<Box<Val>> {
    value.map(|value| Box::new(value.0))
}
