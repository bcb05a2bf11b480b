//! What is counted, and under which labels.

mod support;

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};

use metrics::{Counter, Gauge, Histogram, Key, KeyName, Metadata, Recorder, SharedString, Unit};
use plug_contract::{Contract, Manifest, Section, Wit};
use plug_host::Artifact;
use support::{Guest, standard_host};

/// Keeps the counters by name and labels.
#[derive(Default)]
struct Counters(Mutex<BTreeMap<String, Arc<AtomicU64>>>);

impl Recorder for Counters {
    fn describe_counter(&self, _: KeyName, _: Option<Unit>, _: SharedString) {}
    fn describe_gauge(&self, _: KeyName, _: Option<Unit>, _: SharedString) {}
    fn describe_histogram(&self, _: KeyName, _: Option<Unit>, _: SharedString) {}

    fn register_counter(&self, key: &Key, _: &Metadata<'_>) -> Counter {
        let labels: Vec<String> =
            key.labels().map(|label| format!("{}={}", label.key(), label.value())).collect();
        let series = format!("{}{{{}}}", key.name(), labels.join(","));
        Counter::from_arc(Arc::clone(self.0.lock().unwrap().entry(series).or_default()))
    }

    fn register_gauge(&self, _: &Key, _: &Metadata<'_>) -> Gauge {
        Gauge::noop()
    }

    fn register_histogram(&self, _: &Key, _: &Metadata<'_>) -> Histogram {
        Histogram::noop()
    }
}

impl Counters {
    fn values(&self) -> Vec<(String, u64)> {
        let counters = self.0.lock().unwrap();
        counters.iter().map(|(series, value)| (series.clone(), value.load(Ordering::Relaxed))).collect()
    }
}

/// A component of another contract.
fn foreign() -> Artifact {
    let wit = "package acme:images@1.2.0;
        interface image-filter { apply: func(pixels: list<u8>) -> list<u8>; }
        world filter { include plug:plugin/base@1.0.0; export image-filter; }";
    Guest::of(wit, "filter")
        .item(r#"(func (export "acme:images/image-filter@1.2.0#apply") (param i32 i32) (result i32) unreachable)"#)
        .artifact()
}

/// The echo, with a section whose hash is another one.
fn forged() -> Artifact {
    let (wit, bytes) = (Wit::standard(), Guest::echo().build());
    let actual = Contract::from_component(&bytes).unwrap();
    let mut section =
        Section::declare(&wit, Some("plugin"), &actual, BTreeMap::new(), Manifest::default()).unwrap();
    section.contract.api = wit.contract(Some("base")).unwrap().hash();
    Artifact::from_bytes(section.embed(&bytes).unwrap()).unwrap()
}

#[tokio::test]
async fn each_attempt_to_load_is_counted_by_its_verdict() {
    let counters = Counters::default();
    let _recording = metrics::set_default_local_recorder(&counters);
    let host = standard_host();
    host.load("one", Guest::echo().artifact()).await.unwrap();
    host.load("two", Guest::echo().artifact()).await.unwrap();
    // refused before anything is judged: no attempt
    host.load("two", Guest::echo().artifact()).await.unwrap_err();
    host.load("three", foreign()).await.unwrap_err();
    host.load("four", forged()).await.unwrap_err();
    let expected = [("breaking", 1), ("compatible", 2), ("undecided", 1)];
    let expected =
        expected.map(|(verdict, times)| (format!("plug_admissions_total{{verdict={verdict}}}"), times));
    assert_eq!(counters.values(), expected);
}
