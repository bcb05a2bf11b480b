//! A plugin, ready to run, and its instances.

mod admission;
mod instance;
mod lifecycle;
mod linkers;
mod prepare;
mod run;
mod settings;
mod verdict;
mod weigh;

pub(crate) use admission::admit_any;
pub(crate) use instance::answered;
pub use instance::{CallStore, Instance};
pub use lifecycle::Metadata;
pub(crate) use lifecycle::{Life, Lifecycle, initialize};
pub(crate) use linkers::Linkers;
pub use prepare::Plugin;
pub(crate) use prepare::{AppFactory, compile};
pub(crate) use run::{Clock, new_store, run};
pub(crate) use settings::{Settings, Terms};
pub(crate) use verdict::TransferExceeded;
