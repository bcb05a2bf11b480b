//! Policies, and what takes effect of them: `cargo fuzz run policy`.
//!
//! After a line `---` come the wants of a plugin, one on each line.
#![no_main]

use std::net::IpAddr;

use libfuzzer_sys::fuzz_target;
use plug_fuzz::shown;
use plug_policy::{
    Capability, Effective, Grant, Grants, Policy, PolicyError, Protocol, Scheme, WantScope, Wanted,
};

/// As many wants as a run looks at.
const MOST_WANTS: usize = 16;

const PLUGINS: [&str; 3] = ["weather", "x", ""];
const CONTRACT: &str = "acme:images/filter@1.2.0";

const NAMES: [&str; 5] = ["api.example.com", "example.com", "a.b.c", "localhost", "x"];
const ADDRESSES: [&str; 7] =
    ["8.8.8.8", "10.1.2.3", "127.0.0.1", "169.254.169.254", "::1", "::ffff:10.1.2.3", "2606:4700::1"];
const KEYS: [&str; 5] = ["a", "a.b", "LANG", "users.1", "PLUGIN_MODE"];

fuzz_target!(|text: &str| {
    let (text, wants) = text.split_once("\n---\n").unwrap_or((text, ""));
    let policy = match Policy::parse("policy.toml", text) {
        Ok(policy) => policy,
        Err(error) => return mistaken(&error, text),
    };
    let _ = policy.custom();
    let wants: Vec<Wanted> = wants
        .lines()
        .take(MOST_WANTS)
        .filter_map(|line| Some(Wanted::new(line.parse().ok()?, "why", false)))
        .collect();
    for plugin in PLUGINS {
        for contract in [None, Some(CONTRACT)] {
            let resolved = policy.resolve(plugin, contract);
            assert_eq!(policy.resolve(plugin, contract), resolved);
            granted(&resolved.grants, &wants);
        }
    }
});

/// A mistake has a place in the text, and a mend.
fn mistaken(error: &PolicyError, text: &str) {
    shown(error);
    for mistake in error.mistakes() {
        assert!(mistake.line <= text.matches('\n').count() + 1, "{mistake:?}");
        assert!(mistake.marked[1].trim_start().starts_with('^'), "{mistake:?}");
        assert!(!mistake.what.contains('\n') && !mistake.help.is_empty(), "{mistake:?}");
    }
}

fn granted(grants: &Grants, wants: &[Wanted]) {
    let mut again = Grants::default();
    for grant in grants.list() {
        assert!(grant.covers(&grant), "{grant}");
        let read: Grant = grant.to_string().parse().unwrap_or_else(|error| panic!("{grant}: {error}"));
        assert_eq!(read, grant);
        again.allow(read);
    }
    assert_eq!(again.to_string(), grants.to_string());

    let everything: Vec<Wanted> = Capability::BUILT_IN
        .iter()
        .filter_map(|capability| Some(Wanted::new(capability.as_str().parse().ok()?, "", false)))
        .collect();
    let all = decide(&everything, grants);
    let effective = decide(wants, grants);
    let powers = powers(&all);
    for (what, want) in self::powers(&effective) {
        assert!(powers.iter().any(|(granted, _)| *granted == what), "{what} is not granted");
        let capability = want.capability();
        let free = capability.is_free() && !wants.iter().any(|want| want.scope.capability() == capability);
        assert!(free || wants.iter().any(|wanted| wanted.scope.covers(&want)), "{what} is not wanted");
    }
    for preopen in effective.fs.preopens() {
        assert!(all.fs.preopens().iter().any(|granted| granted.covers(preopen)), "{preopen:?}");
    }
    assert!(all.gains(&effective).iter().all(|gain| matches!(gain.capability, Capability::Custom(_))));
}

fn decide(wants: &[Wanted], grants: &Grants) -> Effective {
    Effective::decide("x", wants, grants).expect("nothing is required")
}

/// What is allowed of some accesses, each with the want that it needs.
fn powers(effective: &Effective) -> Vec<(String, WantScope)> {
    let mut powers = Vec::new();
    let mut note = |allowed: bool, what: String, want: String| {
        if allowed {
            let scope = want.parse().unwrap_or_else(|error| panic!("{error}"));
            powers.push((what, scope));
        }
    };
    for port in [80, 443] {
        for protocol in [Protocol::Tcp, Protocol::Udp] {
            let kind = if protocol == Protocol::Tcp { "tcp" } else { "udp" };
            for name in NAMES {
                let want = || format!("net={name}:{port}/{kind}");
                note(effective.net.allows_name(name, port, protocol), want(), want());
                for address in ADDRESSES {
                    let allowed = effective.net.allows_resolved(name, ip(address), port, protocol);
                    note(allowed, format!("{} at {address}", want()), want());
                }
            }
            for address in ADDRESSES {
                let want = format!("net={}:{port}/{kind}", host(address));
                note(effective.net.allows_addr(ip(address), port, protocol), want.clone(), want);
            }
        }
        for scheme in [Scheme::Http, Scheme::Https] {
            for name in NAMES {
                let want = || format!("http={}://{name}:{port}", scheme.as_str());
                note(effective.http.allows_request(scheme, name, port), want(), want());
                for address in ADDRESSES {
                    let allowed = effective.http.allows_resolved(scheme, name, port, ip(address));
                    note(allowed, format!("{} at {address}", want()), want());
                }
            }
        }
    }
    for key in KEYS {
        let config = effective.config.allows(key);
        note(config, format!("config={key}"), format!("config={key}"));
        let emit = effective.events.allows_emit(key);
        note(emit, format!("events:emit={key}"), format!("events:emit={key}"));
        let subscribe = effective.events.allows_subscribe(key);
        note(subscribe, format!("events:subscribe={key}"), format!("events:subscribe={key}"));
        if let Some(value) = effective.env.get(key) {
            note(true, format!("env={key} {value:?}"), format!("env={key}"));
        }
    }
    powers
}

fn ip(address: &str) -> IpAddr {
    address.parse().expect("it is an address")
}

fn host(address: &str) -> String {
    if address.contains(':') { format!("[{address}]") } else { address.to_owned() }
}
