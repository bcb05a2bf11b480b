//! Exports behind a feature that both versions have.

use super::change::{Choice, Draft, Position};
use super::text;
use super::walk::Walk;
use crate::compat::report::Part;
use crate::model::{Contract, Interface, Item, Remarks};

/// What old and new have at a place.
pub(super) type Parts = (Option<Part>, Option<Part>);

pub(super) fn exported_interface<'a>(contract: &'a Contract, key: &str) -> Option<&'a Interface> {
    match contract.export(key)? {
        Item::Interface(interface) => Some(interface),
        Item::Function(_) | Item::Resource(_) | Item::Type(_) => None,
    }
}

impl<'a> Walk<'a> {
    /// Whether both versions export it behind a feature: then it did not come or go, whatever a
    /// plugin without it and a host that demands it look like beside each other. Says so.
    pub(super) fn stays_unstable(
        &mut self,
        position: Position,
        path: &str,
        remarks: impl Fn(&'a Contract) -> Option<&'a Remarks>,
        (old, new): Parts,
    ) -> bool {
        let [Some(before), Some(after)] = self.unstable else { return false };
        let feature = |contract| remarks(contract).and_then(Remarks::feature);
        let (Some(was), Some(is)) = (feature(before), feature(after)) else { return false };
        if position != Position::Export {
            return false;
        }
        let name = path.rsplit_once('#').map_or(path, |(_, name)| text::plain_name(name));
        let (rule, message) = if was == is {
            (
                "G16",
                format!(
                    "`{name}` is exported and `@unstable`, as it was: hosts demand it, and plugins lack it"
                ),
            )
        } else {
            ("G12", format!("`{name}` was behind the feature `{was}` and is now behind `{is}`"))
        };
        let choice = Choice::Rule(rule);
        let draft = Draft { choice, path: path.to_owned(), message, old, new, verdict: None };
        self.add(draft, position, path);
        true
    }
}
