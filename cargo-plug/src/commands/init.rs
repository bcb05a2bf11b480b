//! `cargo plug init`

use crate::cli::Init;
use crate::commands::Outcome;
use crate::commands::new::{Target, scaffold};
use crate::env::Place;
use crate::failure::Failure;
use crate::report::Reporter;
use crate::scaffold::{PluginName, ScaffoldError};

pub(crate) fn run(args: &Init, place: &Place, reporter: &mut Reporter) -> Result<Outcome, Failure> {
    let shown = args.path.display().to_string();
    let folder = place
        .resolve(&args.path)
        .canonicalize()
        .map_err(|source| ScaffoldError::Write { path: args.path.clone(), source })?;
    let name = match &args.name {
        Some(name) => PluginName::parse(name)?,
        None => {
            let name = folder.file_name().unwrap_or_default().to_string_lossy();
            PluginName::parse(&name)?
        }
    };
    scaffold(&name, &Target::Existing { folder, shown }, &args.scaffold, place, reporter)?;
    Ok(Outcome::Done)
}
