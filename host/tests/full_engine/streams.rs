//! Streams and futures in calls by name.

use std::time::Duration;

use plug_host::wasmtime::component::Val;
use plug_host::{DynamicInstance, DynamicOptions, DynamicPlugin, Engine, Limits};

/// `count` gives a stream of its argument's length, in writes of up to 1000 bytes; `later` a future, after it has
/// answered; `sum` reads a stream; `same` gives one back; `silent` never writes.
const STREAMS: &str = r#"(component
    (core module $libc (memory (export "memory") 1)
        (func (export "realloc") (param i32 i32 i32 i32) (result i32) (i32.const 4096)))
    (core instance $libc (instantiate $libc))
    (type $bytes (stream u8))
    (type $number (future u32))
    (core func $stream-new (canon stream.new $bytes))
    (core func $stream-write (canon stream.write $bytes async (memory $libc "memory")))
    (core func $stream-read (canon stream.read $bytes async (memory $libc "memory")))
    (core func $stream-end (canon stream.drop-writable $bytes))
    (core func $future-new (canon future.new $number))
    (core func $future-write (canon future.write $number async (memory $libc "memory")))
    (core func $set-new (canon waitable-set.new))
    (core func $join (canon waitable.join))
    (core func $return-stream (canon task.return (result $bytes)))
    (core func $return-future (canon task.return (result $number)))
    (core func $return-number (canon task.return (result u32)))
    (core module $m
        (import "libc" "memory" (memory 1))
        (import "" "stream-new" (func $stream-new (result i64)))
        (import "" "stream-write" (func $stream-write (param i32 i32 i32) (result i32)))
        (import "" "stream-read" (func $stream-read (param i32 i32 i32) (result i32)))
        (import "" "stream-end" (func $stream-end (param i32)))
        (import "" "future-new" (func $future-new (result i64)))
        (import "" "future-write" (func $future-write (param i32 i32) (result i32)))
        (import "" "set-new" (func $set-new (result i32)))
        (import "" "join" (func $join (param i32 i32)))
        (import "" "return-stream" (func $return-stream (param i32)))
        (import "" "return-future" (func $return-future (param i32)))
        (import "" "return-number" (func $return-number (param i32)))
        (global $left (mut i32) (i32.const 0))
        (global $end (mut i32) (i32.const 0))
        (global $set (mut i32) (i32.const 0))
        (global $sum (mut i32) (i32.const 0))
        ;; writes until a write has to be waited for, or all is written
        (func $write (result i32)
            (local $code i32)
            (loop $more
                (if (i32.eqz (global.get $left)) (then
                    (call $stream-end (global.get $end))
                    (return (i32.const 0))))
                (local.set $code (call $stream-write (global.get $end) (i32.const 0)
                    (select (global.get $left) (i32.const 1000) (i32.lt_u (global.get $left) (i32.const 1000)))))
                (if (i32.eq (local.get $code) (i32.const -1)) (then (return (call $wait))))
                (call $wrote (local.get $code))
                (br $more))
            unreachable)
        (func $wrote (param $code i32)
            (global.set $left (i32.sub (global.get $left) (i32.shr_u (local.get $code) (i32.const 4)))))
        (func $wait (result i32)
            (if (i32.eqz (global.get $set)) (then (global.set $set (call $set-new))))
            (call $join (global.get $end) (global.get $set))
            (i32.or (i32.shl (global.get $set) (i32.const 4)) (i32.const 2)))
        (func $begin (param $ends i64)
            (global.set $end (i32.wrap_i64 (i64.shr_u (local.get $ends) (i64.const 32))))
            (call $return-stream (i32.wrap_i64 (local.get $ends))))
        (func (export "count") (param $n i32) (result i32)
            (i32.store (i32.const 0) (i32.const 0x04030201))
            (global.set $left (local.get $n))
            (call $begin (call $stream-new))
            (call $write))
        (func (export "count-later") (param $event i32) (param $of i32) (param $code i32) (result i32)
            (call $join (global.get $end) (i32.const 0))
            (call $wrote (local.get $code))
            (call $write))
        (func (export "silent") (result i32)
            (call $begin (call $stream-new))
            (call $wait))
        (func (export "later") (param $n i32) (result i32)
            (local $ends i64)
            (local.set $ends (call $future-new))
            (global.set $end (i32.wrap_i64 (i64.shr_u (local.get $ends) (i64.const 32))))
            (call $return-future (i32.wrap_i64 (local.get $ends)))
            (i32.store (i32.const 0) (local.get $n))
            (drop (call $future-write (global.get $end) (i32.const 0)))
            (call $wait))
        (func (export "later-later") (param i32 i32 i32) (result i32) (i32.const 0))
        ;; reads until a read has to be waited for, or the stream has ended
        (func $read (result i32)
            (local $code i32)
            (loop $more
                (local.set $code (call $stream-read (global.get $end) (i32.const 0) (i32.const 100)))
                (if (i32.eq (local.get $code) (i32.const -1)) (then (return (call $wait))))
                (if (call $add (local.get $code)) (then
                    (call $return-number (global.get $sum))
                    (return (i32.const 0))))
                (br $more))
            unreachable)
        ;; whether the stream has ended
        (func $add (param $code i32) (result i32)
            (local $i i32)
            (block $done (loop $each
                (br_if $done (i32.ge_u (local.get $i) (i32.shr_u (local.get $code) (i32.const 4))))
                (global.set $sum (i32.add (global.get $sum) (i32.load8_u (local.get $i))))
                (local.set $i (i32.add (local.get $i) (i32.const 1)))
                (br $each)))
            (i32.and (local.get $code) (i32.const 15)))
        (func (export "sum") (param $stream i32) (result i32)
            (global.set $end (local.get $stream))
            (global.set $sum (i32.const 0))
            (call $read))
        (func (export "sum-later") (param $event i32) (param $of i32) (param $code i32) (result i32)
            (call $join (global.get $end) (i32.const 0))
            (if (call $add (local.get $code)) (then
                (call $return-number (global.get $sum))
                (return (i32.const 0))))
            (call $read))
        (func (export "same") (param i32) (result i32) (local.get 0)))
    (core instance $i (instantiate $m
        (with "libc" (instance $libc))
        (with "" (instance
            (export "stream-new" (func $stream-new))
            (export "stream-write" (func $stream-write))
            (export "stream-read" (func $stream-read))
            (export "stream-end" (func $stream-end))
            (export "future-new" (func $future-new))
            (export "future-write" (func $future-write))
            (export "set-new" (func $set-new))
            (export "join" (func $join))
            (export "return-stream" (func $return-stream))
            (export "return-future" (func $return-future))
            (export "return-number" (func $return-number))))))
    (func (export "count") async (param "n" u32) (result $bytes)
        (canon lift (core func $i "count") async (callback (func $i "count-later"))))
    (func (export "silent") async (result $bytes)
        (canon lift (core func $i "silent") async (callback (func $i "count-later"))))
    (func (export "later") async (param "n" u32) (result $number)
        (canon lift (core func $i "later") async (callback (func $i "later-later"))))
    (func (export "sum") async (param "of" $bytes) (result u32)
        (canon lift (core func $i "sum") async (callback (func $i "sum-later"))))
    (func (export "same") (param "of" $bytes) (result $bytes) (canon lift (core func $i "same")))
    (func (export "same-number") (param "of" $number) (result $number) (canon lift (core func $i "same"))))"#;

