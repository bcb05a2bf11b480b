//! What kind of address an IP address is.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::sync::LazyLock;

use ipnet::{IpNet, Ipv4Net, Ipv6Net};

/// What an address is for, after the special-purpose registries of IANA.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum AddressClass {
    /// Reachable from everywhere.
    Public,
    /// This machine: `127.0.0.0/8`, `::1`.
    Loopback,
    /// A private network: `10.0.0.0/8`, `172.16.0.0/12`, `192.168.0.0/16`, `fec0::/10`.
    Private,
    /// Between a provider and its customers: `100.64.0.0/10`.
    Shared,
    /// This link, where clouds serve their metadata: `169.254.0.0/16`, `fe80::/10`.
    LinkLocal,
    /// A private network of IPv6: `fc00::/7`.
    UniqueLocal,
    /// Many at once.
    Multicast,
    /// No address: `0.0.0.0/8` and `::`, which some systems take for this machine.
    Unspecified,
    /// For examples in texts.
    Documentation,
    /// For measurements between devices.
    Benchmarking,
    /// Carries an IPv4 address in a way that depends on the network.
    Tunnel,
    /// For other uses, or for none yet.
    Reserved,
}

impl AddressClass {
    /// The class of `address`. One that carries an IPv4 address, IPv4-mapped or by the well-known
    /// prefix of NAT64, is judged as that.
    #[must_use]
    pub fn of(address: IpAddr) -> AddressClass {
        let address = plain(address);
        ROWS.iter()
            .find(|(range, _)| range.contains(&address))
            .map_or(AddressClass::Public, |(_, class)| *class)
    }

    /// The class of a whole range, if all of it lies in one special-purpose range.
    pub(crate) fn of_range(range: IpNet) -> Option<AddressClass> {
        ROWS.iter().find(|(row, _)| row.contains(&range)).map(|(_, class)| *class)
    }

    /// Whether `net:private` and `http:private` open such addresses to names that are granted.
    #[must_use]
    pub fn is_private(self) -> bool {
        matches!(
            self,
            AddressClass::Loopback
                | AddressClass::Private
                | AddressClass::Shared
                | AddressClass::LinkLocal
                | AddressClass::UniqueLocal
        )
    }

    /// Whether a name may lead to such an address.
    pub(crate) fn may_be_resolved(self, private: bool) -> bool {
        self == AddressClass::Public || (private && self.is_private())
    }
}

/// The address itself, when another one carries it.
pub(crate) fn plain(address: IpAddr) -> IpAddr {
    match address {
        IpAddr::V4(_) => address,
        IpAddr::V6(six) => carried(six).map_or(address, IpAddr::V4),
    }
}

fn carried(six: Ipv6Addr) -> Option<Ipv4Addr> {
    let bits = six.to_bits();
    let low = Ipv4Addr::from_bits((bits & u128::from(u32::MAX)) as u32);
    let nat64 = 0x0064_ff9b_u128 << 96;
    six.to_ipv4_mapped().or((bits >> 32 == nat64 >> 32).then_some(low))
}

/// The range itself, when another one carries it.
pub(crate) fn plain_range(range: IpNet) -> IpNet {
    match range {
        IpNet::V6(six) if six.prefix_len() >= 96 => match carried(six.network()) {
            Some(four) => Ipv4Net::new(four, six.prefix_len() - 96).map_or(range, IpNet::V4),
            None => range,
        },
        _ => range,
    }
}

