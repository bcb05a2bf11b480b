//! The live table of plugins.

mod handle;
mod info;
mod table;

pub use handle::PluginHandle;
pub use info::PluginInfo;
pub(crate) use table::Registry;
