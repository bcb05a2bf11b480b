//! `clocks`: real, coarse, or frozen.

use std::path::Path;
use std::time::{Duration, Instant, SystemTime};

use plug_host::{Instance, Standard};

use crate::support::{ALL, Probe, run};

async fn nanoseconds(instance: &mut Instance<Standard>, command: &str) -> u64 {
    let outcome = run(instance, command).await;
    let number = outcome.strip_prefix("ok ").and_then(|number| number.parse().ok());
    number.unwrap_or_else(|| panic!("{command}: {outcome}"))
}

fn now() -> u64 {
    let now = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap();
    u64::try_from(now.as_nanos()).unwrap()
}

const TICK: u64 = 100_000_000;

async fn under(clocks: &str) -> (Probe, Instance<Standard>) {
    let mut probe = Probe::wanting(&ALL).await;
    let instance = probe.under(Path::new(""), &format!("clocks = \"{clocks}\"")).await;
    (probe, instance)
}

#[tokio::test]
async fn real_clocks_go() {
    let (_probe, mut instance) = under("real").await;
    let before = now();
    let told = nanoseconds(&mut instance, "now").await;
    assert!((before..=now()).contains(&told), "{before} {told}");
    let begin = nanoseconds(&mut instance, "monotonic").await;
    assert!(nanoseconds(&mut instance, "monotonic").await > begin);
    let mut fine = false;
    for _ in 0..50 {
        fine |= nanoseconds(&mut instance, "now").await % TICK != 0;
    }
    assert!(fine, "it goes in coarse ticks");
}

#[tokio::test]
async fn coarse_clocks_go_in_ticks() {
    let (_probe, mut instance) = under("coarse").await;
    let begin = nanoseconds(&mut instance, "monotonic").await;
    for _ in 0..50 {
        let before = now();
        let told = nanoseconds(&mut instance, "now").await;
        assert_eq!(told % TICK, 0, "{told}");
        assert!(told <= now() && told + TICK > before, "{before} {told}");
        assert_eq!(nanoseconds(&mut instance, "monotonic").await % TICK, 0);
    }
    tokio::time::sleep(Duration::from_millis(210)).await;
    assert!(nanoseconds(&mut instance, "monotonic").await >= begin + 2 * TICK);
    for resolution in ["now-resolution", "monotonic-resolution"] {
        assert_eq!(nanoseconds(&mut instance, resolution).await, TICK);
    }
}

#[tokio::test]
async fn frozen_clocks_stand_still() {
    let (_probe, mut instance) = under("frozen").await;
    for _ in 0..3 {
        assert_eq!(nanoseconds(&mut instance, "now").await, 0);
        assert_eq!(nanoseconds(&mut instance, "monotonic").await, 0);
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

#[tokio::test]
async fn waiting_takes_its_time_with_all_of_them() {
    let mut probe = Probe::wanting(&ALL).await;
    for clocks in ["real", "coarse", "frozen"] {
        let mut instance = probe.under(Path::new(""), &format!("clocks = \"{clocks}\"")).await;
        let begin = Instant::now();
        assert_eq!(run(&mut instance, "sleep 150").await, "ok");
        assert!(begin.elapsed() >= Duration::from_millis(150), "{clocks}: {:?}", begin.elapsed());
    }
}

#[tokio::test]
async fn a_want_for_less_gets_less() {
    let mut probe = Probe::wanting(&["clocks=frozen"]).await;
    let mut instance = probe.under(Path::new(""), "clocks = \"real\"").await;
    assert_eq!(nanoseconds(&mut instance, "now").await, 0);
    // and one for more than is granted does not get more
    let mut probe = Probe::wanting(&["clocks=real"]).await;
    let mut instance = probe.under(Path::new(""), "clocks = \"coarse\"").await;
    assert_eq!(nanoseconds(&mut instance, "now").await % TICK, 0);
}
