//! `cargo plug contract hash`

use plug_contract::Contract;

use super::error::ContractError;
use crate::baseline::{Reading, Reference};
use crate::cli::{Format, Hash};
use crate::commands::check_compat::contract_folder;
use crate::env::Place;
use crate::failure::Failure;

/// Contracts, each with what it is called.
pub(crate) struct Hashes {
    pub(crate) contracts: Vec<(String, Contract)>,
    pub(crate) format: Format,
}

pub(super) fn run(args: &Hash, place: &Place) -> Result<Hashes, Failure> {
    let reference = match &args.contract {
        Some(given) => given.parse().map_err(crate::baseline::BaselineError::from)?,
        None => Reference::Path(contract_folder(place).ok_or(ContractError::NoContract)?),
    };
    let package = Reading { place, features: &args.features }.read(&reference, None)?;
    Ok(Hashes { contracts: package.contracts(args.world.as_deref())?, format: args.format })
}
