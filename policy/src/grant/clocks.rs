//! Time.

use crate::mistake::{Mistake, shown};

/// What a plugin knows of the time; each one more than those before it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Clocks {
    /// Clocks that stand still.
    #[default]
    Frozen,
    /// Clocks too coarse to measure a computation by.
    Coarse,
    /// The clocks of the host.
    Real,
}

impl Clocks {
    pub(crate) const NAMES: [(&str, Clocks); 3] =
        [("frozen", Clocks::Frozen), ("coarse", Clocks::Coarse), ("real", Clocks::Real)];

    pub(crate) fn parse(text: &str) -> Result<Clocks, Mistake> {
        let found = Clocks::NAMES.iter().find(|(name, _)| *name == text);
        found.map(|(_, clocks)| *clocks).ok_or_else(|| {
            let what = format!("`{}` is no kind of clocks", shown(text));
            Mistake::new(0..text.len(), what, "they are `real`, `coarse` or `frozen`")
        })
    }

    /// Whether all that `other` allows is allowed.
    #[must_use]
    pub fn covers(self, other: Clocks) -> bool {
        self >= other
    }
}

impl std::fmt::Display for Clocks {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Clocks::Frozen => "frozen",
            Clocks::Coarse => "coarse",
            Clocks::Real => "real",
        })
    }
}
