//! Log, configuration and events: what a plugin tells the host, and what it is told.

mod support;

use plug_host::{Host, Limits, ProcessRequest, Standard, TrapKind};
use support::{EVENTS, Guest, Line, listen, policy, standard_host};

#[tokio::test]
async fn log_messages_carry_the_plugins_name_and_level() {
    let (lines, _guard) = listen();
    // logs its input at the level that its first digit says, and answers whether that was refused
    let guest = Guest::echo().host_api().item(r#"(data (i32.const 3072) "yn")"#).process(
        "(local.set $a (call $log
            (i32.sub (i32.load8_u (local.get $input)) (i32.const 48))
            (i32.add (local.get $input) (i32.const 1)) (i32.sub (local.get $input_len) (i32.const 1))))
         (call $reply (i32.sub (i32.const 3073) (local.get $a)) (i32.const 1))",
    );
    let host = Host::<Standard>::builder().limits(Limits::default().log_message(10)).build().unwrap();
    let handle = host.load("loud", guest.artifact()).await.unwrap();
    for (level, name) in ["TRACE", "DEBUG", "INFO", "WARN", "ERROR"].iter().enumerate() {
        let answer = handle.process(&ProcessRequest::new(format!("{level}grüße {level}"))).await.unwrap();
        assert_eq!(answer.output, "n", "not refused");
        let line = lines.of_plugins().pop().unwrap();
        assert_eq!((line.level.as_str(), line.plugin.as_str()), (*name, "loud"));
        assert_eq!(line.message, format!("grüße {level}"));
        assert_eq!(line.cut, None);
    }
    // a longer one is cut, never within a character
    handle.process(&ProcessRequest::new("2123456789ü and more")).await.unwrap();
    let line = lines.of_plugins().pop().unwrap();
    assert_eq!((line.message.as_str(), line.cut), ("123456789", Some(11)));
}

#[tokio::test]
async fn too_many_log_messages_are_dropped_and_counted() {
    let (lines, _guard) = listen();
    // logs a hundred times and answers how often it was refused
    let guest = Guest::echo().host_api().process(
        "(local.set $a (i32.const 100))
         (loop $again
            (local.set $b (i32.add (local.get $b) (call $log (i32.const 2) (local.get $input) (local.get $input_len))))
            (local.set $a (i32.sub (local.get $a) (i32.const 1)))
            (br_if $again (local.get $a)))
         (i32.store8 (i32.const 3072) (local.get $b))
         (call $reply (i32.const 3072) (i32.const 1))",
    );
    let host = Host::<Standard>::builder().limits(Limits::default().log_rate(30)).build().unwrap();
    let handle = host.load("chatter", guest.artifact()).await.unwrap();
    let refused = handle.process(&ProcessRequest::new("bla")).await.unwrap().output.as_bytes()[0];
    let written = lines.of_plugins().len();
    // a second may begin anew in between
    assert!(written == 30 || written == 60 || written == 61, "{written}");
    assert!(refused >= 40, "{refused}");

    tokio::time::sleep(std::time::Duration::from_millis(1100)).await;
    handle.process(&ProcessRequest::new("bla")).await.unwrap();
    let told = lines
        .of_plugins()
        .iter()
        .filter(|line| line.message.ends_with("were dropped: too many in a second"))
        .count();
    assert!(told >= 1);
}

#[tokio::test]
async fn configuration_is_the_plugins_own() {
    // answers the value for the key that is its input, or `-`
    let guest = Guest::echo().host_api().item(r#"(data (i32.const 3072) "-")"#).process(
        "(if (result i32) (call $get_config (local.get $input) (local.get $input_len))
            (then (call $reply (i32.load (i32.const 2052)) (i32.load (i32.const 2056))))
            (else (call $reply (i32.const 3072) (i32.const 1))))",
    );
    let host = Host::<Standard>::builder()
        .config("a", [("greeting", "hi"), ("empty", "")])
        .config("b", [("greeting".to_owned(), "hello".to_owned())])
        .build()
        .unwrap();
    for (name, key, value) in [
        ("a", "greeting", "hi"),
        ("a", "empty", ""),
        ("a", "other", "-"),
        ("b", "greeting", "hello"),
        ("c", "greeting", "-"),
    ] {
        if host.get(name).is_none() {
            host.load(name, guest.artifact()).await.unwrap();
        }
        let answer = host.get(name).unwrap().process(&ProcessRequest::new(key)).await.unwrap();
        assert_eq!(answer.output, value, "{name} {key}");
    }
}

