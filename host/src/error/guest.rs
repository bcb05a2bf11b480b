//! The plugin said no.

use std::error::Error;
use std::fmt;

use plug_contract::printable;

/// The plugin answered, and its answer is an error.
///
/// A closure of [`PluginHandle::call`](crate::PluginHandle::call) that wants the plugin's own `err`
/// to be an error of the call returns one; [`PluginHandle::try_call`](crate::PluginHandle::try_call)
/// does so by itself.
///
/// `Display` shows what the plugin said on one line, with control characters escaped.
/// [`downcast_ref`](GuestError::downcast_ref) has it as it is.
pub struct GuestError(Box<dyn Error + Send + Sync>);

impl GuestError {
    /// The plugin's own error: text, or the type that the bindings have for it.
    pub fn new(error: impl Into<Box<dyn Error + Send + Sync>>) -> GuestError {
        GuestError(error.into())
    }

    /// The plugin's own error as the type that the bindings have for it.
    #[must_use]
    pub fn downcast_ref<E: Error + 'static>(&self) -> Option<&E> {
        self.0.downcast_ref()
    }
}

impl fmt::Debug for GuestError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl fmt::Display for GuestError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&printable::line(&self.0.to_string()))
    }
}

impl Error for GuestError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        self.0.source()
    }
}
