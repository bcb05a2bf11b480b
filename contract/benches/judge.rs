//! How long a very large contract takes to read and to judge.
//!
//! The target for a world of 20,000 lines is 200 ms, from the text to the report.
#![allow(missing_docs)]

use std::fmt::Write as _;
use std::hint::black_box;

use criterion::{Criterion, criterion_group, criterion_main};
use plug_contract::{Linker, Report, Verdict, Wit, compare};

/// 200 interfaces of 100 lines, half imported and half exported, in two versions that differ in a
/// type that they all use and in one function of each.
fn text(is_new: bool) -> String {
    let extra = if is_new { "alpha: u8, " } else { "" };
    let mut out = format!(
        "package acme:large@1.0.0;\ninterface types {{ record pixel {{ {extra}r: u8, g: u8, b: u8 }} }}\n"
    );
    let mut world = String::new();
    for i in 0..200 {
        writeln!(out, "interface part{i} {{\n  use types.{{pixel}};").unwrap();
        for j in 0..24 {
            let ty = if is_new && j == 0 { "u64" } else { "u32" };
            writeln!(
                out,
                "  record item{j} {{\n    name: string,\n    at: tuple<u32, u32>,\n  }}\n  \
                 put{j}: func(item: item{j}, count: {ty}, p: option<pixel>) -> result<list<item{j}>, string>;"
            )
            .unwrap();
        }
        writeln!(out, "}}").unwrap();
        writeln!(world, "  {} part{i};", if i % 2 == 0 { "import" } else { "export" }).unwrap();
    }
    write!(out, "world large {{\n{world}}}\n").unwrap();
    out
}

fn judge(old: &str, new: &str) -> Report {
    let read = |text: &str| Wit::from_text("large.wit", text).unwrap().contract(None).unwrap();
    compare(&read(old).into(), &read(new).into(), Linker::Wasmtime)
}

fn large(c: &mut Criterion) {
    let (old, new) = (text(false), text(true));
    assert!(old.lines().count() > 20_000);
    assert_eq!(judge(&old, &new).verdict(), Verdict::Breaking);
    let read = |text: &str| Wit::from_text("large.wit", text).unwrap().contract(None).unwrap();
    let (before, after) = (read(&old), read(&new));

    let mut group = c.benchmark_group("20,000 lines");
    group.sample_size(10);
    group.bench_function("two texts to report", |b| b.iter(|| judge(black_box(&old), black_box(&new))));
    group.bench_function("two contracts to report", |b| {
        b.iter(|| compare(&before.clone().into(), &after.clone().into(), Linker::Wasmtime));
    });
    group.finish();
}

criterion_group!(benches, large);
criterion_main!(benches);
