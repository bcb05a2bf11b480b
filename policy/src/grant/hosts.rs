//! Which hosts: one by name, all below a name, an address, a range, or any.

use std::fmt;
use std::net::IpAddr;

use ipnet::IpNet;

use super::address::{AddressClass, plain, plain_range};
use super::host_name::HostName;
use crate::mistake::{Mistake, shown};

/// Which hosts.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Hosts {
    /// `*`: all, by name or by address.
    Any,
    /// `*.example.com`: all names below that one, at any depth, but not the name itself.
    Below(HostName),
    /// `api.example.com`.
    Name(HostName),
    /// `10.0.0.5`, `10.0.0.0/8`, `fd00::/8`.
    Range(IpNet),
}

impl Hosts {
    /// Reads a host without brackets or port.
    pub(crate) fn parse(text: &str) -> Result<Hosts, Mistake> {
        if text == "*" {
            return Ok(Hosts::Any);
        }
        if let Some(parent) = text.strip_prefix("*.") {
            return HostName::parse(parent).map(Hosts::Below).map_err(|mistake| mistake.shifted(2));
        }
        if let Ok(address) = text.parse::<IpAddr>() {
            return Ok(Hosts::address(address));
        }
        if text.contains('/') {
            let range: IpNet = text.parse().map_err(|_| {
                let what = format!("`{}` is no range of addresses", shown(text));
                Mistake::new(
                    0..text.len(),
                    what,
                    "write an address and the length of the prefix: `10.0.0.0/8`",
                )
            })?;
            if range.addr() != range.network() {
                let what = format!("`{range}` has bits beyond its prefix");
                let help =
                    format!("write `{}` for the range, or `{}` for the address", range.trunc(), range.addr());
                return Err(Mistake::new(0..text.len(), what, help));
            }
            return Ok(Hosts::Range(plain_range(range)));
        }
        HostName::parse(text).map(Hosts::Name)
    }

    /// One address.
    #[must_use]
    pub fn address(address: IpAddr) -> Hosts {
        Hosts::Range(IpNet::from(plain(address)))
    }

    /// Whether the name is one of them.
    pub(crate) fn has_name(&self, name: &HostName) -> bool {
        match self {
            Hosts::Any => true,
            Hosts::Below(parent) => name.is_below(parent),
            Hosts::Name(own) => own == name,
            Hosts::Range(_) => false,
        }
    }

    /// Whether all of `other` are among them, whatever their addresses are for.
    pub(crate) fn covers(&self, other: &Hosts) -> bool {
        match (self, other) {
            (Hosts::Any, _) => true,
            (Hosts::Below(parent), Hosts::Below(other)) => parent == other || other.is_below(parent),
            (_, Hosts::Name(name)) => self.has_name(name),
            (Hosts::Range(range), Hosts::Range(other)) => range.contains(other),
            _ => false,
        }
    }

    /// Those that are in both. Of two, either one holds the other or they have nothing in common.
    pub(crate) fn meet(&self, other: &Hosts) -> Option<Hosts> {
        if self.covers(other) {
            Some(other.clone())
        } else if other.covers(self) {
            Some(self.clone())
        } else {
            None
        }
    }

    pub(crate) fn is_single(&self) -> bool {
        match self {
            Hosts::Name(_) => true,
            Hosts::Range(range) => range.prefix_len() == range.max_prefix_len(),
            Hosts::Any | Hosts::Below(_) => false,
        }
    }
}

impl fmt::Display for Hosts {
    /// Addresses of IPv6 stand in brackets, so that a port may follow.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Hosts::Any => f.write_str("*"),
            Hosts::Below(parent) => write!(f, "*.{parent}"),
            Hosts::Name(name) => write!(f, "{name}"),
            Hosts::Range(range) => {
                let text = if self.is_single() { range.addr().to_string() } else { range.to_string() };
                match range {
                    IpNet::V4(_) => f.write_str(&text),
                    IpNet::V6(_) => write!(f, "[{text}]"),
                }
            }
        }
    }
}

/// Hosts that are granted, and whether their addresses may be private.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Reach<'a> {
    pub(crate) hosts: &'a Hosts,
    pub(crate) private: bool,
}

