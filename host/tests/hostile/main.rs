//! What a plugin that means harm can do to its host: nothing that lasts.
//!
//! Each family is a table of [`case::Case`]s, played one after the other on one host with one thread, on
//! which a healthy plugin is served all the while ([`harness`]).

#![allow(unreachable_pub, reason = "the modules of one test")]

#[path = "../support/mod.rs"]
mod support;

mod case;
mod guest;
mod harness;

mod bombs;

mod workshop;

#[test]
fn components_that_are_bombs() {
    harness::play(bombs::cases());
}
