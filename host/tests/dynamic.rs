//! Any component, by name.

mod support;

use std::time::Duration;

use plug_contract::Wit;
use plug_host::wasmtime::component::{ResourceAny, Type, Val};
use plug_host::{Artifact, DynamicOptions, DynamicPlugin, Engine, Limits};
use support::{Guest, encode};

const PROCESS: &str = "plug:plugin/processor@1.0.0#process";

async fn compiled(artifact: Artifact, options: DynamicOptions) -> DynamicPlugin {
    DynamicPlugin::compile(&Engine::new().unwrap(), "x", artifact, options).await.unwrap()
}

fn request(input: &str) -> Val {
    Val::Record(vec![("input".into(), Val::String(input.into())), ("options".into(), Val::List(Vec::new()))])
}

#[tokio::test]
async fn a_plugin_of_the_standard_world() {
    let guest = Guest::echo()
        .host_api()
        .item(r#"(data (i32.const 3072) "endkey")"#)
        .initialize("(call $ok)")
        .process(
            "(drop (call $get_config (i32.const 3075) (i32.const 3)))
             (call $reply (i32.load (i32.const 2052)) (i32.load (i32.const 2056)))",
        )
        .shutdown(
            "(drop (call $emit (i32.const 3072) (i32.const 3) (i32.const 3072) (i32.const 0)))
             (call $ok)",
        );
    let plugin = compiled(guest.artifact(), DynamicOptions::default().config([("key", "value")])).await;
    assert_eq!(plugin.name(), "x");
    assert!(plugin.has_lifecycle());
    assert!(plugin.compile_time() > Duration::ZERO);
    let paths: Vec<_> = plugin.functions().iter().map(|function| function.path()).collect();
    assert_eq!(
        paths,
        [
            "plug:plugin/lifecycle@1.0.0#get-metadata",
            "plug:plugin/lifecycle@1.0.0#initialize",
            "plug:plugin/lifecycle@1.0.0#shutdown",
            PROCESS,
        ]
    );
    let process = &plugin.functions()[3];
    assert_eq!(process.interface.as_deref(), Some("plug:plugin/processor@1.0.0"));
    assert_eq!(process.name, "process");
    assert_eq!(process.params.len(), 1);
    assert_eq!(process.params[0].0, "req");
    assert!(matches!(process.params[0].1, Type::Record(_)));
    assert!(matches!(process.result, Some(Type::Record(_))));

    let mut events = plugin.events();
    let mut instance = plugin.instantiate().await.unwrap();
    assert!(instance.start_time() > Duration::ZERO);
    let answer = instance.call(PROCESS, &[request("")]).await.unwrap().unwrap();
    let Val::Record(fields) = answer else { panic!("{answer:?}") };
    assert_eq!(fields[0], ("output".into(), Val::String("value".into())));
    assert!(instance.is_alive());
    instance.shutdown().await.unwrap();
    assert_eq!(&*events.try_next().unwrap().event_type, "end");
}

#[tokio::test]
async fn a_component_that_is_no_plugin_of_ours() {
    let wit = Wit::from_text(
        "sum.wit",
        "package acme:sum;
         interface more { half: func(n: u32) -> u32; nothing: func(); }
         world w { export sum: func(a: u32, b: u32) -> u32; export more; export break: func(); }",
    )
    .unwrap();
    let core = r#"(module
        (func (export "sum") (param i32 i32) (result i32) (i32.add (local.get 0) (local.get 1)))
        (func (export "break") unreachable)
        (func (export "acme:sum/more#half") (param i32) (result i32) (i32.shr_u (local.get 0) (i32.const 1)))
        (func (export "acme:sum/more#nothing")))"#;
    let artifact = Artifact::from_bytes(encode(&wit, "w", core)).unwrap();
    let plugin = compiled(artifact, DynamicOptions::default()).await;
    assert!(!plugin.has_lifecycle());
    let mut instance = plugin.instantiate().await.unwrap();
    assert_eq!(instance.call("sum", &[Val::U32(2), Val::U32(3)]).await.unwrap(), Some(Val::U32(5)));
    assert_eq!(instance.call("acme:sum/more#half", &[Val::U32(8)]).await.unwrap(), Some(Val::U32(4)));
    assert_eq!(instance.call("acme:sum/more#nothing", &[]).await.unwrap(), None);

    let error = instance.call("add", &[]).await.unwrap_err();
    assert_eq!(error.code(), "PLG0615");
    assert_eq!(
        error.to_string(),
        "cannot call plugin `x`: it has no function `add`; there are `break`, `sum`, `acme:sum/more#half`, `acme:sum/more#nothing`"
    );
    let error = instance.call("sum", &[Val::U32(2)]).await.unwrap_err();
    assert_eq!(error.code(), "PLG0616");
    assert_eq!(
        error.to_string(),
        "cannot call plugin `x`: the arguments do not fit `sum`: it takes 2, not 1"
    );
    let error = instance.call("sum", &[Val::U32(2), Val::String("3".into())]).await.unwrap_err();
    assert_eq!(error.code(), "PLG0616", "{error:?}");

    let mut instance = plugin.instantiate().await.unwrap();
    let error = instance.call("break", &[]).await.unwrap_err();
    assert_eq!(error.code(), "PLG0601");
    assert_eq!(instance.call("sum", &[Val::U32(2), Val::U32(3)]).await.unwrap_err().code(), "PLG0613");
    assert!(!instance.is_alive());
    assert_eq!(instance.memory(), 0);
    plugin.instantiate().await.unwrap().shutdown().await.unwrap();
}

