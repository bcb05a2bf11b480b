//! Time: who waits for whom, and for how long.

mod support;

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering::SeqCst};
use std::time::{Duration, Instant};

use plug_host::{Artifact, Host, Limits, ProcessRequest, Standard, TrapKind};
use support::Guest;

plug_host::world! {
    Shop: "tests/wit/images",
    world = "shop",
    app = Keeper,
    imports = { "acme:images/stock.deliver": async, "acme:images/stock.burn": trappable },
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

    fn burn(&mut self) -> plug_host::wasmtime::Result<()> {
        plug_host::wasmtime::bail!("the shop burns")
    }
}

impl shop::ShopImports for Keeper {
    fn open(&mut self) -> bool {
        true
    }
}

/// Delivers for as many milliseconds as its input's length times ten.
fn slow() -> Artifact {
    Guest::of(include_str!("wit/images/images.wit"), "shop")
        .import(r#"(import "acme:images/stock@1.2.0" "deliver" (func $deliver (param i32)))"#)
        .item(
            r#"(func (export "buy") (param $item i32) (param $len i32) (result i32)
                (call $deliver (i32.mul (local.get $len) (i32.const 10)))
                (global.set $heap (i32.const 4096))
                (local.get $len))"#,
        )
        .artifact()
}

fn shop_host(limits: Limits) -> Host<Shop> {
    Host::<Shop>::builder().limits(limits).build().unwrap()
}

/// Spins when its input is not empty.
fn spins() -> Artifact {
    Guest::echo()
        .process("(if (local.get $input_len) (then (loop $spin (br $spin)))) (call $reply (i32.const 0) (i32.const 0))")
        .artifact()
}

