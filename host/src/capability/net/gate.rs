//! Which addresses an instance may use.

use std::net::{IpAddr, SocketAddr};
use std::sync::{Mutex, PoisonError};

use plug_policy::{
    AddressClass, Capability as Name, HostName, Hosts, NetGrant, NetScope, Ports, Protocol, WantScope,
};
use wasmtime_wasi::sockets::SocketAddrUse;

use super::led::Led;
use crate::capability::permit::Permit;

/// Which addresses an instance may use: those that are granted as addresses, and those to which a
/// granted name has led this instance, at the ports that the name is granted with.
///
/// The address of a name is checked when it is looked up and again when it is used. It is the address
/// itself that is used then, not the name, so there is nothing that could change in between.
#[derive(Debug)]
pub(super) struct Gate {
    permit: Permit,
    led: Mutex<Led>,
}

impl Gate {
    pub(super) fn new(permit: Permit) -> Gate {
        Gate { permit, led: Mutex::default() }
    }

    /// Whether nothing works any more, because something was revoked.
    pub(super) fn is_ended(&self) -> bool {
        self.permit.is_ended()
    }

    /// Where to ask whether something was revoked.
    pub(super) fn permit(&self) -> &Permit {
        &self.permit
    }

    /// Whether the name may be looked up.
    pub(super) fn may_resolve(&self, name: &HostName) -> bool {
        let allowed = self.permit.allows(|effective| effective.net.may_resolve(name.as_str()));
        if !allowed {
            self.deny_lookup(name);
        }
        allowed
    }

    /// Tells that something was to be looked up that is no name of a host; no grant allows it.
    pub(super) fn deny_nonsense(&self, text: &str) {
        self.permit.deny(Name::Net, &format!("look up {text}"));
    }

    /// What of the addresses that `name` has led to may be used at all. It is remembered.
    pub(super) fn admit(&self, name: &HostName, found: Vec<IpAddr>) -> Vec<IpAddr> {
        let (kept, dropped): (Vec<_>, Vec<_>) = found
            .into_iter()
            .map(|address| address.to_canonical())
            .partition(|address| self.permit.allows(|to| to.net.may_lead(name.as_str(), *address)));
        for address in dropped {
            self.deny_answer(name, address);
        }
        let mut led = self.led.lock().unwrap_or_else(PoisonError::into_inner);
        kept.iter().for_each(|address| led.remember(name, *address));
        kept
    }

    /// Whether wasmtime-wasi may go on with that use of the address.
    pub(super) fn allows(&self, address: SocketAddr, usage: SocketAddrUse) -> bool {
        if self.is_ended() {
            return false;
        }
        let connects = |protocol| self.connects(address.ip(), address.port(), protocol);
        match usage {
            SocketAddrUse::TcpConnect => connects(Protocol::Tcp) || self.deny_use(address, Protocol::Tcp),
            SocketAddrUse::UdpSend => connects(Protocol::Udp) || self.deny_use(address, Protocol::Udp),
            // what strangers send is not the plugin's doing
            SocketAddrUse::UdpReceive => connects(Protocol::Udp),
            // what every connection begins with, and no promise to be found anywhere
            SocketAddrUse::TcpBind | SocketAddrUse::UdpBind => {
                (address.ip().is_unspecified() && address.port() == 0) || self.deny_inbound(address)
            }
            SocketAddrUse::TcpListen | SocketAddrUse::TcpAccept => self.deny_inbound(address),
        }
    }

    fn connects(&self, address: IpAddr, port: u16, protocol: Protocol) -> bool {
        let address = address.to_canonical();
        let led = self.led.lock().unwrap_or_else(PoisonError::into_inner);
        self.permit.allows(|to| {
            let mut names = led.names(address);
            to.net.allows_addr(address, port, protocol)
                || names.any(|name| to.net.allows_resolved(name.as_str(), address, port, protocol))
        })
    }

    fn deny_use(&self, address: SocketAddr, protocol: Protocol) -> bool {
        let (port, address) = (Ports::one(address.port()), address.ip().to_canonical());
        let class = AddressClass::of(address);
        let name = self.led.lock().unwrap_or_else(PoisonError::into_inner).names(address).next().cloned();
        let (capability, hosts) = match name {
            Some(name) if class == AddressClass::Public => (Name::Net, Hosts::Name(name)),
            Some(name) if class.is_private() => (Name::NetPrivate, Hosts::Name(name)),
            _ => (Name::Net, Hosts::address(address)),
        };
        self.deny(capability, hosts, port, protocol);
        false
    }

