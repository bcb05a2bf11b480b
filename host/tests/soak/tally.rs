//! What became of it all: how often, and what was wrong.

use std::collections::BTreeMap;
use std::fmt;
use std::time::Duration;

/// More would say nothing new.
const MOST: usize = 20;

/// Counts.
#[derive(Default)]
pub struct Tally {
    counts: BTreeMap<(&'static str, &'static str), u64>,
    pub wrong: Vec<String>,
    /// The longest call of a healthy plugin that was called alone.
    pub longest: Duration,
}

impl Tally {
    /// Something ended so, as it may.
    pub fn count(&mut self, what: &'static str, outcome: &'static str) {
        *self.counts.entry((what, outcome)).or_default() += 1;
    }

    /// Something ended as it may not.
    pub fn wrong(&mut self, why: String) {
        self.count("wrong", "wrong");
        if self.wrong.len() < MOST {
            self.wrong.push(why);
        }
    }

    /// All that ended, by the outcome alone.
    pub fn by_outcome(&self) -> String {
        let mut outcomes = BTreeMap::new();
        for ((_, outcome), count) in &self.counts {
            *outcomes.entry(*outcome).or_insert(0) += count;
        }
        let parts: Vec<_> = outcomes.iter().map(|(outcome, count)| format!("{outcome} {count}")).collect();
        parts.join(", ")
    }
}

impl fmt::Display for Tally {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{:34}  {:14}  {:>9}", "what", "outcome", "times")?;
        for ((what, outcome), count) in &self.counts {
            writeln!(f, "{what:34}  {outcome:14}  {count:>9}")?;
        }
        Ok(())
    }
}
