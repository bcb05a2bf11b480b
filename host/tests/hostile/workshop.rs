//! The places in which plugins are compiled: what takes long keeps its own, and no more.

use std::time::{Duration, Instant};

use plug_host::{Artifact, Engine, Host, LoadLimits};

use crate::bombs::loops;
use crate::guest::echo;
use crate::harness::Hostile;

/// As many compiles that were given up as there are places, and a load that finds none.
#[tokio::test]
async fn whoever_finds_no_place_is_told_so() {
    let limits = LoadLimits::default().compile(Duration::from_millis(200)).wait(Duration::from_millis(200));
    let engine = Engine::builder().load_limits(limits).build().unwrap();
    let host = Host::<Hostile>::builder().engine(engine).build().unwrap();
    let places = std::thread::available_parallelism().map_or(1, usize::from);
    let bomb = Artifact::from_bytes(loops(4_000)).unwrap();
    for place in 0..places {
        let begin = Instant::now();
        let error = host.load(&format!("bomb-{place}"), bomb.clone()).await.unwrap_err();
        assert_eq!(error.code(), "PLG0525", "{error}");
        assert!(!error.is_busy());
        assert!(begin.elapsed() < Duration::from_secs(5), "{:?}", begin.elapsed());
    }
    let begin = Instant::now();
    let error = host.load("echo", echo().artifact()).await.unwrap_err();
    assert_eq!(error.code(), "PLG0526", "{error}");
    assert!(error.is_busy());
    assert_eq!(
        error.to_string(),
        "plugin `echo` cannot be loaded now: others were being compiled in all places for 200ms; try again later, or raise `LoadLimits::wait`"
    );
    assert!(begin.elapsed() < Duration::from_secs(5), "{:?}", begin.elapsed());

    // the places come back when the compiles end
    let begin = Instant::now();
    loop {
        match host.load("echo", echo().artifact()).await {
            Ok(_) => break,
            Err(error) => assert!(error.is_busy() || error.code() == "PLG0525", "{error}"),
        }
        assert!(begin.elapsed() < Duration::from_secs(120), "no place came back");
    }
}

/// A load that its caller gives up leaves nothing behind but a compile that ends.
#[tokio::test]
async fn a_load_may_be_given_up() {
    let host = Host::<Hostile>::builder().build().unwrap();
    let bomb = Artifact::from_bytes(loops(1_000)).unwrap();
    let load = host.load("bomb", bomb);
    assert!(tokio::time::timeout(Duration::from_millis(20), load).await.is_err());
    assert!(host.list().is_empty());
    host.load("echo", echo().artifact()).await.unwrap();
}
