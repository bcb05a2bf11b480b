//! What a plugin that means harm can do to its host: nothing that lasts.
//!
//! Each family is a table of [`case::Case`]s, played one after the other on one host with one thread, on
//! which a healthy plugin is served all the while ([`harness`]). `docs/guide/hostile-plugins.md` is made of the same tables.

#![allow(unreachable_pub, reason = "the modules of one test")]

#[path = "../support/mod.rs"]
mod support;

mod case;
mod guest;
mod harness;

mod bombs;
mod boundary;
mod calls;
mod floods;
mod forged;
mod lifecycle;
mod memory;
mod names;
mod time;

mod families;
mod page;
mod workshop;

#[test]
fn memory_tables_and_stack() {
    harness::play(memory::cases());
}

#[test]
fn computing_and_waiting() {
    harness::play(time::cases());
}

#[test]
fn what_is_handed_over() {
    harness::play(boundary::cases());
}

#[test]
fn breaking_re_entrance_and_handles() {
    harness::play(calls::cases());
}

#[test]
fn beginning_and_end() {
    harness::play(lifecycle::cases());
}

#[test]
fn floods_of_logs_and_events() {
    harness::play(floods::cases());
}

#[test]
fn text_that_steers_terminals() {
    harness::play(names::cases());
}

#[test]
fn components_that_are_bombs() {
    harness::play(bombs::cases());
}

#[test]
fn forged_bytes() {
    harness::play(forged::cases());
}
