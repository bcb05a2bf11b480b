//! What takes effect is never more than what is wanted, nor than what is granted.

mod support;

use std::collections::BTreeSet;
use std::fmt::Arguments;
use std::net::IpAddr;

use plug_policy::{
    Capability, CustomName, CustomScope, Effective, EnvName, FsWant, Grant, Grants, HostName, Hosts,
    HttpScope, NetScope, Pattern, Ports, Protocol, Scheme, WantScope, Wanted,
};
use proptest::prelude::*;
use support::{ALONE, CUSTOM, addresses, grant, grants, names, net_grant, ports, scope, wants};

fn decide(wants: &[Wanted], grants: &Grants) -> Effective {
    Effective::decide("x", wants, grants).expect("nothing is required")
}

/// All that is granted: what takes effect when everything is wanted.
fn all_of(grants: &Grants) -> Effective {
    let wants: Vec<_> = ALONE.into_iter().map(|text| Wanted::new(text.parse().unwrap(), "", false)).collect();
    decide(&wants, grants)
}

fn only(grant: &Grant) -> Effective {
    let mut grants = Grants::default();
    grants.allow(grant.clone());
    all_of(&grants)
}

fn text(pattern: &str) -> Pattern {
    pattern.parse().unwrap()
}

/// Accesses that are allowed, each with the want that it would need.
#[derive(Default)]
struct Allowed(Vec<(String, WantScope)>);

impl Allowed {
    fn note(&mut self, what: Arguments<'_>, allowed: bool, want: impl FnOnce() -> WantScope) {
        if allowed {
            self.0.push((what.to_string(), want()));
        }
    }
}

fn allowed(effective: &Effective) -> Vec<(String, WantScope)> {
    let mut out = Allowed::default();
    let addresses = addresses();
    let hosts = names().map(|name| (name, HostName::new(name)));
    for (port, protocol) in ports() {
        for &address in &addresses {
            let yes = effective.net.allows_addr(address, port, protocol);
            out.note(format_args!("net {address} {port} {protocol:?}"), yes, || {
                WantScope::Net(NetScope::new(Hosts::address(address), Ports::one(port), protocol))
            });
        }
        for (name, host) in &hosts {
            let Some(host) = host else {
                assert!(!effective.net.may_resolve(name) && !effective.net.allows_name(name, port, protocol));
                continue;
            };
            let want =
                || WantScope::Net(NetScope::new(Hosts::Name(host.clone()), Ports::one(port), protocol));
            let yes = effective.net.allows_name(name, port, protocol);
            assert!(!yes || effective.net.may_resolve(name));
            out.note(format_args!("net {name} {port} {protocol:?}"), yes, want);
            for &address in &addresses {
                let yes = effective.net.allows_resolved(name, address, port, protocol);
                out.note(format_args!("net {name} {address} {port} {protocol:?}"), yes, want);
            }
        }
        if protocol == Protocol::Udp {
            continue;
        }
        for scheme in [Scheme::Http, Scheme::Https] {
            let mut request = |host: &str, hosts: &dyn Fn() -> Hosts, to: &[IpAddr]| {
                let want = || WantScope::Http(HttpScope::new(scheme, hosts(), Ports::one(port)));
                let yes = effective.http.allows_request(scheme, host, port);
                out.note(format_args!("http {scheme:?} {host} {port}"), yes, want);
                for address in to {
                    let yes = effective.http.allows_resolved(scheme, host, port, *address);
                    out.note(format_args!("http {scheme:?} {host} {address} {port}"), yes, want);
                }
            };
            for &address in &addresses {
                request(&address.to_string(), &|| Hosts::address(address), &[address]);
            }
            for host in hosts.iter().filter_map(|(_, host)| host.as_ref()) {
                request(host.as_str(), &|| Hosts::Name(host.clone()), &addresses);
            }
        }
    }
    for name in ["A", "B", "C"] {
        let value = effective.env.get(name);
        out.note(format_args!("env {name} {value:?}"), value.is_some(), || {
            WantScope::Env(EnvName::new(name).unwrap())
        });
    }
    let custom = CUSTOM.map(|name| CustomName::new(name).unwrap());
    for key in ["a", "ab", "a.", "a.b", "a.bc", "b", "c"] {
        out.note(format_args!("config {key}"), effective.config.allows(key), || WantScope::Config(text(key)));
        let emit = effective.events.allows_emit(key);
        out.note(format_args!("emit {key}"), emit, || WantScope::Emit(text(key)));
        let subscribe = effective.events.allows_subscribe(key);
        out.note(format_args!("subscribe {key}"), subscribe, || WantScope::Subscribe(text(key)));
        for name in &custom {
            let yes = effective.custom.allows(name.as_str(), key);
            out.note(format_args!("custom {name} {key}"), yes, || {
                WantScope::Custom(CustomScope::new(name.clone(), text(key)))
            });
        }
    }
    out.0
}

