//! Healthy and hostile plugins on one host, for as long as one likes: `cargo xtask soak --minutes 30`.
//!
//! A [`plan::Plan`] draws one [`plan::Action`] after the other by chance, from a seed, so that the same seed gives the
//! same actions. The [`performer::Performer`] does them, several at once, on two threads, and compares what becomes of
//! each with what is known of the guest: the hostile ones are those of `host/tests/hostile`, whose tables say where
//! each ends and with which code. From time to time all is quiet; then memory, tasks and threads are looked at.
//!
//! Without the variables that `cargo xtask soak` sets, it is an ordinary test of a few seconds.

#![allow(dead_code, unreachable_pub, reason = "what is shared with the hostile suite is used there")]

#[path = "../support/mod.rs"]
mod support;

#[path = "../hostile/case.rs"]
mod case;
#[path = "../hostile/families.rs"]
mod families;
#[path = "../hostile/guest.rs"]
mod guest;
#[path = "../hostile/harness.rs"]
mod harness;

#[path = "../hostile/bombs.rs"]
mod bombs;
#[path = "../hostile/boundary.rs"]
mod boundary;
#[path = "../hostile/calls.rs"]
mod calls;
#[path = "../hostile/floods.rs"]
mod floods;
#[path = "../hostile/forged.rs"]
mod forged;
#[path = "../hostile/lifecycle.rs"]
mod lifecycle;
#[path = "../hostile/memory.rs"]
mod memory;
#[path = "../hostile/names.rs"]
mod names;
#[path = "../hostile/time.rs"]
mod time;

mod cast;
mod performer;
mod plan;
mod run;
mod samples;
mod tally;
