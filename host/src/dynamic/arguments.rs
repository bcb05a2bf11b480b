//! Whether values fit a function, before it is entered: what wasmtime finds out by itself, it finds
//! out when the instance is lost.

use wasmtime::component::types::ComponentFunc;
use wasmtime::component::{ResourceAny, Type, Val};

use super::transmit::stream_element;

/// The handles that the call gives away.
pub(super) fn check(
    function: &ComponentFunc,
    arguments: &[Val],
    held: &[ResourceAny],
) -> Result<Vec<ResourceAny>, String> {
    let wanted = function.params().len();
    if wanted != arguments.len() {
        return Err(format!("it takes {wanted}, not {}", arguments.len()));
    }
    let mut check = Check { held, lent: Vec::new(), given: Vec::new() };
    for ((name, ty), value) in function.params().zip(arguments) {
        check.value(&ty, value).map_err(|misfit| misfit.told(name))?;
    }
    Ok(check.given)
}

/// About as many bytes as a value has in the plugin's memory.
pub(super) fn size(value: &Val) -> usize {
    let all = |values: &[Val]| values.iter().map(size).fold(8, usize::saturating_add);
    match value {
        Val::String(text) => text.len().saturating_add(8),
        Val::List(values) => match values.first() {
            Some(Val::Bool(_) | Val::S8(_) | Val::U8(_)) => values.len().saturating_add(8),
            _ => all(values),
        },
        Val::Tuple(values) | Val::FixedLengthList(values) => all(values),
        Val::Map(pairs) => pairs
            .iter()
            .map(|(key, value)| size(key).saturating_add(size(value)))
            .fold(8, usize::saturating_add),
        Val::Record(fields) => fields.iter().map(|(_, value)| size(value)).fold(0, usize::saturating_add),
        Val::Variant(_, Some(value))
        | Val::Option(Some(value))
        | Val::Result(Ok(Some(value)) | Err(Some(value))) => size(value).saturating_add(8),
        Val::Bool(_) | Val::S8(_) | Val::U8(_) | Val::Enum(_) => 1,
        Val::S16(_) | Val::U16(_) => 2,
        Val::S32(_) | Val::U32(_) | Val::Float32(_) | Val::Char(_) | Val::Resource(_) | Val::Flags(_) => 4,
        _ => 8,
    }
}

struct Check<'a> {
    /// The handles that the caller has.
    held: &'a [ResourceAny],
    lent: Vec<ResourceAny>,
    given: Vec<ResourceAny>,
}

/// What does not fit, and where in a value that is, the innermost place first.
struct Misfit {
    places: Vec<String>,
    reason: String,
}

impl Misfit {
    fn new(reason: impl Into<String>) -> Misfit {
        Misfit { places: Vec::new(), reason: reason.into() }
    }

    fn within(mut self, place: impl Into<String>) -> Misfit {
        self.places.push(place.into());
        self
    }

    fn told(self, param: &str) -> String {
        let places: String = self.places.into_iter().rev().collect();
        format!("`{param}{places}` {}", self.reason)
    }
}

