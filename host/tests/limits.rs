//! Limits with a guest that runs into each, and what calls use up. Those of memory, tables, handles, stack,
//! time, data and floods are in `hostile`, `traps` and `deadlines`.

mod support;

use std::time::Duration;

use plug_host::wasmtime::component::Val;
use plug_host::{
    DynamicOptions, DynamicPlugin, Engine, Host, Limits, LoadError, ProcessRequest, Standard, TrapKind,
};
use support::{Guest, policy};

fn request(input: &str) -> ProcessRequest {
    ProcessRequest::new(input)
}

/// Turns a loop for each byte of its input, a million times.
fn counts() -> Guest {
    Guest::echo().process(
        "(local.set $a (i32.mul (local.get $input_len) (i32.const 1000000)))
         (loop $again
            (local.set $a (i32.sub (local.get $a) (i32.const 1)))
            (br_if $again (i32.gt_s (local.get $a) (i32.const 0))))
         (call $reply (local.get $input) (local.get $input_len))",
    )
}

#[tokio::test]
async fn instances_of_a_plugin_are_counted() {
    let limits = Limits::default().instances(3);
    let host = Host::<Standard>::builder().limits(limits).build().unwrap();
    let echo = host.load("echo", Guest::echo().artifact()).await.unwrap();
    let other = host.load("other", Guest::echo().artifact()).await.unwrap();
    assert_eq!((echo.info().instances, echo.plugin().instances()), (1, 1));
    let one = echo.plugin().instantiate().await.unwrap();
    let two = echo.plugin().instantiate().await.unwrap();
    let error = echo.plugin().instantiate().await.unwrap_err();
    assert!(matches!(error, LoadError::TooMany { most: 3, of_plugin: true, .. }), "{error:?}");
    assert_eq!(error.code(), "PLG0527");
    assert!(error.is_busy());
    // another plugin has its own, and the handle goes on with the one it has
    assert_eq!(other.info().instances, 1);
    assert!(other.plugin().instantiate().await.is_ok());
    assert_eq!(echo.process(&request("hi")).await.unwrap().output, "hi");
    drop(one);
    assert!(echo.plugin().instantiate().await.is_ok());
    drop(two);
    assert_eq!(echo.info().instances, 1);
}

#[tokio::test]
async fn instances_of_all_plugins_are_counted() {
    let engine = Engine::builder().instances(2).build().unwrap();
    let host =
        |name: &str| Host::<Standard>::builder().engine(engine.clone()).config(name, [("a", "b")]).build();
    let (one, two) = (host("one").unwrap(), host("two").unwrap());
    let first = one.load("one", Guest::echo().artifact()).await.unwrap();
    two.load("two", Guest::echo().artifact()).await.unwrap();
    let error = two.load("three", Guest::echo().artifact()).await.unwrap_err();
    assert!(matches!(error, LoadError::TooMany { most: 2, of_plugin: false, .. }), "{error:?}");
    assert!(two.get("three").is_none());
    // one that broke makes room for its own successor
    one.unload("one").await.unwrap();
    drop(first);
    two.load("three", Guest::echo().artifact()).await.unwrap();
}

#[tokio::test]
async fn a_plugin_that_breaks_again_and_again_has_one_instance() {
    let host = Host::<Standard>::builder().limits(Limits::default().instances(1)).build().unwrap();
    let breaks = host.load("x", Guest::echo().process("unreachable").artifact()).await.unwrap();
    for _ in 0..5 {
        assert_eq!(breaks.process(&request("x")).await.unwrap_err().code(), "PLG0601");
        assert!(breaks.info().instances <= 1);
    }
}

#[tokio::test]
async fn fuel_is_the_same_each_time() {
    let engine = Engine::builder().fuel(true).build().unwrap();
    assert!(engine.counts_fuel());
    let limits = Limits::default().fuel(10_000_000);
    let host = Host::<Standard>::builder().engine(engine.clone()).limits(limits).build().unwrap();
    let plugin = host.prepare("x", counts().artifact()).await.unwrap();
    let mut used = Vec::new();
    for _ in 0..2 {
        let mut instance = plugin.instantiate().await.unwrap();
        instance.process(&request("x")).await.unwrap();
        used.push(instance.state().usage().fuel.unwrap());
    }
    assert_eq!(used[0], used[1]);
    assert!((1_000_000..10_000_000).contains(&used[0]), "{used:?}");
    let mut instance = plugin.instantiate().await.unwrap();
    let error = instance.process(&request("0123456789")).await.unwrap_err();
    assert_eq!(error.as_trap().map(|trap| trap.kind()), Some(&TrapKind::OutOfFuel { limit: 10_000_000 }));
    assert_eq!(error.code(), "PLG0622");
    assert!(!instance.is_alive());
    // without a limit it is counted all the same
    let host = Host::<Standard>::builder().engine(engine).build().unwrap();
    let mut instance = host.prepare("x", counts().artifact()).await.unwrap().instantiate().await.unwrap();
    instance.process(&request("0123456789")).await.unwrap();
    assert!(instance.state().usage().fuel.unwrap() > 10_000_000);
}

/// A limit that nothing counts would not limit.
#[tokio::test]
async fn fuel_needs_an_engine_that_counts() {
    let host = Host::<Standard>::builder().policy(policy("[plugin.x.limits]\nfuel = 1000")).build().unwrap();
    let error = host.load("x", Guest::echo().artifact()).await.unwrap_err();
    assert!(matches!(error, LoadError::Uncounted { .. }), "{error:?}");
    assert_eq!(error.code(), "PLG0528");
    assert!(host.load("y", Guest::echo().artifact()).await.is_ok());
}

