//! Components that need the full engine: what holds for all others holds for them.

mod limits;
#[path = "../support/mod.rs"]
mod support;
mod typed;
