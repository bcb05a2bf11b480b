//! Whatever a component does there, its limits hold.

use std::time::{Duration, Instant};

use plug_host::wasmtime::component::Val;
use plug_host::{CallError, DynamicInstance, DynamicOptions, DynamicPlugin, Engine, EngineKind, Limits, MIB};

/// A component whose async function `f` has that body, and goes on with `later` when it is called back.
struct Async<'a> {
    /// In WAT: `(param "n" u32) (result u32)`.
    ty: &'a str,
    /// What `task.return` takes: `(result u32)`, and as core types.
    returns: (&'a str, &'a str),
    core_params: &'a str,
    body: &'a str,
    later: &'a str,
    /// Definitions of the component, and what of them the core module gets.
    component: &'a str,
    given: &'a str,
    /// Imports and items of the core module.
    core: &'a str,
}

impl Default for Async<'_> {
    fn default() -> Self {
        Async {
            ty: "",
            returns: ("", ""),
            core_params: "",
            body: "(call $return) (i32.const 0)",
            later: "unreachable",
            component: "",
            given: "",
            core: "",
        }
    }
}

impl Async<'_> {
    fn build(&self) -> Vec<u8> {
        assembled(&self.text())
    }

    fn text(&self) -> String {
        let Async { ty, returns, core_params, body, later, component, given, core } = self;
        let (returns, returned) = returns;
        format!(
            r#"(component $asynchronous
                {component}
                (core module $libc (memory (export "memory") 1)
                    (func (export "realloc") (param i32 i32 i32 i32) (result i32) (i32.const 1024)))
                (core instance $libc (instantiate $libc))
                (core func $return (canon task.return {returns} (memory $libc "memory")))
                (core func $new (canon waitable-set.new))
                (core module $m
                    (import "libc" "memory" (memory 1))
                    (import "" "return" (func $return {returned}))
                    (import "" "new" (func $new (result i32)))
                    {core}
                    (func (export "f") {core_params} (result i32) {body})
                    (func (export "later") (param $event i32) (param $of i32) (param $code i32) (result i32) {later}))
                (core instance $i (instantiate $m
                    (with "libc" (instance $libc))
                    (with "" (instance
                        (export "return" (func $return))
                        (export "new" (func $new))
                        {given}))))
                (func (export "f") async {ty}
                    (canon lift (core func $i "f") async (callback (func $i "later"))
                        (memory $libc "memory") (realloc (func $libc "realloc")))))"#
        )
    }
}

fn assembled(text: &str) -> Vec<u8> {
    wat::parse_str(text).unwrap_or_else(|why| panic!("{why}\n{text}"))
}

async fn compiled(component: Vec<u8>, limits: Limits) -> DynamicPlugin {
    let options = DynamicOptions::default().limits(limits);
    let plugin = DynamicPlugin::compile(&Engine::new().unwrap(), "x", component, options).await.unwrap();
    assert_eq!(plugin.engine_kind(), EngineKind::Full);
    plugin
}

async fn instance(component: Vec<u8>, limits: Limits) -> DynamicInstance {
    compiled(component, limits).await.instantiate().await.unwrap()
}

/// What calling `f` fails with. The instance is gone afterwards.
async fn broken(component: &Async<'_>, limits: Limits) -> CallError {
    broken_bytes(component.build(), limits).await
}

async fn broken_bytes(component: Vec<u8>, limits: Limits) -> CallError {
    let mut instance = instance(component, limits).await;
    let error = instance.call("f", &[]).await.unwrap_err();
    assert!(!instance.is_alive());
    error
}

#[tokio::test]
async fn an_async_function_is_called_again_and_again() {
    let twice = Async {
        ty: r#"(param "n" u32) (result u32)"#,
        returns: ("(result u32)", "(param i32)"),
        core_params: "(param i32)",
        body: "(call $return (i32.mul (local.get 0) (i32.const 2))) (i32.const 0)",
        ..Async::default()
    };
    let mut instance = instance(twice.build(), Limits::default()).await;
    // more often than there may be tasks at once: none is left behind
    for n in 0..3000 {
        assert_eq!(instance.call("f", &[Val::U32(n)]).await.unwrap(), Some(Val::U32(2 * n)));
    }
    instance.shutdown().await.unwrap();
}

#[tokio::test]
async fn one_that_computes_for_ever_is_stopped_by_its_time_to_compute() {
    let limits = || Limits::default().cpu(Duration::from_millis(50));
    let spins = Async { body: "(loop (br 0)) unreachable", ..Async::default() };
    // gives way each time, and comes back at once
    let yields = Async { body: "(i32.const 1)", later: "(i32.const 1)", ..Async::default() };
    for component in [spins, yields] {
        let begin = Instant::now();
        let error = broken(&component, limits()).await;
        assert_eq!(error.code(), "PLG0605", "{error:?}");
        assert!(begin.elapsed() < Duration::from_secs(10));
    }
}

#[tokio::test]
async fn one_that_waits_for_ever_is_stopped_by_the_wall_clock() {
    let waits = Async {
        component: HOUR,
        given: r#"(export "block" (func $block))(export "hour" (func $hour))"#,
        core: r#"(import "" "hour" (func $hour (param i64) (result i32)))
                 (import "" "block" (func $block (param i32)))"#,
        body: "(call $block (call $hour (i64.const 3600_000_000_000))) unreachable",
        ..Async::default()
    };
    let begin = Instant::now();
    let error = broken(&waits, Limits::default().deadline(Duration::from_millis(100))).await;
    assert_eq!(error.code(), "PLG0606", "{error:?}");
    assert!(begin.elapsed() < Duration::from_secs(10));

    // WAIT on an empty set: nothing can ever come, which is known at once
    let body = "(i32.or (i32.shl (call $new) (i32.const 4)) (i32.const 2))";
    let error = broken(&Async { body, ..Async::default() }, Limits::default()).await;
    assert_eq!(error.code(), "PLG0607", "{error:?}");
    assert_eq!(
        error.to_string(),
        "plugin `x` broke: deadlock detected: event loop cannot make further progress"
    );
}