async fn instance(limits: Limits) -> DynamicInstance {
    let options = DynamicOptions::default().limits(limits);
    let component = wat::parse_str(STREAMS).unwrap();
    let plugin = DynamicPlugin::compile(&Engine::new().unwrap(), "x", component, options).await.unwrap();
    plugin.instantiate().await.unwrap()
}

fn bytes(bytes: &[u8]) -> Val {
    Val::List(bytes.iter().map(|byte| Val::U8(*byte)).collect())
}

#[tokio::test]
async fn a_stream_is_read_to_its_end() {
    let mut instance = instance(Limits::default()).await;
    assert_eq!(instance.call("count", &[Val::U32(0)]).await.unwrap(), Some(bytes(&[])));
    assert_eq!(instance.call("count", &[Val::U32(4)]).await.unwrap(), Some(bytes(&[1, 2, 3, 4])));
    let Some(Val::List(many)) = instance.call("count", &[Val::U32(10_000)]).await.unwrap() else { panic!() };
    assert_eq!(many.len(), 10_000);
}

#[tokio::test]
async fn a_list_goes_as_a_stream() {
    let mut instance = instance(Limits::default()).await;
    assert_eq!(instance.call("sum", &[bytes(&[])]).await.unwrap(), Some(Val::U32(0)));
    assert_eq!(instance.call("sum", &[bytes(&[1; 500])]).await.unwrap(), Some(Val::U32(500)));
    assert_eq!(instance.call("same", &[bytes(&[1, 2])]).await.unwrap(), Some(bytes(&[1, 2])));
    let error = instance.call("sum", &[Val::U32(1)]).await.unwrap_err();
    assert_eq!(
        error.to_string(),
        "cannot call plugin `x`: the arguments do not fit `sum`: `of` must be a list for the stream, not a u32"
    );
    let error = instance.call("sum", &[Val::List(vec![Val::U32(1)])]).await.unwrap_err();
    assert!(error.to_string().ends_with("`of[0]` must be a u8, not a u32"), "{error}");
    assert!(instance.is_alive());
}

/// More often than there may be streams at once.
#[tokio::test]
async fn no_stream_is_left_behind() {
    let mut instance = instance(Limits::default()).await;
    for _ in 0..1500 {
        assert_eq!(instance.call("same", &[bytes(&[1, 2])]).await.unwrap(), Some(bytes(&[1, 2])));
        assert_eq!(instance.call("same-number", &[Val::U32(8)]).await.unwrap(), Some(Val::U32(8)));
        assert_eq!(instance.call("count", &[Val::U32(4)]).await.unwrap(), Some(bytes(&[1, 2, 3, 4])));
    }
}

#[tokio::test]
async fn what_comes_of_a_future_stands_for_it() {
    let mut instance = instance(Limits::default()).await;
    assert_eq!(instance.call("later", &[Val::U32(7)]).await.unwrap(), Some(Val::U32(7)));
    assert_eq!(instance.call("same-number", &[Val::U32(8)]).await.unwrap(), Some(Val::U32(8)));
}

#[tokio::test]
async fn streams_are_bounded() {
    let mut endless = instance(Limits::default().transfer(100_000)).await;
    let error = endless.call("count", &[Val::U32(u32::MAX)]).await.unwrap_err();
    assert_eq!(error.code(), "PLG0617", "{error:?}");
    assert!(!endless.is_alive());

    let mut silent = instance(Limits::default().deadline(Duration::from_millis(100))).await;
    let error = silent.call("silent", &[]).await.unwrap_err();
    assert_eq!(error.code(), "PLG0606", "{error:?}");
    assert!(!silent.is_alive());
}
