//! Whole runs of the command line: stdout, stderr and exit code, in projects made for the test.
//!
//! `INSTA_UPDATE=always cargo test -p cargo-plug --test cli` writes the snapshots anew.

mod admission;
mod build;
mod call;
mod caps;
mod check_compat;
mod codes;
mod component;
mod contract;
mod doctor;
mod explain;
#[cfg(feature = "run")]
mod full_engine;
#[cfg(feature = "run")]
mod grants;
mod inspect;
mod interface;
mod new;
mod project;
mod schema;
mod setup;
