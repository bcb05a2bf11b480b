//! What happens once in an instance, before anything of the plugin runs.

#![cfg_attr(not(target_arch = "wasm32"), allow(dead_code))]

use std::sync::atomic::{AtomicBool, Ordering};

static ENTERED: AtomicBool = AtomicBool::new(false);

/// Called at the head of every export: any of them may be the first.
pub(crate) fn enter() {
    if ENTERED.swap(true, Ordering::Relaxed) {
        return;
    }
    crate::panic::install();
    #[cfg(feature = "log")]
    crate::log::facade::install();
    #[cfg(feature = "tracing")]
    crate::log::subscriber::install();
}