#[tokio::test(flavor = "current_thread")]
async fn a_spinning_plugin_does_not_starve_others() {
    let host = Host::<Standard>::builder()
        .limits(Limits::default().cpu(Duration::from_millis(300)))
        .build()
        .unwrap();
    let spinner = host.load("spinner", spins()).await.unwrap();
    let echo = host.load("echo", Guest::echo().artifact()).await.unwrap();

    let served = Arc::new(AtomicU32::new(0));
    let counted = Arc::clone(&served);
    let spinning = tokio::spawn(async move { spinner.process(&ProcessRequest::new("x")).await });
    let serving = tokio::spawn(async move {
        loop {
            echo.process(&ProcessRequest::new("y")).await.unwrap();
            counted.fetch_add(1, SeqCst);
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
    });
    let error = spinning.await.unwrap().unwrap_err();
    serving.abort();
    assert_eq!(error.code(), "PLG0605");
    // the one thread was shared: calls and timers went on all the while
    let served = served.load(SeqCst);
    assert!(served >= 10, "{served} calls while the other plugin was spinning");
}

#[tokio::test]
async fn the_deadline_covers_functions_of_the_host() {
    let limit = Duration::from_millis(400);
    let host = shop_host(Limits::default().deadline(limit));
    let shop = host.load("shop", slow()).await.unwrap();
    assert_eq!(shop.call(async |p, store| p.call_buy(store, "x").await).await.unwrap(), 1);

    let begin = Instant::now();
    let long = "x".repeat(1000);
    let error = shop.call(async |p, store| p.call_buy(store, &long).await).await.unwrap_err();
    assert!(begin.elapsed() < Duration::from_secs(5));
    assert!(error.is_deadline());
    assert_eq!(error.code(), "PLG0606");
    assert_eq!(error.as_trap().unwrap().kind(), &TrapKind::Deadline { limit });
    assert_eq!(
        error.to_string(),
        "plugin `shop` was stopped: the call took longer than the 400ms that it may"
    );

    assert_eq!(shop.call(async |p, store| p.call_buy(store, "xy").await).await.unwrap(), 2);
}

#[tokio::test]
async fn the_deadline_covers_computing() {
    let limit = Duration::from_millis(400);
    let host = Host::<Standard>::builder().limits(Limits::default().deadline(limit)).build().unwrap();
    let spinner = host.load("spinner", spins()).await.unwrap();
    let error = spinner.process(&ProcessRequest::new("x")).await.unwrap_err();
    assert_eq!(error.code(), "PLG0606");
    assert!(spinner.process(&ProcessRequest::new("")).await.is_ok());
}

#[tokio::test]
async fn sleeping_in_the_host_costs_no_cpu_time() {
    let host = shop_host(Limits::default().cpu(Duration::from_millis(20)));
    let shop = host.load("shop", slow()).await.unwrap();
    let begin = Instant::now();
    assert_eq!(shop.call(async |p, store| p.call_buy(store, "xxxxxxxxxx").await).await.unwrap(), 10);
    assert!(begin.elapsed() >= Duration::from_millis(100));
}

#[tokio::test]
async fn calls_take_turns_and_the_deadline_covers_waiting() {
    let host = shop_host(Limits::default().deadline(Duration::from_secs(1)));
    let shop = host.load("shop", slow()).await.unwrap();
    let call = |len: usize| {
        let shop = shop.clone();
        async move {
            let item = "x".repeat(len);
            shop.call(async |p, store| p.call_buy(store, &item).await).await
        }
    };
    // 700 ms each: the second one's turn comes late, the third one's too late
    let (first, second, third) = tokio::join!(call(70), call(70), call(1));
    assert_eq!(first.unwrap(), 70);
    assert!(second.unwrap_err().is_deadline());
    let third = third.unwrap_err();
    assert!(third.is_busy() && third.is_retryable() && !third.is_deadline(), "{third}");
    assert_eq!(third.code(), "PLG0610");
    assert_eq!(call(1).await.unwrap(), 1);
}

#[tokio::test]
async fn the_queue_is_bounded() {
    let host = shop_host(Limits::default().queue(2));
    let shop = host.load("shop", slow()).await.unwrap();
    let call = async || shop.call(async |p, store| p.call_buy(store, "xxxx").await).await;
    let (a, b, c, d) = tokio::join!(call(), call(), call(), call());
    assert!(a.is_ok() && b.is_ok() && c.is_ok());
    let error = d.unwrap_err();
    assert!(error.is_busy() && error.is_retryable());
    assert!(error.to_string().contains("2 calls wait already"), "{error}");
}

#[tokio::test]
async fn a_call_whose_future_is_dropped() {
    let host = shop_host(Limits::default());
    let shop = host.load("shop", slow()).await.unwrap();
    let long = "x".repeat(1000);
    let abandoned = shop.call(async |p, store| p.call_buy(store, &long).await);
    assert!(tokio::time::timeout(Duration::from_millis(20), abandoned).await.is_err());
    // the next one has a fresh instance, at once
    let begin = Instant::now();
    assert_eq!(shop.call(async |p, store| p.call_buy(store, "x").await).await.unwrap(), 1);
    assert!(begin.elapsed() < Duration::from_secs(5));

    // an instance of one's own is dead
    let mut instance = shop.plugin().instantiate().await.unwrap();
    let abandoned = instance.call(async |p, store| p.call_buy(store, &long).await);
    assert!(tokio::time::timeout(Duration::from_millis(20), abandoned).await.is_err());
    assert!(!instance.is_alive());
    let error = instance.call(async |p, store| p.call_buy(store, "x").await).await.unwrap_err();
    assert_eq!(error.code(), "PLG0613");
}

#[tokio::test]
async fn unloading_waits_for_the_call_that_runs_and_for_no_other() {
    let host = shop_host(Limits::default());
    let shop = host.load("shop", slow()).await.unwrap();
    let call = || {
        let shop = shop.clone();
        tokio::spawn(async move {
            let item = "x".repeat(10);
            shop.call(async |p, store| p.call_buy(store, &item).await).await
        })
    };
    let (running, waiting) = (call(), call());
    tokio::time::sleep(Duration::from_millis(30)).await;
    host.unload("shop").await.unwrap();
    assert!(running.is_finished(), "unload returned before the call did");
    assert_eq!(running.await.unwrap().unwrap(), 10);
    assert_eq!(waiting.await.unwrap().unwrap_err().code(), "PLG0612");
}

#[tokio::test]
async fn a_function_of_the_host_that_fails() {
    let guest = Guest::of(include_str!("wit/images/images.wit"), "shop")
        .import(r#"(import "acme:images/stock@1.2.0" "burn" (func $burn))"#)
        .item(
            r#"(func (export "buy") (param i32 i32) (result i32)
                (if (local.get 1) (then (call $burn)))
                (global.set $heap (i32.const 4096))
                (i32.const 7))"#,
        );
    let host = shop_host(Limits::default());
    let shop = host.load("shop", guest.artifact()).await.unwrap();
    let error = shop.call(async |p, store| p.call_buy(store, "x").await).await.unwrap_err();
    assert_eq!(error.code(), "PLG0611");
    assert!(error.as_host().is_some());
    assert_eq!(
        support::chain(&error),
        "cannot call plugin `shop`: a function of the host that it called failed\nthe shop burns"
    );
    assert_eq!(shop.call(async |p, store| p.call_buy(store, "").await).await.unwrap(), 7);
}
