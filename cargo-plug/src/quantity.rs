//! Sizes and times as people write them: `32MiB`, `50ms`.

use std::fmt;
use std::str::FromStr;

/// A number of bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Bytes(pub(crate) u64);

/// A number of milliseconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Millis(pub(crate) u64);

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(crate) enum QuantityError {
    #[error("`{0}` is not a size; write a number and B, kB, MB, GB, KiB, MiB or GiB, such as `32MiB`")]
    Size(String),
    #[error("`{0}` is not a time; write a number and ms, s or min, such as `50ms`")]
    Time(String),
}

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

impl FromStr for Bytes {
    type Err = QuantityError;

    fn from_str(text: &str) -> Result<Self, QuantityError> {
        parse(text, &SIZES).map(Self).ok_or_else(|| QuantityError::Size(text.to_owned()))
    }
}

impl FromStr for Millis {
    type Err = QuantityError;

    fn from_str(text: &str) -> Result<Self, QuantityError> {
        parse(text, &TIMES).map(Self).ok_or_else(|| QuantityError::Time(text.to_owned()))
    }
}

fn parse(text: &str, units: &[(&str, u64)]) -> Option<u64> {
    let digits = text.find(|c: char| !c.is_ascii_digit() && c != '_').unwrap_or(text.len());
    let (number, unit) = text.split_at(digits);
    let number: u64 = number.replace('_', "").parse().ok()?;
    let (_, factor) = units.iter().find(|(name, _)| *name == unit.trim_start())?;
    number.checked_mul(*factor).filter(|&product| product > 0)
}

impl fmt::Display for Bytes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self(bytes) = *self;
        for (name, factor) in [("GiB", 1 << 30), ("MiB", 1 << 20), ("KiB", 1 << 10)] {
            if bytes >= factor && bytes.is_multiple_of(factor) {
                return write!(f, "{} {name}", bytes / factor);
            }
        }
        write!(f, "{bytes} B")
    }
}

/// The size of something that is there: rounded, in units of a thousand as file managers show it.
pub(crate) struct FileSize(pub(crate) u64);

impl fmt::Display for FileSize {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self(bytes) = *self;
        let (unit, name) = match bytes {
            0..1_000 => return write!(f, "{bytes} B"),
            1_000..1_000_000 => (1_000, "kB"),
            1_000_000..1_000_000_000 => (1_000_000, "MB"),
            _ => (1_000_000_000, "GB"),
        };
        let tenths = bytes.saturating_add(unit / 20) / (unit / 10);
        write!(f, "{}.{} {name}", tenths / 10, tenths % 10)
    }
}

impl fmt::Display for Millis {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self(millis) = *self;
        if millis >= 1_000 && millis.is_multiple_of(1_000) {
            write!(f, "{} s", millis / 1_000)
        } else {
            write!(f, "{millis} ms")
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_and_times_are_read() {
        for (text, bytes) in [("1B", 1), ("32MiB", 32 << 20), ("10 kB", 10_000), ("1_000KiB", 1_024_000)] {
            assert_eq!(text.parse(), Ok(Bytes(bytes)), "{text}");
        }
        for (text, millis) in [("50ms", 50), ("2s", 2_000), ("1 min", 60_000)] {
            assert_eq!(text.parse(), Ok(Millis(millis)), "{text}");
        }
    }

    #[test]
    fn what_is_no_quantity_is_refused() {
        for text in ["", "32", "MiB", "-1MiB", "1.5MiB", "0MiB", "1mib", "99999999999999GiB", "50ms"] {
            assert!(text.parse::<Bytes>().is_err(), "{text}");
        }
        for text in ["", "50", "0ms", "1h", "99999999999999999999ms", "18446744073709551615min"] {
            assert!(text.parse::<Millis>().is_err(), "{text}");
        }
    }

    #[test]
    fn quantities_are_shown_as_they_are_written() {
        assert_eq!(Bytes(32 << 20).to_string(), "32 MiB");
        assert_eq!(Bytes(1_000).to_string(), "1000 B");
        assert_eq!(Millis(50).to_string(), "50 ms");
        assert_eq!(Millis(2_000).to_string(), "2 s");
    }

    #[test]
    fn file_sizes_are_rounded() {
        for (bytes, text) in [
            (0, "0 B"),
            (999, "999 B"),
            (1_000, "1.0 kB"),
            (65_312, "65.3 kB"),
            (12_345_678, "12.3 MB"),
            (u64::MAX, "18446744073.7 GB"),
        ] {
            assert_eq!(FileSize(bytes).to_string(), text);
        }
    }
}
