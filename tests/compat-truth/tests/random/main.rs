//! Random worlds, changed at random: what the judge says of old and new is what wasmtime does.
//!
//! `PLUG_COMPAT_TRUTH_PAIRS` says how many pairs; `PLUG_COMPAT_TRUTH_SEED` tries one seed only.

mod draft;
mod judged;
mod mutation;
mod noise;
mod seeds;

use std::collections::BTreeMap;

use draft::Draft;
use mutation::Change;
use noise::Noise;
use plug_compat_truth::{Host, Imports, Plugin, World};
use plug_contract::Direction;

/// So many pairs, unless the environment says another number.
const PAIRS: usize = 500;

/// How often a seed may be without a world, or its changes without a world that can be built, for
/// each pair that is tried.
const SEEDS_PER_PAIR: usize = 10;

/// In so many pairs, every kind of change is made.
const MANY: usize = 2000;

/// Threads, each with every eighth seed: the same seeds on every machine.
const LANES: usize = 8;

/// A world and what became of it.
struct Pair {
    seed: u64,
    old: World,
    old_text: String,
    new: World,
    new_text: String,
    changes: Vec<Change>,
}

/// What was counted.
#[derive(Default)]
struct Counts {
    pairs: usize,
    seeds: usize,
    verdicts: BTreeMap<&'static str, usize>,
    changes: BTreeMap<&'static str, usize>,
    linked: usize,
    failed: usize,
    disagreements: Vec<Disagreement>,
}

impl Counts {
    fn add(&mut self, other: Counts) {
        self.pairs += other.pairs;
        self.seeds += other.seeds;
        self.linked += other.linked;
        self.failed += other.failed;
        self.disagreements.extend(other.disagreements);
        for (verdict, count) in other.verdicts {
            *self.verdicts.entry(verdict).or_default() += count;
        }
        for (change, count) in other.changes {
            *self.changes.entry(change).or_default() += count;
        }
    }
}

struct Disagreement {
    /// A line.
    said: String,
    /// With both texts.
    full: String,
}

fn pair(seed: u64) -> Option<(Pair, [Host; 2], [Plugin; 2])> {
    let mut noise = Noise::new(seed);
    let old = seeds::world(&mut noise)?;
    let draft = Draft::new(old.all(), old.name());
    let old_text = draft.text()?;
    let hosts = Host::new(&old).ok()?;
    let plugin = Plugin::new(&old, Imports::All).ok()?;
    // one change says most: each of several may hide the others
    let count = [1, 1, 2, 3][noise.below(4)];
    for _ in 0..20 {
        let mut draft = draft.clone();
        let mut changes = Vec::new();
        for _ in 0..50 {
            let before = draft.clone();
            match mutation::mutate(&mut draft, &mut noise) {
                Some(change) => changes.push(change),
                None => draft = before,
            }
            if changes.len() == count {
                break;
            }
        }
        let Some(new_text) = draft.text() else { continue };
        let Ok(new) = World::from_text(&new_text, old.name()) else { continue };
        let (Ok(new_host), Ok(new_plugin)) = (Host::new(&new), Plugin::new(&new, Imports::All)) else {
            continue;
        };
        let pair = Pair { seed, old, old_text, new, new_text, changes };
        return Some((pair, [hosts, new_host], [plugin, new_plugin]));
    }
    None
}

fn try_seed(seed: u64, counts: &mut Counts) {
    counts.seeds += 1;
    let Some((pair, [old_host, new_host], [old_plugin, new_plugin])) = pair(seed) else { return };
    counts.pairs += 1;
    for change in &pair.changes {
        *counts.changes.entry(change.name).or_default() += 1;
    }
    let (old, new) = (judged::edition(&pair.old), judged::edition(&pair.new));
    let compared = judged::compared(&old, &new);
    for (direction, edition, host, plugin) in [
        (Direction::OldPluginOnNewHost, &new, &new_host, &old_plugin),
        (Direction::NewPluginOnOldHost, &old, &old_host, &new_plugin),
    ] {
        let outcome = host.link(plugin).unwrap();
        let judged = judged::judged(&compared, direction, edition, plugin);
        *counts.verdicts.entry(judged.contracts.as_str()).or_default() += 1;
        *(if outcome.links() { &mut counts.linked } else { &mut counts.failed }) += 1;
        if judged.links() != [outcome.links(); 2] {
            let Pair { seed, old_text, new_text, changes, .. } = &pair;
            let said = format!(
                "seed {seed}, {direction:?}: wasmtime: {outcome}; judge: {judged}; changes: {}",
                changes.iter().map(|change| change.said.as_str()).collect::<Vec<_>>().join(", "),
            );
            let report = &judged.report;
            let full = format!("{said}\n--- old\n{old_text}\n--- new\n{new_text}\n--- judge\n{report}\n");
            counts.disagreements.push(Disagreement { said, full });
        }
    }
}

fn number(name: &str) -> Option<u64> {
    std::env::var(name).ok().map(|value| value.parse().unwrap_or_else(|_| panic!("{name} is no number")))
}

/// Fails if there are any: a line for each, and the first in full.
fn report(disagreements: &[Disagreement]) {
    let Some(first) = disagreements.first() else { return };
    let lines: Vec<&str> = disagreements.iter().map(|disagreement| disagreement.said.as_str()).collect();
    panic!("{} disagree:\n{}\nthe first of them:\n{}", lines.len(), lines.join("\n"), first.full);
}

#[test]
#[expect(clippy::print_stdout, reason = "what a run was made of is worth seeing when it passes, too")]
fn the_judge_says_what_wasmtime_does() {
    if let Some(seed) = number("PLUG_COMPAT_TRUTH_SEED") {
        let mut counts = Counts::default();
        try_seed(seed, &mut counts);
        report(&counts.disagreements);
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
            try_seed(seed as u64, &mut counts);
        }
        counts
    };
    let mut all = Counts::default();
    std::thread::scope(|scope| {
        let lanes: Vec<_> = (0..LANES).map(|first| scope.spawn(move || lane(first))).collect();
        lanes.into_iter().for_each(|lane| all.add(lane.join().unwrap()));
    });
    let Counts { pairs, seeds, linked, failed, .. } = all;
    let said = format!(
        "{pairs} pairs of {seeds} seeds, each both ways: {linked} linked, {failed} failed; judged {:?}",
        all.verdicts
    );
    println!("{said}\nchanges: {:?}", all.changes);
    report(&all.disagreements);
    assert!(pairs >= wanted, "{said}");
    let missed: Vec<_> = mutation::names().filter(|name| !all.changes.contains_key(name)).collect();
    assert!(missed.is_empty() || pairs < MANY, "never made: {missed:?}");
    assert!(linked * 5 >= pairs * 2 && failed * 5 >= pairs * 2, "{said}");
}