#[tokio::test]
async fn initialize_gets_the_whole_configuration() {
    // refuses with the first key and value one after the other
    let guest = Guest::echo().initialize(
        "(local.set $a (i32.load offset=4 (local.get $config)))
         (memory.copy (i32.const 3072) (i32.load (local.get $config)) (local.get $a))
         (memory.copy (i32.add (i32.const 3072) (local.get $a))
            (i32.load offset=8 (local.get $config)) (i32.load offset=12 (local.get $config)))
         (call $err (i32.const 3072) (i32.add (local.get $a) (i32.load offset=12 (local.get $config))))",
    );
    let host = Host::<Standard>::builder().config("x", [("b", "two"), ("a", "one")]).build().unwrap();
    let error = host.load("x", guest.artifact()).await.unwrap_err();
    assert_eq!(error.to_string(), "plugin `x` refused to start: aone");
}

/// Emits its input as payload of an event `note`, and answers whether the host refused.
fn notes() -> Guest {
    Guest::echo().wanting(["events:emit"]).host_api().item(r#"(data (i32.const 3072) "noteyn")"#).process(
        "(local.set $a (call $emit (i32.const 3072) (i32.const 4) (local.get $input) (local.get $input_len)))
         (call $reply (i32.sub (i32.const 3077) (local.get $a)) (i32.const 1))",
    )
}

#[tokio::test]
async fn events_reach_every_subscriber() {
    let host = Host::<Standard>::builder().policy(policy(EVENTS)).build().unwrap();
    let handle = host.load("x", notes().artifact()).await.unwrap();
    // nobody listens, and nobody minds
    assert_eq!(handle.process(&ProcessRequest::new("lost")).await.unwrap().output, "n");
    let (mut one, mut two) = (host.events(), host.events());
    assert_eq!(handle.process(&ProcessRequest::new("hello")).await.unwrap().output, "n");
    for events in [&mut one, &mut two] {
        let event = events.next().await.unwrap();
        assert_eq!((event.plugin(), &*event.event_type, &*event.payload), (Some("x"), "note", "hello"));
        assert!(events.try_next().is_none());
        assert_eq!(events.missed(), 0);
    }
    drop((host, handle));
    assert_eq!(one.next().await, None);
}

#[tokio::test]
async fn a_slow_subscriber_is_told_what_it_missed() {
    let host = Host::<Standard>::builder().policy(policy(EVENTS)).event_capacity(4).build().unwrap();
    let handle = host.load("x", notes().artifact()).await.unwrap();
    let mut events = host.events();
    for i in 0..10 {
        handle.process(&ProcessRequest::new(i.to_string())).await.unwrap();
    }
    assert_eq!(&*events.next().await.unwrap().payload, "6");
    assert_eq!(events.missed(), 6);
}

#[tokio::test]
async fn events_are_bounded_in_size_and_number() {
    let limits = Limits::default().event_bytes(10).event_rate(3);
    let host = Host::<Standard>::builder().policy(policy(EVENTS)).limits(limits).build().unwrap();
    let handle = host.load("x", notes().artifact()).await.unwrap();
    let mut events = host.events();
    let refused =
        async |payload: &str| handle.process(&ProcessRequest::new(payload)).await.unwrap().output == "y";
    assert!(refused("1234567").await, "eleven bytes");
    assert!(!refused("123456").await, "ten bytes");
    let mut taken = 1;
    for _ in 0..20 {
        taken += u32::from(!refused("x").await);
    }
    // a second may begin anew in between
    assert!((3..=6).contains(&taken), "{taken}");
    let mut seen = 0;
    while events.try_next().is_some() {
        seen += 1;
    }
    assert_eq!(seen, taken);
}

#[tokio::test]
async fn what_is_handed_over_at_once_is_bounded() {
    // hands over a mebibyte: as a message, or as its answer
    let logs = Guest::echo().host_api().memory("20").process(
        "(drop (call $log (i32.const 2) (i32.const 4096) (i32.const 1048576)))
         (call $reply (local.get $input) (local.get $input_len))",
    );
    let answers = Guest::echo().memory("20").process("(call $reply (i32.const 4096) (i32.const 1048576))");
    let limit = 1 << 16;
    for guest in [logs, answers] {
        let host = Host::<Standard>::builder().limits(Limits::default().transfer(limit)).build().unwrap();
        let handle = host.load("x", guest.artifact()).await.unwrap();
        let error = handle.process(&ProcessRequest::new("x")).await.unwrap_err();
        assert_eq!(error.code(), "PLG0617", "{error:?}");
        assert_eq!(error.as_trap().unwrap().kind(), &TrapKind::TooMuchData { limit });
        assert_eq!(error.to_string(), "plugin `x` handed over more than the 65536 bytes that it may at once");

        let handle = standard_host().load("x", guest.artifact()).await.unwrap();
        assert!(handle.process(&ProcessRequest::new("x")).await.is_ok());
    }
}

