//! Grants and revocations while plugins run.

use std::path::Path;
use std::time::{Duration, Instant};

use plug_host::policy::Policy;
use plug_host::{
    CallError, Emitter, Event, Host, PluginHandle, PolicyEvent, ProcessRequest, Standard, TrapKind,
};

use crate::folder::Folder;
use crate::support::{ALL, Probe, artifact, attempt, grant, host, policy, run};

async fn ask(handle: &PluginHandle<Standard>, command: &str) -> String {
    handle
        .process(&ProcessRequest::new(command))
        .await
        .unwrap_or_else(|error| panic!("{command}: {error:#}"))
        .output
}

async fn loaded(folder: &Path, lines: &str, wants: &[&str]) -> (Host<Standard>, PluginHandle<Standard>) {
    let configured = host().config("probe", [("key", "value")]).policy(policy(folder, lines));
    let host = configured.build().unwrap();
    let handle = host.load("probe", artifact(wants)).await.unwrap_or_else(|error| panic!("{error}"));
    (host, handle)
}

#[tokio::test]
async fn a_grant_comes_with_the_next_instance() {
    let folder = Folder::new();
    let mut probe = Probe::wanting(&ALL).await;
    let mut old = probe.under(folder.path(), "").await;
    let data = format!("fs:read={} -> /data", folder.at("data").display());
    for (text, command, granted) in [
        (data.as_str(), "read /data/words.txt", "ok words"),
        ("env=MODE=fast", "env MODE", "ok fast"),
        ("events:emit=topic", "emit topic x", "ok"),
    ] {
        probe.host.capabilities().grant("probe", grant(text), "for the test").unwrap();
        assert_ne!(run(&mut old, command).await, granted, "{text}");
        assert_eq!(run(&mut probe.fresh().await, command).await, granted, "{text}");
        let Some(PolicyEvent::Granted { plugin, grant, reason, .. }) = probe.events.try_next() else {
            panic!("{text}")
        };
        assert_eq!((&*plugin, grant.to_string().as_str(), &*reason), ("probe", text, "for the test"));
        while probe.events.try_next().is_some() {}
    }
    assert!(old.is_alive());
    // what is granted one by one stands beside the rest
    let mut instance = probe.fresh().await;
    assert_eq!(run(&mut instance, "read /data/words.txt").await, "ok words");
    assert_eq!(run(&mut instance, "env MODE").await, "ok fast");
}

#[tokio::test]
async fn what_is_asked_for_each_time_is_denied_at_once_in_a_living_instance() {
    let (lines, _guard) = crate::lines::listen();
    let policy = "config = [\"*\"]\nlog = true\n\"events:emit\" = [\"topic\"]";
    let (host, handle) = loaded(Path::new(""), policy, &ALL).await;
    let (manager, mut heard, mut told) = (host.capabilities(), host.events(), host.capabilities().events());
    for (text, command, granted, denied) in [
        ("config=*", "config key", "ok value", "error there is no such key"),
        ("log", "log line", "ok", "ok"),
        ("events:emit=topic", "emit topic x", "ok", "denied events of this type are not granted"),
    ] {
        // a state of its own, by which the instance is known to be the same
        assert_eq!(ask(&handle, command).await, granted);
        manager.revoke("probe", &grant(text), "no more").unwrap();
        assert_eq!(ask(&handle, command).await, denied, "{text}");
        let Some(PolicyEvent::Revoked { plugin, grant, reason, ended, .. }) = told.try_next() else {
            panic!("{text}")
        };
        assert_eq!(
            (&*plugin, grant.to_string().as_str(), &*reason, ended),
            ("probe", text, "no more", false)
        );
        let Some(PolicyEvent::Denied { .. }) = told.try_next() else { panic!("{text}") };
    }
    assert_eq!(lines.of_plugins().iter().filter(|line| line.message == "line").count(), 1);
    assert!(heard.try_next().is_some() && heard.try_next().is_none());
    // the configuration of the beginning is what the instance still knows: it is the same one
    assert_eq!(ask(&handle, "began-with").await, "ok key=value");
    // and granted again, it works again in a fresh one
    manager.grant("probe", grant("config=key"), "after all").unwrap();
    let mut fresh = handle.plugin().instantiate().await.unwrap();
    assert_eq!(run(&mut fresh, "config key").await, "ok value");
}

