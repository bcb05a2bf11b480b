//! Which plugin, and which deployment of it.

use std::sync::Arc;

use plug_admission::Revision;

/// A plugin as its errors, events and records name it: the name on this host, and the revision.
#[derive(Debug, Clone)]
pub(crate) struct Identity {
    pub(crate) plugin: Arc<str>,
    pub(crate) revision: Revision,
}