#[tokio::test]
async fn imports_that_nobody_serves() {
    let wit = "package acme:x@0.1.0;
        interface stock { price: func() -> u32; }
        world w { include plug:plugin/base@1.0.0; import stock; import now: func() -> u64; }";
    let guest = Guest::of(wit, "w")
        .import(r#"(import "acme:x/stock@0.1.0" "price" (func (result i32)))"#)
        .import(r#"(import "$root" "now" (func (result i64)))"#)
        .host_api();
    let error =
        DynamicPlugin::compile(&Engine::new().unwrap(), "x", guest.artifact(), DynamicOptions::default())
            .await
            .unwrap_err();
    assert_eq!(error.code(), "PLG0511");
    assert_eq!(
        error.to_string(),
        "plugin `x` imports what this sandbox does not serve: acme:x/stock@0.1.0, now"
    );
}

#[tokio::test]
async fn the_limits_are_on() {
    let limits = Limits::default().cpu(Duration::from_millis(20)).memory(1 << 20);
    let options = DynamicOptions::default().limits(limits);
    let plugin =
        compiled(Guest::echo().process("(loop (br 0)) (i32.const 0)").artifact(), options.clone()).await;
    let error = plugin.instantiate().await.unwrap().call(PROCESS, &[request("")]).await.unwrap_err();
    assert!(error.is_deadline());

    let plugin = compiled(Guest::echo().memory("17").artifact(), options.clone()).await;
    let error = plugin.instantiate().await.unwrap_err();
    assert_eq!(error.code(), "PLG0505");

    let refuses = Guest::echo().initialize("(call $err (i32.const 512) (i32.const 4))");
    let error = compiled(refuses.artifact(), options).await.instantiate().await.unwrap_err();
    assert_eq!(error.to_string(), "plugin `x` refused to start: echo");
}

/// A counter is the address of its number. Dropping one breaks at 66, and never ends at 77.
fn bank() -> Artifact {
    let wit = Wit::from_text(
        "bank.wit",
        "package acme:bank;
         interface store {
             resource counter {
                 constructor(start: u32);
                 add: func(n: u32) -> u32;
                 sum: static func(counters: list<borrow<counter>>) -> u32;
             }
             record pair { left: counter, right: option<counter> }
             split: func(of: counter) -> pair;
             dropped: func() -> u32;
         }
         interface seals {
             use store.{counter as tally};
             resource seal { constructor(of: borrow<tally>); }
         }
         world w { export store; export seals; }",
    )
    .unwrap();
    let core = r#"(module
        (import "[export]acme:bank/store" "[resource-new]counter" (func $new (param i32) (result i32)))
        (import "[export]acme:bank/store" "[resource-rep]counter" (func $rep (param i32) (result i32)))
        (import "[export]acme:bank/seals" "[resource-new]seal" (func $seal (param i32) (result i32)))
        (memory (export "memory") 1)
        (global $free (mut i32) (i32.const 1024))
        (global $dropped (mut i32) (i32.const 0))
        (func $alloc (export "cabi_realloc") (param i32 i32 i32 i32) (result i32)
            (global.get $free)
            (global.set $free (i32.add (global.get $free) (i32.and (i32.add (local.get 3) (i32.const 7)) (i32.const -8)))))
        (func $counter (export "acme:bank/store#[constructor]counter") (param $start i32) (result i32)
            (local $at i32)
            (local.set $at (call $alloc (i32.const 0) (i32.const 0) (i32.const 4) (i32.const 4)))
            (i32.store (local.get $at) (local.get $start))
            (call $new (local.get $at)))
        (func (export "acme:bank/store#[method]counter.add") (param $at i32) (param $n i32) (result i32)
            (i32.store (local.get $at) (i32.add (i32.load (local.get $at)) (local.get $n)))
            (i32.load (local.get $at)))
        (func (export "acme:bank/store#[static]counter.sum") (param $at i32) (param $left i32) (result i32)
            (local $sum i32)
            (block $end (loop $next
                (br_if $end (i32.eqz (local.get $left)))
                (local.set $sum (i32.add (local.get $sum) (i32.load (i32.load (local.get $at)))))
                (local.set $at (i32.add (local.get $at) (i32.const 4)))
                (local.set $left (i32.sub (local.get $left) (i32.const 1)))
                (br $next)))
            (local.get $sum))
        (func (export "acme:bank/store#split") (param $of i32) (result i32)
            (local $half i32)
            (local.set $half (i32.shr_u (i32.load (call $rep (local.get $of))) (i32.const 1)))
            (i32.store (call $rep (local.get $of)) (local.get $half))
            (i32.store (i32.const 16) (local.get $of))
            (i32.store (i32.const 20) (i32.const 1))
            (i32.store (i32.const 24) (call $counter (local.get $half)))
            (i32.const 16))
        (func (export "acme:bank/store#dropped") (result i32) (global.get $dropped))
        (func (export "acme:bank/store#[dtor]counter") (param $at i32)
            (if (i32.eq (i32.load (local.get $at)) (i32.const 66)) (then unreachable))
            (if (i32.eq (i32.load (local.get $at)) (i32.const 77)) (then (loop (br 0))))
            (global.set $dropped (i32.add (global.get $dropped) (i32.const 1))))
        (func (export "acme:bank/seals#[constructor]seal") (param $at i32) (result i32)
            (call $seal (local.get $at))))"#;
    Artifact::from_bytes(encode(&wit, "w", core)).unwrap()
}

fn handle(value: &Val) -> ResourceAny {
    let Val::Resource(handle) = value else { panic!("{value:?}") };
    *handle
}

#[tokio::test]
async fn functions_of_resources_and_their_handles() {
    let plugin = compiled(bank(), DynamicOptions::default()).await;
    let resources: Vec<_> = plugin.resources().iter().map(|resource| resource.path()).collect();
    assert_eq!(resources, ["acme:bank/store#counter", "acme:bank/seals#seal"]);
    assert!(plugin.resources().iter().all(|resource| !resource.is_imported));
    let seal = plugin.functions().iter().find(|f| f.name == "[constructor]seal").unwrap();
    let Type::Borrow(ty) = seal.params[0].1 else { panic!("{seal:?}") };
    assert_eq!(plugin.resource(ty).unwrap().name, "counter", "under the name that it was given first");

    let mut instance = plugin.instantiate().await.unwrap();
    let mut call = async |function: &str, arguments: &[Val]| {
        instance.call(&format!("acme:bank/{function}"), arguments).await.unwrap()
    };
    let counter = call("store#[constructor]counter", &[Val::U32(20)]).await.unwrap();
    let add = "store#[method]counter.add";
    assert_eq!(call(add, &[counter.clone(), Val::U32(1)]).await, Some(Val::U32(21)));
    let Some(Val::Record(pair)) = call("store#split", std::slice::from_ref(&counter)).await else { panic!() };
    let left = pair[0].1.clone();
    let Val::Option(Some(right)) = &pair[1].1 else { panic!("{pair:?}") };
    let both = Val::List(vec![left.clone(), (**right).clone()]);
    assert_eq!(call("store#[static]counter.sum", &[both]).await, Some(Val::U32(20)));
    let seal = call("seals#[constructor]seal", std::slice::from_ref(&left)).await.unwrap();

    assert_eq!(instance.resource(handle(&seal)).unwrap().path(), "acme:bank/seals#seal");
    assert_eq!(instance.resource(handle(&left)).unwrap().path(), "acme:bank/store#counter");
    for value in [&seal, &left, right] {
        instance.drop_handle(handle(value)).await.unwrap();
    }
    assert_eq!(instance.call("acme:bank/store#dropped", &[]).await.unwrap(), Some(Val::U32(2)));

    let error = instance.drop_handle(handle(&counter)).await.unwrap_err();
    assert_eq!(error.code(), "PLG0616", "what was given away cannot be dropped: {error}");
    let mut instance = plugin.instantiate().await.unwrap();
    let error = instance.call("acme:bank/store#split", &[seal]).await.unwrap_err();
    assert_eq!(error.code(), "PLG0616", "a handle of another instance: {error}");
}

#[tokio::test]
async fn a_destructor_is_guarded_as_calls_are() {
    let limits = Limits::default().deadline(Duration::from_millis(200));
    let plugin = compiled(bank(), DynamicOptions::default().limits(limits)).await;
    for (number, code) in [(66, "PLG0601"), (77, "PLG0606")] {
        let mut instance = plugin.instantiate().await.unwrap();
        let arguments = [Val::U32(number)];
        let counter = instance.call("acme:bank/store#[constructor]counter", &arguments).await.unwrap();
        let error = instance.drop_handle(handle(&counter.unwrap())).await.unwrap_err();
        assert_eq!(error.code(), code, "{error}");
        assert!(!instance.is_alive());
        assert_eq!(instance.call("acme:bank/store#dropped", &[]).await.unwrap_err().code(), "PLG0613");
    }
}

#[tokio::test]
async fn a_resource_that_is_imported() {
    let wit = Wit::from_text(
        "waits.wit",
        "package acme:waits;
         world w { import wasi:io/poll@0.2.6; use wasi:io/poll@0.2.6.{pollable}; export wait: func(on: borrow<pollable>); }
         package wasi:io@0.2.6 { interface poll { resource pollable { block: func(); } } }",
    )
    .unwrap();
    let core = r#"(module
        (import "wasi:io/poll@0.2.6" "[resource-drop]pollable" (func $drop (param i32)))
        (memory (export "memory") 1)
        (func (export "wait") (param i32) (call $drop (local.get 0))))"#;
    let plugin =
        compiled(Artifact::from_bytes(encode(&wit, "w", core)).unwrap(), DynamicOptions::default()).await;
    let Type::Borrow(ty) = plugin.functions()[0].params[0].1 else { panic!("{:?}", plugin.functions()) };
    let resource = plugin.resource(ty).unwrap();
    assert_eq!(resource.path(), "wasi:io/poll@0.2.6#pollable");
    assert!(resource.is_imported);
}
