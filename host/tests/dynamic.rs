//! Any component, by name.

mod support;

use std::time::Duration;

use plug_contract::Wit;
use plug_host::wasmtime::component::{ResourceAny, Type, Val};
use plug_host::{Artifact, DynamicOptions, DynamicPlugin, Engine, Limits};
use support::{EVENTS, Guest, encode, policy};

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
    let options = DynamicOptions::default().config([("key", "value")]).policy(policy(EVENTS));
    let plugin = compiled(guest.artifact(), options).await;
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
    assert_eq!(
        error.to_string(),
        "cannot call plugin `x`: the arguments do not fit `sum`: `b` must be a u32, not a string"
    );
    assert!(instance.is_alive(), "nothing of the plugin has run");

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

/// A counter is the address of its number. Dropping one breaks at 66, never ends at 77, and takes a while
/// at 88.
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
        (func $spin (param $left i32)
            (loop $again
                (local.set $left (i32.sub (local.get $left) (i32.const 1)))
                (br_if $again (local.get $left))))
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
            (if (i32.eq (i32.load (local.get $at)) (i32.const 88)) (then (call $spin (i32.const 20000000))))
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
    assert!(instance.is_alive());
    let mut other = plugin.instantiate().await.unwrap();
    let foreign = other.call("acme:bank/store#[constructor]counter", &[Val::U32(1)]).await.unwrap().unwrap();
    for (handle, told) in [
        (&counter, "`of` is a handle that was given away or dropped, or is of another instance"),
        (&foreign, "`of` must be a handle of another resource"),
        (&seal, "`of` must be a handle of another resource"),
    ] {
        let error = instance.call("acme:bank/store#split", std::slice::from_ref(handle)).await.unwrap_err();
        assert_eq!(error.code(), "PLG0616", "{error}");
        assert!(error.to_string().ends_with(told), "{error}");
        assert!(instance.is_alive());
    }
}

#[tokio::test]
async fn a_handle_is_given_away_once() {
    let wit = Wit::from_text(
        "pairs.wit",
        "package acme:pairs;
         interface all {
             resource r { constructor(); }
             both: func(left: r, right: r);
             mixed: func(lent: borrow<r>, given: r);
             turned: func(given: r, lent: borrow<r>);
             lent: func(left: borrow<r>, right: borrow<r>);
         }
         world w { export all; }",
    )
    .unwrap();
    let core = r#"(module
        (import "[export]acme:pairs/all" "[resource-new]r" (func $new (param i32) (result i32)))
        (memory (export "memory") 1)
        (func (export "acme:pairs/all#[constructor]r") (result i32) (call $new (i32.const 1)))
        (func (export "acme:pairs/all#both") (param i32 i32))
        (func (export "acme:pairs/all#mixed") (param i32 i32))
        (func (export "acme:pairs/all#turned") (param i32 i32))
        (func (export "acme:pairs/all#lent") (param i32 i32)))"#;
    let plugin =
        compiled(Artifact::from_bytes(encode(&wit, "w", core)).unwrap(), DynamicOptions::default()).await;
    let mut instance = plugin.instantiate().await.unwrap();
    let handle = instance.call("acme:pairs/all#[constructor]r", &[]).await.unwrap().unwrap();
    let twice = [handle.clone(), handle.clone()];
    for (function, told) in [
        ("both", "`right` gives away a handle that the call has already"),
        ("mixed", "`given` gives away a handle that the call has already"),
        ("turned", "`lent` is a handle that the call gives away"),
    ] {
        let error = instance.call(&format!("acme:pairs/all#{function}"), &twice).await.unwrap_err();
        assert_eq!(error.code(), "PLG0616");
        assert!(error.to_string().ends_with(told), "{error}");
    }
    instance.call("acme:pairs/all#lent", &twice).await.unwrap();
    let other = instance.call("acme:pairs/all#[constructor]r", &[]).await.unwrap().unwrap();
    instance.call("acme:pairs/all#both", &[handle, other]).await.unwrap();
}

