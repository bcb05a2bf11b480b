//! Guests of the suite's world, with the corner of WASI that they abuse.

pub use crate::support::Guest;

/// The world of the suite, and one for guests that use WASI too.
pub const WIT: &str = concat!(
    include_str!("../wit/hostile/hostile.wit"),
    "
    world guest {
        include hostile;
        import wasi:cli/stdout@0.2.0;
        import wasi:cli/stderr@0.2.0;
        import wasi:cli/exit@0.2.0;
        import wasi:clocks/monotonic-clock@0.2.0;
    }
    package wasi:io@0.2.0 {
        interface error { resource error; }
        interface poll { resource pollable { block: func(); } }
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
        interface stdout { use wasi:io/streams@0.2.0.{output-stream}; get-stdout: func() -> output-stream; }
        interface stderr { use wasi:io/streams@0.2.0.{output-stream}; get-stderr: func() -> output-stream; }
        interface exit { exit: func(status: result); }
    }
    package wasi:clocks@0.2.0 {
        interface monotonic-clock {
            use wasi:io/poll@0.2.0.{pollable};
            subscribe-duration: func(when: u64) -> pollable;
        }
    }"
);

/// Echoes.
pub fn echo() -> Guest {
    process("")
}

/// Does that when it is called, and echoes.
pub fn process(body: &str) -> Guest {
    Guest::of(WIT, "guest")
        .process(&format!("{body} (call $reply (local.get $input) (local.get $input_len))"))
}

/// With the functions of the application.
pub fn application(guest: Guest) -> Guest {
    let from = |name: &str, as_name: &str, params: &str| {
        format!(r#"(import "acme:hostile/application@1.0.0" "{name}" (func ${as_name} (param {params})))"#)
    };
    guest
        .import(&from("wait", "wait", "i32"))
        .import(&from("fail", "fail", ""))
        .import(&from("texts", "texts", "i32 i32"))
        .import(&from("lists", "lists", "i32 i32"))
        .import(&from("letter", "letter", "i32"))
}

/// With standard output and error, an exit, and a clock.
pub fn wasi(guest: Guest) -> Guest {
    guest.import(
        r#"
        (import "wasi:cli/stdout@0.2.0" "get-stdout" (func $stdout (result i32)))
        (import "wasi:cli/stderr@0.2.0" "get-stderr" (func $stderr (result i32)))
        (import "wasi:io/streams@0.2.0" "[resource-drop]output-stream" (func $close (param i32)))
        (import "wasi:io/streams@0.2.0" "[method]output-stream.blocking-write-and-flush"
            (func $write (param i32 i32 i32 i32)))
        (import "wasi:io/streams@0.2.0" "[method]output-stream.write"
            (func $write_unasked (param i32 i32 i32 i32)))
        (import "wasi:cli/exit@0.2.0" "exit" (func $exit (param i32)))
        (import "wasi:clocks/monotonic-clock@0.2.0" "subscribe-duration" (func $timer (param i64) (result i32)))
        (import "wasi:io/poll@0.2.0" "[method]pollable.block" (func $block (param i32)))
        "#,
    )
}

/// `body`, so many times, with `$a` as the counter.
pub fn repeat(times: u32, body: &str) -> String {
    format!(
        "(local.set $a (i32.const 0))
         (loop $again
            {body}
            (br_if $again (i32.lt_u (local.tee $a (i32.add (local.get $a) (i32.const 1))) (i32.const {times}))))"
    )
}
