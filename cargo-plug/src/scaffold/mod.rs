//! A new plugin on disk: rendered aside, checked, then moved into place as a whole.

mod contract_copy;
mod error;
mod folder;
mod plugin_name;
mod rust_impl;
mod rust_type;
mod sdk;
mod template;
mod workspace;

pub(crate) use contract_copy::{ContractCopy, PROVENANCE_FILE, Provenance};
pub(crate) use error::ScaffoldError;
pub(crate) use folder::Staging;
pub(crate) use plugin_name::PluginName;
pub(crate) use rust_impl::{ImplError, RustImpl};
pub(crate) use sdk::{Sdk, relative_path};
pub(crate) use template::{Template, Values};
pub(crate) use workspace::Enclosing;
