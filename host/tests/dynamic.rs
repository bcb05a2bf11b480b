//! Any component, by name.

mod support;

use std::time::Duration;

use plug_contract::Wit;
use plug_host::wasmtime::component::{Type, Val};
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
