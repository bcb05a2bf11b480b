//! `cargo plug setup`

use plug_toolchain::{Progress, Rustc, Setup as Toolchain};

use crate::cli::Setup;
use crate::commands::Outcome;
use crate::env::Place;
use crate::failure::{Explained, Failure};
use crate::report::{Event, Reporter};

/// Nobody said yes.
#[derive(Debug, thiserror::Error)]
enum ConsentError {
    #[error("nothing was installed: this would write into the toolchain, and there is nobody to ask")]
    Nobody { folder: String },
    #[error("nothing was installed: the answer was not yes")]
    Refused { folder: String },
}

impl Explained for ConsentError {
    fn code(&self) -> &'static str {
        "PLG0017"
    }

    fn place(&self) -> Option<String> {
        match self {
            Self::Nobody { folder } | Self::Refused { folder } => Some(folder.clone()),
        }
    }

    fn help(&self) -> Vec<String> {
        vec!["`cargo plug setup --yes` does not ask, `--dry-run` shows what it would do".to_owned()]
    }
}

pub(crate) fn run(args: &Setup, place: &Place, reporter: &mut Reporter) -> Result<Outcome, Failure> {
    let rustc = Rustc::probe(place.cwd())?;
    let plan = Toolchain::plan(&rustc);
    reporter.event(Event::Plan { steps: plan.steps().to_vec(), is_done: plan.is_done() });
    if plan.is_done() || args.dry_run {
        return Ok(Outcome::Done);
    }
    if let (false, Some(folder)) = (args.yes, plan.writes_into()) {
        let folder = folder.display().to_string();
        match reporter.ask(&format!("Write into {folder}?")) {
            Some(true) => {}
            Some(false) => return Err(ConsentError::Refused { folder }.into()),
            None => return Err(ConsentError::Nobody { folder }.into()),
        }
    }
    plan.run(&mut |progress| match progress {
        Progress::Step(what) => reporter.event(Event::Step { what }),
        Progress::Output(line) => reporter.event(Event::Detail { line }),
    })?;
    reporter.event(Event::SetUp { target: plug_toolchain::GUEST_TARGET });
    Ok(Outcome::Done)
}
