//! Outgoing HTTP requests.

use std::fmt;
use std::net::IpAddr;

use super::address::plain;
use super::host_name::HostName;
use super::hosts::{Hosts, Reach};
use super::net::split_host;
use super::port::Ports;
use crate::mistake::{Mistake, shown};

/// With TLS or without.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Scheme {
    /// Without.
    Http,
    /// With.
    Https,
}

impl Scheme {
    /// The port that is meant when none is named.
    #[must_use]
    pub fn default_port(self) -> u16 {
        match self {
            Scheme::Http => 80,
            Scheme::Https => 443,
        }
    }

    /// As it stands in a URL.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Scheme::Http => "http",
            Scheme::Https => "https",
        }
    }
}

/// Scheme, hosts and ports: `https://api.example.com`, `http://10.0.0.5:8080`, `https://*.example.com:*`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub struct HttpScope {
    /// With TLS or without.
    pub scheme: Scheme,
    /// To where.
    pub hosts: Hosts,
    /// To which ports of it.
    pub ports: Ports,
}

impl HttpScope {
    /// The scope with these parts.
    #[must_use]
    pub fn new(scheme: Scheme, hosts: Hosts, ports: Ports) -> HttpScope {
        HttpScope { scheme, hosts, ports }
    }

    pub(crate) fn parse(text: &str) -> Result<HttpScope, Mistake> {
        let (scheme, authority) = match text.split_once("://") {
            Some((scheme, rest)) if scheme.eq_ignore_ascii_case("https") => (Scheme::Https, rest),
            Some((scheme, rest)) if scheme.eq_ignore_ascii_case("http") => (Scheme::Http, rest),
            Some((scheme, _)) => {
                let what = format!("`{}` is no scheme of HTTP", shown(scheme));
                return Err(Mistake::new(0..scheme.len(), what, "it is `https` or `http`"));
            }
            None => {
                let what = format!("`{}` names no scheme", shown(text));
                return Err(Mistake::new(0..text.len(), what, format!("write `https://{}`", shown(text))));
            }
        };
        let begin = text.len() - authority.len();
        let authority = authority.strip_suffix('/').unwrap_or(authority);
        if let Some(at) = authority.find(['/', '?', '#']) {
            let help =
                format!("write `{}`; all paths of a host are granted together", shown(&text[..begin + at]));
            return Err(Mistake::new(begin + at..text.len(), "a grant of HTTP has no path", help));
        }
        if let Some(at) = authority.find('@') {
            let help = "leave it out: a grant says to where, not as whom";
            return Err(Mistake::new(begin..begin + at + 1, "a grant of HTTP names no user", help));
        }
        let (host, host_at, ports) = split_host(authority).map_err(|mistake| mistake.shifted(begin))?;
        let hosts = Hosts::parse(host).map_err(|mistake| mistake.shifted(begin + host_at))?;
        let ports = match ports {
            Some(ports) => {
                let at = begin + authority.len() - ports.len();
                Ports::parse(ports).map_err(|mistake| mistake.shifted(at))?
            }
            None => Ports::one(scheme.default_port()),
        };
        Ok(HttpScope { scheme, hosts, ports })
    }

    /// Whether all of `other` is in it.
    #[must_use]
    pub fn covers(&self, other: &HttpScope) -> bool {
        self.fits(other) && self.hosts.covers(&other.hosts)
    }

    fn fits(&self, other: &HttpScope) -> bool {
        self.scheme == other.scheme && self.ports.covers(other.ports)
    }

    fn meet(&self, other: &HttpScope) -> Option<HttpScope> {
        if self.scheme != other.scheme {
            return None;
        }
        Some(HttpScope {
            scheme: self.scheme,
            hosts: self.hosts.meet(&other.hosts)?,
            ports: self.ports.meet(other.ports)?,
        })
    }

    pub(crate) fn is_single(&self) -> bool {
        self.hosts.is_single() && self.ports.is_single()
    }
}

impl fmt::Display for HttpScope {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}://{}", self.scheme.as_str(), self.hosts)?;
        if self.ports == Ports::one(self.scheme.default_port()) {
            return Ok(());
        }
        write!(f, ":{}", self.ports)
    }
}

/// A grant to send requests.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub struct HttpGrant {
    /// To where.
    pub scope: HttpScope,
    /// Whether the hosts' addresses may be private, of this machine or of its link.
    pub private: bool,
}

impl HttpGrant {
    /// Grants `scope`.
    #[must_use]
    pub fn new(scope: HttpScope, private: bool) -> HttpGrant {
        HttpGrant { scope, private }
    }

    fn reach(&self) -> Reach<'_> {
        Reach { hosts: &self.scope.hosts, private: self.private }
    }

    /// Whether all that `other` allows is allowed.
    #[must_use]
    pub fn covers(&self, other: &HttpGrant) -> bool {
        self.scope.fits(&other.scope) && self.reach().covers(other.reach())
    }

    /// What of the grant is wanted.
    pub(crate) fn meet(&self, want: &HttpScope) -> Option<HttpGrant> {
        let met = HttpGrant { scope: self.scope.meet(want)?, private: self.private };
        self.covers(&met).then_some(met)
    }
}

