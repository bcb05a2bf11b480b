//! Async functions, streams, futures and error contexts.

use wasmtime::component::__internal::{InstanceType, InterfaceType};
use wasmtime::component::{ComponentType, ErrorContext, FutureReader, LinkerInstance, StreamReader};
use wasmtime::{Config, Result, bail};

use crate::expected::{Arguments, Expected, Returned, expecting};
use crate::shape::Shape;

pub(crate) fn configure(config: &mut Config) {
    config.wasm_component_model_async(true).wasm_component_model_error_context(true);
}

pub(crate) fn typecheck(shape: &Shape, ty: &InterfaceType, types: &InstanceType<'_>) -> Result<()> {
    match shape {
        Shape::Future(Some(of)) => expecting([of], || FutureReader::<Expected>::typecheck(ty, types)),
        Shape::Future(None) => FutureReader::<()>::typecheck(ty, types),
        Shape::Stream(Some(of)) => expecting([of], || StreamReader::<Expected>::typecheck(ty, types)),
        Shape::Stream(None) => StreamReader::<()>::typecheck(ty, types),
        _ => ErrorContext::typecheck(ty, types),
    }
}

/// A function of any type.
pub(crate) fn dynamic(linker: &mut LinkerInstance<'_, ()>, name: &str) -> Result<()> {
    linker.func_new_concurrent(name, |_, _, _, _| Box::pin(async { bail!("it is never called") }))
}

/// A function of the expected type.
pub(crate) fn typed(linker: &mut LinkerInstance<'_, ()>, name: &str) -> Result<()> {
    linker.func_wrap_concurrent(name, |_, _: Arguments| {
        Box::pin(async { Err::<Returned, _>(wasmtime::format_err!("it is never called")) })
    })
}