    /// No grant allows it; the operator is told all the same.
    fn deny_inbound(&self, address: SocketAddr) -> bool {
        self.permit.deny(Name::Net, &format!("be reached at {address}"));
        false
    }

    /// Of a lookup the port is not known. The plugin's manifest may say it.
    fn deny_lookup(&self, name: &HostName) {
        let wanted: Vec<&NetScope> = self
            .permit
            .born()
            .denied
            .iter()
            .filter_map(|denied| match &denied.wanted.scope {
                WantScope::Net(scope) if covers_name(scope, name) => Some(scope),
                _ => None,
            })
            .collect();
        for scope in &wanted {
            self.deny(Name::Net, Hosts::Name(name.clone()), scope.ports, scope.protocol);
        }
        if wanted.is_empty() {
            self.deny(Name::Net, Hosts::Name(name.clone()), Ports::ALL, Protocol::Tcp);
        }
    }

    /// The name is granted, but not where it leads to.
    fn deny_answer(&self, name: &HostName, address: IpAddr) {
        let private = AddressClass::of(address).is_private();
        let grants = self.permit.born().net.grants().iter();
        for NetGrant { scope, .. } in grants.filter(|grant| covers_name(&grant.scope, name)) {
            let (capability, hosts) = if private {
                (Name::NetPrivate, Hosts::Name(name.clone()))
            } else {
                (Name::Net, Hosts::address(address))
            };
            self.deny(capability, hosts, scope.ports, scope.protocol);
        }
    }

    fn deny(&self, capability: Name, hosts: Hosts, ports: Ports, protocol: Protocol) {
        self.permit.deny(capability, &NetScope::new(hosts, ports, protocol).to_string());
    }
}

