//! A plugin that breaks: what is said of it, and that all else goes on.

mod support;

use std::time::Duration;

use plug_host::{CallError, Host, Limits, ProcessRequest, Standard, TrapKind};
use support::{Guest, chain, standard_host};

/// Echoes, but breaks by `how` when its input begins with `!`.
fn fragile(how: &str) -> Guest {
    Guest::echo().process(&format!(
        "(if (i32.eq (i32.load8_u (local.get $input)) (i32.const 33)) (then {how}))
         (call $reply (local.get $input) (local.get $input_len))"
    ))
}

/// Breaks a plugin, and sees that the next call has a fresh instance.
async fn broken(host: &Host<Standard>, guest: Guest) -> CallError {
    let handle = host.load("x", guest.artifact()).await.unwrap();
    let error = handle.process(&ProcessRequest::new("!")).await.unwrap_err();
    assert_eq!(error.plugin(), "x");
    let after = handle.process(&ProcessRequest::new("fine")).await.unwrap();
    assert_eq!(after.output, "fine");
    let info = handle.info();
    assert_eq!((info.calls, info.failures), (2, 1));
    assert_eq!(info.last_error.as_deref(), Some(error.to_string().as_str()));
    host.unload("x").await.unwrap();
    error
}

#[tokio::test]
async fn each_kind_of_trap() {
    let host = standard_host();
    let cases = [
        ("unreachable", TrapKind::Unreachable, "PLG0601"),
        ("(drop (i32.load (i32.const -4)))", TrapKind::MemoryOutOfBounds, "PLG0602"),
        ("(call $deep)", TrapKind::StackOverflow, "PLG0603"),
        (
            "(drop (i32.div_u (i32.const 1) (i32.const 0)))",
            TrapKind::Other("integer divide by zero".into()),
            "PLG0607",
        ),
    ];
    for (how, kind, code) in cases {
        let guest = fragile(how).item("(func $deep (call $deep) (call $deep))");
        let error = broken(&host, guest).await;
        let trap = error.as_trap().expect("a trap");
        assert_eq!(trap.kind(), &kind);
        assert_eq!(error.code(), code);
        assert!(
            !error.is_deadline() && !error.is_out_of_memory() && !error.is_busy() && !error.is_retryable()
        );
        assert!(chain(&error).contains("wasm trap: "), "{}", chain(&error));
        assert!(!error.to_string().contains("wasm"), "{error}");
    }
}

#[tokio::test]
async fn the_backtrace_names_functions() {
    let guest = Guest::echo()
        .item("(func $_ZN5image6resize17h0123456789abcdefE unreachable)")
        .process("(call $_ZN5image6resize17h0123456789abcdefE) (i32.const 0)");
    let handle = standard_host().load("x", guest.artifact()).await.unwrap();
    let error = handle.process(&ProcessRequest::new("")).await.unwrap_err();
    let frames = error.as_trap().unwrap().backtrace().frames();
    assert_eq!(frames[0].function, "image::resize");
    assert_eq!(frames[0].module.as_deref(), Some("guest"));
    assert!(frames[0].offset.is_some());
    assert_eq!(frames.len(), 2);
    assert_eq!(error.to_string(), "plugin `x` panicked or aborted");
    let long = format!("{error:#}");
    let revision = error.revision().short();
    assert!(
        long.starts_with(&format!(
            "[PLG0601] plugin `x` ({revision}) panicked or aborted\nit was in:\n  0: image::resize at guest+0x"
        )),
        "{long}"
    );
}

#[tokio::test]
async fn what_the_plugin_said_before_it_broke() {
    let guest = Guest::echo()
        .host_api()
        .item(r#"(data (i32.const 3072) "panicked at src/lib.rs:7:9: boom")"#)
        .process(
            "(drop (call $log (i32.const 4) (i32.const 3072) (i32.const 32)))
             (if (local.get $input_len) (then unreachable))
             (call $reply (i32.const 0) (i32.const 0))",
        );
    let handle = standard_host().load("x", guest.artifact()).await.unwrap();
    let error = handle.process(&ProcessRequest::new("x")).await.unwrap_err();
    assert_eq!(error.as_trap().unwrap().last_words(), Some("panicked at src/lib.rs:7:9: boom"));
    let long = format!("{error:#}");
    assert!(long.contains("\nit wrote:\n  panicked at src/lib.rs:7:9: boom\n"), "{long}");

    // what an earlier call said is not this one's
    let guest = Guest::echo().host_api().item(r#"(data (i32.const 3072) "earlier")"#).process(
        "(if (local.get $input_len) (then unreachable))
             (drop (call $log (i32.const 4) (i32.const 3072) (i32.const 7)))
             (call $reply (i32.const 0) (i32.const 0))",
    );
    let handle = standard_host().load("y", guest.artifact()).await.unwrap();
    handle.process(&ProcessRequest::new("")).await.unwrap();
    let error = handle.process(&ProcessRequest::new("x")).await.unwrap_err();
    assert_eq!(error.as_trap().unwrap().last_words(), None);
}

/// Grows by a page until it is told that it cannot, then does as `then` says.
fn eats_memory(then: &str) -> Guest {
    fragile(&format!("(loop (br_if 0 (i32.ne (memory.grow (i32.const 1)) (i32.const -1)))) {then}"))
}

#[tokio::test]
async fn a_memory_limit() {
    let limit = 1 << 20;
    let host = Host::<Standard>::builder().limits(Limits::default().memory(limit)).build().unwrap();
    for then in ["unreachable", "(drop (i32.load (i32.const -4)))"] {
        let error = broken(&host, eats_memory(then)).await;
        assert!(error.is_out_of_memory(), "{error}");
        assert_eq!(error.code(), "PLG0604");
        let wanted = limit + (1 << 16);
        assert_eq!(error.as_trap().unwrap().kind(), &TrapKind::OutOfMemory { wanted, limit });
    }
    // a plugin that lives with the refusal is no broken one
    let handle = host.load("frugal", eats_memory("").artifact()).await.unwrap();
    assert_eq!(handle.process(&ProcessRequest::new("!")).await.unwrap().output, "!");
    // and when it breaks later for another reason, that one is told
    let guest = Guest::echo().item("(global $hungry (mut i32) (i32.const 1))").process(
        "(if (global.get $hungry) (then
            (global.set $hungry (i32.const 0))
            (drop (memory.grow (i32.const 1000)))
            (return (call $reply (i32.const 0) (i32.const 0)))))
         unreachable",
    );
    let handle = host.load("later", guest.artifact()).await.unwrap();
    handle.process(&ProcessRequest::new("")).await.unwrap();
    let error = handle.process(&ProcessRequest::new("")).await.unwrap_err();
    assert_eq!(error.as_trap().unwrap().kind(), &TrapKind::Unreachable);
}

