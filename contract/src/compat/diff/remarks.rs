//! What nobody links by: gates, and exact versions.

use super::change::{Choice, Draft, Position};
use super::text;
use super::walk::Walk;
use crate::model::{Interface, Location, Remarks};

type Places<'a> = Option<(Option<&'a Location>, Option<&'a Location>)>;

impl Walk<'_> {
    /// What is said about one node.
    pub(super) fn remarks(
        &mut self,
        position: Position,
        path: &str,
        old: &Remarks,
        new: &Remarks,
        is_type: bool,
        places: Places<'_>,
    ) {
        if self.is_component() {
            return;
        }
        let is_export = position == Position::Export;
        let stable = if is_type { "G13" } else { "G02" };
        let change = match (old.feature(), new.feature()) {
            (Some(feature), None) => Some((stable, format!("is no longer behind the feature `{feature}`"))),
            (None, Some(feature)) if is_export => {
                Some(("G08", format!("is now behind the feature `{feature}`")))
            }
            (Some(was), Some(is)) if was != is => {
                Some(("G12", format!("was behind the feature `{was}` and is now behind `{is}`")))
            }
            _ => None,
        };
        let since = |remarks: &Remarks| remarks.since().map(|v| format!("@since(version = {v})"));
        let deprecated =
            |remarks: &Remarks| remarks.deprecated().map(|v| format!("@deprecated(version = {v})"));
        let annotations = [("G03", since(old), since(new)), ("G04", deprecated(old), deprecated(new))];
        let annotated = annotations.into_iter().filter_map(|(rule, was, is)| match (was, is) {
            (None, Some(is)) => Some((rule, format!("now says `{is}`"))),
            (Some(was), Some(is)) if was != is => Some(("G09", format!("said `{was}` and now says `{is}`"))),
            // a feature takes the place of `@since`
            (Some(was), None) if new.feature().is_none() => Some(("G09", format!("no longer says `{was}`"))),
            _ => None,
        });
        let name = path.rsplit_once('#').map_or(path, |(_, name)| text::plain_name(name));
        for (rule, what) in change.into_iter().chain(annotated) {
            self.remark(rule, position, path, format!("`{name}` {what}"), places);
        }
    }

    fn remark(
        &mut self,
        rule: &'static str,
        position: Position,
        path: &str,
        message: String,
        places: Places<'_>,
    ) {
        let (old, new) = places.unwrap_or_default();
        let part = |location: Option<&Location>| location.map(|at| text::part(path.to_owned(), Some(at)));
        let draft = Draft {
            choice: Choice::Rule(rule),
            path: path.to_owned(),
            message,
            old: part(old),
            new: part(new),
            verdict: None,
        };
        self.add(draft, position, path);
    }

    /// What is said about an interface, and the order in which it says it.
    pub(super) fn interface_remarks(
        &mut self,
        position: Position,
        key: &str,
        old: &Interface,
        new: &Interface,
    ) {
        let places = Some((old.location(), new.location()));
        self.remarks(position, key, old.remarks(), new.remarks(), false, places);
        for (name, origin) in new.type_origins() {
            if let Some(before) = old.type_origins().get(name) {
                let places = Some((before.location(), origin.location()));
                let path = format!("{key}#{name}");
                self.remarks(position, &path, before.remarks(), origin.remarks(), true, places);
            }
        }
        self.exact_version(position, key, old, new, places);
    }

    fn exact_version(
        &mut self,
        position: Position,
        key: &str,
        old: &Interface,
        new: &Interface,
        places: Places<'_>,
    ) {
        let (Some(before), Some(after)) = (old.version(), new.version()) else { return };
        let rule = match before.cmp_precedence(after) {
            std::cmp::Ordering::Greater => "N19",
            std::cmp::Ordering::Equal => return,
            std::cmp::Ordering::Less if before.major == 0 => "N01",
            std::cmp::Ordering::Less if before.minor != after.minor => "N03",
            std::cmp::Ordering::Less => "N04",
        };
        // one finding for a package: all its interfaces carry its version
        let package = key.split_once('/').map_or(key, |(package, _)| package).to_owned();
        let message = format!("version {before} became {after}, on the same track");
        let (old, new) = places.unwrap_or_default();
        let part = |version: &semver::Version, at: Option<&Location>| {
            Some(text::part(format!("package {package}@{version}"), at))
        };
        let draft = Draft {
            choice: Choice::Rule(rule),
            path: package.clone(),
            message,
            old: part(before, old),
            new: part(after, new),
            verdict: None,
        };
        self.add(draft, position, key);
    }
}
