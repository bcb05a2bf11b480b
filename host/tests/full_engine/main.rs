//! Components that need the full engine: what holds for all others holds for them.

mod limits;
mod streams;
#[path = "../support/mod.rs"]
mod support;
mod typed;
