//! What a manifest claims: it can lower what a plugin gets, and never raise it.

use std::path::Path;
use std::time::Duration;

use plug_contract::WantedLimits;
use plug_host::{Instance, Limits, LoadError, MIB, Standard, Withheld};

use crate::folder::Folder;
use crate::lines::listen;
use crate::support::{ALL, NOTHING, Probe, artifact, artifact_with, host, policy, run, without_manifest};

const GRANTS: &str = "\"fs:read\" = [\"data -> /data\"]
\"fs:write\" = [\"other -> /other\"]
env = [\"MODE=fast\"]
\"events:emit\" = [\"*\"]";

/// What of the grants above an instance has.
async fn has(instance: &mut Instance<Standard>) -> Vec<&'static str> {
    let mut has = Vec::new();
    for (power, command, granted) in [
        ("read", "read /data/words.txt", "ok words"),
        ("write", "write /other/made.txt x", "ok"),
        ("env", "env MODE", "ok fast"),
        ("events", "emit topic x", "ok"),
    ] {
        if run(instance, command).await == granted {
            has.push(power);
        }
    }
    has
}

#[tokio::test]
async fn what_takes_effect_is_what_is_wanted_of_the_grants() {
    for (wants, gets) in [
        (&ALL[..], &["read", "write", "env", "events"][..]),
        (&["fs:read=/data", "env=MODE"], &["read", "env"]),
        // who wants to write wants to read as well
        (&["fs:write"], &["read", "write"]),
        (&["fs:write=/other"], &["write"]),
        (&["events:emit=topic"], &["events"]),
        (&["events:emit=topics"], &[]),
        (&["fs:read=/other"], &[]),
        (&["env=HOME"], &[]),
        (&["net", "http"], &[]),
        (&[], &[]),
    ] {
        let folder = Folder::new();
        let mut probe = Probe::wanting(wants).await;
        let mut instance = probe.under(folder.path(), GRANTS).await;
        assert_eq!(has(&mut instance).await, gets, "{wants:?}");
        assert_eq!(folder.at("other/made.txt").exists(), gets.contains(&"write"), "{wants:?}");
    }
}

#[tokio::test]
async fn without_a_manifest_there_is_nothing() {
    let folder = Folder::new();
    let mut probe = Probe::on(host(), without_manifest()).await;
    let before = folder.tree();
    let mut instance = probe.under(folder.path(), GRANTS).await;
    assert_eq!(has(&mut instance).await, Vec::<&str>::new());
    assert_eq!(folder.tree(), before);
    // what is free is there
    assert_eq!(run(&mut instance, "sleep 1").await, "ok");
}

/// Not even what is free.
#[tokio::test]
async fn all_can_be_taken_away() {
    let (lines, _guard) = listen();
    let configured = host().config("probe", [("key", "value")]);
    let mut probe = Probe::on(configured, artifact(&ALL)).await;
    let mut events = probe.host.events();
    let accesses = [
        ("now", "ok 0"),
        ("monotonic", "ok 0"),
        ("stdout unseen", "error BrokenPipe"),
        ("stderr unseen", "error BrokenPipe"),
        ("stdin", "ok"),
        ("config key", "error there is no such key"),
        ("began-with", "ok"),
        ("log unseen", "ok"),
        ("emit topic x", "denied events of this type are not granted"),
        ("env-all", "ok"),
        ("args", "ok 0"),
        ("folders", "ok"),
    ];
    let mut instance = probe.under(Path::new(""), NOTHING).await;
    let random = run(&mut instance, "random 8").await;
    for (command, outcome) in accesses {
        assert_eq!(run(&mut instance, command).await, outcome, "{command}");
    }
    assert_eq!(run(&mut probe.fresh().await, "random 8").await, random);
    assert!(lines.of_plugins().is_empty() && events.try_next().is_none());
    // most of it differs where it is granted
    let all = "\"events:emit\" = [\"*\"]\nenv = [\"MODE=fast\"]\n\"fs:read\" = [\"/ -> /data\"]";
    let mut instance = probe.under(Path::new(""), all).await;
    let same = ["stdin", "args", "log unseen"];
    for (command, outcome) in accesses {
        assert_eq!(run(&mut instance, command).await == outcome, same.contains(&command), "{command}");
    }
    assert_ne!(run(&mut probe.fresh().await, "random 8").await, random);
    assert!(!lines.of_plugins().is_empty() && events.try_next().is_some());
}

