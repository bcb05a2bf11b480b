//! The resources that a host has: a Rust type each, as generated bindings give it.

use wasmtime::Result;
use wasmtime::component::__internal::{InstanceType, InterfaceType};
use wasmtime::component::{ComponentType, Resource, ResourceType};

/// The Rust type of the resource of that number.
struct Marker<const NUMBER: usize>;

/// How wasmtime knows a resource of the host.
#[derive(Clone, Copy)]
pub(crate) struct HostResource {
    ty: fn() -> ResourceType,
    typecheck: fn(&InterfaceType, &InstanceType<'_>) -> Result<()>,
}

impl HostResource {
    /// The resource of that number, if there are so many.
    pub(crate) fn number(number: usize) -> Option<HostResource> {
        ALL.get(number).copied()
    }

    /// What the linker is given.
    pub(crate) fn ty(self) -> ResourceType {
        (self.ty)()
    }

    /// Whether a handle in the component is one of this resource.
    pub(crate) fn typecheck(self, ty: &InterfaceType, types: &InstanceType<'_>) -> Result<()> {
        (self.typecheck)(ty, types)
    }
}

const fn marked<const NUMBER: usize>() -> HostResource {
    HostResource {
        ty: ResourceType::host::<Marker<NUMBER>>,
        typecheck: <Resource<Marker<NUMBER>> as ComponentType>::typecheck,
    }
}

macro_rules! marked {
    ($($number:literal)*) => { [$(marked::<$number>()),*] };
}

#[rustfmt::skip]
const ALL: [HostResource; 64] = marked![
     0  1  2  3  4  5  6  7  8  9 10 11 12 13 14 15
    16 17 18 19 20 21 22 23 24 25 26 27 28 29 30 31
    32 33 34 35 36 37 38 39 40 41 42 43 44 45 46 47
    48 49 50 51 52 53 54 55 56 57 58 59 60 61 62 63
];
