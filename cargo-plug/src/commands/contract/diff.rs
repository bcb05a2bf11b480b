//! `cargo plug contract diff`

use std::path::Path;

use crate::baseline::{BaselineError, Reading, Reference};
use crate::cli::{CompatFormat, Diff, Direction, Format, LinkerName};
use crate::commands::check_compat::{Asked, Check, Comparison, Overrides};
use crate::env::Place;
use crate::failure::Failure;
use crate::worlds::plain_name;

pub(super) fn run(args: &Diff, place: &Place) -> Result<Comparison, Failure> {
    let reading = Reading { place, features: &args.features };
    let parse = |text: &str| text.parse::<Reference>().map_err(BaselineError::from);
    let (old, new) = (parse(&args.old)?, parse(&args.new)?);
    let path = |reference: &Reference| match reference {
        Reference::Path(path) => Some(path.clone()),
        Reference::Git { .. } => None,
    };
    let old_package = reading.read(&old, path(&new).as_deref().map(Path::new))?;
    let new_package = reading.read(&new, path(&old).as_deref().map(Path::new))?;
    let world = args.world.as_deref().or(new_package.own_world()).map(|name| plain_name(name).to_owned());
    let of_old = old_package.only_world();
    let of_old = args.against_world.as_deref().map(plain_name).or(of_old.as_deref());
    let mut new = new_package.side(args.world.as_deref(), of_old)?;
    // Contracts are compared here: what a component declares, and not how it would run.
    new.plugin = None;
    let other = world.unwrap_or_else(|| new.contract.world().to_owned());
    let old = old_package.side(args.against_world.as_deref(), Some(&other))?;
    let check = Check::of(old, &new, LinkerName::Wasmtime, &mut Overrides::default());
    Ok(Comparison {
        new,
        checks: vec![check],
        asked: Asked { direction: Direction::Both, deny_hazard: false },
        any: false,
        format: match args.format {
            Format::Human => CompatFormat::Human,
            Format::Json => CompatFormat::Json,
        },
        gates: false,
    })
}
