//! Two contracts, or a component and a contract: do they fit, and what changed?
//!
//! [`diff`] finds the changes of one direction, [`rules`] says what each kind of change does, and
//! [`compare`] puts both directions together into a [`Report`].

mod compare;
mod diff;
mod edition;
mod engine;
mod lint;
mod report;
pub(crate) mod rules;
mod verdict;
mod version;

pub use compare::{compare, judge, judge_on};
pub use edition::{Edition, Linker};
pub use lint::{Lint, lint};
pub use report::{Finding, Part, Report, Scope, Subject, Tally};
pub use rules::{Bump, Cells, Hazard, Help, Outcome, Rule, Stage, rule, rules};
pub use verdict::{Direction, Verdict, Verdicts};
