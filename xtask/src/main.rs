//! The chores of this repository: `cargo xtask --help` lists them.

mod bench;
mod check_examples;
mod cli;
mod compat_score;
mod compat_truth;
mod console;
mod demo;
mod minisign;
mod nested_cargo;
mod repository;
mod setup;
mod soak;
mod test;

use std::process::ExitCode;

use cli::{Chore, Request};
use console::Failure;
use repository::Repository;

fn main() -> ExitCode {
    match cli::parse(std::env::args_os().skip(1)) {
        Ok(Request::Help) => {
            console::help(cli::USAGE);
            ExitCode::SUCCESS
        }
        Ok(Request::Do(chore)) => match run(&chore) {
            Ok(()) => ExitCode::SUCCESS,
            Err(failure) => {
                console::failure(&failure);
                ExitCode::from(failure.exit_code())
            }
        },
        Err(mistake) => {
            console::usage_error(&mistake, cli::USAGE);
            ExitCode::from(2)
        }
    }
}

fn run(chore: &Chore) -> Result<(), Failure> {
    let repository = Repository::find()?;
    match chore {
        Chore::Setup { dry_run } => {
            setup::run(&repository, *dry_run)?;
            minisign::run(&repository, *dry_run);
            Ok(())
        }
        Chore::Demo => demo::run(&repository),
        Chore::Test { arguments } => test::run(&repository, arguments),
        Chore::Bless { arguments } => test::bless(&repository, arguments),
        Chore::CheckExamples => check_examples::run(&repository),
        Chore::Bench { arguments } => bench::run(&repository, arguments),
        Chore::CompatScore => compat_score::run(&repository),
        Chore::CompatTruth => compat_truth::run(&repository),
        Chore::Soak(soak) => soak::run(&repository, soak),
    }
}
