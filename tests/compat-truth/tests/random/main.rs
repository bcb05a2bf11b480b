//! Random worlds, changed at random: what the judge says of old and new is what wasmtime does.
//!
//! `PLUG_COMPAT_TRUTH_PAIRS` says how many pairs; `PLUG_COMPAT_TRUTH_SEED` tries one seed only.

mod counts;
mod draft;
mod judged;
mod mutation;
mod noise;
mod pair;
mod seeds;
mod side;

use counts::{Counts, Disagreement};

/// So many pairs, unless the environment says another number.
const PAIRS: usize = 300;

/// How often a seed may be without a world, or its changes without a world that can be built, for
/// each pair that is tried.
const SEEDS_PER_PAIR: usize = 10;

/// In so many pairs, every kind of change is made.
const MANY: usize = 2000;

/// Threads, each with every eighth seed: the same seeds on every machine.
const LANES: usize = 8;

fn number(name: &str) -> Option<u64> {
    std::env::var(name).ok().map(|value| value.parse().unwrap_or_else(|_| panic!("{name} is no number")))
}

/// What tries one seed again.
fn command(seed: u64) -> String {
    format!(
        "PLUG_COMPAT_TRUTH_SEED={seed} cargo nextest run --workspace -E 'binary_id(plug-compat-truth::random)'"
    )
}

/// Fails if there are any: a line for each, and the first in full.
fn report(disagreements: &[Disagreement]) {
    let Some(first) = disagreements.first() else { return };
    let lines: Vec<&str> = disagreements.iter().map(|disagreement| disagreement.said.as_str()).collect();
    panic!(
        "{} disagree:\n{}\nthe first of them:\n{}\nagain, by itself:\n{}",
        lines.len(),
        lines.join("\n"),
        first.full,
        command(first.seed)
    );
}

#[test]
#[expect(clippy::print_stdout, reason = "what a run was made of is worth seeing when it passes, too")]
fn the_judge_says_what_wasmtime_does() {
    if let Some(seed) = number("PLUG_COMPAT_TRUTH_SEED") {
        let mut counts = Counts::default();
        pair::try_seed(seed, &mut counts);
        println!("{counts}");
        report(&counts.disagreements);
        assert_eq!(counts.pairs, 1, "seed {seed} gives no pair: {counts}");
        return;
    }
    let wanted = number("PLUG_COMPAT_TRUTH_PAIRS").map_or(PAIRS, |pairs| pairs as usize);
    let lane = |first: usize| {
        let mut counts = Counts::default();
        let share = wanted.div_ceil(LANES);
        for seed in (first..).step_by(LANES).take(share * SEEDS_PER_PAIR) {
            if counts.pairs == share {
                break;
            }
            pair::try_seed(seed as u64, &mut counts);
        }
        counts
    };
    let mut all = Counts::default();
    std::thread::scope(|scope| {
        let lanes: Vec<_> = (0..LANES).map(|first| scope.spawn(move || lane(first))).collect();
        lanes.into_iter().for_each(|lane| all.add(lane.join().unwrap()));
    });
    println!("{all}");
    report(&all.disagreements);
    let Counts { pairs, linked, failed, .. } = all;
    assert!(pairs >= wanted, "{all}");
    let missed: Vec<_> = mutation::names().filter(|name| !all.changes.contains_key(name)).collect();
    assert!(missed.is_empty() || pairs < MANY, "never made: {missed:?}");
    // each part of the comparison must have something to compare
    assert!(linked * 5 >= pairs * 2 && failed * 5 >= pairs * 2, "{all}");
    assert!(
        all.with_optional * 20 >= pairs && all.tied * 20 >= pairs && all.of_both_hosts * 2 >= pairs,
        "{all}"
    );
    assert!(all.trimmed_linked * 4 >= pairs && all.trimmed_failed * 20 >= pairs, "{all}");
}
