//! Embed plugins safely: load, judge, call and replace WebAssembly components.
