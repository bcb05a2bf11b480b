//! What differs between two contracts in one direction, each difference with its rule.
//!
//! The relation is wasmtime 48's own: value types have no subtyping, so names, order and number of
//! fields, cases and flags count, and names of types and parameters do not; only membership has a
//! direction; versions match by track. `docs/decisions/0001` has the table.

mod change;
mod function;
mod gates;
mod handle;
mod interface;
mod listing;
mod members;
mod named;
mod pairing;
mod remarks;
mod retyped;
mod text;
mod types;
mod walk;
mod world;

pub(super) use change::{Change, Position};
pub(super) use text::part;
pub(super) use walk::walk;
