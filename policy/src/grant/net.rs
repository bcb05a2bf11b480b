//! Outbound connections.

use std::fmt;
use std::net::IpAddr;

use super::host_name::HostName;
use super::hosts::{Hosts, Reach};
use super::port::{Ports, Protocol};
use crate::mistake::{Mistake, shown};

/// Hosts, ports and protocol: `api.example.com:443`, `10.0.0.0/8:5432`, `[fd00::/8]:53/udp`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub struct NetScope {
    /// To where.
    pub hosts: Hosts,
    /// To which ports of it.
    pub ports: Ports,
    /// How.
    pub protocol: Protocol,
}

impl NetScope {
    /// The scope with these parts.
    #[must_use]
    pub fn new(hosts: Hosts, ports: Ports, protocol: Protocol) -> NetScope {
        NetScope { hosts, ports, protocol }
    }

    pub(crate) fn parse(text: &str) -> Result<NetScope, Mistake> {
        let no_port = |host: &str| {
            let help = format!("write `{host}:443`, or `{host}:*` for all ports", host = shown(host));
            Mistake::new(0..text.len(), format!("`{}` names no port", shown(text)), help)
        };
        let (host, host_at, rest) = split_host(text)?;
        let hosts = Hosts::parse(host).map_err(|mistake| mistake.shifted(host_at))?;
        let rest = rest.ok_or_else(|| no_port(text))?;
        let (ports, protocol) = match rest.rsplit_once('/') {
            Some((ports, "tcp")) => (ports, Protocol::Tcp),
            Some((ports, "udp")) => (ports, Protocol::Udp),
            Some((_, other)) => {
                let what = format!("`{}` is no protocol", shown(other));
                let span = text.len() - other.len()..text.len();
                return Err(Mistake::new(span, what, "it is `tcp`, which may be left out, or `udp`"));
            }
            None => (rest, Protocol::Tcp),
        };
        let ports = Ports::parse(ports).map_err(|mistake| mistake.shifted(text.len() - rest.len()))?;
        Ok(NetScope { hosts, ports, protocol })
    }

    /// Whether all of `other` is in it.
    #[must_use]
    pub fn covers(&self, other: &NetScope) -> bool {
        self.fits(other) && self.hosts.covers(&other.hosts)
    }

    fn fits(&self, other: &NetScope) -> bool {
        self.protocol == other.protocol && self.ports.covers(other.ports)
    }

    fn has(&self, port: u16, protocol: Protocol) -> bool {
        self.protocol == protocol && self.ports.contains(port)
    }

    fn meet(&self, other: &NetScope) -> Option<NetScope> {
        if self.protocol != other.protocol {
            return None;
        }
        Some(NetScope {
            hosts: self.hosts.meet(&other.hosts)?,
            ports: self.ports.meet(other.ports)?,
            protocol: self.protocol,
        })
    }

    /// Which host it is; the ports are the host's own word, as when a name is looked up that is not
    /// granted at any.
    pub(crate) fn is_single(&self) -> bool {
        self.hosts.is_single()
    }
}

/// The host, where it begins, and what follows the colon after it.
pub(super) fn split_host(text: &str) -> Result<(&str, usize, Option<&str>), Mistake> {
    if let Some(inner) = text.strip_prefix('[') {
        let Some((host, rest)) = inner.split_once(']') else {
            return Err(Mistake::new(0..text.len(), "the bracket is not closed", "write `[::1]:443`"));
        };
        if !host.contains(':') {
            let help = format!("write `{}`", shown(host));
            return Err(Mistake::new(0..host.len() + 2, "only an address of IPv6 stands in brackets", help));
        }
        return match rest.strip_prefix(':') {
            Some(port) => Ok((host, 1, Some(port))),
            None if rest.is_empty() => Ok((host, 1, None)),
            None => {
                let span = text.len() - rest.len()..text.len();
                Err(Mistake::new(span, "a port must follow the bracket", "write `[::1]:443`"))
            }
        };
    }
    match text.rsplit_once(':') {
        Some((host, _)) if host.contains(':') => {
            let help = "put brackets around the address: `[::1]:443`, `[fd00::/8]:443`";
            Err(Mistake::new(0..text.len(), "an address of IPv6 is not set off from its port", help))
        }
        Some((host, port)) => Ok((host, 0, Some(port))),
        None => Ok((text, 0, None)),
    }
}

impl fmt::Display for NetScope {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let protocol = if self.protocol == Protocol::Udp { "/udp" } else { "" };
        write!(f, "{}:{}{protocol}", self.hosts, self.ports)
    }
}

/// A grant to connect.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub struct NetGrant {
    /// To where.
    pub scope: NetScope,
    /// Whether the hosts' addresses may be private, of this machine or of its link.
    pub private: bool,
}

