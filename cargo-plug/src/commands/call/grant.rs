//! `--allow`

use super::CallCommandError;
use crate::nearest::nearest;

/// The capabilities that there will be. None can be granted by this version.
pub(super) const KNOWN: [&str; 7] = ["fs:read", "fs:write", "net", "http", "env", "clocks", "random"];

/// Refuses a grant by its name.
pub(super) fn check(allowed: &str) -> Result<(), CallCommandError> {
    let (capability, _scope) = allowed.split_once('=').unwrap_or((allowed, ""));
    let capability = capability.to_owned();
    Err(if KNOWN.contains(&capability.as_str()) {
        CallCommandError::NotYet { capability }
    } else {
        let meant = nearest(&capability, KNOWN).map(str::to_owned);
        CallCommandError::NoCapability { capability, meant }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_grant_is_refused_by_name() {
        for allowed in ["fs:read=/data", "net", "clocks="] {
            assert!(matches!(check(allowed), Err(CallCommandError::NotYet { .. })), "{allowed}");
        }
        assert!(matches!(
            check("fs:raed=."),
            Err(CallCommandError::NoCapability { meant: Some(meant), .. }) if meant == "fs:read"
        ));
        assert!(matches!(check(""), Err(CallCommandError::NoCapability { meant: None, .. })));
    }
}