#[tokio::test]
async fn an_instance_that_holds_what_is_revoked_is_ended() {
    let mut probe = Probe::wanting(&ALL).await;
    for (lines, text, command, granted) in [
        ("\"fs:read\" = [\"data -> /data\"]", "fs:read=@/data -> /data", "read /data/words.txt", "ok words"),
        (
            "\"fs:write\" = [\"other -> /other\"]",
            "fs:write=@/other -> /other",
            "append /other/mine.txt x",
            "ok",
        ),
        ("env = [\"MODE=fast\"]", "env=MODE=fast", "env MODE", "ok fast"),
    ] {
        let folder = Folder::new();
        let text = text.replace('@', &folder.path().display().to_string());
        let mut instance = probe.under(folder.path(), lines).await;
        assert_eq!(run(&mut instance, command).await, granted);
        let before = folder.tree();
        probe.host.capabilities().revoke("probe", &grant(&text), "no more").unwrap();
        let Some(PolicyEvent::Revoked { ended, .. }) = probe.events.try_next() else { panic!("{text}") };
        assert!(ended, "{text}");
        assert!(!instance.is_alive(), "{text}");
        let error = attempt(&mut instance, command).await.unwrap_err();
        assert_eq!(error.code(), "PLG0620", "{error}");
        assert_eq!(error.as_trap().map(|trap| trap.kind()), Some(&TrapKind::Revoked));
        assert_eq!(error.to_string(), "plugin `probe` was stopped: something that it held was revoked");
        // and the next one is without
        assert_ne!(run(&mut probe.fresh().await, command).await, granted, "{text}");
        assert_eq!(folder.tree(), before, "{text}");
    }
}

#[tokio::test]
async fn clocks_random_numbers_and_output_are_held_too() {
    let mut probe = Probe::wanting(&ALL).await;
    for (lines, text) in [
        ("clocks = \"real\"", "clocks=real"),
        ("random = \"real\"", "random=real"),
        ("stdio = \"log\"", "stdio=log"),
    ] {
        let instance = probe.under(Path::new(""), lines).await;
        probe.host.capabilities().revoke("probe", &grant(text), "no more").unwrap();
        assert!(!instance.is_alive(), "{text}");
        assert!(probe.fresh().await.is_alive(), "{text}");
    }
}

