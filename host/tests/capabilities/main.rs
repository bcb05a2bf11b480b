//! What a plugin gets of the world outside: what it wants and is granted, and nothing else. Each
//! denial stands beside the same access that is granted, so that the tests can fail.

#![cfg(unix)] // folders with links and pipes
#![allow(unreachable_pub, reason = "the modules of one test")]

mod changes;
mod clocks;
mod env;
mod escapes;
mod folder;
mod fs;
mod host_api;
#[path = "../support/lines.rs"]
mod lines;
mod manifest;
mod random;
mod stdio;
mod support;
