//! Values for wasm-wave in which a handle is the case of an enum: its label. wasm-wave itself has no
//! handles.

use std::borrow::Cow;
use std::rc::Rc;

use plug_host::wasmtime::component::{Type, Val};
use wasm_wave::wasm::{WasmType, WasmTypeKind, WasmValue, WasmValueError};

use super::labels::{Labels, handle_type};

/// A type, and what labels in its values stand for.
#[derive(Clone)]
pub(super) struct LabelledType {
    ty: Type,
    labels: Rc<Labels>,
}

/// A value that was read.
#[derive(Debug, Clone)]
pub(super) struct LabelledVal(pub(super) Val);

impl LabelledType {
    pub(super) fn new(ty: &Type, labels: &Rc<Labels>) -> Self {
        Self { ty: ty.clone(), labels: Rc::clone(labels) }
    }

    fn with(&self, ty: Type) -> Self {
        Self { ty, labels: Rc::clone(&self.labels) }
    }
}

impl WasmType for LabelledType {
    fn kind(&self) -> WasmTypeKind {
        if handle_type(&self.ty).is_some() { WasmTypeKind::Enum } else { self.ty.kind() }
    }

    fn list_element_type(&self) -> Option<Self> {
        self.ty.list_element_type().map(|ty| self.with(ty))
    }

    fn record_fields(&self) -> Box<dyn Iterator<Item = (Cow<'_, str>, Self)> + '_> {
        Box::new(self.ty.record_fields().map(|(name, ty)| (name, self.with(ty))))
    }

    fn tuple_element_types(&self) -> Box<dyn Iterator<Item = Self> + '_> {
        Box::new(self.ty.tuple_element_types().map(|ty| self.with(ty)))
    }

    fn variant_cases(&self) -> Box<dyn Iterator<Item = (Cow<'_, str>, Option<Self>)> + '_> {
        Box::new(self.ty.variant_cases().map(|(name, ty)| (name, ty.map(|ty| self.with(ty)))))
    }

    fn enum_cases(&self) -> Box<dyn Iterator<Item = Cow<'_, str>> + '_> {
        match handle_type(&self.ty) {
            None => self.ty.enum_cases(),
            // Only shown, by `Labels::type_in_wit`; no real case has such a name.
            Some((resource, is_own)) => {
                let kind = if is_own { "own" } else { "borrow" };
                let name = self.labels.resource_name(resource);
                Box::new(std::iter::once(Cow::Owned(format!("{kind}<{name}>"))))
            }
        }
    }

    fn option_some_type(&self) -> Option<Self> {
        self.ty.option_some_type().map(|ty| self.with(ty))
    }

    fn result_types(&self) -> Option<(Option<Self>, Option<Self>)> {
        let (ok, err) = self.ty.result_types()?;
        Some((ok.map(|ty| self.with(ty)), err.map(|ty| self.with(ty))))
    }

    fn flags_names(&self) -> Box<dyn Iterator<Item = Cow<'_, str>> + '_> {
        self.ty.flags_names()
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

    fn make_list(_: &LabelledType, values: impl IntoIterator<Item = Self>) -> Result<Self, WasmValueError> {
        Ok(Self(Val::List(values.into_iter().map(|value| value.0).collect())))
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
        let value = match handle_type(&ty.ty) {
            None => Val::make_enum(&ty.ty, case)?,
            Some((resource, is_own)) => ty
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
        Val::make_flags(&ty.ty, names).map(Self)
    }
}

fn boxed(value: Option<LabelledVal>) -> Option<Box<Val>> {
    value.map(|value| Box::new(value.0))
}
