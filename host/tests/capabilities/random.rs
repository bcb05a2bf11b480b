//! `random`: from the host, or from a seed.

use std::collections::BTreeSet;
use std::path::Path;

use plug_host::{Instance, Standard};

use crate::support::{ALL, Probe, attempt, run};

/// All ways to random numbers.
const SOURCES: [&str; 4] = ["random 32", "random-insecure 32", "random-seed", "random-hash x"];

async fn draw(instance: &mut Instance<Standard>) -> Vec<String> {
    let mut drawn = Vec::new();
    for source in SOURCES {
        drawn.push(run(instance, source).await);
        assert!(drawn.last().unwrap().starts_with("ok "), "{drawn:?}");
    }
    drawn
}

#[tokio::test]
async fn a_seed_gives_the_same_in_each_instance() {
    let mut probe = Probe::wanting(&ALL).await;
    let mut one = probe.under(Path::new(""), "random = \"seeded:7\"").await;
    let mut two = probe.fresh().await;
    let first = draw(&mut one).await;
    assert_eq!(first, draw(&mut two).await);
    // and goes on within one
    assert_ne!(run(&mut one, SOURCES[0]).await, first[0]);
    // another plugin and another host have the same, another seed has others
    let mut again = Probe::wanting(&["random"]).await;
    assert_eq!(first, draw(&mut again.under(Path::new(""), "random = \"seeded:7\"").await).await);
    let other = draw(&mut again.under(Path::new(""), "random = \"seeded:8\"").await).await;
    for (one, other) in first.iter().zip(&other) {
        assert_ne!(one, other);
    }
}

#[tokio::test]
async fn real_numbers_differ_each_time() {
    let mut probe = Probe::wanting(&ALL).await;
    let mut seen = BTreeSet::new();
    probe.under(Path::new(""), "random = \"real\"").await;
    for _ in 0..3 {
        seen.extend(draw(&mut probe.fresh().await).await);
    }
    assert_eq!(seen.len(), 3 * SOURCES.len(), "{seen:?}");
}

#[tokio::test]
async fn a_want_for_a_seed_gets_one() {
    let mut probe = Probe::wanting(&["random=seeded:7"]).await;
    let mut one = probe.under(Path::new(""), "random = \"real\"").await;
    assert_eq!(draw(&mut one).await, draw(&mut probe.fresh().await).await);
}

#[tokio::test]
async fn nobody_draws_all_at_once() {
    let mut probe = Probe::wanting(&ALL).await;
    let mut instance = probe.under(Path::new(""), "").await;
    assert_eq!(run(&mut instance, "random 1000").await.len(), 3 + 2 * 1000);
    for source in ["random", "random-insecure"] {
        let mut instance = probe.fresh().await;
        let error = attempt(&mut instance, &format!("{source} 100000000")).await.unwrap_err();
        // the plugin's fault, not the host's
        let trap = error.as_trap().unwrap_or_else(|| panic!("{error:?}"));
        assert_eq!(
            trap.kind().to_string(),
            "broke: it asked for more than a mebibyte of random bytes at once"
        );
    }
}
