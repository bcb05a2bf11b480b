//! The words for how well two contracts go together.

use std::fmt;

/// How well two contracts go together; worse ones are greater.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Verdict {
    /// The same contract.
    Identical,
    /// Links and works.
    Compatible,
    /// Links, but goes wrong when called, or breaks on the next rebuild or when composed.
    Hazard,
    /// Does not link.
    Breaking,
}

impl Verdict {
    /// Whether the linker would accept it.
    #[must_use]
    pub fn links(self) -> bool {
        self < Verdict::Breaking
    }

    /// As it is written in machine output: `identical`, `compatible`, `hazard` or `breaking`.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Verdict::Identical => "identical",
            Verdict::Compatible => "compatible",
            Verdict::Hazard => "hazard",
            Verdict::Breaking => "breaking",
        }
    }
}

impl fmt::Display for Verdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

/// Who moves on while the other stays.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Direction {
    /// A plugin of the old contract runs on a host of the new one: a *host upgrade*.
    OldPluginOnNewHost,
    /// A plugin of the new contract runs on a host of the old one: a *plugin upgrade*.
    NewPluginOnOldHost,
}

/// A verdict for each direction that was judged.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Verdicts {
    /// For [`Direction::OldPluginOnNewHost`].
    pub old_plugin_on_new_host: Option<Verdict>,
    /// For [`Direction::NewPluginOnOldHost`].
    pub new_plugin_on_old_host: Option<Verdict>,
}

impl Verdicts {
    /// The verdict for one direction.
    #[must_use]
    pub fn get(&self, direction: Direction) -> Option<Verdict> {
        match direction {
            Direction::OldPluginOnNewHost => self.old_plugin_on_new_host,
            Direction::NewPluginOnOldHost => self.new_plugin_on_old_host,
        }
    }

    /// The worst of those judged.
    #[must_use]
    pub fn worst(&self) -> Option<Verdict> {
        self.old_plugin_on_new_host.max(self.new_plugin_on_old_host)
    }

    pub(super) fn raise(&mut self, direction: Direction, verdict: Verdict) {
        let slot = match direction {
            Direction::OldPluginOnNewHost => &mut self.old_plugin_on_new_host,
            Direction::NewPluginOnOldHost => &mut self.new_plugin_on_old_host,
        };
        *slot = (*slot).max(Some(verdict));
    }
}
