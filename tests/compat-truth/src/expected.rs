//! Rust types that check as whatever WIT type is expected at the moment.
//!
//! Wasmtime checks a component against the *Rust type* of a host function, by functions that take
//! no value and cannot be closed over. So what is expected stands in the thread, and the one Rust
//! type [`Expected`] hands each check on to the Rust type that generated bindings would have there:
//! `u32`, `Vec<Expected>`, a record of `Expected` fields. Every relation between types is thereby
//! wasmtime's own code.
#![allow(
    unsafe_code,
    reason = "the traits are unsafe to implement; their values, which the contract is about, do not exist"
)]

use std::cell::RefCell;
use std::collections::HashMap;
use std::mem::MaybeUninit;
use std::sync::Arc;

use wasmtime::component::__internal::{
    CanonicalAbiInfo, InstanceType, InterfaceType, LiftContext, LowerContext, typecheck_enum,
    typecheck_flags, typecheck_record, typecheck_variant,
};
use wasmtime::component::{ComponentNamedList, ComponentType, Lift, Lower, ResourceAny};
use wasmtime::{Result, ValRaw, bail};
use wit_parser::Type;

use crate::concurrent;
use crate::shape::{Shape, Signature};

thread_local! {
    /// What the next checks are to expect, the next one last; a frame for each type that is open.
    static FRAMES: RefCell<Vec<Vec<Arc<Shape>>>> = const { RefCell::new(Vec::new()) };
    static SIGNATURE: RefCell<Option<Arc<Signature>>> = const { RefCell::new(None) };
}

/// Does `check` while [`Arguments`] and [`Returned`] stand for this signature.
pub(crate) fn expecting_signature<T>(signature: &Arc<Signature>, check: impl FnOnce() -> T) -> T {
    SIGNATURE.set(Some(Arc::clone(signature)));
    let outcome = check();
    SIGNATURE.set(None);
    outcome
}

/// Does `check`, in which [`Expected`] is checked once for each of the shapes, in their order; after
/// a part that does not fit, no more of them need be.
pub(crate) fn expecting<'a>(
    shapes: impl IntoIterator<Item = &'a Arc<Shape>, IntoIter: DoubleEndedIterator>,
    check: impl FnOnce() -> Result<()>,
) -> Result<()> {
    let shapes = shapes.into_iter().rev().map(Arc::clone).collect();
    FRAMES.with_borrow_mut(|frames| frames.push(shapes));
    let outcome = check();
    let rest = FRAMES.with_borrow_mut(Vec::pop);
    // as an error it would pass for a refusal to link
    assert!(outcome.is_err() || rest.is_some_and(|rest| rest.is_empty()), "a part of a type was not checked");
    outcome
}

fn next() -> Arc<Shape> {
    FRAMES
        .with_borrow_mut(|frames| frames.last_mut()?.pop())
        .expect("no more parts are checked than the type has")
}

fn signature() -> Arc<Signature> {
    SIGNATURE.with_borrow(Clone::clone).expect("only the function is checked that a type is expected of")
}

/// Stands for a value of the expected type; there is none.
pub(crate) enum Expected {}

/// Stands for the parameters of the expected signature.
pub(crate) enum Arguments {}

/// Stands for the result of the expected signature.
pub(crate) enum Returned {}

macro_rules! uninhabited {
    ($($name:ident: $typecheck:expr;)*) => {$(
        // SAFETY: `Lower` is an array of `ValRaw`, which all bit patterns are fine for. That it and
        // the ABI are not those of the WIT type does no harm: no value can be made to be lowered,
        // and lifting reads nothing and fails.
        unsafe impl ComponentType for $name {
            type Lower = [ValRaw; 0];
            const ABI: CanonicalAbiInfo = CanonicalAbiInfo::ZERO;

            fn typecheck(ty: &InterfaceType, types: &InstanceType<'_>) -> Result<()> {
                $typecheck(ty, types)
            }
        }

        // SAFETY: never reached, for want of a value.
        unsafe impl Lower for $name {
            fn linear_lower_to_flat<T>(
                &self,
                _: &mut LowerContext<'_, T>,
                _: InterfaceType,
                _: &mut MaybeUninit<Self::Lower>,
            ) -> Result<()> {
                match *self {}
            }

            fn linear_lower_to_memory<T>(
                &self,
                _: &mut LowerContext<'_, T>,
                _: InterfaceType,
                _: usize,
            ) -> Result<()> {
                match *self {}
            }
        }

        // SAFETY: neither the storage nor the memory is looked at.
        unsafe impl Lift for $name {
            fn linear_lift_from_flat(
                _: &mut LiftContext<'_>,
                _: InterfaceType,
                _: &Self::Lower,
            ) -> Result<Self> {
                bail!("it is never called")
            }

            fn linear_lift_from_memory(_: &mut LiftContext<'_>, _: InterfaceType, _: &[u8]) -> Result<Self> {
                bail!("it is never called")
            }
        }
    )*};
}

uninhabited! {
    Expected: |ty, types| typecheck(&next(), ty, types);
    Arguments: |ty, types| tuple(&signature().params, ty, types);
    Returned: |ty, types| tuple(&signature().results, ty, types);
}