impl NetGrant {
    /// Grants `scope`.
    #[must_use]
    pub fn new(scope: NetScope, private: bool) -> NetGrant {
        NetGrant { scope, private }
    }

    fn reach(&self) -> Reach<'_> {
        Reach { hosts: &self.scope.hosts, private: self.private }
    }

    /// Whether all that `other` allows is allowed.
    #[must_use]
    pub fn covers(&self, other: &NetGrant) -> bool {
        self.scope.fits(&other.scope) && self.reach().covers(other.reach())
    }

    /// What of the grant is wanted.
    pub(crate) fn meet(&self, want: &NetScope) -> Option<NetGrant> {
        let met = NetGrant { scope: self.scope.meet(want)?, private: self.private };
        // a narrower range may be special where the wider one was not
        self.covers(&met).then_some(met)
    }
}

/// To where a plugin may connect. Nowhere by default.
///
/// To resolve a name, ask [`may_resolve`](NetRules::may_resolve). To connect to what a name has led
/// to, ask [`allows_resolved`](NetRules::allows_resolved) with that name, and
/// [`allows_addr`](NetRules::allows_addr) with an address that no name has led to.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct NetRules(pub(crate) Vec<NetGrant>);

impl NetRules {
    /// The grants.
    #[must_use]
    pub fn grants(&self) -> &[NetGrant] {
        &self.0
    }

    /// Whether the name may be looked up: whether a connection to it may be allowed at all.
    #[must_use]
    pub fn may_resolve(&self, name: &str) -> bool {
        HostName::new(name).is_some_and(|name| self.0.iter().any(|grant| grant.scope.hosts.has_name(&name)))
    }

    /// Whether connections to that name are granted, as far as can be said before it is looked up.
    #[must_use]
    pub fn allows_name(&self, name: &str, port: u16, protocol: Protocol) -> bool {
        let Some(name) = HostName::new(name) else { return false };
        self.on(port, protocol).any(|grant| grant.scope.hosts.has_name(&name))
    }

    /// Whether the name may lead to `address` at all: whether a connection there may be allowed by
    /// [`allows_resolved`](NetRules::allows_resolved), at some port.
    #[must_use]
    pub fn may_lead(&self, name: &str, address: IpAddr) -> bool {
        let Some(name) = HostName::new(name) else { return false };
        let named = |grant: &&NetGrant| grant.scope.hosts.has_name(&name);
        self.0.iter().filter(named).any(|grant| {
            let at_address = |other: &NetGrant| {
                let (own, other_ports) = (&grant.scope, other.scope.ports);
                own.protocol == other.scope.protocol
                    && own.ports.meet(other_ports).is_some()
                    && other.reach().has_address(address)
            };
            grant.reach().has_resolved(&name, address) || self.0.iter().any(at_address)
        })
    }

    /// Whether a connection to `name` may go to `address`, to which it has led.
    #[must_use]
    pub fn allows_resolved(&self, name: &str, address: IpAddr, port: u16, protocol: Protocol) -> bool {
        let Some(name) = HostName::new(name) else { return false };
        self.on(port, protocol).any(|grant| grant.reach().has_resolved(&name, address))
            || (self.allows_name(name.as_str(), port, protocol) && self.allows_addr(address, port, protocol))
    }

    /// Whether a connection may go to `address` without a name.
    #[must_use]
    pub fn allows_addr(&self, address: IpAddr, port: u16, protocol: Protocol) -> bool {
        self.on(port, protocol).any(|grant| grant.reach().has_address(address))
    }

