//! Sizes and times as people write them: `32MiB`, `50ms`.

use std::time::Duration;

use crate::mistake::shown;

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

/// A text that is no size or time.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{}` is not a {noun}; {help}", shown(.text))]
pub struct QuantityError {
    text: String,
    noun: &'static str,
    help: &'static str,
}

impl QuantityError {
    /// What is wrong with it.
    #[must_use]
    pub fn what(&self) -> String {
        format!("`{}` is not a {}", shown(&self.text), self.noun)
    }

    /// What would be right.
    #[must_use]
    pub fn help(&self) -> &'static str {
        self.help
    }
}

/// Reads a number of bytes: `32MiB`.
///
/// # Errors
///
/// When it is none, or zero.
pub fn parse_size(text: &str) -> Result<u64, QuantityError> {
    parse(text, &SIZES).ok_or_else(|| QuantityError {
        text: text.to_owned(),
        noun: "size",
        help: "write a number and B, kB, MB, GB, KiB, MiB or GiB, such as `32MiB`",
    })
}

/// Reads a time: `50ms`.
///
/// # Errors
///
/// When it is none, or zero.
pub fn parse_time(text: &str) -> Result<Duration, QuantityError> {
    parse(text, &TIMES).map(Duration::from_millis).ok_or_else(|| QuantityError {
        text: text.to_owned(),
        noun: "time",
        help: "write a number and ms, s or min, such as `50ms`",
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
            assert_eq!(parse_size(text), Ok(bytes), "{text}");
        }
        for (text, millis) in [("50ms", 50), ("2s", 2_000), ("1 min", 60_000)] {
            assert_eq!(parse_time(text), Ok(Duration::from_millis(millis)), "{text}");
        }
        for text in ["", "32", "MiB", "-1MiB", "1.5MiB", "0MiB", "1mib", "99999999999999GiB", "50ms", "_B"] {
            let error = parse_size(text).unwrap_err();
            assert_eq!(error.to_string(), format!("{}; {}", error.what(), error.help()));
            assert!(error.what().ends_with("is not a size"), "{error}");
        }
        for text in ["", "50", "0ms", "1h", "99999999999999999999ms", "18446744073709551615min"] {
            assert!(parse_time(text).unwrap_err().what().ends_with("is not a time"), "{text}");
        }
    }
}