#[tokio::test]
async fn what_is_required_and_not_granted_refuses_the_plugin() {
    let folder = Folder::new();
    for (wants, denied) in [
        (&["env=MODE!"][..], "env=MODE"),
        (&["fs:write=/data!", "events:emit"], "fs:write=/data"),
        (&["events:emit!", "fs:read=/data"], "events:emit"),
        (&["net=example.com:443!"], "net=example.com:443"),
        // a part of it is not enough
        (&["fs:read!", "fs:write=/!"], "fs:write=/"),
        (&["fs:read!", "config=*!"], "config=*"),
    ] {
        let host =
            host().policy(policy(folder.path(), "\"fs:read\" = [\"data -> /data\"]\nconfig = [\"a.*\"]"));
        let error = host.build().unwrap().load("probe", artifact(wants)).await.unwrap_err();
        assert_eq!(error.code(), "PLG1007", "{error}");
        let text = error.to_string();
        assert!(
            text.starts_with("plugin `probe` cannot be given what it needs: ")
                && text.contains(&format!("`{denied}`")),
            "{text}"
        );
        let LoadError::Withheld { source, .. } = &error else { panic!("{error:?}") };
        let Withheld::Refused { refused } = &**source else { panic!("{error:?}") };
        let [help] = &refused.help()[..] else { panic!("{text}") };
        assert!(text.contains(help) && help.contains("its reason: it cannot work without"), "{help}");
    }
    // granted, it is loaded; and without, if it can do without
    for (wants, lines) in [(["env=MODE!"], "env = [\"MODE=fast\"]"), (["env=MODE"], "")] {
        let host = host().policy(policy(folder.path(), lines)).build().unwrap();
        let handle = host.load("probe", artifact(&wants)).await.unwrap();
        let answer = handle.process(&plug_host::ProcessRequest::new("env MODE")).await.unwrap().output;
        assert_eq!(answer == "ok fast", !lines.is_empty(), "{answer}");
    }
}

/// The help of a refusal, written into the policy, lets the plugin in.
#[tokio::test]
async fn the_help_of_a_refusal_lets_the_plugin_in() {
    let folder = Folder::new();
    for want in
        ["env=MODE!", "events:emit=orders.placed!", "fs:write=/data!", "net=example.com:443!", "config=a.b!"]
    {
        let restricted = host().policy(policy(folder.path(), "config = []")).build().unwrap();
        let error = restricted.load("probe", artifact(&[want])).await.unwrap_err();
        let LoadError::Withheld { source, .. } = error else { panic!("{error:?}") };
        let Withheld::Refused { refused } = *source else { panic!("{source:?}") };
        let line = refused.denied()[0].line.to_string();
        let host = host().policy(policy(folder.path(), &line)).build().unwrap();
        host.load("probe", artifact(&[want]))
            .await
            .unwrap_or_else(|error| panic!("{want} under {line}: {error}"));
    }
}

#[tokio::test]
async fn wants_that_cannot_be_read_refuse_the_plugin() {
    for want in ["teleport=home", "fs:read=../data", "fs:read=/etc -> /data", "env=MODE=fast"] {
        let error = host().build().unwrap().load("probe", artifact(&[want])).await.unwrap_err();
        assert_eq!(error.code(), "PLG1002", "{want}: {error}");
        let LoadError::Withheld { source, .. } = &error else { panic!("{error:?}") };
        assert!(matches!(**source, Withheld::Wants(_)), "{error:?}");
    }
}

#[tokio::test]
async fn limits_of_a_manifest_lower_those_of_the_host_and_never_raise_them() {
    let limits = |memory: u64, deadline: u64| {
        let mut wanted = WantedLimits::default();
        wanted.memory = Some(memory);
        wanted.deadline_ms = Some(deadline);
        wanted
    };
    let usual = Limits::default().memory(20 * MIB).deadline(Duration::from_secs(5));
    for (wanted, memory, seconds) in [
        (limits(10 << 20, 2000), 10 * MIB, 2),
        (limits(1 << 40, 3_600_000), 20 * MIB, 5),
        (limits(u64::MAX, u64::MAX), 20 * MIB, 5),
    ] {
        let host = host().limits(usual.clone()).build().unwrap();
        let plugin = host.prepare("probe", artifact_with(&[], wanted)).await.unwrap();
        assert_eq!(plugin.limits().memory, memory);
        assert_eq!(plugin.limits().deadline, Duration::from_secs(seconds));
    }
    // those of the policy go over those of the host, and the manifest's under both
    let lines = "limits = { memory = \"30MiB\", deadline = \"7s\" }";
    let host = host().limits(usual).policy(policy(Path::new(""), lines)).build().unwrap();
    let plugin = host.prepare("probe", artifact_with(&[], limits(1 << 40, 1000))).await.unwrap();
    assert_eq!((plugin.limits().memory, plugin.limits().deadline), (30 * MIB, Duration::from_secs(1)));
    let mut instance = plugin.instantiate().await.unwrap();
    let begin = std::time::Instant::now();
    let error = crate::support::attempt(&mut instance, "sleep 20000").await.unwrap_err();
    assert!(error.is_deadline() && begin.elapsed() < Duration::from_secs(15), "{error}");
}