/// The corner of WASI that is of interest here, shaped as the real one.
const WASI: &str = "package acme:x;
    world w {
        include plug:plugin/base@1.0.0;
        import wasi:cli/environment@0.2.0;
        import wasi:cli/stdout@0.2.0;
        import wasi:cli/stderr@0.2.0;
        import wasi:cli/exit@0.2.0;
        import wasi:filesystem/preopens@0.2.0;
        export plug:plugin/processor@1.0.0;
    }
    package wasi:io@0.2.0 {
        interface error { resource error; }
        interface streams {
            use error.{error};
            variant stream-error { last-operation-failed(error), closed }
            resource output-stream {
                blocking-write-and-flush: func(contents: list<u8>) -> result<_, stream-error>;
                write: func(contents: list<u8>) -> result<_, stream-error>;
            }
        }
    }
    package wasi:cli@0.2.0 {
        interface environment {
            get-environment: func() -> list<tuple<string, string>>;
            get-arguments: func() -> list<string>;
        }
        interface stdout { use wasi:io/streams@0.2.0.{output-stream}; get-stdout: func() -> output-stream; }
        interface stderr { use wasi:io/streams@0.2.0.{output-stream}; get-stderr: func() -> output-stream; }
        interface exit { exit: func(status: result); }
    }
    package wasi:filesystem@0.2.0 {
        interface types { resource descriptor; }
        interface preopens {
            use types.{descriptor};
            get-directories: func() -> list<tuple<descriptor, string>>;
        }
    }";

fn wasi_guest() -> Guest {
    Guest::of(WASI, "w")
        .import(
            r#"
            (import "wasi:cli/stdout@0.2.0" "get-stdout" (func $stdout (result i32)))
            (import "wasi:cli/stderr@0.2.0" "get-stderr" (func $stderr (result i32)))
            (import "wasi:io/streams@0.2.0" "[method]output-stream.blocking-write-and-flush"
                (func $write (param i32 i32 i32 i32)))
            (import "wasi:io/streams@0.2.0" "[method]output-stream.write"
                (func $write_unasked (param i32 i32 i32 i32)))
            (import "wasi:cli/environment@0.2.0" "get-environment" (func $env (param i32)))
            (import "wasi:cli/environment@0.2.0" "get-arguments" (func $args (param i32)))
            (import "wasi:filesystem/preopens@0.2.0" "get-directories" (func $dirs (param i32)))
            (import "wasi:cli/exit@0.2.0" "exit" (func $exit (param i32)))
            "#,
        )
        .process("(call $reply (local.get $input) (local.get $input_len))")
}

#[tokio::test]
async fn standard_output_and_error_go_to_the_log() {
    let (lines, _guard) = listen();
    let guest = wasi_guest().process(
        "(call $write (call $stdout) (local.get $input) (local.get $input_len) (i32.const 2048))
         (call $write (call $stderr) (local.get $input) (local.get $input_len) (i32.const 2048))
         (call $reply (local.get $input) (local.get $input_len))",
    );
    let host = standard_host();
    let handle = host.load("x", guest.artifact()).await.unwrap();
    handle.process(&ProcessRequest::new("one\ntw")).await.unwrap();
    handle.process(&ProcessRequest::new("o\r\n")).await.unwrap();
    handle.process(&ProcessRequest::new("no end")).await.unwrap();
    host.unload("x").await.unwrap();
    drop(handle);
    let seen = |stream: &str| -> Vec<(String, String)> {
        let of_stream = |line: &Line| (line.level.clone(), line.message.clone());
        lines.of_plugins().iter().filter(|line| line.stream == stream).map(of_stream).collect()
    };
    let lines_at =
        |level: &str| ["one", "two", "no end"].map(|text| (level.to_owned(), text.to_owned())).to_vec();
    assert_eq!(seen("stdout"), lines_at("INFO"));
    assert_eq!(seen("stderr"), lines_at("WARN"));
}

#[tokio::test]
async fn a_panic_on_standard_error_is_the_last_that_is_heard() {
    let guest = wasi_guest().process(
        "(call $write (call $stderr) (local.get $input) (local.get $input_len) (i32.const 2048))
         unreachable",
    );
    let handle = standard_host().load("x", guest.artifact()).await.unwrap();
    let text = "thread 'main' panicked at src/lib.rs:3:5:\nindex out of bounds\nnote: no end of line";
    let error = handle.process(&ProcessRequest::new(text)).await.unwrap_err();
    assert_eq!(error.as_trap().unwrap().last_words(), Some(text));
}

