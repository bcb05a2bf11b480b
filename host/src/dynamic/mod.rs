//! Any component, without a world known at compile time: for tools.
//!
//! Its functions are found and called by name, with values that carry their types. Those of its
//! resources are among them; a handle is a value like others, until it is passed on or dropped.
//! Sandbox and limits are the same as for all plugins.

mod arguments;
mod function;
mod instance;
mod plugin;
mod resource;

pub use function::DynamicFunction;
pub use instance::{DropError, DynamicInstance};
pub use plugin::{DynamicOptions, DynamicPlugin};
pub use resource::DynamicResource;