/// The host of a request.
enum Target {
    Name(HostName),
    Address(IpAddr),
}

impl Target {
    fn parse(host: &str) -> Option<Target> {
        let inner = host.strip_prefix('[').and_then(|rest| rest.strip_suffix(']'));
        match inner.unwrap_or(host).parse() {
            Ok(address) => Some(Target::Address(address)),
            Err(_) => HostName::new(host).map(Target::Name),
        }
    }
}

/// To where a plugin may send requests. Nowhere by default.
///
/// Ask [`allows_request`](HttpRules::allows_request) for the request and for each redirect that is
/// followed, and [`allows_resolved`](HttpRules::allows_resolved) for the address before connecting.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct HttpRules(pub(crate) Vec<HttpGrant>);

impl HttpRules {
    /// The grants.
    #[must_use]
    pub fn grants(&self) -> &[HttpGrant] {
        &self.0
    }

    /// Whether a request to `host`, a name or an address, is granted, as far as can be said before
    /// a name is looked up.
    #[must_use]
    pub fn allows_request(&self, scheme: Scheme, host: &str, port: u16) -> bool {
        match Target::parse(host) {
            Some(Target::Name(name)) => self.on(scheme, port).any(|grant| grant.scope.hosts.has_name(&name)),
            Some(Target::Address(address)) => self.has_address(scheme, address, port),
            None => false,
        }
    }

    /// Whether a request to `host` may go to `address`, to which it has led.
    #[must_use]
    pub fn allows_resolved(&self, scheme: Scheme, host: &str, port: u16, address: IpAddr) -> bool {
        match Target::parse(host) {
            Some(Target::Name(name)) => {
                self.on(scheme, port).any(|grant| grant.reach().has_resolved(&name, address))
                    || (self.allows_request(scheme, host, port) && self.has_address(scheme, address, port))
            }
            Some(Target::Address(own)) => {
                plain(own) == plain(address) && self.has_address(scheme, address, port)
            }
            None => false,
        }
    }

    fn has_address(&self, scheme: Scheme, address: IpAddr, port: u16) -> bool {
        self.on(scheme, port).any(|grant| grant.reach().has_address(address))
    }

    fn on(&self, scheme: Scheme, port: u16) -> impl Iterator<Item = &HttpGrant> {
        self.0.iter().filter(move |grant| grant.scope.scheme == scheme && grant.scope.ports.contains(port))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scopes_are_read_and_shown() {
        for (text, shown) in [
            ("https://API.example.com", "https://api.example.com"),
            ("HTTPS://api.example.com:443/", "https://api.example.com"),
            ("http://api.example.com:443", "http://api.example.com:443"),
            ("https://*", "https://*"),
            ("https://*.example.com:*", "https://*.example.com:*"),
            ("http://10.0.0.5:8080", "http://10.0.0.5:8080"),
            ("http://[::1]", "http://[::1]"),
        ] {
            assert_eq!(HttpScope::parse(text).unwrap().to_string(), shown);
        }
    }

    #[test]
    fn mistakes_are_shown_in_place() {
        for (text, part, what) in [
            ("api.example.com", "api.example.com", "`api.example.com` names no scheme"),
            ("ftp://a.b", "ftp", "`ftp` is no scheme of HTTP"),
            ("https://a.b/v1", "/v1", "a grant of HTTP has no path"),
            ("https://a.b?x", "?x", "a grant of HTTP has no path"),
            ("https://a.b@c.d", "a.b@", "a grant of HTTP names no user"),
            ("https://", "", "there is no host"),
            ("https://a.b:x", "x", "`x` is no port"),
            ("https://a b", "a b", "`a b` is no host's name"),
        ] {
            let mistake = HttpScope::parse(text).unwrap_err();
            assert_eq!((&text[mistake.span.clone()], mistake.what.as_str()), (part, what), "{text}");
        }
    }

    #[test]
    fn requests_are_judged() {
        use Scheme::{Http, Https};
        let grant = |text, private| HttpGrant::new(HttpScope::parse(text).unwrap(), private);
        let rules =
            HttpRules(vec![grant("https://api.example.com", false), grant("http://[::1]:8080", false)]);
        let public = "93.184.216.34".parse().unwrap();
        assert!(rules.allows_request(Https, "API.example.com.", 443));
        assert!(rules.allows_resolved(Https, "api.example.com", 443, public));
        for (scheme, host, port) in [
            (Http, "api.example.com", 443),
            (Https, "api.example.com", 80),
            (Https, "example.com", 443),
            (Https, "api.example.com.evil.org", 443),
            (Https, "api.example.com@evil.org", 443),
            (Https, "93.184.216.34", 443),
            (Https, "", 443),
        ] {
            assert!(!rules.allows_request(scheme, host, port), "{host}");
        }
        assert!(!rules.allows_resolved(Https, "api.example.com", 443, "127.0.0.1".parse().unwrap()));
        assert!(rules.allows_request(Http, "[::1]", 8080) && rules.allows_request(Http, "::1", 8080));
        assert!(rules.allows_resolved(Http, "[::1]", 8080, "::1".parse().unwrap()));
        assert!(!rules.allows_resolved(Http, "[::1]", 8080, "::2".parse().unwrap()));
    }
}
