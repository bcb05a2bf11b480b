//! Where a plugin can connect to: where it was granted to, and nowhere else. What came of an attempt
//! is looked up at the socket that was to be reached; each denial stands beside the same access that
//! is granted.

mod addresses;
mod datagrams;
mod living;
mod names;
mod servers;
#[allow(dead_code, unreachable_pub, reason = "the other tests of capabilities use the rest")]
#[path = "../capabilities/support.rs"]
mod support;
mod trial;
