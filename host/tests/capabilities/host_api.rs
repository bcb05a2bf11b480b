//! `config`, `log` and `events:emit`: what `plug:plugin/host-api` serves.

use std::path::Path;

use plug_host::policy::{Denial, Policy, Suggestion};
use plug_host::{Instance, Standard};

use crate::folder::Folder;
use crate::lines::listen;
use crate::support::{ALL, Probe, artifact, host, run};

fn none() -> &'static Path {
    Path::new("")
}

/// A configuration whose keys lie at the edges of patterns.
const KEYS: [&str; 8] = [
    "database",
    "database.",
    "database.url",
    "database.pool.size",
    "databases.x",
    "Database.url",
    "data",
    "other",
];

async fn configured(wants: &[&str]) -> Probe {
    let host = host().config("probe", KEYS.map(|key| (key, format!("of {key}"))));
    Probe::on(host, artifact(wants)).await
}

/// The keys that the instance can read.
async fn readable(instance: &mut Instance<Standard>) -> Vec<&'static str> {
    let mut readable = Vec::new();
    for key in KEYS {
        match run(instance, &format!("config {key}")).await {
            outcome if outcome == format!("ok of {key}") => readable.push(key),
            // not told from one that is not there
            outcome => assert_eq!(outcome, run(instance, "config nowhere").await),
        }
    }
    readable
}

#[tokio::test]
async fn configuration_by_the_edges_of_patterns() {
    let below = &["database.", "database.url", "database.pool.size"][..];
    let (mut probe, mut wanted) = (configured(&ALL).await, &ALL[..]);
    for (wants, lines, granted) in [
        (&ALL[..], "config = [\"database.*\"]", below),
        (&ALL, "config = [\"database.url\"]", &["database.url"]),
        (&ALL, "config = [\"database\"]", &["database"]),
        (&ALL, "config = [\"database.pool.*\", \"other\"]", &["database.pool.size", "other"]),
        (&ALL, "config = [\"Database.*\"]", &["Database.url"]),
        (&ALL, "config = [\"nothing.*\"]", &[]),
        (&ALL, "config = []", &[]),
        (&ALL, "config = [\"*\"]", &KEYS),
        // it need not be wanted, but a want for less gets less
        (&[], "config = [\"*\"]", &KEYS),
        (&["config=database.*"], "config = [\"*\"]", below),
        (&["config=database.*"], "config = [\"database.url\", \"other\"]", &["database.url"]),
        (&["config=other"], "config = [\"database.*\"]", &[]),
    ] {
        if wants != wanted {
            (probe, wanted) = (configured(wants).await, wants);
        }
        let mut instance = probe.under(none(), lines).await;
        assert_eq!(readable(&mut instance).await, granted, "{wants:?} under {lines}");
        // what `initialize` got is the same
        let mut pairs: Vec<_> = granted.iter().map(|key| format!("{key}=of {key}")).collect();
        pairs.sort();
        let began = run(&mut instance, "began-with").await;
        assert_eq!(began, format!("ok {}", pairs.join(",")).trim_end(), "{wants:?} under {lines}");
    }
}

#[tokio::test]
async fn the_advice_of_a_denial_gives_the_key() {
    let mut probe = configured(&ALL).await;
    let mut instance = probe.under(none(), "config = []").await;
    run(&mut instance, "config database.url").await;
    run(&mut instance, "config database.url").await;
    let denials = probe.denials();
    let [(capability, access, Some(allow))] = &denials[..] else { panic!("{denials:?}") };
    assert_eq!((capability.as_str(), access.as_str()), ("config", "database.url"));
    let lines = allow.strip_prefix("[plugin.\"probe\"]\n").unwrap();
    let mut instance = probe.under(none(), lines).await;
    assert_eq!(readable(&mut instance).await, ["database.url"]);
    // a key that looks like a pattern is not to be granted as one
    let mut instance = probe.under(none(), "config = []").await;
    run(&mut instance, "config *").await;
    assert_eq!(probe.denials().last(), Some(&("config".to_owned(), "*".to_owned(), None)));
}

#[tokio::test]
async fn the_log_is_written_when_it_is_granted() {
    let (lines, _guard) = listen();
    let mut probe = Probe::wanting(&ALL).await;
    let mut instance = probe.under(none(), "log = false").await;
    run(&mut instance, "log unseen").await;
    assert!(lines.of_plugins().is_empty(), "{:?}", lines.of_plugins());
    let denials = probe.denials();
    let [(capability, _, Some(allow))] = &denials[..] else { panic!("{denials:?}") };
    assert_eq!((capability.as_str(), allow.as_str()), ("log", "[plugin.\"probe\"]\nlog = true"));
    let mut instance = probe.under(none(), "log = true").await;
    run(&mut instance, "log seen").await;
    let messages: Vec<_> = lines.of_plugins().into_iter().map(|line| (line.plugin, line.message)).collect();
    assert_eq!(messages, [("probe".to_owned(), "seen".to_owned())]);
}

/// Topics at the edges of patterns.
const TOPICS: [&str; 8] =
    ["orders", "orders.", "orders.placed", "orders.placed.late", "ordersx", "Orders.placed", "*", ""];

