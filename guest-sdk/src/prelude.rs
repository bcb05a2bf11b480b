//! What most plugins use: `use plug_guest_sdk::prelude::*;`

pub use crate::{ProcessRequest, ProcessResponse, config, debug, error, info, plugin, warn};
