//! Whole runs of the command line: stdout, stderr and exit code, in projects made for the test.
//!
//! `INSTA_UPDATE=always cargo test -p cargo-plug --test cli` writes the snapshots anew.

mod build;
mod call;
mod caps;
mod check_compat;
mod codes;
mod component;
mod contract;
mod doctor;
mod explain;
mod inspect;
mod interface;
mod new;
mod project;
mod schema;
mod setup;
