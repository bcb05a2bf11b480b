//! What a run was made of.

use std::collections::BTreeMap;
use std::fmt;

use crate::side::Dropped;

#[derive(Default)]
pub(crate) struct Counts {
    pub(crate) pairs: usize,
    pub(crate) seeds: usize,
    /// Pairs with optional exports on either side.
    pub(crate) with_optional: usize,
    /// Plugins that lack an optional interface which is tied to one that they export.
    pub(crate) tied: usize,
    /// Pairs that were tried with hosts of both kinds.
    pub(crate) of_both_hosts: usize,
    pub(crate) verdicts: BTreeMap<&'static str, usize>,
    pub(crate) changes: BTreeMap<&'static str, usize>,
    /// Plugins that call everything, on one host.
    pub(crate) linked: usize,
    pub(crate) failed: usize,
    /// Plugins that call nothing or part of it, on one host.
    pub(crate) trimmed_linked: usize,
    pub(crate) trimmed_failed: usize,
    pub(crate) dropped: BTreeMap<Dropped, usize>,
    pub(crate) disagreements: Vec<Disagreement>,
}

pub(crate) struct Disagreement {
    pub(crate) seed: u64,
    /// A line.
    pub(crate) said: String,
    /// With both texts.
    pub(crate) full: String,
}

impl Counts {
    pub(crate) fn add(&mut self, other: Counts) {
        fn sum<K: Ord>(to: &mut BTreeMap<K, usize>, from: BTreeMap<K, usize>) {
            from.into_iter().for_each(|(key, count)| *to.entry(key).or_default() += count);
        }
        self.pairs += other.pairs;
        self.seeds += other.seeds;
        self.with_optional += other.with_optional;
        self.tied += other.tied;
        self.of_both_hosts += other.of_both_hosts;
        self.linked += other.linked;
        self.failed += other.failed;
        self.trimmed_linked += other.trimmed_linked;
        self.trimmed_failed += other.trimmed_failed;
        sum(&mut self.verdicts, other.verdicts);
        sum(&mut self.changes, other.changes);
        sum(&mut self.dropped, other.dropped);
        self.disagreements.extend(other.disagreements);
    }
}

impl fmt::Display for Counts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(
            f,
            "{} pairs of {} seeds, each both ways; {} with hosts of both kinds, {} with optional exports; \
             {} plugins lack one that is tied to another",
            self.pairs, self.seeds, self.of_both_hosts, self.with_optional, self.tied
        )?;
        writeln!(
            f,
            "plugins that call everything: {} linked, {} failed; that call less: {} linked, {} failed",
            self.linked, self.failed, self.trimmed_linked, self.trimmed_failed
        )?;
        writeln!(f, "judged: {:?}", self.verdicts)?;
        writeln!(f, "seeds without a pair: {:?}", self.dropped)?;
        write!(f, "changes: {:?}", self.changes)
    }
}