#[tokio::test]
async fn values_are_looked_at_before_the_call() {
    let wit = Wit::from_text(
        "shapes.wit",
        "package acme:shapes;
         interface all {
             record point { x: u32, name: option<string> }
             variant shape { dot, line(u32) }
             enum colour { red, green }
             flags sides { left, right }
             take: func(points: list<point>, shape: shape, colour: colour, sides: sides,
                        pair: tuple<u32, bool>, outcome: result<u32, string>);
         }
         world w { export all; }",
    )
    .unwrap();
    let core = r#"(module
        (memory (export "memory") 1)
        (func (export "cabi_realloc") (param i32 i32 i32 i32) (result i32) (i32.const 1024))
        (func (export "acme:shapes/all#take") (param i32 i32 i32 i32 i32 i32 i32 i32 i32 i32 i32)))"#;
    let component = encode(&wit, "w", core);
    let plugin = DynamicPlugin::compile(&Engine::new().unwrap(), "x", component, DynamicOptions::default())
        .await
        .unwrap();
    let mut instance = plugin.instantiate().await.unwrap();
    let text = |text: &str| Val::String(text.into());
    let some = |value: Val| Val::Option(Some(Box::new(value)));
    let point = |name: Val| Val::Record(vec![("x".into(), Val::U32(1)), ("name".into(), name)]);
    let good = || {
        [
            Val::List(vec![point(Val::Option(None)), point(some(text("a")))]),
            Val::Variant("line".into(), Some(Box::new(Val::U32(1)))),
            Val::Enum("red".into()),
            Val::Flags(vec!["left".into()]),
            Val::Tuple(vec![Val::U32(1), Val::Bool(true)]),
            Val::Result(Ok(Some(Box::new(Val::U32(1))))),
        ]
    };
    for (place, value, told) in [
        (
            0,
            Val::List(vec![point(some(text("a"))), point(some(Val::U32(1)))]),
            "`points[1].name.some` must be a string, not a u32",
        ),
        (
            0,
            Val::List(vec![Val::Record(vec![("x".into(), Val::U32(1))])]),
            "`points[0]` must have 2 fields, not 1",
        ),
        (
            0,
            Val::List(vec![Val::Record(vec![("y".into(), Val::U32(1)), ("name".into(), text("a"))])]),
            "`points[0]` must have the field `x` where it has `y`",
        ),
        (1, Val::Variant("square".into(), None), "`shape` has no case `square`"),
        (1, Val::Variant("line".into(), None), "`shape` must have a value in the case `line`"),
        (
            1,
            Val::Variant("dot".into(), Some(Box::new(Val::U32(1)))),
            "`shape` must have no value in the case `dot`",
        ),
        (1, Val::Variant("line".into(), Some(Box::new(Val::U8(1)))), "`shape.line` must be a u32, not a u8"),
        (2, Val::Enum("blue".into()), "`colour` has no case `blue`"),
        (3, Val::Flags(vec!["left".into(), "up".into()]), "`sides` has no flag `up`"),
        (4, Val::Tuple(vec![Val::U32(1)]), "`pair` must have 2 parts, not 1"),
        (4, Val::Tuple(vec![Val::U32(1), Val::U32(1)]), "`pair.1` must be a bool, not a u32"),
        (5, Val::Result(Err(None)), "`outcome` must have a value in the case `err`"),
        (5, Val::Result(Ok(Some(Box::new(text("a"))))), "`outcome.ok` must be a u32, not a string"),
    ] {
        let mut arguments = good();
        arguments[place] = value;
        let error = instance.call("acme:shapes/all#take", &arguments).await.unwrap_err();
        assert_eq!(
            error.to_string(),
            format!("cannot call plugin `x`: the arguments do not fit `acme:shapes/all#take`: {told}")
        );
        assert!(instance.is_alive());
    }
    instance.call("acme:shapes/all#take", &good()).await.unwrap();
}

#[tokio::test]
async fn several_drops_have_the_time_of_one_call() {
    let limits = Limits::default().deadline(Duration::from_millis(300));
    let plugin = compiled(bank(), DynamicOptions::default().limits(limits)).await;
    let mut instance = plugin.instantiate().await.unwrap();
    let mut made = Vec::new();
    for number in [1, 77, 2, 77] {
        let arguments = [Val::U32(number)];
        let counter = instance.call("acme:bank/store#[constructor]counter", &arguments).await.unwrap();
        made.push(handle(&counter.unwrap()));
    }
    let begin = std::time::Instant::now();
    let error = instance.drop_handles(made.clone()).await.unwrap_err();
    assert!(begin.elapsed() < Duration::from_millis(600), "{:?}", begin.elapsed());
    assert_eq!(error.handle, made[1]);
    assert_eq!(error.error.code(), "PLG0606");

    // Each of these takes a good part of the time, and all of them more than there is.
    let mut instance = plugin.instantiate().await.unwrap();
    let mut made = Vec::new();
    for _ in 0..200 {
        let arguments = [Val::U32(88)];
        let counter = instance.call("acme:bank/store#[constructor]counter", &arguments).await.unwrap();
        made.push(handle(&counter.unwrap()));
    }
    let begin = std::time::Instant::now();
    let error = instance.drop_handles(made).await.unwrap_err();
    assert!(begin.elapsed() < Duration::from_millis(900), "{:?}", begin.elapsed());
    assert_eq!(error.error.code(), "PLG0606");
}

