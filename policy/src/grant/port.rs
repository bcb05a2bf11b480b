//! Ports and protocols.

use std::fmt;

use crate::mistake::{Mistake, shown};

/// TCP or UDP.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Protocol {
    /// TCP.
    Tcp,
    /// UDP.
    Udp,
}

/// A range of ports: `443`, `8000-8999`, `*`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Ports {
    first: u16,
    last: u16,
}

impl Ports {
    /// All ports.
    pub const ALL: Ports = Ports { first: 1, last: u16::MAX };

    /// One port.
    #[must_use]
    pub fn one(port: u16) -> Ports {
        Ports { first: port, last: port }
    }

    pub(crate) fn parse(text: &str) -> Result<Ports, Mistake> {
        let wrong = || {
            let what = format!("`{}` is no port", shown(text));
            Mistake::new(
                0..text.len(),
                what,
                "write a number from 1 to 65535, a range such as `8000-8999`, or `*`",
            )
        };
        // digits alone: `u16` would read a sign too
        let number = |text: &str| {
            let digits = text.bytes().all(|byte| byte.is_ascii_digit());
            text.parse().ok().filter(|&port: &u16| digits && port > 0).ok_or_else(wrong)
        };
        let (first, last) = match text.split_once('-') {
            _ if text == "*" => return Ok(Ports::ALL),
            Some((first, last)) => (number(first)?, number(last)?),
            None => (number(text)?, number(text)?),
        };
        if first > last { Err(wrong()) } else { Ok(Ports { first, last }) }
    }

    /// Whether `port` is among them.
    #[must_use]
    pub fn contains(self, port: u16) -> bool {
        self.first <= port && port <= self.last
    }

    /// Whether all of `other` are among them.
    #[must_use]
    pub fn covers(self, other: Ports) -> bool {
        self.first <= other.first && other.last <= self.last
    }

    pub(crate) fn meet(self, other: Ports) -> Option<Ports> {
        let (first, last) = (self.first.max(other.first), self.last.min(other.last));
        (first <= last).then_some(Ports { first, last })
    }

    pub(crate) fn is_single(self) -> bool {
        self.first == self.last
    }
}

impl fmt::Display for Ports {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if *self == Ports::ALL {
            f.write_str("*")
        } else if self.is_single() {
            write!(f, "{}", self.first)
        } else {
            write!(f, "{}-{}", self.first, self.last)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Ports;

    #[test]
    fn ports_are_read_and_shown() {
        for (text, shown) in [
            ("443", "443"),
            ("1-65535", "*"),
            ("*", "*"),
            ("80-80", "80"),
            ("8000-8999", "8000-8999"),
            ("080", "80"),
        ] {
            assert_eq!(Ports::parse(text).unwrap().to_string(), shown);
        }
        for text in ["", "0", "65536", "+80", "-80", "80-", "9-8", "http", "8-9-10", " 80", "٣", "**", "0-5"]
        {
            assert!(Ports::parse(text).is_err(), "{text:?}");
        }
        let range = Ports::parse("10-20").unwrap();
        assert!(range.contains(10) && range.contains(20) && !range.contains(9) && !range.contains(21));
    }
}
