//! `world!`: an application's own contract.

mod support;

use plug_contract::Wit;
use plug_host::{Host, World};
use support::Guest;

plug_host::world! {
    /// What an image filter is.
    pub Filter: "tests/wit/images",
    world = "acme:images/filter",
    derives = [PartialEq],
}

mod by_file {
    // a single file, and another name for the module
    plug_host::world! {
        pub(super) Filter: "tests/wit/images/images.wit",
        world = "filter",
        module = generated,
    }

    #[allow(unused_imports, reason = "that it is there is the point")]
    use generated::exports::acme::images::image_filter::Image;
}

plug_host::world! {
    pub Shop: "tests/wit/images",
    world = "acme:images/shop@1.2.0",
    app = Keeper,
}

use filter::exports::acme::images::image_filter::{FilterError, Image};

/// Serves the shop; each instance has one of its own.
pub struct Keeper {
    plugin: String,
    sold: Vec<String>,
}

impl shop::acme::images::stock::Host for Keeper {
    fn price(&mut self, item: String) -> u32 {
        let price = item.len() as u32;
        self.sold.push(item);
        price
    }

    fn deliver(&mut self, _milliseconds: u32) {}

    fn burn(&mut self) {}
}

impl shop::ShopImports for Keeper {
    fn open(&mut self) -> bool {
        self.plugin == "open"
    }
}

const WIT: &str = include_str!("wit/images/images.wit");

/// Gives the image back, but refuses one without pixels.
fn filter_guest() -> Guest {
    Guest::of(WIT, "filter").item(
        r#"
        (data (i32.const 3072) "no pixels")
        (func (export "acme:images/image-filter@1.2.0#apply")
            (param $width i32) (param $height i32) (param $pixels i32) (param $len i32) (result i32)
            (if (i32.eqz (local.get $len)) (then
                (i32.store8 (i32.const 1024) (i32.const 1))
                (i32.store8 (i32.const 1028) (i32.const 0))
                (i32.store (i32.const 1032) (i32.const 3072))
                (i32.store (i32.const 1036) (i32.const 9))
                (return (i32.const 1024))))
            (i32.store8 (i32.const 1024) (i32.const 0))
            (i32.store (i32.const 1028) (local.get $width))
            (i32.store (i32.const 1032) (local.get $height))
            (i32.store (i32.const 1036) (local.get $pixels))
            (i32.store (i32.const 1040) (local.get $len))
            (i32.const 1024))
        (func (export "cabi_post_acme:images/image-filter@1.2.0#apply") (param i32)
            (global.set $heap (i32.const 4096)))
        "#,
    )
}

#[tokio::test]
async fn bytes_in_bytes_out() -> anyhow::Result<()> {
    let host = Host::<Filter>::builder().build()?;
    let filter = host.load("same", filter_guest().artifact()).await?;
    let image = Image { width: 300, height: 200, pixels: (0..60_000u32).map(|i| i as u8).collect() };

    let answer = filter.call(async |p, store| p.image_filter().call_apply(store, &image).await).await?;
    assert_eq!(answer.unwrap(), image);
    // the long name is bindgen's own
    let answer = filter
        .try_call(async |p, store| p.acme_images_image_filter().call_apply(store, &image).await)
        .await?;
    assert_eq!(answer, image);

    let empty = Image { width: 0, height: 0, pixels: Vec::new() };
    let error =
        filter.try_call(async |p, store| p.image_filter().call_apply(store, &empty).await).await.unwrap_err();
    assert_eq!(error.code(), "PLG0609");
    let said: &FilterError = error.as_guest().unwrap().downcast_ref().unwrap();
    assert_eq!(said, &FilterError::Unsupported("no pixels".into()));
    assert_eq!(filter.info().contract, "acme:images/filter@1.2.0");
    Ok(())
}

#[test]
fn the_embedded_contract_is_that_of_the_folder() {
    let wit = Wit::from_dir("tests/wit/images".as_ref()).unwrap();
    assert_eq!(Filter::contract().hash(), wit.contract(Some("filter")).unwrap().hash());
    assert_eq!(by_file::Filter::contract().hash(), Filter::contract().hash());
    assert_eq!(Filter::contract().id(), "acme:images/filter@1.2.0");
    assert_eq!(Shop::contract().hash(), wit.contract(Some("shop")).unwrap().hash());
    let standard = Wit::standard().contract(Some("plugin")).unwrap();
    assert_eq!(plug_host::Standard::contract().hash(), standard.hash());
}

#[tokio::test]
async fn each_instance_has_its_own_state_of_the_application() -> anyhow::Result<()> {
    let guest = Guest::of(WIT, "shop")
        .import(r#"(import "acme:images/stock@1.2.0" "price" (func $price (param i32 i32) (result i32)))"#)
        .import(r#"(import "$root" "open" (func $open (result i32)))"#)
        .item(
            r#"(func (export "buy") (param $item i32) (param $len i32) (result i32)
                (i32.mul (call $open) (call $price (local.get $item) (local.get $len))))"#,
        );
    let host = Host::<Shop>::builder_with(|plugin| Keeper { plugin: plugin.to_owned(), sold: Vec::new() })
        .build()?;
    let closed = host.load("closed", guest.artifact()).await?;
    assert_eq!(closed.call(async |p, store| p.call_buy(store, "lamp").await).await?, 0);

    let open = host.load("open", guest.artifact()).await?;
    let (price, sold) = open
        .call(async |p, mut store| {
            let price = p.call_buy(&mut store, "lamp").await?;
            Ok((price, store.data().app().sold.clone()))
        })
        .await?;
    assert_eq!((price, sold), (4, vec!["lamp".to_owned()]));

    let mut own = open.plugin().instantiate().await?;
    assert!(own.state().app().sold.is_empty());
    own.state_mut().app_mut().sold.push("chair".to_owned());
    own.call(async |p, store| p.call_buy(store, "desk").await).await?;
    assert_eq!(own.state().app().sold, ["chair", "desk"]);
    Ok(())
}

#[tokio::test]
async fn a_fresh_instance_that_refuses_to_start() -> anyhow::Result<()> {
    // open for the first instance only
    let guest = Guest::of(WIT, "shop")
        .import(r#"(import "$root" "open" (func $open (result i32)))"#)
        .item(r#"(data (i32.const 3072) "closed") (func (export "buy") (param i32 i32) (result i32) unreachable)"#)
        .initialize(
            "(if (result i32) (call $open)
                (then (call $ok))
                (else (call $err (i32.const 3072) (i32.const 6))))",
        );
    let made = std::sync::atomic::AtomicU32::new(0);
    let host = Host::<Shop>::builder_with(move |_| {
        let first = made.fetch_add(1, std::sync::atomic::Ordering::SeqCst) == 0;
        Keeper { plugin: if first { "open" } else { "closed" }.to_owned(), sold: Vec::new() }
    })
    .build()?;
    let shop = host.load("shop", guest.artifact()).await?;
    let error = shop.call(async |p, store| p.call_buy(store, "x").await).await.unwrap_err();
    assert_eq!(error.code(), "PLG0601");
    for _ in 0..2 {
        let error = shop.call(async |p, store| p.call_buy(store, "x").await).await.unwrap_err();
        assert_eq!(error.code(), "PLG0506");
        assert!(error.as_host().unwrap().load_error().is_some());
        assert_eq!(
            support::chain(&error),
            "cannot call plugin `shop`: no fresh instance could be made\nplugin `shop` refused to start: closed"
        );
    }
    assert_eq!(shop.info().failures, 3);
    Ok(())
}
