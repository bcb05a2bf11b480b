//! Load a plugin and call it: everything that goes well.

mod support;

use std::time::Duration;

use plug_host::{Artifact, Host, Limits, LoadError, ProcessRequest, Standard, UnloadError};
use support::{EVENTS, Guest, policy, standard_host};

#[tokio::test]
async fn twelve_lines() -> anyhow::Result<()> {
    let host = Host::<Standard>::builder().build()?;
    let echo = host.load("echo", Artifact::from_bytes(Guest::echo().build())?).await?;
    assert_eq!(echo.metadata().name, "echo");
    assert_eq!(echo.metadata().version, "1.2.3");
    assert_eq!(echo.metadata().description, "a guest made of WAT");

    let request = ProcessRequest::new("hello").option("to", "you");
    let answer = echo.process(&request).await?;
    assert!(answer.success);
    assert_eq!(answer.output, "hello");

    let answer = echo.call(async |p, store| p.processor().call_process(store, &request).await).await?;
    assert_eq!(answer.output, "hello");
    Ok(())
}

#[tokio::test]
async fn a_file() -> anyhow::Result<()> {
    let dir = tempfile::tempdir()?;
    let path = dir.path().join("echo.wasm");
    std::fs::write(&path, Guest::echo().build())?;
    let artifact = Artifact::from_file(&path)?;
    assert_eq!(artifact.path(), Some(path.as_path()));
    let echo = standard_host().load("echo", artifact.clone()).await?;
    assert_eq!(echo.process(&ProcessRequest::new("x")).await?.output, "x");
    assert_eq!(echo.info().digest, artifact.digest());
    Ok(())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn calls_can_be_spawned() -> anyhow::Result<()> {
    let host = standard_host();
    let echo = host.load("echo", Guest::echo().artifact()).await?;
    let calls: Vec<_> = (0..50)
        .map(|i| {
            let echo = echo.clone();
            tokio::spawn(async move {
                let request = ProcessRequest::new(format!("call {i}"));
                let twice = echo
                    .call(async |p, mut store| {
                        let first = p.processor().call_process(&mut store, &request).await?;
                        let again = ProcessRequest::new(first.output);
                        p.processor().call_process(store, &again).await
                    })
                    .await?;
                let once = echo.process(&request).await?;
                assert_eq!(once.output, twice.output);
                Ok::<_, plug_host::CallError>((i, twice.output))
            })
        })
        .collect();
    for call in calls {
        let (i, output) = call.await??;
        assert_eq!(output, format!("call {i}"));
    }
    assert_eq!(echo.info().calls, 100);
    assert_eq!(echo.info().failures, 0);
    // loading and unloading, too
    let spawned = tokio::spawn({
        let host = host.clone();
        async move {
            host.load("other", Guest::echo().artifact()).await?;
            anyhow::Ok(host.unload("other").await?)
        }
    });
    spawned.await??;
    Ok(())
}

#[tokio::test]
async fn plugins_have_names() -> anyhow::Result<()> {
    let host = standard_host();
    assert!(host.list().is_empty());
    let a = host.load("a", Guest::echo().named("first").artifact()).await?;
    host.load("b.2_x-y", Guest::echo().named("second").artifact()).await?;
    a.process(&ProcessRequest::new("")).await?;

    let list = host.list();
    let names: Vec<_> =
        list.iter().map(|info| (info.name.as_str(), info.metadata.name.as_str(), info.calls)).collect();
    assert_eq!(names, [("a", "first", 1), ("b.2_x-y", "second", 0)]);
    assert_eq!(list[0].contract, "plug:plugin/plugin@1.0.0");
    assert_eq!(list[0].contract_hash, <Standard as plug_host::World>::contract().hash());
    assert!(list[0].loaded_at.elapsed()? < Duration::from_secs(60));
    assert_eq!(list[0].last_error, None);

    assert_eq!(host.get("a").expect("loaded").metadata().name, "first");
    assert!(host.get("c").is_none());

    let error = host.load("a", Guest::echo().artifact()).await.unwrap_err();
    assert!(matches!(error, LoadError::AlreadyLoaded { .. }), "{error}");
    assert_eq!(error.code(), "PLG0502");
    assert_eq!(error.plugin(), "a");
    Ok(())
}

#[tokio::test]
async fn names_are_checked() {
    let host = standard_host();
    let long = "x".repeat(65);
    let endless = "é".repeat(1000);
    for name in ["", "-a", ".", "../a", "a b", "a/b", "ä", "a\n", &long, &endless] {
        let error = host.load(name, Guest::echo().artifact()).await.unwrap_err();
        assert_eq!(error.code(), "PLG0501", "{name:?}");
        assert!(!error.to_string().contains('\n'));
        assert!(error.to_string().len() < 250);
    }
}

#[tokio::test]
async fn two_loads_of_one_name_at_once() -> anyhow::Result<()> {
    let host = standard_host();
    let (a, b) =
        tokio::join!(host.load("x", Guest::echo().artifact()), host.load("x", Guest::echo().artifact()));
    let codes: Vec<_> = [&a, &b].iter().filter_map(|load| load.as_ref().err()).map(LoadError::code).collect();
    assert_eq!(codes, ["PLG0502"]);
    assert_eq!(host.list().len(), 1);
    Ok(())
}

#[tokio::test]
async fn unloading() -> anyhow::Result<()> {
    let host = Host::<Standard>::builder().policy(policy(EVENTS)).build()?;
    let guest = Guest::echo()
        .wanting(["events:emit"])
        .host_api()
        .item(r#"(data (i32.const 3072) "endbye")"#)
        .shutdown(
            "(drop (call $emit (i32.const 3072) (i32.const 3) (i32.const 3075) (i32.const 3)))
             (call $ok)",
        );
    let handle = host.load("x", guest.artifact()).await?;
    let mut events = host.events();
    host.unload("x").await?;
    let event = events.try_next().expect("the plugin was told");
    assert_eq!((event.plugin(), &*event.event_type, &*event.payload), (Some("x"), "end", "bye"));
    assert!(host.get("x").is_none());
    assert!(host.list().is_empty());

    let error = handle.process(&ProcessRequest::new("")).await.unwrap_err();
    assert_eq!(error.code(), "PLG0612");
    assert!(error.as_host().unwrap().is_unloaded());
    assert!(!error.is_retryable());

    let error = host.unload("x").await.unwrap_err();
    assert!(matches!(error, UnloadError::NotLoaded { .. }));
    assert_eq!(error.code(), "PLG0509");

    // a name is free again
    host.load("x", Guest::echo().artifact()).await?;
    Ok(())
}

#[tokio::test]
async fn a_plugin_that_does_not_shut_down_in_order_is_gone_all_the_same() -> anyhow::Result<()> {
    let host = standard_host();
    let sulks = Guest::echo()
        .item(r#"(data (i32.const 3072) "not yet")"#)
        .shutdown("(call $err (i32.const 3072) (i32.const 7))");
    let breaks = Guest::echo().shutdown("unreachable");
    for (guest, said) in [(sulks, "not yet"), (breaks, "panicked or aborted")] {
        host.load("x", guest.artifact()).await?;
        let error = host.unload("x").await.unwrap_err();
        assert_eq!(error.code(), "PLG0510");
        assert!(error.to_string().contains(said), "{error}");
        assert!(host.get("x").is_none());
    }
    Ok(())
}

/// Counts its calls in a global.
fn counter() -> Guest {
    Guest::echo().item("(global $count (mut i32) (i32.const 48))").process(
        "(global.set $count (i32.add (global.get $count) (i32.const 1)))
         (i32.store8 (i32.const 3072) (global.get $count))
         (call $reply (i32.const 3072) (i32.const 1))",
    )
}

#[tokio::test]
async fn a_loaded_plugin_keeps_its_state() -> anyhow::Result<()> {
    let host = standard_host();
    let handle = host.load("x", counter().artifact()).await?;
    for expected in ["1", "2", "3"] {
        assert_eq!(handle.process(&ProcessRequest::new("")).await?.output, expected);
    }
    Ok(())
}

#[tokio::test]
async fn instances_of_ones_own() -> anyhow::Result<()> {
    let host = standard_host();
    let plugin = host.prepare("x", counter().artifact()).await?;
    assert!(host.get("x").is_none(), "prepared is not loaded");
    assert_eq!(plugin.name(), "x");
    assert!(plugin.compile_time() > Duration::ZERO);
    assert!(plugin.section().is_none());

    let mut a = plugin.instantiate().await?;
    let mut b = plugin.instantiate().await?;
    assert_eq!(a.process(&ProcessRequest::new("")).await?.output, "1");
    assert_eq!(a.process(&ProcessRequest::new("")).await?.output, "2");
    assert_eq!(b.process(&ProcessRequest::new("")).await?.output, "1");
    assert_eq!(a.metadata().await?.name, "echo");
    assert_eq!(a.state().plugin(), "x");
    assert_eq!(a.state().memory(), 1 << 16);
    assert!(a.is_alive());
    a.shutdown().await?;
    b.shutdown().await?;
    Ok(())
}

#[tokio::test]
async fn one_engine_for_several_hosts() -> anyhow::Result<()> {
    let first = standard_host();
    let second = Host::<Standard>::builder()
        .engine(first.engine().clone())
        .limits(Limits::default().memory(1 << 20))
        .limits_for("big", Limits::default())
        .build()?;
    first.load("x", Guest::echo().artifact()).await?;
    let small = second.load("x", Guest::echo().artifact()).await?;
    assert_eq!(small.plugin().limits().memory, 1 << 20);
    let big = second.load("big", Guest::echo().memory("20").artifact()).await?;
    assert_eq!(big.plugin().limits(), &Limits::default());
    assert_eq!(small.process(&ProcessRequest::new("x")).await?.output, "x");
    Ok(())
}

#[test]
fn without_a_runtime_there_is_an_error_and_no_panic() {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let host = standard_host();
    let handle = runtime.block_on(host.load("x", Guest::echo().artifact())).unwrap();

    let request = ProcessRequest::new("x");
    let error = support::poll_once(handle.process(&request)).expect("at once").unwrap_err();
    assert_eq!(error.code(), "PLG0513");
    let error = support::poll_once(host.load("y", Guest::echo().artifact())).expect("at once").unwrap_err();
    assert_eq!(error.code(), "PLG0513");
    let error = support::poll_once(host.unload("x")).expect("at once").unwrap_err();
    assert_eq!(error.code(), "PLG0510");

    // the instance is as well as before
    let host = standard_host();
    let handle = runtime.block_on(host.load("x", Guest::echo().artifact())).unwrap();
    assert!(support::poll_once(handle.process(&request)).expect("at once").is_err());
    assert_eq!(runtime.block_on(handle.process(&request)).unwrap().output, "x");
}

#[tokio::test]
async fn the_whole_host_shuts_down() -> anyhow::Result<()> {
    let host = standard_host();
    host.load("fine", Guest::echo().artifact()).await?;
    host.load("sulks", Guest::echo().shutdown("unreachable").artifact()).await?;
    let error = host.shutdown().await.unwrap_err();
    assert_eq!(error.code(), "PLG0510");
    assert!(error.to_string().starts_with("1 of the host's plugins did not shut down in order, the first: "));
    let errors = error.errors();
    assert_eq!(errors.len(), 1);
    assert!(errors[0].to_string().starts_with("plugin `sulks` was unloaded, but"));
    assert!(host.list().is_empty());
    host.shutdown().await.unwrap();
    Ok(())
}

#[test]
fn what_can_be_shared_between_threads() {
    fn shared<T: Send + Sync + 'static>() {}
    fn moved<T: Send + 'static>() {}
    shared::<Host<Standard>>();
    shared::<plug_host::PluginHandle<Standard>>();
    shared::<plug_host::Plugin<Standard>>();
    shared::<plug_host::DynamicPlugin>();
    shared::<plug_host::Engine>();
    shared::<Artifact>();
    shared::<plug_host::CallError>();
    shared::<LoadError>();
    moved::<plug_host::Instance<Standard>>();
    moved::<plug_host::DynamicInstance>();
    moved::<plug_host::Events>();
}