#[tokio::test]
async fn no_write_is_larger_than_permitted() {
    // a megabyte of line ends in one call, without having asked how much may be written
    let guest = wasi_guest().memory("32").process(
        "(memory.fill (i32.const 65536) (i32.const 10) (i32.const 1048576))
         (call $write_unasked (call $stdout) (i32.const 65536) (i32.const 1048576) (i32.const 2048))
         (call $reply (local.get $input) (local.get $input_len))",
    );
    let (lines, _guard) = listen();
    let handle = standard_host().load("x", guest.artifact()).await.unwrap();
    let error = handle.process(&ProcessRequest::new("")).await.unwrap_err();
    let trap = error.as_trap().unwrap_or_else(|| panic!("{error:?}"));
    assert!(matches!(trap.kind(), TrapKind::Other(text) if text.contains("check-write")), "{error}");
    assert!(lines.of_plugins().is_empty());
}

#[tokio::test]
async fn last_words_are_few() {
    let guest = wasi_guest().process(
        "(loop $more
            (call $write (call $stderr) (local.get $input) (local.get $input_len) (i32.const 2048))
            (br_if $more (i32.lt_u (local.tee $a (i32.add (local.get $a) (i32.const 1))) (i32.const 200))))
         unreachable",
    );
    let host = Host::<Standard>::builder().limits(Limits::default().handles(1000)).build().unwrap();
    let handle = host.load("x", guest.artifact()).await.unwrap();
    let empty_lines = format!("x{}", "\n".repeat(100));
    let error = handle.process(&ProcessRequest::new(empty_lines)).await.unwrap_err();
    let words = error.as_trap().unwrap().last_words().unwrap();
    assert!(words.len() <= 2048, "{}", words.len());
}

#[tokio::test]
async fn the_world_outside_is_empty() {
    // the number of environment variables, arguments and directories, as digits
    let guest = wasi_guest().process(
        "(call $env (i32.const 2048))
         (i32.store8 (i32.const 3072) (i32.add (i32.const 48) (i32.load (i32.const 2052))))
         (call $args (i32.const 2048))
         (i32.store8 (i32.const 3073) (i32.add (i32.const 48) (i32.load (i32.const 2052))))
         (call $dirs (i32.const 2048))
         (i32.store8 (i32.const 3074) (i32.add (i32.const 48) (i32.load (i32.const 2052))))
         (call $reply (i32.const 3072) (i32.const 3))",
    );
    let handle = standard_host().load("x", guest.artifact()).await.unwrap();
    assert_eq!(handle.process(&ProcessRequest::new("")).await.unwrap().output, "000");
}

#[tokio::test]
async fn a_plugin_that_ends_itself() {
    let guest = wasi_guest().process("(call $exit (i32.const 1)) (i32.const 0)");
    let handle = standard_host().load("x", guest.artifact()).await.unwrap();
    let error = handle.process(&ProcessRequest::new("")).await.unwrap_err();
    assert_eq!(error.code(), "PLG0608");
    assert_eq!(error.to_string(), "plugin `x` ended itself with exit code 1");
}

#[tokio::test]
async fn handles_are_bounded() {
    // takes standard output again and again, and never gives it back
    let hoards = wasi_guest().process(
        "(loop $more (drop (call $stdout)) (br_if $more (i32.lt_u (local.tee $a (i32.add (local.get $a) (i32.const 1))) (i32.const 100))))
         (call $reply (local.get $input) (local.get $input_len))",
    );
    // makes handles of a resource of its own
    let wit = "package acme:x;
        interface things { resource thing { constructor(); } }
        world w { include plug:plugin/base@1.0.0; export things; export plug:plugin/processor@1.0.0; }";
    let breeds = Guest::of(wit, "w")
        .import(r#"(import "[export]acme:x/things" "[resource-new]thing" (func $new (param i32) (result i32)))"#)
        .item(r#"(func (export "acme:x/things#[constructor]thing") (result i32) (call $new (i32.const 1)))"#)
        .process(
            "(loop $more (drop (call $new (i32.const 1))) (br_if $more (i32.lt_u (local.tee $a (i32.add (local.get $a) (i32.const 1))) (i32.const 100))))
             (call $reply (local.get $input) (local.get $input_len))",
        );
    for guest in [hoards, breeds] {
        let host = Host::<Standard>::builder().limits(Limits::default().handles(50)).build().unwrap();
        let handle = host.load("x", guest.artifact()).await.unwrap();
        let error = handle.process(&ProcessRequest::new("")).await.unwrap_err();
        assert_eq!(error.code(), "PLG0618", "{error:?}");
        assert_eq!(error.as_trap().unwrap().kind(), &TrapKind::TooManyHandles { limit: 50 });
        let handle = standard_host().load("x", guest.artifact()).await.unwrap();
        assert!(handle.process(&ProcessRequest::new("")).await.is_ok());
    }
}