/// The first row that holds an address says what it is.
static ROWS: LazyLock<Vec<(IpNet, AddressClass)>> = LazyLock::new(|| {
    use AddressClass::{
        Benchmarking, Documentation, LinkLocal, Loopback, Multicast, Private, Reserved, Shared, Tunnel,
        UniqueLocal, Unspecified,
    };
    let four = |a, b, c, d, prefix| IpNet::V4(Ipv4Net::new_assert(Ipv4Addr::new(a, b, c, d), prefix));
    let six = |a, b, c, prefix| IpNet::V6(Ipv6Net::new_assert(Ipv6Addr::new(a, b, c, 0, 0, 0, 0, 0), prefix));
    vec![
        (four(0, 0, 0, 0, 8), Unspecified),
        (four(10, 0, 0, 0, 8), Private),
        (four(100, 64, 0, 0, 10), Shared),
        (four(127, 0, 0, 0, 8), Loopback),
        (four(169, 254, 0, 0, 16), LinkLocal),
        (four(172, 16, 0, 0, 12), Private),
        (four(192, 0, 0, 0, 24), Reserved),
        (four(192, 0, 2, 0, 24), Documentation),
        (four(192, 88, 99, 0, 24), Reserved),
        (four(192, 168, 0, 0, 16), Private),
        (four(198, 18, 0, 0, 15), Benchmarking),
        (four(198, 51, 100, 0, 24), Documentation),
        (four(203, 0, 113, 0, 24), Documentation),
        (four(224, 0, 0, 0, 4), Multicast),
        (four(240, 0, 0, 0, 4), Reserved),
        (IpNet::V6(Ipv6Net::new_assert(Ipv6Addr::UNSPECIFIED, 128)), Unspecified),
        (IpNet::V6(Ipv6Net::new_assert(Ipv6Addr::LOCALHOST, 128)), Loopback),
        (six(0, 0, 0, 96), Tunnel),
        (six(0x64, 0xff9b, 1, 48), Tunnel),
        (six(0x2001, 0, 0, 23), Reserved),
        (six(0x2001, 0xdb8, 0, 32), Documentation),
        (six(0x2002, 0, 0, 16), Tunnel),
        (six(0x3fff, 0, 0, 20), Documentation),
        (six(0xfc00, 0, 0, 7), UniqueLocal),
        (six(0xfe80, 0, 0, 10), LinkLocal),
        (six(0xfec0, 0, 0, 10), Private),
        (six(0xff00, 0, 0, 8), Multicast),
        // only 2000::/3 is given out
        (six(0, 0, 0, 3), Reserved),
        (six(0x4000, 0, 0, 2), Reserved),
        (six(0x8000, 0, 0, 1), Reserved),
    ]
});

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_have_their_class() {
        use AddressClass::*;
        for (address, class) in [
            ("8.8.8.8", Public),
            ("1.1.1.1", Public),
            ("172.15.255.255", Public),
            ("172.32.0.0", Public),
            ("100.63.255.255", Public),
            ("100.128.0.0", Public),
            ("2606:4700::1111", Public),
            ("::ffff:8.8.8.8", Public),
            ("64:ff9b::8.8.8.8", Public),
            ("127.0.0.1", Loopback),
            ("127.255.255.254", Loopback),
            ("::1", Loopback),
            ("::ffff:127.0.0.1", Loopback),
            ("::ffff:7f00:1", Loopback),
            ("64:ff9b::127.0.0.1", Loopback),
            ("10.0.0.1", Private),
            ("172.16.0.1", Private),
            ("172.31.255.255", Private),
            ("192.168.1.1", Private),
            ("::ffff:192.168.1.1", Private),
            ("fec0::1", Private),
            ("100.64.0.1", Shared),
            ("169.254.169.254", LinkLocal),
            ("::ffff:169.254.169.254", LinkLocal),
            ("64:ff9b::a9fe:a9fe", LinkLocal),
            ("fe80::1", LinkLocal),
            ("febf::1", LinkLocal),
            ("fc00::1", UniqueLocal),
            ("fd00:ec2::254", UniqueLocal),
            ("224.0.0.1", Multicast),
            ("239.255.255.255", Multicast),
            ("ff02::1", Multicast),
            ("0.0.0.0", Unspecified),
            ("0.1.2.3", Unspecified),
            ("::", Unspecified),
            ("::ffff:0.0.0.0", Unspecified),
            ("192.0.2.1", Documentation),
            ("2001:db8::1", Documentation),
            ("198.18.0.1", Benchmarking),
            ("255.255.255.255", Reserved),
            ("240.0.0.1", Reserved),
            ("2001::1", Reserved),
            ("100::1", Reserved),
            ("5f00::1", Reserved),
            ("::127.0.0.1", Tunnel),
            ("2002:7f00:1::", Tunnel),
            ("64:ff9b:1::1", Tunnel),
        ] {
            assert_eq!(AddressClass::of(address.parse().unwrap()), class, "{address}");
        }
    }

    #[test]
    fn a_carried_range_is_the_range_itself() {
        for (given, plain) in [
            ("::ffff:10.0.0.0/104", "10.0.0.0/8"),
            ("64:ff9b::/96", "0.0.0.0/0"),
            ("::ffff:0:0/95", "::ffff:0:0/95"),
            ("fd00::/8", "fd00::/8"),
        ] {
            assert_eq!(plain_range(given.parse().unwrap()), plain.parse::<IpNet>().unwrap());
        }
    }
}
