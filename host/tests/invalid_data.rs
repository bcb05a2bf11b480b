//! A plugin that hands over what is no value of its type: that is its fault, not the caller's.

mod support;

use plug_contract::Wit;
use plug_host::wasmtime::component::Val;
use plug_host::{CallError, DynamicOptions, DynamicPlugin, Engine, ProcessRequest, TrapKind};
use support::{Guest, encode, standard_host};

fn what(error: &CallError) -> &str {
    assert_eq!(error.code(), "PLG0619", "{error:?}");
    match error.as_trap().unwrap().kind() {
        TrapKind::InvalidData(what) => what,
        other => panic!("{other:?}"),
    }
}

/// Answers with what is at 1024; the output is at 3072.
fn answers(store: &str) -> Guest {
    Guest::echo()
        .item(r#"(data (i32.const 3072) "\ff\fe")"#)
        .process(&format!("(drop (call $reply (i32.const 3072) (i32.const 0))) {store} (i32.const 1024)"))
}

#[tokio::test]
async fn in_the_result_of_a_typed_call() {
    for (store, expected) in [
        ("(i32.store (i32.const 1028) (i32.const 2))", "invalid utf-8 sequence of 1 bytes from index 0"),
        ("(i32.store (i32.const 1028) (i32.const -1))", "string pointer/length out of bounds of memory"),
        ("(i32.store8 (i32.const 1036) (i32.const 7))", "invalid option discriminant"),
        ("(return (i32.const 1025))", "return pointer not aligned"),
        ("(return (i32.const -4))", "pointer out of bounds of memory"),
    ] {
        let host = standard_host();
        let handle = host.load("x", answers(store).artifact()).await.unwrap();
        let error = handle.process(&ProcessRequest::new("")).await.unwrap_err();
        assert_eq!(what(&error), expected);
        assert_eq!(
            error.to_string(),
            format!("plugin `x` handed over what is no value of its type: {expected}")
        );
    }
}

#[tokio::test]
async fn in_the_result_of_a_lifecycle_function() {
    let guest = Guest::echo().initialize("(i32.store8 (i32.const 256) (i32.const 9)) (i32.const 256)");
    let error = standard_host().load("x", guest.artifact()).await.unwrap_err();
    assert!(matches!(error.as_trap().unwrap().kind(), TrapKind::InvalidData(_)), "{error:?}");
}

#[tokio::test]
async fn to_a_function_of_the_host() {
    for (call, expected) in [
        ("(call $log (i32.const 9) (i32.const 0) (i32.const 0))", "unexpected discriminant: 9"),
        (
            "(call $log (i32.const 1) (i32.const -1) (i32.const 9))",
            "string pointer/length out of bounds of memory",
        ),
        (
            "(call $log (i32.const 1) (i32.const 3072) (i32.const 2))",
            "invalid utf-8 sequence of 1 bytes from index 0",
        ),
    ] {
        let guest = answers(&format!("(drop {call})")).host_api();
        let host = standard_host();
        let handle = host.load("x", guest.artifact()).await.unwrap();
        let error = handle.process(&ProcessRequest::new("")).await.unwrap_err();
        assert_eq!(what(&error), expected);
        assert!(!error.as_trap().unwrap().backtrace().frames().is_empty(), "{error:#}");
    }
}

#[tokio::test]
async fn what_the_application_makes_of_good_data_is_its_own() {
    let host = standard_host();
    let handle = host.load("x", Guest::echo().artifact()).await.unwrap();
    let error = handle
        .call(async |_, _| {
            let decoded = String::from_utf8(vec![0xff]).map_err(|error| error.utf8_error());
            decoded.map_err(|error| plug_host::wasmtime::Error::new(error).context("the sold item's name"))
        })
        .await
        .unwrap_err();
    assert_eq!(error.code(), "PLG0611", "{error:?}");
    let error = handle
        .call(async |_, _| {
            Err::<(), _>(plug_host::wasmtime::Error::msg("discriminant of the equation is negative"))
        })
        .await
        .unwrap_err();
    assert_eq!(error.code(), "PLG0611", "{error:?}");
}

const WIT: &str = "package acme:garbage;
    interface all {
        resource thing { constructor(); }
        enum colour { red, green }
        variant shape { dot, line(u32) }
        text: func() -> string;
        letter: func() -> char;
        many: func() -> list<u32>;
        hue: func() -> colour;
        outline: func() -> shape;
        maybe: func() -> option<u32>;
        answer: func() -> result<u32, u32>;
        make: func() -> thing;
        take: func(bytes: list<u8>);
    }
    world w { export all; }";

/// Each function answers with garbage, and the allocator with an address outside of the memory.
const CORE: &str = r#"(module
    (import "[export]acme:garbage/all" "[resource-new]thing" (func $new (param i32) (result i32)))
    (memory (export "memory") 1)
    (data (i32.const 16) "\20\00\00\00\02\00\00\00")
    (data (i32.const 32) "\ff\ff")
    (data (i32.const 48) "\09\00\00\00\00\00\00\00")
    (data (i32.const 64) "\00\00\ff\ff\00\01\00\00")
    (func (export "cabi_realloc") (param i32 i32 i32 i32) (result i32) (i32.const -8))
    (func (export "acme:garbage/all#[constructor]thing") (result i32) (call $new (i32.const 1)))
    (func (export "acme:garbage/all#text") (result i32) (i32.const 16))
    (func (export "acme:garbage/all#letter") (result i32) (i32.const 0xd800))
    (func (export "acme:garbage/all#many") (result i32) (i32.const 64))
    (func (export "acme:garbage/all#hue") (result i32) (i32.const 9))
    (func (export "acme:garbage/all#outline") (result i32) (i32.const 48))
    (func (export "acme:garbage/all#maybe") (result i32) (i32.const 48))
    (func (export "acme:garbage/all#answer") (result i32) (i32.const 48))
    (func (export "acme:garbage/all#make") (result i32) (i32.const 77))
    (func (export "acme:garbage/all#take") (param i32 i32)))"#;