    fn on(&self, port: u16, protocol: Protocol) -> impl Iterator<Item = &NetGrant> {
        self.0.iter().filter(move |grant| grant.scope.has(port, protocol))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rules(grants: &[(&str, bool)]) -> NetRules {
        NetRules(
            grants
                .iter()
                .map(|(text, private)| NetGrant::new(NetScope::parse(text).unwrap(), *private))
                .collect(),
        )
    }

    #[test]
    fn scopes_are_read_and_shown() {
        for (text, shown) in [
            ("API.example.com.:443", "api.example.com:443"),
            ("*.example.com:8000-8999", "*.example.com:8000-8999"),
            ("*:*", "*:*"),
            ("10.0.0.0/8:5432/tcp", "10.0.0.0/8:5432"),
            ("10.0.0.5:53/udp", "10.0.0.5:53/udp"),
            ("[::1]:80", "[::1]:80"),
            ("[fd00::/8]:*/udp", "[fd00::/8]:*/udp"),
            ("[::ffff:10.0.0.5]:80", "10.0.0.5:80"),
        ] {
            assert_eq!(NetScope::parse(text).unwrap().to_string(), shown);
        }
    }

    #[test]
    fn mistakes_are_shown_in_place() {
        for (text, part, what) in [
            ("api.example.com", "api.example.com", "`api.example.com` names no port"),
            ("api.example.com:https", "https", "`https` is no port"),
            ("api.example.com:0", "0", "`0` is no port"),
            ("api.example.com:443/quic", "quic", "`quic` is no protocol"),
            (
                "https://api.example.com:443",
                "https://api.example.com:443",
                "an address of IPv6 is not set off from its port",
            ),
            ("::1:80", "::1:80", "an address of IPv6 is not set off from its port"),
            ("[::1", "[::1", "the bracket is not closed"),
            ("[::1]80", "80", "a port must follow the bracket"),
            ("[a]:80", "[a]", "only an address of IPv6 stands in brackets"),
            ("[::x]:80", "::x", "`::x` is no host's name"),
            ("10.0.0.1/8:80", "10.0.0.1/8", "`10.0.0.1/8` has bits beyond its prefix"),
            ("127.1:80", "127.1", "`127.1` is no host's name"),
            (":80", "", "there is no host"),
        ] {
            let mistake = NetScope::parse(text).unwrap_err();
            assert_eq!((&text[mistake.span.clone()], mistake.what.as_str()), (part, what), "{text}");
        }
    }

    #[test]
    fn a_name_does_not_lead_into_the_house() {
        use Protocol::{Tcp, Udp};
        let rules =
            rules(&[("api.example.com:443", false), ("db.internal:5432", true), ("10.0.0.0/8:80", false)]);
        let (public, house, box_) =
            ("93.184.216.34".parse().unwrap(), "10.1.2.3".parse().unwrap(), "127.0.0.1".parse().unwrap());
        assert!(rules.may_resolve("API.example.com.") && !rules.may_resolve("example.com"));
        assert!(rules.allows_name("api.example.com", 443, Tcp));
        assert!(!rules.allows_name("api.example.com", 443, Udp));
        assert!(!rules.allows_name("api.example.com", 80, Tcp));
        assert!(rules.allows_resolved("api.example.com", public, 443, Tcp));
        for rebound in [house, box_, "::ffff:127.0.0.1".parse().unwrap(), "169.254.169.254".parse().unwrap()]
        {
            assert!(!rules.allows_resolved("api.example.com", rebound, 443, Tcp), "{rebound}");
            assert!(rules.allows_resolved("db.internal", rebound, 5432, Tcp), "{rebound}");
        }
        assert!(!rules.allows_resolved("db.internal", "0.0.0.0".parse().unwrap(), 5432, Tcp));
        assert!(rules.may_lead("api.example.com", public) && !rules.may_lead("example.com", public));
        assert!(!rules.may_lead("api.example.com", box_) && rules.may_lead("db.internal", box_));
        assert!(!rules.may_lead("api.example.com", house), "that range is granted at another port");
        assert!(!rules.allows_addr(public, 443, Tcp), "the name is granted, not its address");
        assert!(rules.allows_addr(house, 80, Tcp) && !rules.allows_addr(house, 443, Tcp));
        assert!(!rules.allows_name("10.1.2.3", 80, Tcp) && !rules.may_resolve("10.1.2.3"));
    }

    #[test]
    fn a_name_may_lead_to_a_range_that_is_granted_at_its_port() {
        let house = "10.1.2.3".parse().unwrap();
        let leads = |range| rules(&[("a.b:400-500", false), (range, false)]).may_lead("a.b", house);
        assert!(leads("10.0.0.0/8:500-600"));
        assert!(!leads("10.0.0.0/8:501-600") && !leads("10.0.0.0/8:*/udp") && !leads("11.0.0.0/8:*"));
    }

    #[test]
    fn a_narrower_range_never_opens_what_the_wider_one_does_not() {
        let grant = |text, private| NetGrant::new(NetScope::parse(text).unwrap(), private);
        let want = |text| NetScope::parse(text).unwrap();
        assert_eq!(grant("*:80", false).meet(&want("127.0.0.1:80")), None);
        assert_eq!(grant("0.0.0.0/0:80", false).meet(&want("10.0.0.0/8:80")), None);
        assert_eq!(grant("*:80", true).meet(&want("10.0.0.0/8:80")), Some(grant("10.0.0.0/8:80", true)));
        assert_eq!(grant("*:80", true).meet(&want("224.0.0.0/4:80")), None);
        assert_eq!(grant("10.0.0.0/8:80", false).meet(&want("*:1-100")), Some(grant("10.0.0.0/8:80", false)));
        assert_eq!(grant("a.b:80", false).meet(&want("a.b:80/udp")), None);
    }
}
