//! How long reading, hashing and judging a large real contract takes.
//!
//! The target of the whole way from a component's bytes to the hash is 5 ms.
#![allow(missing_docs)]

use std::path::Path;

use criterion::{Criterion, criterion_group, criterion_main};
use plug_contract::{Contract, Wit, judge};

#[path = "../tests/support/mod.rs"]
mod support;

fn wasi_http_proxy(c: &mut Criterion) {
    let dir = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/wit/wasi-http");
    let wit = Wit::from_dir(&dir).unwrap();
    let bytes = support::component(&wit, "wasi:http/proxy");
    let contract = wit.contract(Some("wasi:http/proxy")).unwrap();
    let actual = Contract::from_component(&bytes).unwrap();
    assert_eq!(contract.hash(), actual.hash());

    let mut group = c.benchmark_group("wasi-http-proxy");
    group
        .bench_function("component to hash", |b| b.iter(|| Contract::from_component(&bytes).unwrap().hash()));
    group.bench_function("folder to hash", |b| {
        b.iter(|| Wit::from_dir(&dir).unwrap().contract(Some("wasi:http/proxy")).unwrap().hash());
    });
    group.bench_function("judge", |b| b.iter(|| judge(&contract, &actual).verdict()));
    group.finish();
}

criterion_group!(benches, wasi_http_proxy);
criterion_main!(benches);
