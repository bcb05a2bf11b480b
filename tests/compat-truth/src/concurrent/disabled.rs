//! An engine without async functions, streams, futures and error contexts: worlds that have them
//! are turned away before any of this is reached.

use wasmtime::component::__internal::{InstanceType, InterfaceType};
use wasmtime::component::LinkerInstance;
use wasmtime::{Config, Result};

use crate::shape::Shape;

pub(crate) const COMPILED_IN: bool = false;

pub(crate) fn configure(_config: &mut Config) {}

pub(crate) fn typecheck(_shape: &Shape, _ty: &InterfaceType, _types: &InstanceType<'_>) -> Result<()> {
    unreachable!("no world gets here that has any of it")
}

pub(crate) fn dynamic(_linker: &mut LinkerInstance<'_, ()>, _name: &str) -> Result<()> {
    unreachable!("no world gets here that has any of it")
}

pub(crate) fn typed(_linker: &mut LinkerInstance<'_, ()>, _name: &str) -> Result<()> {
    unreachable!("no world gets here that has any of it")
}