impl Reach<'_> {
    /// Whether an address may be used as such, without a name.
    ///
    /// A range that lies in one special-purpose range was named for what it is, so all of it may
    /// be used. In any other only what a name could lead to as well: `0.0.0.0/0` does not mean
    /// this machine.
    pub(crate) fn has_address(self, address: IpAddr) -> bool {
        let address = plain(address);
        let class = AddressClass::of(address);
        match self.hosts {
            Hosts::Any => class.may_be_resolved(self.private),
            Hosts::Range(range) => {
                range.contains(&address)
                    && (AddressClass::of_range(*range).is_some() || class.may_be_resolved(self.private))
            }
            Hosts::Below(_) | Hosts::Name(_) => false,
        }
    }

    /// Whether the name may be used at the address that it has led to.
    pub(crate) fn has_resolved(self, name: &HostName, address: IpAddr) -> bool {
        self.hosts.has_name(name) && AddressClass::of(address).may_be_resolved(self.private)
    }

    /// Whether all that `other` reaches is reached.
    pub(crate) fn covers(self, other: Reach<'_>) -> bool {
        if !self.hosts.covers(other.hosts) {
            return false;
        }
        let special = match other.hosts {
            Hosts::Range(range) => AddressClass::of_range(*range),
            _ => None,
        };
        match (special, self.hosts) {
            (None, _) => self.private || !other.private,
            (Some(_), Hosts::Range(own)) if AddressClass::of_range(*own).is_some() => true,
            (Some(class), _) => self.private && class.is_private(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn reaches(hosts: &str, private: bool, address: &str) -> bool {
        Reach { hosts: &Hosts::parse(hosts).unwrap(), private }.has_address(address.parse().unwrap())
    }

    #[test]
    fn hosts_are_read_and_shown() {
        for (text, shown) in [
            ("*", "*"),
            ("*.Example.com.", "*.example.com"),
            ("api.example.com", "api.example.com"),
            ("10.0.0.5", "10.0.0.5"),
            ("10.0.0.0/8", "10.0.0.0/8"),
            ("10.0.0.5/32", "10.0.0.5"),
            ("::1", "[::1]"),
            ("fd00::/8", "[fd00::/8]"),
            ("::ffff:10.0.0.5", "10.0.0.5"),
            ("::ffff:10.0.0.0/104", "10.0.0.0/8"),
        ] {
            assert_eq!(Hosts::parse(text).unwrap().to_string(), shown);
        }
        for text in [
            "",
            "*.",
            "*a.b",
            "a.*",
            "**",
            "*.*",
            "10.0.0.5/8",
            "10.0.0.0/33",
            "a/8",
            "10.0.0",
            "*.10.0.0.5",
            "fe80::1%eth0",
        ] {
            assert!(Hosts::parse(text).is_err(), "{text:?}");
        }
    }

    #[test]
    fn special_addresses_must_be_named_for_what_they_are() {
        for (hosts, private, address, expected) in [
            ("*", false, "8.8.8.8", true),
            ("*", false, "127.0.0.1", false),
            ("*", false, "::ffff:127.0.0.1", false),
            ("*", true, "127.0.0.1", true),
            ("*", true, "169.254.169.254", true),
            ("*", true, "0.0.0.0", false),
            ("*", true, "224.0.0.1", false),
            ("0.0.0.0/0", false, "8.8.8.8", true),
            ("0.0.0.0/0", false, "10.0.0.1", false),
            ("0.0.0.0/0", true, "10.0.0.1", true),
            ("0.0.0.0/0", true, "0.0.0.0", false),
            ("0.0.0.0/1", false, "127.0.0.1", false),
            ("10.0.0.0/8", false, "10.1.2.3", true),
            ("10.0.0.0/8", false, "::ffff:10.1.2.3", true),
            ("10.0.0.0/8", false, "11.0.0.0", false),
            ("127.0.0.1", false, "127.0.0.1", true),
            ("127.0.0.1", false, "127.0.0.2", false),
            ("0.0.0.0", false, "0.0.0.0", true),
            ("::/0", false, "::1", false),
            ("::/0", false, "::ffff:8.8.8.8", false),
            ("localhost", true, "127.0.0.1", false),
        ] {
            assert_eq!(reaches(hosts, private, address), expected, "{hosts} {private} {address}");
        }
    }
}
