//! The live table of plugins.

mod delivery;
mod handle;
mod info;
mod table;

pub use delivery::DeliveryInfo;
pub use handle::PluginHandle;
pub use info::PluginInfo;
pub(crate) use table::Registry;