#[tokio::test]
async fn a_call_says_what_it_used() {
    let host = Host::<Standard>::builder().build().unwrap();
    let plugin = host.load("x", counts().artifact()).await.unwrap();
    let mut instance = plugin.plugin().instantiate().await.unwrap();
    instance.process(&request("")).await.unwrap();
    let idle = instance.state().usage();
    assert!(idle.memory >= 64 << 10);
    assert_eq!(idle.fuel, None);
    let much = "x".repeat(300);
    instance.process(&request(&much)).await.unwrap();
    let busy = instance.state().usage();
    // counted in ticks, by a thread of its own: a machine that is busy counts fewer, and never more
    // than there were
    assert!(busy.cpu > Duration::ZERO, "{busy:?}");
    assert!(busy.cpu <= busy.time + Duration::from_millis(2), "{busy:?}");
    assert!(busy.cpu > idle.cpu);
    assert_eq!(plugin.info().cpu, Duration::ZERO);
    plugin.process(&request(&much)).await.unwrap();
    assert!(plugin.info().cpu > Duration::ZERO);
    // also of a call that was stopped
    let limits = Limits::default().cpu(Duration::from_millis(20));
    let host = Host::<Standard>::builder().limits(limits).build().unwrap();
    let mut instance = host.prepare("x", counts().artifact()).await.unwrap().instantiate().await.unwrap();
    let error = instance.process(&request(&"x".repeat(2000))).await.unwrap_err();
    assert_eq!(error.code(), "PLG0605");
    assert!(instance.state().usage().cpu >= Duration::from_millis(20), "{:?}", instance.state().usage());
}

#[tokio::test]
async fn a_log_has_so_many_bytes_in_a_second() {
    let (lines, _guard) = support::listen();
    let logs = Guest::echo().host_api().process(
        "(if (call $log (i32.const 2) (local.get $input) (local.get $input_len))
            (then (return (call $reply (i32.load (i32.const 2052)) (i32.load (i32.const 2056))))))
         (call $reply (local.get $input) (i32.const 0))",
    );
    let host = Host::<Standard>::builder().limits(Limits::default().log_bytes(100)).build().unwrap();
    let plugin = host.load("x", logs.artifact()).await.unwrap();
    let text = "x".repeat(60);
    assert_eq!(plugin.process(&request(&text)).await.unwrap().output, "");
    assert_eq!(
        plugin.process(&request(&text)).await.unwrap().output,
        "more than 100 bytes of log messages in a second"
    );
    assert_eq!(plugin.process(&request(&text[..30])).await.unwrap().output, "");
    assert_eq!(lines.of_plugins().len(), 2);
}

#[tokio::test]
async fn a_call_is_taken_back() {
    let limits = Limits::default().cpu(Duration::from_secs(60)).deadline(Duration::from_secs(60));
    let host = Host::<Standard>::builder().limits(limits).build().unwrap();
    let spins = Guest::echo().process(
        "(if (i32.eq (local.get $input_len) (i32.const 4)) (then (loop $forever (br $forever))))
         (call $reply (local.get $input) (local.get $input_len))",
    );
    let plugin = host.load("x", spins.artifact()).await.unwrap();
    let call = |input: &'static str, after: Duration| {
        let plugin = plugin.clone();
        async move {
            let request = request(input);
            let cancelled = tokio::time::sleep(after);
            plugin
                .call_until(cancelled, async |p, store| p.processor().call_process(store, &request).await)
                .await
        }
    };
    let begin = std::time::Instant::now();
    let error = call("spin", Duration::from_millis(50)).await.unwrap_err();
    assert!(begin.elapsed() < Duration::from_secs(20));
    assert_eq!(error.code(), "PLG0621");
    assert!(error.is_cancelled() && !error.is_retryable(), "{error}");
    // its instance is gone at once, and the plugin is well
    assert_eq!(plugin.info().instances, 0);
    assert_eq!(call("hi", Duration::from_secs(60)).await.unwrap().output, "hi");
    let info = plugin.info();
    assert_eq!((info.instances, info.calls, info.failures), (1, 2, 1));
    // one that waits for its turn, too
    let (long, short) =
        tokio::join!(call("spin", Duration::from_millis(200)), call("wait", Duration::from_millis(20)));
    assert!(long.unwrap_err().is_cancelled() && short.unwrap_err().is_cancelled());
}

#[tokio::test]
async fn arguments_that_are_too_large_are_told_from_a_plugin_that_is_busy() {
    let options = DynamicOptions::default().limits(Limits::default().transfer(1000));
    let engine = Engine::new().unwrap();
    let plugin = DynamicPlugin::compile(&engine, "x", Guest::echo().artifact(), options).await.unwrap();
    let mut instance = plugin.instantiate().await.unwrap();
    let request = |len: usize| {
        Val::Record(vec![
            ("input".into(), Val::String("x".repeat(len))),
            ("options".into(), Val::List(Vec::new())),
        ])
    };
    let process = "plug:plugin/processor@1.0.0#process";
    let error = instance.call(process, &[request(2000)]).await.unwrap_err();
    assert_eq!(error.code(), "PLG0623");
    assert!(error.is_too_big() && !error.is_busy() && !error.is_retryable());
    // it was not entered
    assert!(instance.is_alive());
    assert!(instance.call(process, &[request(200)]).await.is_ok());

    // and what a plugin hands over is as large for typed calls
    let limits = Limits::default().transfer(1000);
    let host = Host::<Standard>::builder().limits(limits).build().unwrap();
    let echo = host.load("echo", Guest::echo().artifact()).await.unwrap();
    let error = echo.process(&ProcessRequest::new("x".repeat(2000))).await.unwrap_err();
    assert_eq!(error.code(), "PLG0617");
    assert!(error.is_too_big() && !error.is_busy());
}
