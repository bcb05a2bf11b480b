//! Any component, without a world known at compile time: for tools.
//!
//! Its functions are found and called by name, with values that carry their types. Sandbox and
//! limits are the same as for all plugins.

mod function;
mod instance;
mod plugin;

pub use function::DynamicFunction;
pub use instance::DynamicInstance;
pub use plugin::{DynamicOptions, DynamicPlugin};