/// The clock of WASI.
const HOUR: &str = r#"
    (import "wasi:io/poll@0.2.6" (instance $poll
        (export "pollable" (type $pollable (sub resource)))
        (export "[method]pollable.block" (func (param "self" (borrow $pollable))))))
    (alias export $poll "pollable" (type $pollable))
    (import "wasi:clocks/monotonic-clock@0.2.6" (instance $clock
        (alias outer 1 $pollable (type $pollable))
        (export "pollable" (type $p (eq $pollable)))
        (export "subscribe-duration" (func (param "when" u64) (result (own $p))))))
    (core func $block (canon lower (func $poll "[method]pollable.block")))
    (core func $hour (canon lower (func $clock "subscribe-duration")))"#;

#[tokio::test]
async fn memory_is_bounded() {
    let grows = Async {
        body: "(if (i32.eq (memory.grow (i32.const 1000)) (i32.const -1)) (then unreachable)) unreachable",
        ..Async::default()
    };
    let error = broken(&grows, Limits::default().memory(2 * MIB)).await;
    assert!(error.is_out_of_memory(), "{error:?}");
    assert_eq!(error.code(), "PLG0604");
}

#[tokio::test]
async fn the_stack_is_bounded_and_a_backtrace_names_functions() {
    let sinks = Async {
        core: "(func $deeper (call $deeper))",
        body: "(call $deeper) unreachable",
        ..Async::default()
    };
    let error = broken(&sinks, Limits::default()).await;
    assert_eq!(error.code(), "PLG0603", "{error:?}");
    let frames = error.as_trap().unwrap().backtrace().frames();
    assert!(frames.iter().any(|frame| frame.function == "deeper"), "{frames:?}");
}

#[tokio::test]
async fn what_is_handed_over_is_bounded() {
    let talks = Async {
        ty: "(result string)",
        returns: ("(result string)", "(param i32 i32)"),
        body: "(call $return (i32.const 0) (i32.const 60000)) (i32.const 0)",
        ..Async::default()
    };
    let mut talker = instance(talks.build(), Limits::default()).await;
    let Some(Val::String(said)) = talker.call("f", &[]).await.unwrap() else { panic!("no string") };
    assert_eq!(said.len(), 60_000);
    let error = broken(&talks, Limits::default().transfer(50_000)).await;
    assert_eq!(error.code(), "PLG0617", "{error:?}");
}

/// What makes one more of something, for ever.
fn hoards<'a>(component: &'a str, given: &'a str, core: &'a str) -> Async<'a> {
    let body = "(loop (drop (call $make)) (br 0)) unreachable";
    Async { component, given, core, body, ..Async::default() }
}

#[tokio::test]
async fn handles_are_bounded() {
    let given = r#"(export "make" (func $make))"#;
    let made = |result: &str| format!(r#"(import "" "make" (func $make (result {result})))"#);
    for (component, result) in [
        ("(type $t (stream u8)) (core func $make (canon stream.new $t))", "i64"),
        ("(type $t (future u8)) (core func $make (canon future.new $t))", "i64"),
        ("(core func $make (canon waitable-set.new))", "i32"),
    ] {
        let core = made(result);
        let hoards = hoards(component, given, &core);
        let error = broken(&hoards, Limits::default().handles(100)).await;
        assert_eq!(error.code(), "PLG0618", "{component}: {error:?}");
        // however many handles it may have
        let error = broken(&hoards, Limits::default()).await;
        assert_eq!(error.code(), "PLG0607", "{component}: {error:?}");
        assert_eq!(
            error.to_string(),
            "plugin `x` broke: it wanted more than 1024 tasks, streams and futures at once"
        );
    }
}

/// Each task that waits holds a stack of its own, and a process can map only so many.
#[tokio::test]
async fn tasks_are_bounded() {
    let spawner = hoards(
        r#"(import "wait" (func $wait async)) (core func $make (canon lower (func $wait) async))"#,
        r#"(export "make" (func $make))"#,
        r#"(import "" "make" (func $make (result i32)))"#,
    );
    let both = format!(
        r#"(component
            (component $waiter
                (core module $libc (memory (export "memory") 1))
                (core instance $libc (instantiate $libc))
                (core func $new (canon waitable-set.new))
                (core func $wait (canon waitable-set.wait (memory $libc "memory")))
                (core module $m
                    (import "" "new" (func $new (result i32)))
                    (import "" "wait" (func $wait (param i32 i32) (result i32)))
                    (func (export "wait") (result i32) (call $wait (call $new) (i32.const 0)))
                    (func (export "later") (param i32 i32 i32) (result i32) unreachable))
                (core instance $i (instantiate $m
                    (with "" (instance (export "new" (func $new)) (export "wait" (func $wait))))))
                (func (export "wait") async
                    (canon lift (core func $i "wait") async (callback (func $i "later")))))
            {}
            (instance $waiter (instantiate $waiter))
            (instance $spawner (instantiate $asynchronous (with "wait" (func $waiter "wait"))))
            (export "f" (func $spawner "f")))"#,
        spawner.text()
    );
    let error = broken_bytes(assembled(&both), Limits::default()).await;
    assert_eq!(
        error.to_string(),
        "plugin `x` broke: it wanted more than 1024 tasks, streams and futures at once"
    );
    let error = broken_bytes(assembled(&both), Limits::default().handles(100)).await;
    assert_eq!(error.code(), "PLG0618", "{error:?}");
}
