//! `cargo plug`: create, build, inspect and call Plug plugins.
//!
//! This crate is a program. As a library it has [`run`], which is the whole program with its
//! surroundings handed in, and [`ExitCode`], which is part of its interface. What the commands do
//! stands in `docs/guide/command-line.md`.

mod anatomy;
mod atomic_file;
mod baseline;
mod cargo;
mod cli;
mod commands;
mod component_file;
mod contract_lock;
mod env;
mod error_page;
mod exit_code;
mod failure;
mod frozen;
mod lock_file;
mod manifest;
mod nearest;
mod next_version;
mod plugin_package;
mod policy_file;
mod quantity;
mod report;
mod scaffold;
mod wit_text;
mod worlds;

use std::ffi::OsString;

use clap::Parser as _;

pub use env::Env;
pub use exit_code::ExitCode;

use report::Reporter;

/// Runs one command line: `cargo-plug build …`, or `cargo-plug plug build …` as cargo has it.
pub fn run(args: impl IntoIterator<Item = OsString>, env: Env) -> ExitCode {
    let Env { place, streams } = env;
    let mut args: Vec<OsString> = args.into_iter().collect();
    if args.get(1).is_some_and(|first| first == "plug") {
        args.remove(1);
    }
    let color = cli::Color::among(&args);
    let cli = match cli::Cli::try_parse_from(args) {
        Ok(cli) => cli,
        Err(error) => {
            let talk = cli::Talk { quiet: false, verbose: 0, color };
            let mut reporter = Reporter::new(streams, talk, None, &place);
            reporter.usage(&error);
            let code = if error.use_stderr() { ExitCode::Usage } else { ExitCode::Fine };
            return whole(code, &reporter);
        }
    };
    let mut reporter = Reporter::new(streams, cli.talk, Some(&cli.command), &place);
    let code = match commands::run(&cli.command, &place, &mut reporter) {
        Ok(outcome) => {
            reporter.outcome(&outcome);
            outcome.exit_code()
        }
        Err(failure) => {
            reporter.failure(&failure);
            failure.exit_code()
        }
    };
    whole(code, &reporter)
}

/// Half a report must not look like a whole one.
fn whole(code: ExitCode, reporter: &Reporter) -> ExitCode {
    if code == ExitCode::Fine && reporter.is_broken() { ExitCode::Failed } else { code }
}
