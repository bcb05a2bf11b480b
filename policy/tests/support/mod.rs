//! Random grants, wants and accesses, from few parts, so that they often have something in common.

use std::net::IpAddr;

use plug_policy::{Grant, Grants, Protocol, WantScope, Wanted};
use proptest::prelude::*;
use proptest::sample::select;

const HOSTS: &[&str] = &[
    "*",
    "*.b.c",
    "*.c",
    "a.b.c",
    "b.c",
    "x.a.b.c",
    "10.0.0.0/8",
    "10.1.0.0/16",
    "10.1.2.3",
    "127.0.0.1",
    "127.0.0.0/8",
    "0.0.0.0/0",
    "0.0.0.0/1",
    "0.0.0.0",
    "224.0.0.0/3",
    "224.0.0.0/4",
    "8.8.8.0/24",
    "8.0.0.0/7",
    "169.254.0.0/16",
    "[::1]",
    "[::/0]",
    "[::/96]",
    "[fc00::/7]",
    "[8000::/1]",
    "[2000::/3]",
    "[fe80::/10]",
    "[::ffff:10.1.0.0/112]",
    "[64:ff9b::/96]",
];

const PORTS: &[&str] = &["*", "80", "80-90", "85-100", "443", "443-443", "1-100"];

const GUESTS: &[&str] = &["/", "/a", "/a/b", "/a/b/c", "/b", "/ab"];

/// Each capability that can be wanted, alone: all that is granted of it.
pub(crate) const ALONE: [&str; 14] = [
    "fs:read",
    "fs:write",
    "net",
    "http",
    "env",
    "clocks",
    "random",
    "stdio",
    "config",
    "log",
    "events:emit",
    "events:subscribe",
    CUSTOM[0],
    CUSTOM[1],
];

/// What an application adds.
pub(crate) const CUSTOM: [&str; 2] = ["a:kv/store", "a:kv/other"];

const PATTERNS: &[&str] = &["*", "a", "a*", "a.*", "a.b", "a.b*", "b"];

/// The text of one grant, or of one want.
fn text(folders: Vec<String>, variables: Vec<String>) -> impl Strategy<Value = String> {
    let host = || select(HOSTS);
    let port = || select(PORTS);
    let pattern = |key: &'static str| select(PATTERNS).prop_map(move |pattern| format!("{key}={pattern}"));
    prop_oneof![
        3 => (select(&["fs:read", "fs:write"][..]), select(folders)).prop_map(|(key, it)| format!("{key}={it}")),
        4 => (host(), port(), select(&["", "/tcp", "/udp"][..])).prop_map(|(host, port, how)| format!("net={host}:{port}{how}")),
        2 => (select(&["https", "http"][..]), host(), port())
            .prop_filter("no ranges in URLs", |(_, host, _)| !host.contains('/'))
            .prop_map(|(scheme, host, port)| format!("http={scheme}://{host}:{port}")),
        1 => select(variables).prop_map(|it| format!("env={it}")),
        1 => select(&["clocks=real", "clocks=coarse", "clocks=frozen"][..]).prop_map(str::to_owned),
        1 => select(&["random=real", "random=seeded", "random=seeded:7"][..]).prop_map(str::to_owned),
        1 => select(&["stdio=log", "stdio=closed"][..]).prop_map(str::to_owned),
        1 => Just("log".to_owned()),
        1 => pattern("config"),
        1 => pattern("events:emit"),
        1 => pattern("events:subscribe"),
        2 => pattern(CUSTOM[0]),
        1 => pattern(CUSTOM[1]),
    ]
}

fn owned(list: &[&str]) -> Vec<String> {
    list.iter().map(|&text| text.to_owned()).collect()
}

pub(crate) fn grant() -> impl Strategy<Value = Grant> {
    let folders = ["h", "k", "h/b"]
        .iter()
        .flat_map(|host| GUESTS.iter().map(move |guest| format!("{host} -> {guest}")));
    let texts = text(folders.collect(), owned(&["A", "B", "A=1", "A=2", "B="]));
    (texts, any::<bool>()).prop_map(|(text, private)| {
        let text = match text.split_once('=') {
            Some((key @ ("net" | "http"), scope)) if private => format!("{key}:private={scope}"),
            _ => text,
        };
        text.parse().unwrap_or_else(|error| panic!("{error}"))
    })
}

pub(crate) fn grants() -> impl Strategy<Value = Grants> {
    (any::<bool>(), prop::collection::vec(grant(), 0..8)).prop_map(|(restricted, list)| {
        let mut grants = if restricted { Grants::restricted() } else { Grants::default() };
        list.into_iter().for_each(|grant| grants.allow(grant));
        grants
    })
}

pub(crate) fn scope() -> impl Strategy<Value = WantScope> {
    let texts = text(owned(GUESTS), owned(&["A", "B"]));
    prop_oneof![4 => texts, 1 => select(&ALONE[..]).prop_map(str::to_owned)]
        .prop_map(|text| text.parse().unwrap_or_else(|error| panic!("{error}")))
}

pub(crate) fn wants() -> impl Strategy<Value = Vec<Wanted>> {
    prop::collection::vec(scope().prop_map(|scope| Wanted::new(scope, "why", false)), 0..8)
}

pub(crate) fn names() -> [&'static str; 6] {
    ["a.b.c", "b.c", "c", "x.a.b.c", "evil.org", "10.1.2.3"]
}

pub(crate) fn addresses() -> Vec<IpAddr> {
    [
        "8.8.8.8",
        "9.9.9.9",
        "10.1.2.3",
        "10.9.9.9",
        "127.0.0.1",
        "127.9.9.9",
        "0.0.0.0",
        "224.0.0.1",
        "240.0.0.1",
        "169.254.169.254",
        "::1",
        "::",
        "fd00::1",
        "fe80::1",
        "ff02::1",
        "2606:4700::1111",
        "::ffff:10.1.2.3",
        "::ffff:127.0.0.1",
        "64:ff9b::10.1.2.3",
        "::127.0.0.1",
        "2002:7f00:1::",
    ]
    .iter()
    .map(|text| text.parse().unwrap())
    .collect()
}

pub(crate) fn ports() -> [(u16, Protocol); 6] {
    [80, 88, 443].map(|port| [(port, Protocol::Tcp), (port, Protocol::Udp)]).concat().try_into().unwrap()
}

/// Grants of connections only, which often have something in common.
pub(crate) fn net_grant() -> impl Strategy<Value = Grant> {
    (any::<bool>(), select(HOSTS), select(&["*", "80", "80-90"][..])).prop_map(|(private, host, port)| {
        let key = if private { "net:private" } else { "net" };
        format!("{key}={host}:{port}").parse().unwrap_or_else(|error| panic!("{error}"))
    })
}