// SAFETY: both are checked as tuples.
unsafe impl ComponentNamedList for Arguments {}
// SAFETY: as above.
unsafe impl ComponentNamedList for Returned {}

fn typecheck(shape: &Shape, ty: &InterfaceType, types: &InstanceType<'_>) -> Result<()> {
    match shape {
        Shape::Plain(plain) => typecheck_plain(plain, shape, ty, types),
        Shape::List(of) => expecting([of], || Vec::<Expected>::typecheck(ty, types)),
        Shape::FixedLengthList(of, length) => expecting([of], || fixed_length_list(*length, ty, types)),
        Shape::Map(parts) => expecting(parts, || HashMap::<Expected, Expected>::typecheck(ty, types)),
        Shape::Option(of) => expecting([of], || Option::<Expected>::typecheck(ty, types)),
        Shape::Result(ok, err) => expecting(ok.iter().chain(err), || match (ok, err) {
            (Some(_), Some(_)) => Result::<Expected, Expected>::typecheck(ty, types),
            (Some(_), None) => Result::<Expected, ()>::typecheck(ty, types),
            (None, Some(_)) => Result::<(), Expected>::typecheck(ty, types),
            (None, None) => Result::<(), ()>::typecheck(ty, types),
        }),
        Shape::Tuple(parts) => tuple(parts, ty, types),
        Shape::Record(fields) => {
            let checks: Vec<(&str, Typecheck)> =
                fields.iter().map(|(name, _)| (name.as_str(), EXPECTED)).collect();
            expecting(fields.iter().map(|(_, of)| of), || typecheck_record(ty, types, &checks))
        }
        Shape::Variant(cases) => {
            let checks: Vec<(&str, Option<Typecheck>)> =
                cases.iter().map(|(name, of)| (name.as_str(), of.as_ref().map(|_| EXPECTED))).collect();
            expecting(cases.iter().filter_map(|(_, of)| of.as_ref()), || {
                typecheck_variant(ty, types, &checks)
            })
        }
        Shape::Enum(names) => typecheck_enum(ty, types, &strs(names)),
        Shape::Flags(names) => typecheck_flags(ty, types, &strs(names)),
        Shape::HostResource(resource) => resource.typecheck(ty, types),
        Shape::GuestResource => ResourceAny::typecheck(ty, types),
        Shape::Future(_) | Shape::Stream(_) => concurrent::typecheck(shape, ty, types),
    }
}

type Typecheck = fn(&InterfaceType, &InstanceType<'_>) -> Result<()>;
const EXPECTED: Typecheck = Expected::typecheck;

fn strs(names: &[String]) -> Vec<&str> {
    names.iter().map(String::as_str).collect()
}

fn typecheck_plain(plain: &Type, shape: &Shape, ty: &InterfaceType, types: &InstanceType<'_>) -> Result<()> {
    match plain {
        Type::Bool => bool::typecheck(ty, types),
        Type::U8 => u8::typecheck(ty, types),
        Type::U16 => u16::typecheck(ty, types),
        Type::U32 => u32::typecheck(ty, types),
        Type::U64 => u64::typecheck(ty, types),
        Type::S8 => i8::typecheck(ty, types),
        Type::S16 => i16::typecheck(ty, types),
        Type::S32 => i32::typecheck(ty, types),
        Type::S64 => i64::typecheck(ty, types),
        Type::F32 => f32::typecheck(ty, types),
        Type::F64 => f64::typecheck(ty, types),
        Type::Char => char::typecheck(ty, types),
        Type::String => String::typecheck(ty, types),
        Type::ErrorContext => concurrent::typecheck(shape, ty, types),
        Type::Id(_) => unreachable!("a named type has a shape of its own"),
    }
}

/// `[Expected; LENGTH]`, for the length that the host has there.
fn fixed_length_list(length: u32, ty: &InterfaceType, types: &InstanceType<'_>) -> Result<()> {
    macro_rules! lengths {
        ($($length:literal)*) => {
            match length {
                $($length => <[Expected; $length]>::typecheck(ty, types),)*
                _ => unreachable!("no shape has a longer list"),
            }
        };
    }
    lengths!(1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20 21 22 23 24 25 26 27 28 29 30 31 32)
}

/// `(Expected, …)`, as long as the host has it there.
fn tuple(parts: &[Arc<Shape>], ty: &InterfaceType, types: &InstanceType<'_>) -> Result<()> {
    macro_rules! tuples {
        ($($length:literal: $($part:ident)*;)*) => {
            match parts.len() {
                $($length => <($($part,)*)>::typecheck(ty, types),)*
                _ => unreachable!("no shape has a longer tuple"),
            }
        };
    }
    use Expected as E;
    expecting(parts, || {
        tuples! {
            0: ; 1: E; 2: E E; 3: E E E; 4: E E E E; 5: E E E E E; 6: E E E E E E; 7: E E E E E E E;
            8: E E E E E E E E; 9: E E E E E E E E E; 10: E E E E E E E E E E;
            11: E E E E E E E E E E E; 12: E E E E E E E E E E E E; 13: E E E E E E E E E E E E E;
            14: E E E E E E E E E E E E E E; 15: E E E E E E E E E E E E E E E;
            16: E E E E E E E E E E E E E E E E; 17: E E E E E E E E E E E E E E E E E;
        }
    })
}
