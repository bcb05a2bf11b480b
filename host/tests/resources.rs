//! Resources in an application's own contract: lent by the application, and made by the plugin.

mod support;

use plug_host::wasmtime::component::{Resource, ResourceTable};
use plug_host::{Host, Limits};
use support::Guest;

plug_host::world! {
    Store: "tests/wit/images",
    world = "store",
    app = Shelves,
    with = { "acme:images/shelves.shelf": crate::Shelf },
    imports = { default: trappable },
}

/// What the plugin holds a handle of.
pub struct Shelf {
    size: u32,
}

#[derive(Default)]
struct Shelves {
    table: ResourceTable,
    returned: u32,
}

impl store::acme::images::shelves::Host for Shelves {}

impl store::acme::images::shelves::HostShelf for Shelves {
    fn new(&mut self, size: u32) -> plug_host::wasmtime::Result<Resource<Shelf>> {
        Ok(self.table.push(Shelf { size })?)
    }

    fn free(&mut self, shelf: Resource<Shelf>) -> plug_host::wasmtime::Result<u32> {
        Ok(self.table.get(&shelf)?.size)
    }

    fn drop(&mut self, shelf: Resource<Shelf>) -> plug_host::wasmtime::Result<()> {
        self.table.delete(shelf)?;
        self.returned += 1;
        Ok(())
    }
}

fn guest() -> Guest {
    Guest::of(include_str!("wit/images/images.wit"), "store")
        .import(
            r#"
            (import "acme:images/shelves@1.2.0" "[constructor]shelf" (func $shelf (param i32) (result i32)))
            (import "acme:images/shelves@1.2.0" "[method]shelf.free" (func $free (param i32) (result i32)))
            (import "acme:images/shelves@1.2.0" "[resource-drop]shelf" (func $return (param i32)))
            (import "[export]acme:images/counters@1.2.0" "[resource-new]counter" (func $new (param i32) (result i32)))
            "#,
        )
        .item(
            r#"
            ;; a counter is the address of its number
            (func (export "acme:images/counters@1.2.0#[constructor]counter") (param $start i32) (result i32)
                (local $at i32)
                (local.set $at (call $alloc (i32.const 0) (i32.const 0) (i32.const 4) (i32.const 4)))
                (i32.store (local.get $at) (local.get $start))
                (call $new (local.get $at)))
            (func (export "acme:images/counters@1.2.0#[method]counter.next") (param $at i32) (result i32)
                (i32.store (local.get $at) (i32.add (i32.load (local.get $at)) (i32.const 1)))
                (i32.load (local.get $at)))
            (func (export "acme:images/counters@1.2.0#free-on") (param $size i32) (result i32)
                (local $mine i32) (local $free i32)
                (local.set $mine (call $shelf (local.get $size)))
                (local.set $free (call $free (local.get $mine)))
                (call $return (local.get $mine))
                (local.get $free))
            "#,
        )
}

#[tokio::test]
async fn a_resource_that_the_plugin_makes() -> anyhow::Result<()> {
    let host = Host::<Store>::builder().limits(Limits::default().handles(10)).build()?;
    let store = host.load("store", guest().artifact()).await?;
    // many in turn, since each is given back
    for start in 0..50 {
        let numbers = store
            .call(async |p, mut store| {
                let counter = p.counters().counter();
                let mine = counter.call_constructor(&mut store, start).await?;
                let first = counter.call_next(&mut store, mine).await?;
                let second = counter.call_next(&mut store, mine).await?;
                mine.resource_drop_async(&mut store).await?;
                Ok([first, second])
            })
            .await?;
        assert_eq!(numbers, [start + 1, start + 2]);
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_resource_that_the_application_lends() -> anyhow::Result<()> {
    let host = Host::<Store>::builder().build()?;
    let store = host.load("store", guest().artifact()).await?;
    let spawned = tokio::spawn(async move {
        let size = 7;
        store
            .try_call(async |p, mut store| {
                let free = p.counters().call_free_on(&mut store, size).await?;
                Ok(Ok::<_, String>((free, store.data().app().returned)))
            })
            .await
    });
    assert_eq!(spawned.await??, (7, 1));
    Ok(())
}
