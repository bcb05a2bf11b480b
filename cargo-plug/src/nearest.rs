//! What somebody may have meant.

pub(crate) use plug_policy::nearest;
