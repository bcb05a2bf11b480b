//! A world as a normalised value: order, file layout, docs and aliases are gone.

mod contract;
mod features;
mod interface;
mod remarks;
mod ties;
mod types;

pub use contract::{BASE_EXPORT, Contract, Item};
pub(crate) use contract::{Parts, Side};
pub use features::{EngineFeature, EngineNeed};
pub use interface::{Function, Interface, Location, NodeHashes, Param};
pub use remarks::{Remarks, TypeOrigin, TypeSource};
pub use types::{Case, Field, NamedType, ResourceId, Type, TypeDefinition};