fn covers_name(scope: &NetScope, name: &HostName) -> bool {
    scope.covers(&NetScope::new(Hosts::Name(name.clone()), scope.ports, scope.protocol))
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use plug_policy::{Effective, Policy, WantScope, Wanted};

    use super::*;
    use crate::capability::denial::{Denials, PolicyBus, PolicyEvent, PolicyEvents};
    use crate::capability::permit::Standing;
    use crate::error::Identity;

    /// One instance of a plugin that wants whatever is granted.
    struct Tried {
        gate: Gate,
        standing: Arc<Standing>,
        events: PolicyEvents,
    }

    fn effective(lines: &str, want: &str) -> Arc<Effective> {
        let policy = Policy::parse("policy.toml", &format!("[plugin.\"x\"]\n{lines}\n")).unwrap();
        let want = Wanted::new(want.parse::<WantScope>().unwrap(), "to be tested", false);
        Arc::new(Effective::decide("x", &[want], &policy.resolve("x", None).grants).unwrap())
    }

    fn wanting(want: &str, lines: &str) -> Tried {
        let (born, bus) = (effective(lines, want), PolicyBus::new(64));
        let (events, standing) = (bus.subscribe(), Arc::new(Standing::new(Arc::clone(&born))));
        let denials = Arc::new(Denials::new(bus, false));
        let revision = format!("rev1:{}", "0".repeat(64)).parse().unwrap();
        let identity = Identity { plugin: "x".into(), revision };
        let permit = Permit::new(identity, Arc::clone(&standing), born, 0, denials);
        Tried { gate: Gate::new(permit), standing, events }
    }

    fn under(lines: &str) -> Tried {
        wanting("net", lines)
    }

    fn name(text: &str) -> HostName {
        HostName::new(text).unwrap()
    }

    impl Tried {
        fn leads(&self, by: &str, to: &str) -> bool {
            !self.gate.admit(&name(by), vec![to.parse().unwrap()]).is_empty()
        }

        fn tcp(&self, to: &str) -> bool {
            self.gate.allows(to.parse().unwrap(), SocketAddrUse::TcpConnect)
        }

        fn udp(&self, to: &str) -> bool {
            self.gate.allows(to.parse().unwrap(), SocketAddrUse::UdpSend)
        }

        /// What was denied since the last time, and the lines that would allow it.
        fn denied(&mut self) -> Vec<(String, Option<String>)> {
            std::iter::from_fn(|| self.events.try_next())
                .map(|event| match event {
                    PolicyEvent::Denied { capability, access, allow, .. } => {
                        let line = allow.map(|allow| allow.lines().last().unwrap().to_owned());
                        (format!("{capability}={access}"), line)
                    }
                    other => panic!("{other:?}"),
                })
                .collect()
        }
    }

    const PUBLIC: &str = "93.184.216.34";
    /// Where a name must not lead, unless that was granted.
    const PRIVATE: [&str; 12] = [
        "127.0.0.1",
        "127.255.255.254",
        "::1",
        "::ffff:127.0.0.1",
        "64:ff9b::127.0.0.1",
        "10.0.0.1",
        "192.168.1.1",
        "172.31.255.255",
        "169.254.169.254",
        "100.64.0.1",
        "fd00:ec2::254",
        "fe80::1",
    ];
    /// Where no name may lead.
    const NOWHERE: [&str; 8] = [
        "0.0.0.0",
        "::",
        "::ffff:0.0.0.0",
        "224.0.0.1",
        "255.255.255.255",
        "2002:7f00:1::",
        "::7f00:1",
        "2001::1",
    ];

    #[test]
    fn names_lead_to_public_addresses_only() {
        let mut tried = under(r#"net = ["a.b:443"]"#);
        for address in PRIVATE {
            assert!(!tried.leads("a.b", address), "{address}");
            let told = tried.denied();
            let line = r#""net:private" = ["a.b:443"]"#.to_owned();
            let expected = [("net:private=a.b:443".to_owned(), Some(line))];
            assert!(told.is_empty() || told == expected, "told once: {told:?}");
        }
        for address in NOWHERE {
            assert!(!tried.leads("a.b", address), "{address}");
        }
        assert!(tried.leads("a.b", PUBLIC) && tried.leads("a.b", "2606:4700::1111"));
        assert!(!tried.leads("b.a", PUBLIC), "another name");

        let private = under(r#""net:private" = ["a.b:443"]"#);
        for address in PRIVATE {
            assert!(private.leads("a.b", address), "{address}");
        }
        for address in NOWHERE {
            assert!(!private.leads("a.b", address), "{address}");
        }
    }

    #[test]
    fn an_address_may_be_used_as_the_name_that_led_to_it() {
        let mut tried = under(r#"net = ["a.b:443", "c.d:53/udp", "e.f:80"]"#);
        assert!(!tried.tcp("93.184.216.34:443"), "before it was looked up");
        assert!(tried.leads("a.b", PUBLIC));
        assert!(tried.tcp("93.184.216.34:443"));
        assert!(tried.leads("a.b", "::ffff:1.1.1.1") && tried.tcp("1.1.1.1:443"));
        assert!(!tried.tcp("93.184.216.34:444") && !tried.udp("93.184.216.34:443"));
        assert!(!tried.tcp("93.184.216.35:443"));
        assert!(
            tried.leads("c.d", PUBLIC) && tried.udp("93.184.216.34:53") && !tried.tcp("93.184.216.34:53")
        );
        assert!(tried.tcp("93.184.216.34:443"), "both names have led there");
        assert!(!tried.tcp("93.184.216.34:80"), "that name has not");
        let told: Vec<_> = tried.denied().into_iter().map(|(access, _)| access).collect();
        let expected = [
            "net=93.184.216.34:443",
            "net=a.b:444",
            "net=a.b:443/udp",
            "net=93.184.216.35:443",
            "net=c.d:53",
            "net=c.d:80",
        ];
        assert_eq!(told, expected);
        let other = under(r#"net = ["a.b:443"]"#);
        assert!(!other.tcp("93.184.216.34:443"), "another instance has not looked it up");
    }

    #[test]
    fn what_is_told_would_allow_it() {
        // what was tried, and how often it takes until it may be
        let lookups = |tried: &Tried| tried.gate.may_resolve(&name("a.b")) && tried.leads("a.b", "10.1.2.3");
        let named = |tried: &Tried| lookups(tried) && tried.tcp("10.1.2.3:80");
        let datagram = |tried: &Tried| tried.udp("[fd00::1]:53");
        let carried = |tried: &Tried| tried.tcp("[64:ff9b::7f00:1]:80");
        type Question<'a> = &'a dyn Fn(&Tried) -> bool;
        let tried: [(Question<'_>, &str, &[&str]); 6] = [
            (&lookups, "", &[r#"net = ["a.b:*"]"#, r#""net:private" = ["a.b:*"]"#]),
            (
                &named,
                r#"net = ["a.b:1-79"]"#,
                &[r#""net:private" = ["a.b:1-79"]"#, r#""net:private" = ["a.b:80"]"#],
            ),
            (&named, r#"net = ["*:80"]"#, &[r#""net:private" = ["a.b:80"]"#]),
            (&named, r#""net:private" = ["a.b:80/udp"]"#, &[r#""net:private" = ["a.b:80"]"#]),
            (&datagram, r#"net = ["a.b:53/udp"]"#, &[r#"net = ["[fd00::1]:53/udp"]"#]),
            (&carried, r#"net = ["*:80"]"#, &[r#"net = ["127.0.0.1:80"]"#]),
        ];
        for (attempt, granted, expected) in tried {
            let mut policy =
                Policy::parse("p", &format!("[plugin.\"x\"]\n{granted}\n")).unwrap().resolve("x", None);
            for line in expected {
                let mut tried = under(&granted_lines(&policy.grants.list()));
                assert!(!attempt(&tried), "{granted}, before {line}");
                let told = tried.denied();
                assert!(matches!(&told[..], [(_, Some(told))] if told == line), "{told:?}, not {line}");
                let more =
                    Policy::parse("p", &format!("[plugin.\"x\"]\n{line}\n")).unwrap().resolve("x", None);
                let is_net = |grant: &plug_policy::Grant| matches!(grant, plug_policy::Grant::Net(_));
                more.grants.list().into_iter().filter(is_net).for_each(|grant| policy.grants.allow(grant));
            }
            let mut tried = under(&granted_lines(&policy.grants.list()));
            assert!(attempt(&tried), "{granted}, with all that was told");
            assert_eq!(tried.denied(), []);
        }
    }

    /// The connections among the grants, as a policy has them.
    fn granted_lines(grants: &[plug_policy::Grant]) -> String {
        let of = |private: bool| {
            let scopes = grants.iter().filter_map(|grant| match grant {
                plug_policy::Grant::Net(net) if net.private == private => {
                    Some(format!("{:?}", grant.scope()))
                }
                _ => None,
            });
            scopes.collect::<Vec<_>>().join(", ")
        };
        format!("net = [{}]\n\"net:private\" = [{}]", of(false), of(true))
    }

    #[test]
    fn the_manifest_says_which_port_a_lookup_is_for() {
        let mut tried = wanting("net=*.example.com:8000-8999/udp", "");
        assert!(!tried.gate.may_resolve(&name("a.example.com")));
        assert!(!tried.gate.may_resolve(&name("b.example.org")));
        let told: Vec<_> = tried.denied().into_iter().map(|(access, _)| access).collect();
        assert_eq!(told, ["net=a.example.com:8000-8999/udp", "net=b.example.org:*"]);
    }

    #[test]
    fn nobody_connects_to_a_plugin() {
        use SocketAddrUse::*;
        let mut tried = under(r#""net:private" = ["*:*", "*:*/udp", "127.0.0.1:80"]"#);
        let may = |address: &str, usage| tried.gate.allows(address.parse().unwrap(), usage);
        for usage in [TcpBind, UdpBind] {
            assert!(may("0.0.0.0:0", usage) && may("[::]:0", usage));
            assert!(!may("0.0.0.0:80", usage) && !may("127.0.0.1:0", usage) && !may("[::1]:80", usage));
        }
        for usage in [TcpListen, TcpAccept] {
            assert!(!may("0.0.0.0:0", usage) && !may("127.0.0.1:80", usage));
        }
        let told = tried.denied();
        assert!(told.contains(&("net=be reached at 127.0.0.1:80".to_owned(), None)), "{told:?}");
        assert!(told.iter().all(|(_, line)| line.is_none()), "{told:?}");
        // strangers that send datagrams are not the plugin's doing
        let mut tried = under(r#"net = ["8.8.8.8:53/udp"]"#);
        let receives = |address: &str| tried.gate.allows(address.parse().unwrap(), UdpReceive);
        assert!(receives("8.8.8.8:53") && !receives("8.8.8.8:54") && !receives("8.8.4.4:53"));
        assert_eq!(tried.denied(), []);
    }

    #[test]
    fn what_is_revoked_is_gone_at_once() {
        let tried = under(r#"net = ["a.b:443", "c.d:443"]"#);
        assert!(tried.leads("a.b", PUBLIC) && tried.leads("c.d", "1.1.1.1"));
        assert!(tried.tcp("93.184.216.34:443") && tried.tcp("1.1.1.1:443"));
        tried.standing.set(effective(r#"net = ["c.d:443"]"#, "net"));
        assert!(!tried.gate.may_resolve(&name("a.b")) && !tried.tcp("93.184.216.34:443"));
        assert!(tried.tcp("1.1.1.1:443"));
        tried.standing.end_instances();
        assert!(tried.gate.is_ended() && !tried.tcp("1.1.1.1:443"));
    }

    #[test]
    fn what_is_no_name_is_told_and_never_allowed() {
        for text in ["127.1", "*", "a.b:80", "[::1]", "::1]:80", "10.0.0.0/8", "", "x\n[plugin.\"y\"]"] {
            let mut tried = under("");
            tried.gate.deny_nonsense(text);
            let told = tried.denied();
            assert!(matches!(&told[..], [(_, None)]), "{told:?}");
        }
    }
}