#[tokio::test]
async fn a_table_limit() {
    let host = Host::<Standard>::builder().limits(Limits::default().table_elements(10)).build().unwrap();
    let guest = fragile(
        "(if (i32.eq (table.grow $t (ref.null func) (i32.const 100)) (i32.const -1)) (then unreachable))",
    )
    .item("(table $t 1 funcref)");
    let error = broken(&host, guest).await;
    assert_eq!(error.to_string(), "plugin `x` broke: it wanted a table of 101 elements and may have 10");
    assert_eq!(error.code(), "PLG0607");
}

#[tokio::test]
async fn an_endless_loop_is_stopped() {
    let limit = Duration::from_millis(30);
    let host = Host::<Standard>::builder().limits(Limits::default().cpu(limit)).build().unwrap();
    let begin = std::time::Instant::now();
    let error = broken(&host, fragile("(loop $spin (br $spin))")).await;
    assert!(error.is_deadline());
    assert_eq!(error.code(), "PLG0605");
    assert_eq!(error.as_trap().unwrap().kind(), &TrapKind::CpuDeadline { limit });
    assert!(!error.as_trap().unwrap().backtrace().frames().is_empty(), "it says where it was");
    assert!(begin.elapsed() >= limit);
    assert!(begin.elapsed() < Duration::from_secs(10), "{:?}", begin.elapsed());
}

#[tokio::test]
async fn stack_size_is_the_engines() {
    let deep = "(func $deep (param i32) (if (local.get 0) (then (call $deep (i32.sub (local.get 0) (i32.const 1))))))";
    let guest = || fragile("(call $deep (i32.const 20000))").item(deep);
    let engine = plug_host::Engine::builder().stack(64 << 10).build().unwrap();
    let small = Host::<Standard>::builder().engine(engine).build().unwrap();
    let error = broken(&small, guest()).await;
    assert_eq!(error.as_trap().unwrap().kind(), &TrapKind::StackOverflow);

    let engine = plug_host::Engine::builder().stack(8 << 20).build().unwrap();
    let large = Host::<Standard>::builder().engine(engine).build().unwrap();
    let handle = large.load("x", guest().artifact()).await.unwrap();
    assert_eq!(handle.process(&ProcessRequest::new("!")).await.unwrap().output, "!");
}

#[tokio::test]
async fn an_instance_of_ones_own_is_dead_after_a_trap() {
    let plugin = standard_host().prepare("x", fragile("unreachable").artifact()).await.unwrap();
    let mut instance = plugin.instantiate().await.unwrap();
    assert!(instance.process(&ProcessRequest::new("!")).await.is_err());
    assert!(!instance.is_alive());
    let error = instance.process(&ProcessRequest::new("fine")).await.unwrap_err();
    assert_eq!(error.code(), "PLG0613");
    let error = instance.shutdown().await.unwrap_err();
    assert_eq!(error.code(), "PLG0613");
}

#[tokio::test]
async fn the_closure_may_fail_too() {
    let handle = standard_host().load("x", Guest::echo().artifact()).await.unwrap();
    let error =
        handle.call(async |_, _| Err::<(), _>(std::io::Error::other("no disk").into())).await.unwrap_err();
    assert_eq!(error.code(), "PLG0611");
    assert_eq!(error.to_string(), "cannot call plugin `x`: the call's own code failed");
    assert_eq!(chain(&error), "cannot call plugin `x`: the call's own code failed\nno disk");

    let error = handle.try_call(async |_, _| Ok(Err::<(), _>("sold out"))).await.unwrap_err();
    assert_eq!(error.code(), "PLG0609");
    assert_eq!(error.to_string(), "plugin `x` answered: sold out");
    assert!(matches!(error, CallError::Guest { .. }));
    assert!(handle.process(&ProcessRequest::new("")).await.is_ok());
}

#[tokio::test]
async fn a_swallowed_trap_is_not_laid_to_the_next_call() {
    let guest = Guest::echo().process(
        "(if (i32.eqz (local.get $input_len)) (then unreachable))
         (call $reply (local.get $input) (local.get $input_len))",
    );
    let handle = standard_host().load("x", guest.artifact()).await.unwrap();
    let nothing = ProcessRequest::new("");
    let swallowed =
        handle.call(async |p, store| Ok(p.processor().call_process(store, &nothing).await.is_err())).await;
    assert!(swallowed.unwrap());

    let error = handle.process(&ProcessRequest::new("next")).await.unwrap_err();
    assert_eq!(error.code(), "PLG0613", "{error:?}");
    assert!(error.as_trap().is_none());
    // that was the end of the broken instance; a fresh one takes over
    assert_eq!(handle.process(&ProcessRequest::new("then")).await.unwrap().output, "then");
}
