//! Names of the interfaces that capabilities serve.

/// Whether `served` (`acme:counters/store@1`, `wasi:io/*@0.2`) is the interface of that name, with the exact
/// version or the track. Releases of a track only add to it; what comes before a release is on none.
pub(super) fn matches(served: &str, interface: &str) -> bool {
    let (Some(served), Some(asked)) = (split(served), split(interface)) else { return false };
    served.0 == asked.0 && (served.1 == "*" || served.1 == asked.1) && on_track(asked.2, served.2)
}

/// Package, name and version.
fn split(interface: &str) -> Option<(&str, &str, &str)> {
    let (package, rest) = interface.split_once('/')?;
    let (name, version) = rest.split_once('@')?;
    Some((package, name, version))
}

fn on_track(version: &str, track: &str) -> bool {
    version.strip_prefix(track).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
        && !version.contains('-')
}

#[cfg(test)]
mod tests {
    use crate::capability::built_in::serves;

    #[test]
    fn what_is_served() {
        for yes in [
            "plug:plugin/host-api@1",
            "plug:plugin/host-api@1.0.0",
            "plug:plugin/host-api@1.4.0",
            "wasi:cli/environment@0.2",
            "wasi:io/streams@0.2.9",
            "wasi:clocks/wall-clock@0.2.0",
            "wasi:sockets/tcp@0.2.3",
            "wasi:http/types@0.2.0",
            "wasi:http/outgoing-handler@0.2.12",
        ] {
            assert!(serves(yes), "{yes}");
        }
        for no in [
            "plug:plugin/host-api@2.0.0",
            "plug:plugin/host-api@10.0.0",
            "plug:plugin/host-api@1.0.0-rc.1",
            "plug:plugin/lifecycle@1.0.0",
            "wasi:cli/environment@0.3.0",
            "wasi:cli/environment@0.20.0",
            "wasi:cli/environment",
            "wasi:cli/other@0.2.0",
            "wasi:http/incoming-handler@0.2.0",
            "acme:images/stock@0.2.0",
            "stock",
            "",
        ] {
            assert!(!serves(no), "{no}");
        }
    }
}