#[tokio::test]
async fn events_by_the_edges_of_patterns() {
    let below = &["orders.", "orders.placed", "orders.placed.late"][..];
    let any = &["events:emit"][..];
    let (mut probe, mut wanted) = (Probe::wanting(any).await, any);
    for (wants, lines, granted) in [
        (any, "\"events:emit\" = [\"orders.*\"]", below),
        (any, "\"events:emit\" = [\"orders.placed\"]", &["orders.placed"]),
        (any, "\"events:emit\" = [\"orders\"]", &["orders"]),
        (any, "\"events:emit\" = [\"*\"]", &TOPICS),
        (any, "\"events:emit\" = []", &[]),
        (any, "\"events:subscribe\" = [\"*\"]", &[]),
        (any, "", &[]),
        (&["events:emit=orders.placed"], "\"events:emit\" = [\"*\"]", &["orders.placed"]),
        (&["events:emit=orders.*"], "\"events:emit\" = [\"orders.placed.*\"]", &["orders.placed.late"]),
        (&["events:emit=bills.*"], "\"events:emit\" = [\"orders.*\"]", &[]),
        (&["events:subscribe"], "\"events:emit\" = [\"*\"]", &[]),
        (&[], "\"events:emit\" = [\"*\"]", &[]),
    ] {
        if wants != wanted {
            (probe, wanted) = (Probe::wanting(wants).await, wants);
        }
        let mut events = probe.host.events();
        let mut instance = probe.under(none(), lines).await;
        for topic in TOPICS {
            let outcome = run(&mut instance, &format!("emit {topic} payload")).await;
            assert_eq!(
                outcome == "ok",
                granted.contains(&topic),
                "{topic:?}, {wants:?} under {lines}: {outcome}"
            );
        }
        let mut heard = Vec::new();
        while let Some(event) = events.try_next() {
            assert_eq!((event.plugin(), &*event.payload), (Some("probe"), "payload"));
            heard.push(event.event_type.to_string());
        }
        assert_eq!(heard, granted, "{wants:?} under {lines}");
    }
}

#[tokio::test]
async fn the_advice_of_a_denial_lets_the_event_out() {
    let mut probe = Probe::wanting(&ALL).await;
    let mut instance = probe.under(none(), "").await;
    for topic in ["orders.placed", "*", "a\u{1b}b"] {
        assert_eq!(
            run(&mut instance, &format!("emit {topic} x")).await,
            "denied events of this type are not granted"
        );
    }
    let denials = probe.denials();
    let access: Vec<_> = denials
        .iter()
        .map(|(name, access, allow)| (name.as_str(), access.as_str(), allow.is_some()))
        .collect();
    assert_eq!(
        access,
        [
            ("events:emit", "orders.placed", true),
            ("events:emit", "*", false),
            ("events:emit", "a\u{1b}b", false)
        ]
    );
    let lines = denials[0].2.as_ref().unwrap().strip_prefix("[plugin.\"probe\"]\n").unwrap();
    let mut instance = probe.under(none(), lines).await;
    let mut events = probe.host.events();
    assert_eq!(run(&mut instance, "emit orders.placed x").await, "ok");
    assert_eq!(&*events.try_next().expect("an event").event_type, "orders.placed");
}

/// A plugin that invents names without end is not told of for ever, unless somebody wants to know all.
#[tokio::test]
async fn denials_are_bounded() {
    let mut probe = Probe::wanting(&ALL).await;
    for (audit, kept) in [(false, 256), (true, 1200)] {
        let mut instance = probe.under(none(), &format!("config = []\naudit = {audit}")).await;
        for number in 0..1200 {
            // in audit as well, nothing is loosened
            let outcome = run(&mut instance, &format!("config key{number}")).await;
            assert_eq!(outcome, "error there is no such key");
        }
        // noise about one capability does not hide what is tried of another
        run(&mut instance, "emit orders.placed x").await;
        let denied = probe.host.capabilities().denied("probe");
        let of = |name: &str| denied.iter().filter(|record| record.capability.as_str() == name).count();
        assert_eq!((of("config"), of("events:emit")), (kept, 1), "in audit: {audit}");
    }
}

/// What was denied in a run makes a policy under which the run succeeds.
#[tokio::test]
async fn the_least_policy_of_a_run() {
    let folder = Folder::new();
    let (lines, _guard) = listen();
    let commands =
        ["config database.url", "config other", "emit orders.placed x", "log line", "write /data/new.txt x"];
    let mut probe = configured(&ALL).await;
    let before = folder.tree();
    let nothing = "config = []\nlog = false\naudit = true\n\"fs:read\" = [\"data -> /data\"]";
    let mut instance = probe.under(folder.path(), nothing).await;
    for command in commands {
        run(&mut instance, command).await;
    }
    assert_eq!(folder.tree(), before);
    assert!(lines.of_plugins().is_empty());
    let records = probe.host.capabilities().denied("probe");
    let denials: Vec<_> =
        records.iter().map(|record| Denial::new(record.capability.clone(), &record.access)).collect();
    let suggestion = Suggestion::of("probe", &denials).to_string();
    let lines_of_it: Vec<_> = suggestion.lines().filter(|line| !line.starts_with('#')).collect();
    assert_eq!(
        lines_of_it,
        [
            "[plugin.\"probe\"]",
            "\"fs:write\" = [\"data -> /data\"]",
            "config = [\"database.url\", \"other\"]",
            "log = true",
            "\"events:emit\" = [\"orders.placed\"]",
        ]
    );
    let policy = Policy::parse("suggested.toml", &suggestion).unwrap().base(folder.path());
    probe.host.capabilities().set_policy(policy, "a test").unwrap();
    let mut instance = probe.fresh().await;
    for command in commands {
        let outcome = run(&mut instance, command).await;
        assert!(outcome.starts_with("ok"), "{command}: {outcome}");
    }
    assert_eq!(folder.read("data/new.txt"), "x");
    assert_eq!(lines.of_plugins().len(), 1);
    assert_eq!(readable(&mut instance).await, ["database.url", "other"]);
}
