//! Our own WIT package.

/// The text of `plug:plugin@1.0.0`: the base world, the standard world, the optional interfaces.
pub const PLUGIN_WIT: &str = include_str!("../wit/plugin.wit");
