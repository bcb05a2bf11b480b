//! What the process takes up while all is quiet, over time, and whether that grows.

use std::time::Duration;

use crate::harness::status;

/// The memory of the last quarter of a run may be so much more than that of the second, as medians: the
/// allocator keeps what it got back, here and there.
pub const MEMORY: usize = 32 << 20;
/// Threads that may be more: those that compile go when they had nothing to do for a while.
pub const THREADS: usize = 4;
/// Fewer samples say nothing about growth.
const FEWEST: usize = 16;

/// Threads that the process has. Elsewhere than on Linux none are counted.
pub fn threads() -> usize {
    status("Threads:").and_then(|line| line.parse().ok()).unwrap_or_default()
}

/// What the process has at one moment.
#[derive(Debug, Clone, Copy)]
pub struct Sample {
    pub at: Duration,
    pub memory: usize,
    pub threads: usize,
}

/// The samples of a run, in order.
#[derive(Default)]
pub struct Samples(Vec<Sample>);

impl Samples {
    pub fn add(&mut self, sample: Sample) {
        self.0.push(sample);
    }

    /// The medians of each quarter, and what has grown. The first quarter is there to warm up.
    pub fn growth(&self) -> Vec<String> {
        if self.0.len() < FEWEST {
            return Vec::new();
        }
        let mut wrong = Vec::new();
        let (second, last) = (self.quarter(1), self.quarter(3));
        if last.memory > second.memory + MEMORY {
            let (before, after) = (second.memory >> 20, last.memory >> 20);
            wrong.push(format!("memory has grown from {before} MiB to {after} MiB"));
        }
        if last.threads > second.threads + THREADS {
            wrong.push(format!("there were {} threads, and are {}", second.threads, last.threads));
        }
        wrong
    }

    /// The medians of the quarters, as far as there are enough samples for them.
    pub fn quarters(&self) -> String {
        if self.0.len() < FEWEST {
            return format!("{} samples: too few to say whether memory grows", self.0.len());
        }
        let medians = [0, 1, 2, 3].map(|quarter| format!("{} MiB", self.quarter(quarter).memory >> 20));
        let most = self.0.iter().map(|sample| sample.memory).max().unwrap_or_default();
        format!(
            "memory, as the median of each quarter of {} samples: {}; {} MiB at most",
            self.0.len(),
            medians.join(", "),
            most >> 20
        )
    }

    fn quarter(&self, which: usize) -> Sample {
        let part = &self.0[self.0.len() * which / 4..self.0.len() * (which + 1) / 4];
        let median = |of: fn(&Sample) -> usize| {
            let mut values: Vec<_> = part.iter().map(of).collect();
            values.sort_unstable();
            values[values.len() / 2]
        };
        Sample {
            at: part[0].at,
            memory: median(|sample| sample.memory),
            threads: median(|sample| sample.threads),
        }
    }
}

#[test]
fn what_grows_is_found() {
    let run = |memory: fn(usize) -> usize, threads: fn(usize) -> usize| {
        let mut samples = Samples::default();
        for i in 0..100 {
            let at = Duration::from_secs(i as u64);
            samples.add(Sample { at, memory: memory(i), threads: threads(i) });
        }
        samples.growth()
    };
    let quiet = |i: usize| (100 << 20) + (i % 7) * (8 << 20);
    assert_eq!(run(quiet, |i| 9 + i % 3), Vec::<String>::new());
    // what is used up to warm up, and a peak now and then
    assert_eq!(
        run(|i| (i.min(20) << 20) + usize::from(i % 10 == 0) * (1 << 30), |_| 9),
        Vec::<String>::new()
    );
    assert_eq!(run(|i| i << 20, |_| 9), ["memory has grown from 37 MiB to 87 MiB"]);
    assert_eq!(run(quiet, |i| 9 + i / 10), ["there were 12 threads, and are 17"]);
}
