//! Standard output and error.

use crate::mistake::{Mistake, shown};

/// Where what a plugin prints goes; each one more than those before it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Stdio {
    /// Nowhere.
    #[default]
    Closed,
    /// To the log, line by line.
    Log,
}

impl Stdio {
    pub(crate) const NAMES: [(&str, Stdio); 2] = [("closed", Stdio::Closed), ("log", Stdio::Log)];

    pub(crate) fn parse(text: &str) -> Result<Stdio, Mistake> {
        let found = Stdio::NAMES.iter().find(|(name, _)| *name == text);
        found.map(|(_, stdio)| *stdio).ok_or_else(|| {
            let what = format!("`{}` is no place for standard output", shown(text));
            Mistake::new(0..text.len(), what, "it is `log` or `closed`")
        })
    }

    /// Whether all that `other` allows is allowed.
    #[must_use]
    pub fn covers(self, other: Stdio) -> bool {
        self >= other
    }
}

impl std::fmt::Display for Stdio {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Stdio::Closed => "closed",
            Stdio::Log => "log",
        })
    }
}
