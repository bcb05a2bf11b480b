//! `cargo plug check-compat`

mod check;
mod error;
mod lints;
mod overrides;
mod project;
mod subjects;

pub(crate) use check::{Asked, Check, Comparison};
pub(crate) use error::CheckError;
pub(crate) use lints::warn_of_one;
pub(crate) use project::contract_folder;

use crate::cli::{CheckCompat, Deny, Direction};
use crate::env::Place;
use crate::failure::Failure;
use crate::report::Reporter;
pub(crate) use overrides::Overrides;
use subjects::Subjects;

pub(crate) fn run(args: &CheckCompat, place: &Place, reporter: &mut Reporter) -> Result<Comparison, Failure> {
    let Subjects { new, old, beside } = subjects::find(args, place, reporter)?;
    let mut overrides = Overrides::find(args.config.as_deref(), beside.as_deref(), place)?;

    let is_component = new.is_component();
    let direction = match (args.direction, is_component) {
        (Some(Direction::HostUpgrade | Direction::Both), true) => {
            return Err(CheckError::DirectionOfComponent { name: new.name }.into());
        }
        (Some(direction), false) => direction,
        (None, false) => Direction::Both,
        (_, true) => Direction::PluginUpgrade,
    };
    let asked = Asked { direction, deny_hazard: args.deny == Some(Deny::Hazard) };

    // A component has no worlds to choose from: there, the name is for the host's.
    let own = if is_component { None } else { args.world.as_deref() };
    let of_host = args.against_world.as_deref().or(if is_component { args.world.as_deref() } else { None });
    let other = subjects::common_world(&new, own);
    let of_old = subjects::world_of_old(&old);
    let new = new.side(own, of_host.or(of_old.as_deref()))?;
    let mut checks = Vec::new();
    for old in old {
        let old = old.side(of_host, other.as_deref().or(Some(new.contract.world())))?;
        checks.push(Check::of(old, &new, args.linker, &mut overrides));
    }
    overrides.warn_of_unused(reporter);
    if !is_component {
        lints::warn(&new, &checks, args.linker, reporter);
    }
    Ok(Comparison { new, checks, asked, any: args.any, format: args.format, gates: true })
}
