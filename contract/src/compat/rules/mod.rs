//! The kinds of change between two contracts, as data: a row and a page each.

mod aliases;
mod annotations;
mod asynchrony;
mod cells;
mod containers;
mod engines;
mod enums;
mod flags;
mod functions;
mod optional;
mod records;
mod resources;
mod rule;
mod variants;
mod versions;
mod worlds;

pub use rule::{Bump, Cells, Hazard, Help, Outcome, Rule, Stage};

/// The tables, in the order of the reference.
const TABLES: &[&[Rule]] = &[
    functions::FUNCTIONS,
    asynchrony::ASYNCHRONY,
    containers::CONTAINERS,
    records::RECORDS,
    variants::VARIANTS,
    enums::ENUMS,
    flags::FLAGS,
    aliases::ALIASES,
    resources::RESOURCES,
    worlds::WORLDS,
    versions::VERSIONS,
    annotations::GATES,
    annotations::DOCUMENTATION,
    optional::OPTIONAL,
    engines::ENGINES,
];

/// All rules, in the order of the reference: by family, then by number.
pub fn rules() -> impl Iterator<Item = &'static Rule> {
    TABLES.iter().copied().flatten()
}

/// The rule of an id such as `F06`. Letters of either case do.
#[must_use]
pub fn rule(id: &str) -> Option<&'static Rule> {
    rules().find(|rule| rule.id.eq_ignore_ascii_case(id))
}
