//! A revision changes with each of its parts, and with nothing else.

use plug_admission::{Deployment, Revision};
use plug_contract::{ContractHash, Digest, Want};
use plug_policy::{Effective, Grants, Wanted};
use proptest::prelude::*;

fn effective(grants: &[&str]) -> Effective {
    let mut granted = Grants::restricted();
    grants.iter().for_each(|grant| granted.allow(grant.parse().unwrap()));
    let wants = ["fs:write", "net", "http", "env", "events:emit", "events:subscribe", "acme:kv/store"];
    let wants: Vec<Want> = wants.iter().map(|want| Want::new(*want, "why", false)).collect();
    Effective::decide("upper", &Wanted::read(&wants).unwrap(), &granted).unwrap()
}

fn contract(text: &str) -> ContractHash {
    text.parse().unwrap()
}

const CONTRACT: &str = "wit1-aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa";

fn config(pairs: &[(&str, &str)]) -> Vec<(String, String)> {
    pairs.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect()
}

#[test]
fn the_encoding_does_not_change() {
    let effective = effective(&["net=a.b:80", "fs:read=/srv/data -> /data"]);
    let revision = Deployment {
        artifact: Digest::of(b"x"),
        config: &config(&[("a", "b")]),
        effective: &effective,
        limits: &[("memory", 64 << 20)],
        contract: Some(contract(CONTRACT)),
    }
    .revision();
    // a change of this is a change of every revision in every host's history: give it another prefix
    assert_eq!(revision.to_string(), "rev1:dbdeebb72f4f5f91305451c864c8922411c8b5e0e089e039e753771c811de52b");
    assert_eq!(revision.short(), revision.to_string()[..17]);
    assert_eq!(revision.to_string().parse(), Ok(revision));
    for bad in ["", "rev1:", "rev2:00", &revision.short()] {
        assert!(bad.parse::<Revision>().is_err(), "{bad}");
    }
}

#[test]
fn each_part_counts() {
    let base = effective(&["net=a.b:80"]);
    let config_of = |pairs: &[(&str, &str)]| config(pairs);
    let of = |artifact: &[u8],
              pairs: &[(&str, &str)],
              effective: &Effective,
              limits: &[(&str, u64)],
              hash: &str| {
        let config = config_of(pairs);
        Deployment {
            artifact: Digest::of(artifact),
            config: &config,
            effective,
            limits,
            contract: hash.parse().ok(),
        }
        .revision()
    };
    let other_contract = CONTRACT.replacen("wit1-a", "wit1-b", 1);
    let others = [
        of(b"x", &[], &base, &[], CONTRACT),
        of(b"y", &[], &base, &[], CONTRACT),
        of(b"x", &[("a", "b")], &base, &[], CONTRACT),
        // the parts do not run into each other
        of(b"x", &[("ab", "")], &base, &[], CONTRACT),
        of(b"x", &[("", "ab")], &base, &[], CONTRACT),
        of(b"x", &[("a", ""), ("b", "")], &base, &[], CONTRACT),
        of(b"x", &[], &base, &[("a", 1)], CONTRACT),
        of(b"x", &[], &base, &[("a", 2)], CONTRACT),
        of(b"x", &[], &base, &[("b", 1)], CONTRACT),
        of(b"x", &[], &base, &[("a", 1), ("b", 1)], CONTRACT),
        of(b"x", &[], &base, &[], &other_contract),
        of(b"x", &[], &base, &[], "none"),
        of(b"x", &[], &effective(&[]), &[], CONTRACT),
        of(b"x", &[], &effective(&["net=a.b:81"]), &[], CONTRACT),
        of(b"x", &[], &effective(&["net:private=a.b:80"]), &[], CONTRACT),
        of(b"x", &[], &effective(&["net=a.b:80", "env=A=1"]), &[], CONTRACT),
        of(b"x", &[], &effective(&["net=a.b:80", "env=A=2"]), &[], CONTRACT),
        of(b"x", &[], &effective(&["net=a.b:80", "env=A"]), &[], CONTRACT),
        of(b"x", &[], &effective(&["net=a.b:80", "fs:read=d -> /d"]), &[], CONTRACT),
        of(b"x", &[], &effective(&["net=a.b:80", "fs:write=d -> /d"]), &[], CONTRACT),
        of(b"x", &[], &effective(&["net=a.b:80", "fs:read=e -> /d"]), &[], CONTRACT),
        of(b"x", &[], &effective(&["net=a.b:80", "fs:read=d -> /e"]), &[], CONTRACT),
        of(b"x", &[], &effective(&["net=a.b:80", "clocks=coarse"]), &[], CONTRACT),
        of(b"x", &[], &effective(&["net=a.b:80", "random=seeded:7"]), &[], CONTRACT),
        of(b"x", &[], &effective(&["net=a.b:80", "events:emit=a"]), &[], CONTRACT),
        of(b"x", &[], &effective(&["net=a.b:80", "events:subscribe=a"]), &[], CONTRACT),
        of(b"x", &[], &effective(&["net=a.b:80", "acme:kv/store=a.*"]), &[], CONTRACT),
        of(b"x", &[], &effective(&["net=a.b:80", "acme:kv/store=b.*"]), &[], CONTRACT),
    ];
    for (index, one) in others.iter().enumerate() {
        assert!(!others[..index].contains(one), "{index}");
    }
    // the order in which a policy grants says nothing
    assert_eq!(
        of(b"x", &[], &effective(&["net=a.b:80", "net=c.d:80"]), &[], CONTRACT),
        of(b"x", &[], &effective(&["net=c.d:80", "net=a.b:80"]), &[], CONTRACT)
    );
}

