//! `cargo xtask setup`, and the first part of the chores that need the guest target.

use plug_toolchain::{Progress, Rustc, Setup};

use crate::console::{self, Failure};
use crate::repository::Repository;

/// Installs the guest target unless it is there, saying what it does.
pub(crate) fn run(repository: &Repository, dry_run: bool) -> Result<(), Failure> {
    console::heading("set-up");
    let rustc = Rustc::probe(repository.root())
        .map_err(|error| Failure::new(format!("{error} [{}]", error.code())).mend(error.mend()))?;
    let plan = Setup::plan(&rustc);
    if dry_run || plan.is_done() {
        plan.steps().iter().for_each(console::note);
        return Ok(());
    }
    plan.run(&mut |progress| match progress {
        Progress::Step(text) => console::note(text),
        Progress::Output(line) => console::note(format!("    {line}")),
    })
    .map_err(|error| {
        let mut message = format!("{error} [{}]", error.code());
        if let Some(cause) = std::error::Error::source(&error) {
            message = format!("{message}: {cause}");
        }
        Failure::new(message).mend(error.mend())
    })?;
    console::note(format!("the guest target is in {}", rustc.target_libdir().display()));
    Ok(())
}
