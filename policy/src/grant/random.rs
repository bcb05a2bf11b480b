//! Random numbers.

use crate::mistake::{Mistake, shown};

/// From where a plugin has its random numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Random {
    /// The same in every run: from this seed.
    Seeded(u64),
    /// From the host.
    Real,
}

impl Default for Random {
    fn default() -> Self {
        Random::Seeded(0)
    }
}

impl Random {
    pub(crate) fn parse(text: &str) -> Result<Random, Mistake> {
        let seed = |digits: &str| {
            let plain = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
            digits.parse().ok().filter(|_| plain).map(Random::Seeded)
        };
        let random = match text {
            "real" => Some(Random::Real),
            "seeded" => Some(Random::Seeded(0)),
            _ => text.strip_prefix("seeded:").and_then(seed),
        };
        random.ok_or_else(|| {
            let what = format!("`{}` is no kind of random numbers", shown(text));
            Mistake::new(0..text.len(), what, "they are `real`, `seeded`, or `seeded:7` with a seed")
        })
    }

    /// Whether all that `other` allows is allowed. One seed gives no more than another.
    #[must_use]
    pub fn covers(self, other: Random) -> bool {
        self == Random::Real || other != Random::Real
    }

    /// What of the grant is wanted. Of two seeds that of the grant counts.
    pub(crate) fn meet(self, want: Random) -> Random {
        if want.covers(self) { self } else { want }
    }
}

impl std::fmt::Display for Random {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Random::Real => f.write_str("real"),
            Random::Seeded(0) => f.write_str("seeded"),
            Random::Seeded(seed) => write!(f, "seeded:{seed}"),
        }
    }
}
