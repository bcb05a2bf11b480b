//! The version that comes next.

use plug_contract::Bump;
use semver::{Prerelease, Version};

/// The lowest version after `old` that rises by `bump`, as cargo counts: on `0.y.z` a new `y` is
/// major and a new `z` minor. None for a prerelease, whose next one is its author's choice.
pub(crate) fn next_version(old: &Version, bump: Bump) -> Option<Version> {
    if old.pre != Prerelease::EMPTY {
        return None;
    }
    let Version { major, minor, patch, .. } = *old;
    Some(match bump {
        Bump::None => Version::new(major, minor, patch),
        Bump::Major if major > 0 => Version::new(major.checked_add(1)?, 0, 0),
        Bump::Major if minor > 0 => Version::new(0, minor.checked_add(1)?, 0),
        Bump::Minor if major > 0 => Version::new(major, minor.checked_add(1)?, 0),
        Bump::Major | Bump::Minor | Bump::Patch => Version::new(major, minor, patch.checked_add(1)?),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_rise_as_cargo_counts() {
        for (old, bump, next) in [
            ("1.2.3", Bump::None, Some("1.2.3")),
            ("1.2.3", Bump::Patch, Some("1.2.4")),
            ("1.2.3", Bump::Minor, Some("1.3.0")),
            ("1.2.3", Bump::Major, Some("2.0.0")),
            ("0.2.3", Bump::Minor, Some("0.2.4")),
            ("0.2.3", Bump::Major, Some("0.3.0")),
            ("0.0.3", Bump::Minor, Some("0.0.4")),
            ("0.0.3", Bump::Major, Some("0.0.4")),
            ("1.0.0-rc.1", Bump::Minor, None),
            ("18446744073709551615.0.0", Bump::Major, None),
        ] {
            let old = old.parse().unwrap();
            assert_eq!(next_version(&old, bump).map(|v| v.to_string()).as_deref(), next, "{old} {bump}");
        }
    }
}
