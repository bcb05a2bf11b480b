//! A plugin, ready to run, and its instances.

mod admission;
mod instance;
mod lifecycle;
mod prepare;
mod run;
mod settings;
mod verdict;
mod weigh;

pub(crate) use instance::answered;
pub use instance::{CallStore, Instance};
pub use lifecycle::Metadata;
pub(crate) use lifecycle::{Life, Lifecycle, initialize};
pub use prepare::Plugin;
pub(crate) use prepare::{AppFactory, compile};
pub(crate) use run::{Clock, new_store, run};
pub(crate) use settings::{Settings, Terms};
