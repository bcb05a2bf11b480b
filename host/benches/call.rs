//! What our `call` costs, beside wasmtime's own bindings in the same process.
//!
//! `cargo bench -p plug-host`: the ratio at the end is what counts, it travels between machines.

#![allow(clippy::print_stdout, missing_docs, reason = "a bench prints")]

use std::hint::black_box;
use std::time::{Duration, Instant};

use criterion::Criterion;
use plug_host::wasmtime::component::{Component, HasSelf, Linker};
use plug_host::wasmtime::{Config, Engine, Store};
use plug_host::{Artifact, Host, ProcessRequest, Standard};
use tokio::runtime::Runtime;

#[allow(dead_code, unreachable_pub, reason = "it is written for many tests")]
#[path = "../tests/support/guest.rs"]
mod guest;

/// The floor: wasmtime's bindings, nothing guarded, nothing counted.
mod raw {
    plug_host::wasmtime::component::bindgen!({
        path: "../wit",
        world: "plugin",
        wasmtime_crate: plug_host::wasmtime,
        exports: { default: async },
    });
}

struct Silent;

impl raw::plug::plugin::host_api::Host for Silent {
    fn log_message(&mut self, _: raw::plug::plugin::host_api::Level, _: String) -> Result<(), String> {
        Ok(())
    }

    fn get_config(&mut self, _: String) -> Option<String> {
        None
    }

    fn emit_event(&mut self, _: String, _: String) -> Result<(), String> {
        Ok(())
    }
}

type RawRequest = raw::exports::plug::plugin::processor::ProcessRequest;

fn raw_instance(runtime: &Runtime, component: &[u8]) -> (Store<Silent>, raw::Plugin) {
    let mut config = Config::new();
    config.concurrency_support(false);
    let engine = Engine::new(&config).unwrap();
    let component = Component::from_binary(&engine, component).unwrap();
    let mut linker = Linker::new(&engine);
    raw::plug::plugin::host_api::add_to_linker::<_, HasSelf<Silent>>(&mut linker, |state| state).unwrap();
    let mut store = Store::new(&engine, Silent);
    let plugin = runtime.block_on(raw::Plugin::instantiate_async(&mut store, &component, &linker)).unwrap();
    (store, plugin)
}

/// The least time of one call over many batches: what is left when nothing disturbs.
fn least(mut batch: impl FnMut(u32) -> Duration) -> f64 {
    const CALLS: u32 = 2000;
    batch(CALLS);
    let least = (0..40).map(|_| batch(CALLS)).min().unwrap();
    least.as_secs_f64() * 1e9 / f64::from(CALLS)
}

fn main() {
    let mut criterion = Criterion::default().configure_from_args();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let component = guest::Guest::echo().build();
    let (mut store, raw) = raw_instance(&runtime, &component);
    let host = Host::<Standard>::builder().build().unwrap();
    let artifact = Artifact::from_bytes(component).unwrap();
    let ours = runtime.block_on(host.load("echo", artifact)).unwrap();

    let input = "sixteen bytes!!!";
    let request = RawRequest { input: input.to_owned(), options: Vec::new() };
    let our_request = ProcessRequest::new(input);

    let mut raw_batch = |calls: u32| {
        runtime.block_on(async {
            let begin = Instant::now();
            for _ in 0..calls {
                let answer = raw.plug_plugin_processor().call_process(&mut store, &request).await.unwrap();
                black_box(answer);
            }
            begin.elapsed()
        })
    };
    let our_batch = |calls: u32| {
        runtime.block_on(async {
            let begin = Instant::now();
            for _ in 0..calls {
                black_box(ours.process(&our_request).await.unwrap());
            }
            begin.elapsed()
        })
    };

    let mut group = criterion.benchmark_group("echo of 16 bytes");
    group.bench_function("wasmtime's bindings", |b| {
        b.iter_custom(|n| raw_batch(u32::try_from(n).unwrap_or(u32::MAX)));
    });
    group.bench_function("plug-host", |b| b.iter_custom(|n| our_batch(u32::try_from(n).unwrap_or(u32::MAX))));
    group.finish();

    let (floor, ours) = (least(&mut raw_batch), least(our_batch));
    println!(
        "one call: {floor:.0} ns by wasmtime's bindings, {ours:.0} ns by plug-host: {:.2} times",
        ours / floor
    );
    criterion.final_summary();
}
