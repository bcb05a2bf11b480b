//! `cargo plug contract`

mod diff;
pub(crate) mod drift;
mod error;
mod freeze;
pub(crate) mod hash;
mod working_tree;

use crate::cli::{Contract, ContractCommand};
use crate::commands::Outcome;
use crate::env::Place;
use crate::failure::Failure;
use crate::report::Reporter;

pub(crate) fn run(args: &Contract, place: &Place, reporter: &mut Reporter) -> Result<Outcome, Failure> {
    match &args.command {
        ContractCommand::Freeze(args) => freeze::run(args, place, reporter),
        ContractCommand::Drift(args) => drift::run(args, place).map(Outcome::Drift),
        ContractCommand::Hash(args) => hash::run(args, place).map(Outcome::Hashes),
        ContractCommand::Diff(args) => {
            diff::run(args, place).map(|found| Outcome::Comparison(Box::new(found)))
        }
    }
}
