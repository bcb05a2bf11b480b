//! What a change of version says.

use semver::{Comparator, Version};

use super::rules::Bump;

/// By how much a version rose, as cargo counts; none if it went down.
pub(super) fn declared_bump(old: &Version, new: &Version) -> Option<Bump> {
    if new.cmp_precedence(old).is_lt() {
        return None;
    }
    let same =
        |a: &Version, b: &Version| (a.major, a.minor, a.patch, &a.pre) == (b.major, b.minor, b.patch, &b.pre);
    Some(if same(old, new) {
        Bump::None
    } else if !on_one_track(old, new) {
        Bump::Major
    } else if old.major == 0 || old.minor != new.minor {
        Bump::Minor
    } else {
        Bump::Patch
    })
}

/// Whether versions link with each other: wasmtime's tracks are cargo's caret requirements, but
/// a prerelease has none.
pub(super) fn on_one_track(a: &Version, b: &Version) -> bool {
    if !a.pre.is_empty() || !b.pre.is_empty() {
        return a.cmp_precedence(b).is_eq();
    }
    let low = a.min(b);
    let caret = Comparator {
        op: semver::Op::Caret,
        major: low.major,
        minor: Some(low.minor),
        patch: Some(low.patch),
        pre: semver::Prerelease::EMPTY,
    };
    caret.matches(a.max(b))
}
