//! `cargo xtask soak`: healthy and hostile plugins on one host, for long.

use std::time::{SystemTime, UNIX_EPOCH};

use crate::cli::Soak;
use crate::console::{self, Failure};
use crate::nested_cargo::Step;
use crate::repository::Repository;

/// In the profile of the tests, in which the host and the engine check their own assertions and sums, and what
/// plugins compute is as fast as ever.
pub(crate) fn run(repository: &Repository, soak: &Soak) -> Result<(), Failure> {
    console::heading("healthy and hostile plugins on one host");
    // what is repeated is given; anything else will do
    let now = || SystemTime::now().duration_since(UNIX_EPOCH).map_or(1, |time| time.as_secs());
    Step::cargo(repository, ["test", "--workspace", "--test", "soak"])
        .arguments(["--", "--nocapture"])
        .var("PLUG_SOAK_MINUTES", soak.minutes)
        .var("PLUG_SOAK_SEED", soak.seed.unwrap_or_else(now))
        .run()
        .map(drop)
}
