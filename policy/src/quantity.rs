//! Sizes and times as people write them: `32MiB`, `50ms`.

use std::time::Duration;

use crate::mistake::{Mistake, shown};

const SIZES: [(&str, u64); 7] = [
    ("B", 1),
    ("kB", 1_000),
    ("MB", 1_000_000),
    ("GB", 1_000_000_000),
    ("KiB", 1 << 10),
    ("MiB", 1 << 20),
    ("GiB", 1 << 30),
];

const TIMES: [(&str, u64); 3] = [("ms", 1), ("s", 1_000), ("min", 60_000)];

/// A number of bytes.
pub(crate) fn size(text: &str) -> Result<u64, Mistake> {
    parse(text, &SIZES).ok_or_else(|| {
        let help = "write a number and B, kB, MB, GB, KiB, MiB or GiB, such as `32MiB`";
        Mistake::new(0..text.len(), format!("`{}` is not a size", shown(text)), help)
    })
}

/// A time.
pub(crate) fn time(text: &str) -> Result<Duration, Mistake> {
    parse(text, &TIMES).map(Duration::from_millis).ok_or_else(|| {
        let help = "write a number and ms, s or min, such as `50ms`";
        Mistake::new(0..text.len(), format!("`{}` is not a time", shown(text)), help)
    })
}

fn parse(text: &str, units: &[(&str, u64)]) -> Option<u64> {
    let digits = text.find(|c: char| !c.is_ascii_digit() && c != '_').unwrap_or(text.len());
    let (number, unit) = text.split_at(digits);
    let number: u64 = number.replace('_', "").parse().ok()?;
    let (_, factor) = units.iter().find(|(name, _)| *name == unit.trim_start_matches(' '))?;
    number.checked_mul(*factor).filter(|&product| product > 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_and_times_are_read() {
        for (text, bytes) in [("1B", 1), ("32MiB", 32 << 20), ("10 kB", 10_000), ("1_000KiB", 1_024_000)] {
            assert_eq!(size(text), Ok(bytes), "{text}");
        }
        for (text, millis) in [("50ms", 50), ("2s", 2_000), ("1 min", 60_000)] {
            assert_eq!(time(text), Ok(Duration::from_millis(millis)), "{text}");
        }
        for text in ["", "32", "MiB", "-1MiB", "1.5MiB", "0MiB", "1mib", "99999999999999GiB", "50ms", "_B"] {
            assert!(size(text).is_err(), "{text}");
        }
        for text in ["", "50", "0ms", "1h", "99999999999999999999ms", "18446744073709551615min"] {
            assert!(time(text).is_err(), "{text}");
        }
    }
}