impl Check<'_> {
    fn value(&mut self, ty: &Type, value: &Val) -> Result<(), Misfit> {
        if let Some(of) = stream_element(ty) {
            return match (ty, value) {
                (Type::Stream(_), Val::List(values)) => self.elements(&of, values),
                (Type::Stream(_), value) => {
                    Err(Misfit::new(format!("must be a list for the stream, not {}", kind_of_value(value))))
                }
                (_, value) => self.value(&of, value),
            };
        }
        match (ty, value) {
            (Type::Bool, Val::Bool(_))
            | (Type::S8, Val::S8(_))
            | (Type::U8, Val::U8(_))
            | (Type::S16, Val::S16(_))
            | (Type::U16, Val::U16(_))
            | (Type::S32, Val::S32(_))
            | (Type::U32, Val::U32(_))
            | (Type::S64, Val::S64(_))
            | (Type::U64, Val::U64(_))
            | (Type::Float32, Val::Float32(_))
            | (Type::Float64, Val::Float64(_))
            | (Type::Char, Val::Char(_))
            | (Type::String, Val::String(_))
            | (Type::Future(_), Val::Future(_))
            | (Type::Stream(_), Val::Stream(_))
            | (Type::ErrorContext, Val::ErrorContext(_)) => Ok(()),
            (Type::List(list), Val::List(values)) => self.elements(&list.ty(), values),
            (Type::FixedLengthList(list), Val::FixedLengthList(values)) => {
                let (wanted, len) = (list.len(), values.len());
                if usize::try_from(wanted) != Ok(len) {
                    return Err(Misfit::new(format!("must have {wanted} elements, not {len}")));
                }
                self.elements(&list.ty(), values)
            }
            (Type::Map(map), Val::Map(pairs)) => {
                let (key, value) = (map.key(), map.value());
                pairs.iter().enumerate().try_for_each(|(at, (own_key, own_value))| {
                    self.value(&key, own_key)
                        .and_then(|()| self.value(&value, own_value))
                        .map_err(|misfit| misfit.within(format!("[{at}]")))
                })
            }
            (Type::Tuple(tuple), Val::Tuple(values)) => {
                let (wanted, len) = (tuple.types().len(), values.len());
                if wanted != len {
                    return Err(Misfit::new(format!("must have {wanted} parts, not {len}")));
                }
                tuple.types().zip(values).enumerate().try_for_each(|(at, (ty, value))| {
                    self.value(&ty, value).map_err(|misfit| misfit.within(format!(".{at}")))
                })
            }
            (Type::Record(record), Val::Record(values)) => {
                let (wanted, len) = (record.fields().len(), values.len());
                if wanted != len {
                    return Err(Misfit::new(format!("must have {wanted} fields, not {len}")));
                }
                record.fields().zip(values).try_for_each(|(field, (name, value))| {
                    if field.name != name {
                        let wanted = field.name;
                        return Err(Misfit::new(format!(
                            "must have the field `{wanted}` where it has `{name}`"
                        )));
                    }
                    self.value(&field.ty, value).map_err(|misfit| misfit.within(format!(".{name}")))
                })
            }
            (Type::Variant(variant), Val::Variant(name, payload)) => {
                let case = variant.cases().find(|case| case.name == name);
                let case = case.ok_or_else(|| Misfit::new(format!("has no case `{name}`")))?;
                self.payload(case.ty.as_ref(), payload.as_deref(), name)
            }
            (Type::Enum(names), Val::Enum(name)) => {
                let is_case = names.names().any(|case| case == name);
                is_case.then_some(()).ok_or_else(|| Misfit::new(format!("has no case `{name}`")))
            }
            (Type::Flags(flags), Val::Flags(names)) => {
                let unknown = names.iter().find(|name| flags.names().all(|flag| flag != **name));
                unknown.map_or(Ok(()), |name| Err(Misfit::new(format!("has no flag `{name}`"))))
            }
            (Type::Option(option), Val::Option(value)) => match value {
                Some(value) => self.value(&option.ty(), value).map_err(|misfit| misfit.within(".some")),
                None => Ok(()),
            },
            (Type::Result(result), Val::Result(value)) => match value {
                Ok(value) => self.payload(result.ok().as_ref(), value.as_deref(), "ok"),
                Err(value) => self.payload(result.err().as_ref(), value.as_deref(), "err"),
            },
            (Type::Own(resource), Val::Resource(handle)) => {
                if *resource != handle.ty() {
                    return Err(Misfit::new("must be a handle of another resource"));
                }
                self.is_held(*handle)?;
                if self.lent.contains(handle) || self.given.contains(handle) {
                    return Err(Misfit::new("gives away a handle that the call has already"));
                }
                self.given.push(*handle);
                Ok(())
            }
            (Type::Borrow(resource), Val::Resource(handle)) => {
                if *resource != handle.ty() {
                    return Err(Misfit::new("must be a handle of another resource"));
                }
                self.is_held(*handle)?;
                if self.given.contains(handle) {
                    return Err(Misfit::new("is a handle that the call gives away"));
                }
                self.lent.push(*handle);
                Ok(())
            }
            (ty, value) => {
                let (wanted, given) = (kind_of_type(ty), kind_of_value(value));
                Err(Misfit::new(format!("must be {wanted}, not {given}")))
            }
        }
    }

    fn elements(&mut self, ty: &Type, values: &[Val]) -> Result<(), Misfit> {
        values.iter().enumerate().try_for_each(|(at, value)| {
            self.value(ty, value).map_err(|misfit| misfit.within(format!("[{at}]")))
        })
    }

    fn payload(&mut self, ty: Option<&Type>, value: Option<&Val>, case: &str) -> Result<(), Misfit> {
        match (ty, value) {
            (Some(ty), Some(value)) => {
                self.value(ty, value).map_err(|misfit| misfit.within(format!(".{case}")))
            }
            (None, None) => Ok(()),
            (Some(_), None) => Err(Misfit::new(format!("must have a value in the case `{case}`"))),
            (None, Some(_)) => Err(Misfit::new(format!("must have no value in the case `{case}`"))),
        }
    }

    fn is_held(&self, handle: ResourceAny) -> Result<(), Misfit> {
        if self.held.contains(&handle) {
            Ok(())
        } else {
            Err(Misfit::new("is a handle that was given away or dropped, or is of another instance"))
        }
    }
}

