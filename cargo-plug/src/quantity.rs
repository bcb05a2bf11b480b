//! Sizes and times as people write them: `32MiB`, `50ms`.

use std::fmt;
use std::str::FromStr;

pub(crate) use plug_policy::QuantityError;
use plug_policy::{parse_size, parse_time};

/// A number of bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Bytes(pub(crate) u64);

/// A number of milliseconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Millis(pub(crate) u64);

impl FromStr for Bytes {
    type Err = QuantityError;

    fn from_str(text: &str) -> Result<Self, QuantityError> {
        parse_size(text).map(Self)
    }
}

impl FromStr for Millis {
    type Err = QuantityError;

    fn from_str(text: &str) -> Result<Self, QuantityError> {
        parse_time(text).map(|time| Self(u64::try_from(time.as_millis()).unwrap_or(u64::MAX)))
    }
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
        assert_eq!("32MiB".parse(), Ok(Bytes(32 << 20)));
        assert_eq!("1 min".parse(), Ok(Millis(60_000)));
        assert_eq!("18446744073709551615ms".parse(), Ok(Millis(u64::MAX)));
        assert!("32".parse::<Bytes>().is_err() && "50".parse::<Millis>().is_err());
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