/// Whether the wants hold one that covers it, or hold none of what is free.
fn wanted(wants: &[Wanted], want: &WantScope) -> bool {
    let free = want.capability().is_free()
        && !wants.iter().any(|other| other.scope.capability() == want.capability());
    free || wants.iter().any(|other| other.scope.covers(want))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(600))]

    #[test]
    fn what_takes_effect_is_wanted_and_granted(wants in wants(), grants in grants()) {
        let effective = decide(&wants, &grants);
        let granted: BTreeSet<String> = allowed(&all_of(&grants)).into_iter().map(|(what, _)| what).collect();
        for (what, want) in allowed(&effective) {
            prop_assert!(granted.contains(&what), "{what} is not granted");
            prop_assert!(wanted(&wants, &want), "{what} is not wanted");
        }
        let list = grants.list();
        for preopen in effective.fs.preopens() {
            let of_a_grant = list.iter().any(|grant| match grant {
                Grant::Fs(grant) => grant.preopen().covers(preopen),
                _ => false,
            });
            prop_assert!(of_a_grant, "{preopen:?} is not granted");
            let want = WantScope::Fs(FsWant::new(preopen.access, preopen.guest.clone()));
            prop_assert!(wanted(&wants, &want), "{preopen:?} is not wanted");
        }
        for (power, grant) in [
            (effective.clocks.to_string(), "clocks"),
            (effective.random.to_string(), "random"),
            (effective.stdio.to_string(), "stdio"),
        ] {
            let power: Grant = format!("{grant}={power}").parse().unwrap();
            prop_assert!(list.iter().any(|grant| grant.covers(&power)), "{power} is not granted");
        }
        prop_assert!(!effective.log || list.contains(&Grant::Log));
        // and nothing that is both gets lost
        let both = allowed(&all_of(&grants)).into_iter().filter(|(_, want)| wanted(&wants, want));
        let now: BTreeSet<String> = allowed(&effective).into_iter().map(|(what, _)| what).collect();
        let is_exact = |what: &str| ["env", "config", "custom"].iter().any(|kind| what.starts_with(kind));
        for (what, _) in both.filter(|(what, _)| is_exact(what)) {
            prop_assert!(now.contains(&what), "{what} is wanted and granted");
        }
    }

    #[test]
    fn a_want_is_denied_or_holds(wants in wants(), grants in grants()) {
        let effective = decide(&wants, &grants);
        let required: Vec<_> = wants.iter().map(|want| Wanted::new(want.scope.clone(), "why", true)).collect();
        let decided = Effective::decide("x", &required, &grants);
        prop_assert_eq!(decided.is_err(), !effective.denied.is_empty());
        if let Err(refused) = decided {
            prop_assert_eq!(refused.denied().len(), effective.denied.len());
        }
        // a policy with the lines that are proposed lets the plugin in
        let mut granted = grants.clone();
        for denied in &effective.denied {
            let line = format!("[defaults]\n{}", denied.line);
            let policy = plug_policy::Policy::parse("p", &line).unwrap_or_else(|error| panic!("{error}"));
            for grant in policy.resolve("x", None).grants.list() {
                if grant.capability() == *denied.line.capability() {
                    granted.allow(grant);
                }
            }
            let alone = [Wanted::new(denied.wanted.scope.clone(), "why", true)];
            let now = Effective::decide("x", &alone, &granted);
            prop_assert!(now.is_ok(), "{} by `{}`: {now:?}", denied.wanted.scope, denied.line);
        }
    }

    #[test]
    fn covering_is_an_order_of_grants(a in grant(), b in grant(), c in grant()) {
        prop_assert!(a.covers(&a));
        prop_assert!(!(a.covers(&b) && b.covers(&c)) || a.covers(&c), "{a}  {b}  {c}");
        if a.covers(&b) {
            let by_a: BTreeSet<String> = allowed(&only(&a)).into_iter().map(|(what, _)| what).collect();
            for (what, _) in allowed(&only(&b)) {
                prop_assert!(by_a.contains(&what), "{a} covers {b}, but not {what}");
            }
            prop_assert!(only(&a).gains(&only(&b)).is_empty());
            prop_assert!(only(&b).losses(&only(&a)).is_empty());
        }
    }

    #[test]
    fn covering_of_hosts_is_an_order(a in net_grant(), b in net_grant(), c in net_grant()) {
        prop_assert!(!(a.covers(&b) && b.covers(&c)) || a.covers(&c), "{a}  {b}  {c}");
        for (a, b) in [(&a, &b), (&b, &c), (&a, &c)].into_iter().filter(|(a, b)| a.covers(b)) {
            let by_a: BTreeSet<String> = allowed(&only(a)).into_iter().map(|(what, _)| what).collect();
            for (what, _) in allowed(&only(b)) {
                prop_assert!(by_a.contains(&what), "{a} covers {b}, but not {what}");
            }
        }
    }

    #[test]
    fn covering_is_an_order_of_wants(a in scope(), b in scope(), c in scope()) {
        prop_assert!(a.covers(&a));
        prop_assert!(!(a.covers(&b) && b.covers(&c)) || a.covers(&c), "{a}  {b}  {c}");
        let [a, b] = [a, b].map(|scope| [Wanted::new(scope, "why", true)]);
        let gains = Wanted::gains(&a, &b);
        if a[0].scope.covers(&b[0].scope) {
            prop_assert!(gains.iter().all(|gain| gain.capability != b[0].scope.capability()), "{gains:?}");
        }
        prop_assert!(Wanted::gains(&b, &b).is_empty());
    }

    #[test]
    fn what_is_printed_is_read_again(grant in grant(), scope in scope(), grants in grants()) {
        prop_assert_eq!(grant.to_string().parse::<Grant>().unwrap(), grant);
        prop_assert_eq!(scope.to_string().parse::<WantScope>().unwrap(), scope);
        let mut again = Grants::default();
        for line in grants.to_string().lines() {
            again.allow(line.parse().unwrap());
        }
        prop_assert_eq!(again.to_string(), grants.to_string());
    }
}