#[tokio::test]
async fn without_time_nothing_begins() {
    let limits = Limits::default().deadline(Duration::ZERO);
    let plugin = compiled(bank(), DynamicOptions::default().limits(limits)).await;
    let error = plugin.instantiate().await.unwrap_err();
    assert_eq!(error.code(), "PLG0505", "{error}");
    assert!(error.as_trap().is_some(), "{error:?}");
}

#[tokio::test]
async fn components_that_wit_cannot_express() {
    let component = wat::parse_str(
        r#"(component
            (core module $m (func (export "one") (result i32) (i32.const 1)))
            (core instance $i (instantiate $m))
            (type $t (record (field "a" u32)))
            (export $named "t" (type $t))
            (func (export "one") (result $named) (canon lift (core func $i "one"))))"#,
    )
    .unwrap();
    assert_eq!(Artifact::from_bytes(component.clone()).unwrap_err().code(), "PLG0211");
    let plugin = DynamicPlugin::compile(&Engine::new().unwrap(), "x", component, DynamicOptions::default())
        .await
        .unwrap();
    let answer = plugin.instantiate().await.unwrap().call("one", &[]).await.unwrap();
    assert_eq!(answer, Some(Val::Record(vec![("a".into(), Val::U32(1))])));
}

#[tokio::test]
async fn an_import_of_another_type_is_named() {
    let wit = "package acme:x@0.1.0;
        world w { include plug:plugin/base@1.0.0; import wasi:cli/environment@0.2.0; }
        package wasi:cli@0.2.0 { interface environment { get-arguments: func() -> u32; } }";
    let guest = Guest::of(wit, "w")
        .import(r#"(import "wasi:cli/environment@0.2.0" "get-arguments" (func (result i32)))"#);
    let error =
        DynamicPlugin::compile(&Engine::new().unwrap(), "x", guest.artifact(), DynamicOptions::default())
            .await
            .unwrap_err();
    assert_eq!(error.code(), "PLG0504");
    assert_eq!(
        error.to_string(),
        "plugin `x` cannot be linked: it imports something else than what this sandbox serves under that name\n  \
         where: `wasi:cli/environment@0.2.0`, in it `get-arguments`\n  \
         help: build it against `plug:plugin@1.0.0` and WASI 0.2 as they are published, or call it in the application that serves this import"
    );
}

#[tokio::test]
async fn many_functions_are_found_at_once() {
    const MANY: usize = 20_000;
    let mut text = String::from(
        r#"(component
            (core module $m (func (export "f") (result i32) (i32.const 1)))
            (core instance $i (instantiate $m))
            (func $f (result u32) (canon lift (core func $i "f")))"#,
    );
    for number in 0..MANY {
        text.push_str(&format!("(export \"f-n{number}\" (func $f))\n"));
    }
    text.push(')');
    let component = wat::parse_str(text).unwrap();
    let plugin = DynamicPlugin::compile(&Engine::new().unwrap(), "x", component, DynamicOptions::default())
        .await
        .unwrap();
    assert_eq!(plugin.functions().len(), MANY);
    let mut instance = plugin.instantiate().await.unwrap();
    let begin = std::time::Instant::now();
    for number in 0..2000 {
        let path = format!("f-n{}", number * 9);
        assert_eq!(instance.call(&path, &[]).await.unwrap(), Some(Val::U32(1)));
    }
    assert!(begin.elapsed() < Duration::from_secs(2), "{:?}", begin.elapsed());
    let error = instance.call("f", &[]).await.unwrap_err().to_string();
    assert!(error.ends_with(", … and 19990 more"), "{error}");
    assert!(error.len() < 300, "{error}");
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
