//! To where a request goes.

use std::fmt;
use std::net::{IpAddr, Ipv6Addr};

use http::Uri;
use plug_policy::{Effective, HostName, Scheme};
use wasmtime_wasi_http::Error;

/// To where a request goes, in the one form in which it is checked, looked up, connected to, and
/// named in the `Host` header.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Target {
    pub(super) scheme: Scheme,
    /// A name in lower case, an address without brackets, or what is neither and never granted.
    pub(super) host: String,
    pub(super) port: u16,
    /// Whether the authority names a user too.
    pub(super) has_user: bool,
}

impl Target {
    /// # Errors
    /// When the URI has no host, or its port is none.
    pub(super) fn of(uri: &Uri) -> Result<Target, Error> {
        let scheme = match uri.scheme_str() {
            Some("http") => Scheme::Http,
            Some("https") => Scheme::Https,
            _ => return Err(Error::HttpProtocolError),
        };
        let authority = uri.authority().ok_or(Error::HttpRequestUriInvalid)?.as_str();
        // as by RFC 3986: what stands before the last `@` is no host, whatever it looks like
        let (user, authority) = match authority.rsplit_once('@') {
            Some((user, rest)) => (Some(user), rest),
            None => (None, authority),
        };
        let end = if authority.starts_with('[') { authority.find(']').map(|end| end + 1) } else { None };
        let end = end.or_else(|| authority.find(':')).unwrap_or(authority.len());
        let (host, port) = authority.split_at(end);
        let port = match port.strip_prefix(':') {
            None if port.is_empty() => scheme.default_port(),
            Some("") => scheme.default_port(),
            Some(digits) if digits.bytes().all(|byte| byte.is_ascii_digit()) => {
                digits.parse().map_err(|_| Error::HttpRequestUriInvalid)?
            }
            _ => return Err(Error::HttpRequestUriInvalid),
        };
        if host.is_empty() || port == 0 {
            return Err(Error::HttpRequestUriInvalid);
        }
        Ok(Target { scheme, host: canonical(host), port, has_user: user.is_some() })
    }

    /// The address, if the host is one.
    pub(super) fn address(&self) -> Option<IpAddr> {
        self.host.parse().ok()
    }

    /// Whether the request is granted, as far as can be said before the name is looked up.
    pub(super) fn is_granted(&self, effective: &Effective) -> bool {
        effective.http.allows_request(self.scheme, &self.host, self.port)
    }

    /// Whether the request may go to `address`.
    pub(super) fn may_go_to(&self, address: IpAddr, effective: &Effective) -> bool {
        effective.http.allows_resolved(self.scheme, &self.host, self.port, address)
    }

    /// The same with an address in place of the host.
    pub(super) fn at(&self, address: IpAddr) -> Target {
        Target { host: address.to_string(), ..self.clone() }
    }

    /// What the `Host` header says: the port only where it is not the usual one.
    pub(super) fn authority(&self) -> String {
        let host = self.bracketed();
        if self.port == self.scheme.default_port() { host } else { format!("{host}:{}", self.port) }
    }

    fn bracketed(&self) -> String {
        match self.host.parse::<Ipv6Addr>() {
            Ok(six) => format!("[{six}]"),
            Err(_) => self.host.clone(),
        }
    }
}

/// As the scope of a grant.
impl fmt::Display for Target {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}://{}:{}", self.scheme.as_str(), self.bracketed(), self.port)
    }
}

fn canonical(host: &str) -> String {
    let inner = host.strip_prefix('[').and_then(|rest| rest.strip_suffix(']'));
    if let Ok(address) = inner.unwrap_or(host).parse::<IpAddr>() {
        return address.to_string();
    }
    HostName::new(host).map_or_else(|| host.to_owned(), |name| name.as_str().to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn target(uri: &str) -> Result<Target, Error> {
        Target::of(&uri.parse().unwrap())
    }

    #[test]
    fn one_form_for_all_spellings() {
        for (uri, shown, authority) in [
            ("http://a.example/", "http://a.example:80", "a.example"),
            ("HTTP://A.Example:80/", "http://a.example:80", "a.example"),
            ("https://a.example.", "https://a.example:443", "a.example"),
            ("https://a.example:/x", "https://a.example:443", "a.example"),
            ("https://a.example:8443", "https://a.example:8443", "a.example:8443"),
            ("http://a.example:443", "http://a.example:443", "a.example:443"),
            ("http://10.0.0.1:8080", "http://10.0.0.1:8080", "10.0.0.1:8080"),
            ("http://[0:0::1]:8080", "http://[::1]:8080", "[::1]:8080"),
            ("http://[::ffff:127.0.0.1]", "http://[::ffff:127.0.0.1]:80", "[::ffff:127.0.0.1]"),
            ("http://granted@evil.example/", "http://evil.example:80", "evil.example"),
            ("http://granted:80@evil.example:81/", "http://evil.example:81", "evil.example:81"),
            // no names, so nothing grants them
            ("http://127.1/", "http://127.1:80", "127.1"),
            ("http://2130706433/", "http://2130706433:80", "2130706433"),
        ] {
            let target = target(uri).unwrap();
            assert_eq!(
                (target.to_string().as_str(), target.authority().as_str()),
                (shown, authority),
                "{uri}"
            );
            assert_eq!(target.has_user, uri.contains('@'), "{uri}");
        }
    }

    #[test]
    fn what_is_no_target() {
        for uri in
            ["http://a.example:0/", "http://a.example:65536/", "http://a.example:99999/", "/only-a-path"]
        {
            assert!(target(uri).is_err(), "{uri}");
        }
    }

    #[test]
    fn an_address_stands_in_for_the_host() {
        let target = target("https://a.example:8443").unwrap();
        assert_eq!(target.address(), None);
        let at = target.at("::1".parse().unwrap());
        assert_eq!((at.to_string().as_str(), at.address()), ("https://[::1]:8443", "::1".parse().ok()));
    }
}
