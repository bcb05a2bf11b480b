//! Any component, without a world known at compile time: for tools.
//!
//! Its functions are found and called by name, with values that carry their types. Those of its
//! resources are among them; a handle is a value like others, until it is passed on or dropped.
//! A stream of plain values is passed as a list, a future as what comes of it. Sandbox and limits are the
//! same as for all plugins.

mod arguments;
mod function;
mod instance;
mod plugin;
mod resource;
mod transmit;

pub use function::DynamicFunction;
pub use instance::{DropError, DynamicInstance};
pub use plugin::{DynamicOptions, DynamicPlugin};
pub use resource::DynamicResource;
pub use transmit::stream_element;
