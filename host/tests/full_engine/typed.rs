//! Plugins that fit their host's contract, and use what only the full engine has within.

use std::time::Duration;

use plug_host::{EngineKind, Host, Limits, ProcessRequest, Standard};

use crate::support::{Guest, standard_host};

plug_host::world! {
    Shop: "tests/wit/images",
    world = "shop",
    app = Keeper,
    imports = { "acme:images/stock.deliver": async },
}

#[derive(Default)]
struct Keeper;

impl shop::acme::images::stock::Host for Keeper {
    fn price(&mut self, item: String) -> u32 {
        item.len() as u32
    }

    async fn deliver(&mut self, milliseconds: u32) {
        tokio::time::sleep(Duration::from_millis(milliseconds.into())).await;
    }

    fn burn(&mut self) {}
}

impl shop::ShopImports for Keeper {
    fn open(&mut self) -> bool {
        true
    }
}

#[tokio::test]
async fn both_kinds_of_plugin_are_on_one_host() {
    let host = standard_host();
    let plain = host.load("plain", Guest::echo().artifact()).await.unwrap();
    assert_eq!(plain.plugin().engine_kind(), EngineKind::Lean);
    let concurrent = host.load("concurrent", Guest::echo().concurrent().artifact()).await.unwrap();
    assert_eq!(concurrent.plugin().engine_kind(), EngineKind::Full);
    for plugin in [&plain, &concurrent, &plain, &concurrent] {
        assert_eq!(plugin.process(&ProcessRequest::new("hello")).await.unwrap().output, "hello");
    }
    // more often than there may be tasks at once
    for _ in 0..3000 {
        concurrent.process(&ProcessRequest::new("hello")).await.unwrap();
    }
    host.shutdown().await.unwrap();
}

#[tokio::test]
async fn a_broken_one_is_replaced() {
    let limits = Limits::default().cpu(Duration::from_millis(50));
    let host = Host::<Standard>::builder().limits(limits).build().unwrap();
    let guest = Guest::echo().concurrent().process(
        "(if (local.get $input_len) (then (loop $spin (br $spin)))) (call $reply (i32.const 0) (i32.const 0))",
    );
    let plugin = host.load("spins", guest.artifact()).await.unwrap();
    for _ in 0..2 {
        let error = plugin.process(&ProcessRequest::new("x")).await.unwrap_err();
        assert_eq!(error.code(), "PLG0605", "{error:?}");
        assert_eq!(plugin.process(&ProcessRequest::new("")).await.unwrap().output, "");
    }
}

#[tokio::test]
async fn it_is_given_what_the_application_serves() {
    let host = Host::<Shop>::builder().build().unwrap();
    let guest = Guest::of(include_str!("../wit/images/images.wit"), "shop")
        .concurrent()
        .import(r#"(import "acme:images/stock@1.2.0" "deliver" (func $deliver (param i32)))"#)
        .import(r#"(import "acme:images/stock@1.2.0" "price" (func $price (param i32 i32) (result i32)))"#)
        .item(
            r#"(func (export "buy") (param $item i32) (param $len i32) (result i32)
                (call $deliver (i32.const 10))
                (call $price (local.get $item) (local.get $len)))"#,
        );
    let plugin = host.load("buyer", guest.artifact()).await.unwrap();
    assert_eq!(plugin.plugin().engine_kind(), EngineKind::Full);
    assert_eq!(plugin.call(async |shop, store| shop.call_buy(store, "four").await).await.unwrap(), 4);
}

/// The host's contract has a plain function there. The linker does not compare that, and the bindings call
/// either.
#[tokio::test]
async fn an_export_that_a_tool_made_async_is_called_all_the_same() {
    let wit = include_str!("../wit/images/images.wit").replace("export buy: func", "export buy: async func");
    let blocking = Guest::of(&wit, "shop")
        .item(r#"(func (export "buy") (param i32) (param $len i32) (result i32) (local.get $len))"#);
    let lifted = Guest::of(&wit, "shop")
        .import(r#"(import "[export]$root" "[task-return]buy" (func $return (param i32)))"#)
        .item(
            r#"(func (export "[async-lift]buy") (param i32) (param $len i32) (result i32)
                (call $return (local.get $len))
                (i32.const 0))
            (func (export "[callback][async-lift]buy") (param i32 i32 i32) (result i32) unreachable)"#,
        );
    let host = Host::<Shop>::builder().build().unwrap();
    for (name, guest) in [("blocking", blocking), ("lifted", lifted)] {
        let plugin = host.load(name, guest.artifact()).await.unwrap();
        assert_eq!(plugin.plugin().engine_kind(), EngineKind::Full);
        for _ in 0..2 {
            assert_eq!(plugin.call(async |shop, store| shop.call_buy(store, "four").await).await.unwrap(), 4);
        }
    }
}