/// The handle makes a fresh instance by itself.
#[tokio::test]
async fn the_next_call_after_a_revocation_gets_a_fresh_instance() {
    let folder = Folder::new();
    let (host, handle) = loaded(folder.path(), "\"fs:read\" = [\"data -> /data\"]", &ALL).await;
    assert_eq!(ask(&handle, "hold /data/words.txt").await, "ok");
    assert_eq!(ask(&handle, "read-held").await, "ok words");
    let data = format!("fs:read={} -> /data", folder.at("data").display());
    host.capabilities().revoke("probe", &grant(&data), "no more").unwrap();
    assert_eq!(ask(&handle, "read-held").await, "error nothing is held");
    assert!(!ask(&handle, "read /data/words.txt").await.starts_with("ok"));
    assert_eq!(host.capabilities().effective("probe").unwrap().fs.preopens(), []);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_call_that_is_under_way_is_stopped() {
    let folder = Folder::new();
    let lines = "\"fs:read\" = [\"data -> /data\"]\nlimits = { cpu = \"60s\", deadline = \"60s\" }";
    for command in ["spin", "read-often 100000000 /data/words.txt"] {
        let (host, handle) = loaded(folder.path(), lines, &ALL).await;
        let call = tokio::spawn({
            let handle = handle.clone();
            async move { handle.process(&ProcessRequest::new(command)).await }
        });
        tokio::time::sleep(Duration::from_millis(300)).await;
        assert!(!call.is_finished());
        let data = format!("fs:read={} -> /data", folder.at("data").display());
        let begin = Instant::now();
        host.capabilities().revoke("probe", &grant(&data), "no more").unwrap();
        let error: CallError = call.await.unwrap().unwrap_err();
        assert!(begin.elapsed() < Duration::from_secs(20), "{:?}", begin.elapsed());
        assert_eq!(error.code(), "PLG0620", "{command}: {error:?}");
        assert!(!ask(&handle, "read /data/words.txt").await.starts_with("ok"), "{command}");
    }
}

/// It waits in a function of the host, where no tick reaches it.
#[tokio::test]
async fn a_call_that_waits_is_stopped_at_once() {
    let lines = "env = [\"MODE=fast\"]\nlimits = { cpu = \"60s\", deadline = \"60s\" }";
    let (host, handle) = loaded(Path::new(""), lines, &ALL).await;
    let request = ProcessRequest::new("sleep 50000");
    let begin = Instant::now();
    let (outcome, ()) = tokio::join!(handle.process(&request), async {
        tokio::time::sleep(Duration::from_millis(100)).await;
        host.capabilities().revoke("probe", &grant("env=MODE=fast"), "no more").unwrap();
    });
    assert_eq!(outcome.unwrap_err().code(), "PLG0620");
    assert!(begin.elapsed() < Duration::from_secs(20), "{:?}", begin.elapsed());
    assert_eq!(ask(&handle, "env-all").await, "ok");
}

/// What is deployed has one name in errors, events and records, and another once it is granted something
/// else.
#[tokio::test]
async fn the_revision_is_told_with_all_that_happens() {
    let policy = "\"events:emit\" = [\"topic\"]\nlimits = { cpu = \"200ms\" }";
    let (host, handle) = loaded(Path::new(""), policy, &ALL).await;
    let (manager, mut heard, mut told) = (host.capabilities(), host.events(), host.capabilities().events());
    let first = handle.plugin().revision();
    assert_eq!(ask(&handle, "emit topic x").await, "ok");
    let Some(Event { emitter: Emitter::Plugin { revision, .. }, .. }) = heard.try_next() else { panic!() };
    assert_eq!(revision, first);
    assert_eq!(ask(&handle, "env MODE").await, "error NotPresent");
    assert_eq!(ask(&handle, "emit other x").await, "denied events of this type are not granted");
    let Some(PolicyEvent::Denied { revision, .. }) = told.try_next() else { panic!("no denial") };
    assert_eq!(revision, first);
    let [record] = &manager.denied("probe")[..] else { panic!("{:?}", manager.denied("probe")) };
    assert_eq!(record.revision, Some(first.to_string()));

    manager.grant("probe", grant("env=MODE=fast"), "for the test").unwrap();
    let second = handle.plugin().revision();
    assert_ne!(second, first);
    let Some(PolicyEvent::Granted { revision, .. }) = told.try_next() else { panic!("no grant") };
    assert_eq!(revision, Some(second));
    // the instance that is there is still one of the first
    let error = handle.process(&ProcessRequest::new("spin")).await.unwrap_err();
    assert_eq!((error.code(), error.revision()), ("PLG0605", first));
    assert!(format!("{error:#}").starts_with(&format!("[PLG0605] plugin `probe` ({}) ", first.short())));
    // and the next one is not
    let error = handle.process(&ProcessRequest::new("spin")).await.unwrap_err();
    assert_eq!(error.revision(), second);
    assert_eq!(handle.info().revision, second);
    manager.revoke("probe", &grant("env=MODE=fast"), "no more").unwrap();
    let Some(PolicyEvent::Revoked { revision, .. }) = told.try_next() else { panic!("no revocation") };
    assert_eq!(revision, Some(first));
}

/// A call that writes as fast as it can: but for the write that is under way, none comes after.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_is_written_after_a_revocation() {
    let folder = Folder::new();
    let lines = "\"fs:write\" = [\"other -> /other\"]\nlimits = { cpu = \"60s\", deadline = \"60s\" }";
    let (host, handle) = loaded(folder.path(), lines, &ALL).await;
    let other = format!("fs:write={} -> /other", folder.at("other").display());
    let written = || folder.read("other/mine.txt").len();
    for way in ["write-often", "stream-often"] {
        std::fs::write(folder.at("other/mine.txt"), "").unwrap();
        let call = tokio::spawn({
            let handle = handle.clone();
            let command = format!("at /other {way} 100000000 mine.txt");
            async move { handle.process(&ProcessRequest::new(command)).await }
        });
        while written() < 100 && !call.is_finished() {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        host.capabilities().revoke("probe", &grant(&other), "no more").unwrap();
        let before = written();
        match call.await.unwrap() {
            Err(error) => assert_eq!(error.code(), "PLG0620", "{error}"),
            // it was quick to end when its write was denied
            Ok(answer) => assert!(!answer.output.starts_with("ok"), "{}", answer.output),
        }
        assert!((100..=before + 1).contains(&written()), "{way}: {before} and then {}", written());
        host.capabilities().grant("probe", grant(&other), "again").unwrap();
        // the handle's instance was ended, so that the next call has it again
        assert_eq!(ask(&handle, "append /other/mine.txt x").await, "ok");
    }
}

#[tokio::test]
async fn without_what_it_requires_there_is_no_further_instance() {
    let (host, handle) = loaded(Path::new(""), "env = [\"MODE=fast\"]", &["env=MODE!"]).await;
    assert_eq!(ask(&handle, "env MODE").await, "ok fast");
    let error = host.capabilities().revoke("probe", &grant("env=MODE=fast"), "no more").unwrap_err();
    assert_eq!(error.code(), "PLG1007");
    assert!(error.to_string().starts_with("plugin `probe` gets no instance any more: "), "{error}");
    let error = handle.process(&ProcessRequest::new("env MODE")).await.unwrap_err();
    assert!(error.as_host().is_some(), "{error:?}");
    let error = handle.plugin().instantiate().await.unwrap_err();
    assert_eq!(error.code(), "PLG1007", "{error}");
    // until it is granted again
    host.capabilities().grant("probe", grant("env=MODE=slow"), "after all").unwrap();
    assert_eq!(ask(&handle, "env MODE").await, "ok slow");
}

#[tokio::test]
async fn a_whole_policy_is_replaced() {
    let folder = Folder::new();
    let lines = "\"fs:read\" = [\"data -> /data\"]\nconfig = [\"*\"]";
    let (host, handle) = loaded(folder.path(), lines, &ALL).await;
    let manager = host.capabilities();
    assert_eq!(ask(&handle, "read /data/words.txt").await, "ok words");
    assert_eq!(ask(&handle, "config key").await, "ok value");
    manager.grant("probe", grant("env=MODE=fast"), "for now").unwrap();
    let mut events = manager.events();
    manager
        .set_policy(policy(folder.path(), "config = []\n\"fs:read\" = [\"other -> /other\"]"), "a test")
        .unwrap();
    let Some(PolicyEvent::Replaced { reason, .. }) = events.try_next() else { panic!("no event") };
    assert_eq!(&*reason, "a test");
    assert!(!ask(&handle, "read /data/words.txt").await.starts_with("ok"));
    assert_eq!(ask(&handle, "read /other/mine.txt").await, "ok mine");
    assert_eq!(ask(&handle, "config key").await, "error there is no such key");
    // what was granted before is forgotten
    assert_eq!(ask(&handle, "env MODE").await, "error NotPresent");
    // one that cannot be given to the plugin: what is lost is lost, and there are no further instances
    let errors =
        manager.set_policy(policy(folder.path(), "\"fs:read\" = [\"none -> /data\"]"), "a test").unwrap_err();
    assert_eq!(errors.iter().map(|error| error.code()).collect::<Vec<_>>(), ["PLG0520"]);
    assert!(handle.process(&ProcessRequest::new("read /other/mine.txt")).await.is_err());
    manager.set_policy(Policy::restricted(), "a test").unwrap();
    assert_eq!(ask(&handle, "folders").await, "ok");
}

#[tokio::test]
async fn one_plugin_does_not_change_another() {
    let policy = Policy::parse(
        "policy.toml",
        "[plugin.\"one\"]\nenv = [\"MODE=1\"]\n[plugin.\"two\"]\nenv = [\"MODE=2\"]\nconfig = []\n",
    );
    let keys = [("key", "value")];
    let host = host().config("one", keys).config("two", keys).policy(policy.unwrap()).build().unwrap();
    let one = host.load("one", artifact(&ALL)).await.unwrap();
    let two = host.load("two", artifact(&ALL)).await.unwrap();
    let three = host.load("three", artifact(&ALL)).await.unwrap();
    for (handle, mode, key) in [
        (&one, "ok MODE=1", "ok value"),
        (&two, "ok MODE=2", "error there is no such key"),
        (&three, "ok", "error there is no such key"),
    ] {
        assert_eq!(ask(handle, "env-all").await, mode);
        assert_eq!(ask(handle, "config key").await, key);
    }
    let manager = host.capabilities();
    assert_eq!(manager.denied("one").len(), 0);
    assert_eq!(manager.denied("two").len(), 1);
    let mut instance = one.plugin().instantiate().await.unwrap();
    manager.revoke("two", &grant("env=MODE=2"), "no more").unwrap();
    assert!(instance.is_alive());
    assert_eq!(run(&mut instance, "env-all").await, "ok MODE=1");
    assert_eq!(ask(&one, "env-all").await, "ok MODE=1");
    assert_eq!(ask(&two, "env-all").await, "ok");
    manager.grant("three", grant("env=MODE=3"), "it may").unwrap();
    assert_eq!(run(&mut three.plugin().instantiate().await.unwrap(), "env-all").await, "ok MODE=3");
    assert_eq!(run(&mut two.plugin().instantiate().await.unwrap(), "env-all").await, "ok");
}
