//! The real host, through the imports of the base world.

use crate::log::Level;
use crate::private::host_api;

pub(crate) fn log(level: Level, message: &str) {
    // there is nobody left to tell that the log is full
    let _ = host_api::log_message(level, message);
}

pub(crate) fn config(key: &str) -> Option<String> {
    host_api::get_config(key)
}

pub(crate) fn emit(event_type: &str, payload: &str) -> Result<(), String> {
    host_api::emit_event(event_type, payload)
}