#[tokio::test]
async fn in_the_result_of_a_call_by_name() {
    let wit = Wit::from_text("garbage.wit", WIT).unwrap();
    let component = encode(&wit, "w", CORE);
    let engine = Engine::new().unwrap();
    let plugin = DynamicPlugin::compile(&engine, "x", component, DynamicOptions::default()).await.unwrap();
    for (function, arguments, expected) in [
        ("text", vec![], "invalid utf-8 sequence of 1 bytes from index 0"),
        ("letter", vec![], "converted integer out of range for `char`"),
        ("many", vec![], "list pointer/length out of bounds of memory"),
        ("hue", vec![], "discriminant 9 out of range [0..2)"),
        ("outline", vec![], "discriminant 9 out of range [0..2)"),
        ("maybe", vec![], "discriminant 9 out of range [0..2)"),
        ("answer", vec![], "discriminant 9 out of range [0..2)"),
        ("make", vec![], "unknown handle index 77"),
        ("take", vec![Val::List(vec![Val::U8(1)])], "realloc return: beyond end of memory"),
    ] {
        let mut instance = plugin.instantiate().await.unwrap();
        let path = format!("acme:garbage/all#{function}");
        let error = instance.call(&path, &arguments).await.unwrap_err();
        assert_eq!(what(&error), expected, "{function}");
        assert!(!instance.is_alive());
    }
}

#[tokio::test]
async fn in_a_handle_that_is_kept() {
    let component = wat::parse_str(
        r#"(component
            (component $maker
                (type $r (resource (rep i32)))
                (core func $new (canon resource.new $r))
                (core module $m
                    (import "" "new" (func $new (param i32) (result i32)))
                    (func (export "make") (result i32) (call $new (i32.const 7))))
                (core instance $i (instantiate $m (with "" (instance (export "new" (func $new))))))
                (export $named "r" (type $r))
                (func (export "make") (result (own $named)) (canon lift (core func $i "make"))))
            (instance $maker (instantiate $maker))
            (alias export $maker "r" (type $r))
            (component $keeper
                (import "r" (type $r (sub resource)))
                (core module $m (func (export "keep") (param i32)))
                (core instance $i (instantiate $m))
                (func (export "keep") (param "what" (borrow $r)) (canon lift (core func $i "keep"))))
            (instance $keeper (instantiate $keeper (with "r" (type $r))))
            (export $named "r" (type $r))
            (export "make" (func $maker "make") (func (result (own $named))))
            (export "keep" (func $keeper "keep") (func (param "what" (borrow $named)))))"#,
    )
    .unwrap();
    let engine = Engine::new().unwrap();
    let plugin = DynamicPlugin::compile(&engine, "x", component, DynamicOptions::default()).await.unwrap();
    let mut instance = plugin.instantiate().await.unwrap();
    let handle = instance.call("make", &[]).await.unwrap().unwrap();
    let error = instance.call("keep", &[handle]).await.unwrap_err();
    assert_eq!(what(&error), "borrow handles still remain at the end of the call");
}
