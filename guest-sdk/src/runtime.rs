//! What generated bindings call: wit-bindgen's runtime, and our word before the first call.

pub use wit_bindgen::rt::*;

/// Generated code calls this first in every export.
#[cfg(target_arch = "wasm32")]
pub fn run_ctors_once() {
    wit_bindgen::rt::run_ctors_once();
    crate::entry::enter();
}