fn key() -> impl Strategy<Value = Capability> {
    let custom = CUSTOM.map(|name| Capability::Custom(CustomName::new(name).unwrap()));
    prop::sample::select([&Capability::BUILT_IN[..], &custom].concat())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(4_000))]

    #[test]
    fn any_text_is_read_or_refused(text in "\\PC{0,40}", key in key()) {
        for text in [text.clone(), format!("{key}={text}")] {
            match text.parse::<Grant>() {
                Ok(grant) => prop_assert_eq!(grant.to_string().parse::<Grant>().unwrap(), grant),
                Err(error) => {
                    prop_assert!(text.get(error.span()).is_some(), "{error}");
                    let [_, marker] = error.marked();
                    prop_assert!(marker.ends_with('^') && !error.help().is_empty());
                }
            }
            if let Ok(want) = text.parse::<WantScope>() {
                prop_assert_eq!(want.to_string().parse::<WantScope>().unwrap(), want);
            }
        }
    }

    #[test]
    fn near_misses_are_read_or_refused(
        grant in grant(),
        at in 0..40_usize,
        new in prop::sample::select(vec!["", "*", "/", ":", "[", "]", ".", "-", " -> ", "\u{0}", "\n", "\\", "..", "ä", "=", "@", "%"]),
    ) {
        let text = grant.to_string();
        let at = text.floor_char_boundary(at.min(text.len()));
        let text = format!("{}{new}{}", &text[..at], &text[at..]);
        if let Ok(grant) = text.parse::<Grant>() {
            prop_assert_eq!(grant.to_string().parse::<Grant>().unwrap(), grant);
        }
    }
}