fn kind_of_type(ty: &Type) -> &'static str {
    match ty {
        Type::Bool => "a bool",
        Type::S8 => "an s8",
        Type::U8 => "a u8",
        Type::S16 => "an s16",
        Type::U16 => "a u16",
        Type::S32 => "an s32",
        Type::U32 => "a u32",
        Type::S64 => "an s64",
        Type::U64 => "a u64",
        Type::Float32 => "an f32",
        Type::Float64 => "an f64",
        Type::Char => "a char",
        Type::String => "a string",
        Type::List(_) => "a list",
        Type::FixedLengthList(_) => "a list of fixed length",
        Type::Map(_) => "a map",
        Type::Record(_) => "a record",
        Type::Tuple(_) => "a tuple",
        Type::Variant(_) => "a variant",
        Type::Enum(_) => "an enum",
        Type::Option(_) => "an option",
        Type::Result(_) => "a result",
        Type::Flags(_) => "flags",
        Type::Own(_) | Type::Borrow(_) => "a handle",
        Type::Future(_) => "a future",
        Type::Stream(_) => "a stream",
        Type::ErrorContext => "an error-context",
    }
}

fn kind_of_value(value: &Val) -> &'static str {
    match value {
        Val::Bool(_) => "a bool",
        Val::S8(_) => "an s8",
        Val::U8(_) => "a u8",
        Val::S16(_) => "an s16",
        Val::U16(_) => "a u16",
        Val::S32(_) => "an s32",
        Val::U32(_) => "a u32",
        Val::S64(_) => "an s64",
        Val::U64(_) => "a u64",
        Val::Float32(_) => "an f32",
        Val::Float64(_) => "an f64",
        Val::Char(_) => "a char",
        Val::String(_) => "a string",
        Val::List(_) => "a list",
        Val::FixedLengthList(_) => "a list of fixed length",
        Val::Map(_) => "a map",
        Val::Record(_) => "a record",
        Val::Tuple(_) => "a tuple",
        Val::Variant(..) => "a variant",
        Val::Enum(_) => "an enum",
        Val::Option(_) => "an option",
        Val::Result(_) => "a result",
        Val::Flags(_) => "flags",
        Val::Resource(_) => "a handle",
        Val::Future(_) => "a future",
        Val::Stream(_) => "a stream",
        Val::ErrorContext(_) => "an error-context",
    }
}