fn pairs() -> impl Strategy<Value = Vec<(String, String)>> {
    proptest::collection::vec(("[a-c]{0,2}", "[a-c]{0,2}"), 0..5)
}

fn limits() -> impl Strategy<Value = Vec<(&'static str, u64)>> {
    proptest::collection::vec((proptest::sample::select(vec!["memory", "cpu", "queue"]), 0u64..3), 0..4)
}

/// What of a configuration counts: the values of each key, in order.
fn meaning(config: &[(String, String)]) -> Vec<(String, String)> {
    let mut sorted = config.to_vec();
    sorted.sort_by(|a, b| a.0.cmp(&b.0));
    sorted
}

proptest! {
    #[test]
    fn equal_if_and_only_if_all_parts_are(
        (one, other) in (pairs(), pairs()),
        (some, others) in (limits(), limits()),
        (first, second) in (0u8..2, 0u8..2),
    ) {
        let effective = effective(&[]);
        let revision = |config: &[(String, String)], limits: &[(&str, u64)], artifact: u8| {
            let artifact = Digest::of(&[artifact]);
            Deployment { artifact, config, effective: &effective, limits, contract: Some(contract(CONTRACT)) }.revision()
        };
        let sorted = |limits: &[(&'static str, u64)]| { let mut limits = limits.to_vec(); limits.sort_unstable(); limits };
        let same = meaning(&one) == meaning(&other) && sorted(&some) == sorted(&others) && first == second;
        prop_assert_eq!(revision(&one, &some, first) == revision(&other, &others, second), same);
    }

    #[test]
    fn the_order_of_keys_says_nothing(config in proptest::collection::btree_map("[a-c]{1,3}", "[a-c]{0,2}", 0..6), seed in any::<u64>()) {
        let one: Vec<(String, String)> = config.into_iter().collect();
        let mut other = one.clone();
        if !other.is_empty() {
            let by = seed as usize % other.len();
            other.rotate_left(by);
            other.reverse();
        }
        let effective = effective(&[]);
        let revision = |config: &[(String, String)]| {
            Deployment { artifact: Digest::of(b"x"), config, effective: &effective, limits: &[], contract: Some(contract(CONTRACT)) }
                .revision()
        };
        prop_assert_eq!(revision(&one), revision(&other));
    }
}
