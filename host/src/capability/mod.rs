//! What a plugin can reach: our own interface, and a WASI that has nothing to give.
//!
//! `std` of most languages imports WASI whether a plugin uses it or not, so all of WASI is linked.
//! But there are no directories, no environment, no arguments, no addresses and no name lookup to
//! be had through it; standard input is at its end. What is real: clocks and random numbers.
//! Standard output and error go to the log.

mod host_api;
mod output;
mod rate;
mod state;
mod violation;

pub(crate) use host_api::{HostApi, HostApiSettings, Rates};
pub use state::State;
pub(crate) use state::Stop;
pub(crate) use violation::Violation;

use wasmtime::component::{HasSelf, Linker};

use crate::bindings::host_api as bindings;

/// Links what every plugin may import.
pub(crate) fn link<A: Send + 'static>(linker: &mut Linker<State<A>>) -> wasmtime::Result<()> {
    bindings::add_to_linker::<_, HasSelf<HostApi>>(linker, State::host_api)?;
    wasmtime_wasi::p2::add_to_linker_async(linker)
}

/// The packages of WASI that are linked.
const WASI: [&str; 6] = ["cli", "clocks", "filesystem", "io", "random", "sockets"];

/// Whether [`link`] serves the interface of that name, with the exact version or the track.
pub(crate) fn serves(interface: &str) -> bool {
    let Some((package, rest)) = interface.split_once('/') else { return false };
    let version = rest.split_once('@').map(|(_, version)| version);
    match package.split_once(':') {
        Some(("plug", "plugin")) => {
            rest.starts_with("host-api@") && version.is_some_and(|version| on_track(version, "1"))
        }
        Some(("wasi", package)) => {
            WASI.contains(&package) && version.is_some_and(|version| on_track(version, "0.2"))
        }
        _ => false,
    }
}

fn on_track(version: &str, track: &str) -> bool {
    version.strip_prefix(track).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
        && !version.contains('-')
}

#[cfg(test)]
mod tests {
    use super::serves;

    #[test]
    fn what_is_served() {
        for yes in [
            "plug:plugin/host-api@1",
            "plug:plugin/host-api@1.0.0",
            "plug:plugin/host-api@1.4.0",
            "wasi:cli/environment@0.2",
            "wasi:io/streams@0.2.9",
            "wasi:clocks/wall-clock@0.2.0",
        ] {
            assert!(serves(yes), "{yes}");
        }
        for no in [
            "plug:plugin/host-api@2.0.0",
            "plug:plugin/host-api@10.0.0",
            "plug:plugin/host-api@1.0.0-rc.1",
            "plug:plugin/lifecycle@1.0.0",
            "wasi:http/outgoing-handler@0.2.0",
            "wasi:cli/environment@0.3.0",
            "wasi:cli/environment@0.20.0",
            "wasi:cli/environment",
            "acme:images/stock@0.2.0",
            "stock",
            "",
        ] {
            assert!(!serves(no), "{no}");
        }
    }
}
