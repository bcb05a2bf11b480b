//! What only one of two worlds has, and what it is on the other side: another version, another
//! name, the other role.

use semver::Version;

use super::change::{Choice, Draft, Position};
use super::text;
use super::types::same_abi;
use super::walk::Walk;
use crate::compat::version::on_one_track;
use crate::model::{Function, Interface};

/// An interface that one world has and the other has not, under its key.
pub(super) type Single<'a> = (&'a str, &'a Interface);

impl Walk<'_> {
    /// Takes out of both lists what is one interface on two version tracks.
    pub(super) fn tracks(
        &mut self,
        position: Position,
        old: &mut Vec<Single<'_>>,
        new: &mut Vec<Single<'_>>,
    ) {
        let mut paired = Vec::new();
        for (i, (key, interface)) in old.iter().enumerate() {
            let other = new.iter().position(|(other, theirs)| {
                plain(other) == plain(key) && (other != key || theirs.exact_id() != interface.exact_id())
            });
            if let Some(j) = other
                && !paired.iter().any(|(_, taken)| *taken == j)
            {
                self.track(position, (key, interface), new[j]);
                paired.push((i, j));
            }
        }
        remove_pairs(old, new, &paired);
    }

    fn track(&mut self, position: Position, (key, old): Single<'_>, (other, new): Single<'_>) {
        let (was, is) = (old.version(), new.version());
        let rule = track_rule(was, is);
        let package = |id: &str, version: Option<&Version>| {
            let package = id.split_once('/').map_or(id, |(package, _)| package);
            let package = package.split('@').next().unwrap_or(package);
            version.map_or_else(|| package.to_owned(), |version| format!("{package}@{version}"))
        };
        let (before, after) = (package(key, was), package(other, is));
        let message = self.say(
            || format!("{before} became {after}: versions link on one track only"),
            || format!("the plugin was built for {after}, and the host has {before}: versions link on one track only"),
        );
        let draft = Draft {
            choice: Choice::Rule(rule),
            path: before.split('@').next().unwrap_or(&before).to_owned(),
            message,
            old: Some(text::part(format!("package {before}"), old.location())),
            new: Some(text::part(format!("package {after}"), new.location())),
            verdict: None,
        };
        // one finding for all interfaces of a package, each of them a use
        self.add(draft, position, key);
    }

    /// Takes out of both lists what only has another name.
    pub(super) fn other_names(
        &mut self,
        position: Position,
        old: &mut Vec<Single<'_>>,
        new: &mut Vec<Single<'_>>,
    ) {
        if self.is_component() {
            return;
        }
        let mut paired: Vec<(usize, usize)> = Vec::new();
        for (i, (key, interface)) in old.iter().enumerate() {
            let free = |j: &usize| !paired.iter().any(|(_, taken)| taken == j);
            let found = (0..new.len()).filter(free).find_map(|j| {
                let (other, candidate) = new[j];
                Some((j, name_rule((key, interface), (other, candidate))?))
            });
            let Some((j, rule)) = found else { continue };
            let (other, candidate) = new[j];
            let draft = Draft {
                choice: Choice::Rule(rule),
                path: (*key).to_owned(),
                message: format!("interface `{key}` is now `{other}`"),
                old: Some(text::interface(interface)),
                new: Some(text::interface(candidate)),
                verdict: None,
            };
            self.add(draft, position, key);
            paired.push((i, j));
        }
        remove_pairs(old, new, &paired);
    }
}

/// The rule for two versions that are not on one track.
fn track_rule(old: Option<&Version>, new: Option<&Version>) -> &'static str {
    match (old, new) {
        (None, _) => "N09",
        (_, None) => "N22",
        (Some(old), Some(new)) => match (old.pre.is_empty(), new.pre.is_empty()) {
            (false, false) => "N07",
            (false, true) => "N08",
            (true, false) => "N11",
            (true, true) if old.major == 0 && new.major == 0 && old.minor == 0 && new.minor == 0 => "N06",
            (true, true) if old.major == 0 && new.major == 0 => "N02",
            (true, true) => {
                debug_assert!(!on_one_track(old, new), "their keys differ");
                "N05"
            }
        },
    }
}

/// The rule under which one interface is the other with another name, if it is.
fn name_rule((key, old): Single<'_>, (other, new): Single<'_>) -> Option<&'static str> {
    let (a, b) = (Name::of(key), Name::of(other));
    let same_contents = alike(old, new);
    match (a.package, b.package) {
        (Some(_), None) if same_contents => Some("W14"),
        (None, Some(_)) if same_contents => Some("W33"),
        (Some((space, package)), Some((space_b, package_b))) => {
            if a.interface == b.interface && space != space_b && package == package_b {
                Some("N16")
            } else if a.interface == b.interface && space == space_b && package != package_b {
                Some("N15")
            } else if (space, package) == (space_b, package_b) && same_contents {
                Some("W15")
            } else {
                None
            }
        }
        _ => None,
    }
}

/// A key in parts: `acme:images/filter@1`, or a plain name.
struct Name<'a> {
    package: Option<(&'a str, &'a str)>,
    interface: &'a str,
}

impl<'a> Name<'a> {
    fn of(key: &'a str) -> Name<'a> {
        let plain = plain(key);
        match plain.split_once('/') {
            Some((package, interface)) => Name { package: package.split_once(':'), interface },
            None => Name { package: None, interface: plain },
        }
    }
}

/// A key without its version.
pub(super) fn plain(key: &str) -> &str {
    key.split('@').next().unwrap_or(key)
}

/// Whether two interfaces have the same functions, at least one of them.
fn alike(a: &Interface, b: &Interface) -> bool {
    let same = |a: &Function, b: &Function| {
        a.params().len() == b.params().len()
            && a.params().iter().zip(b.params()).all(|(a, b)| same_abi(&a.ty, &b.ty))
    };
    !a.functions().is_empty()
        && a.functions().keys().eq(b.functions().keys())
        && a.functions().values().zip(b.functions().values()).any(|(a, b)| same(a, b))
}

fn remove_pairs(old: &mut Vec<Single<'_>>, new: &mut Vec<Single<'_>>, paired: &[(usize, usize)]) {
    let mut index = 0;
    old.retain(|_| {
        index += 1;
        !paired.iter().any(|(i, _)| *i == index - 1)
    });
    let mut index = 0;
    new.retain(|_| {
        index += 1;
        !paired.iter().any(|(_, j)| *j == index - 1)
    });
}
