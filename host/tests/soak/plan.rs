//! What is done, and in which order: drawn by chance, and the same for the same seed.

use std::time::Duration;

use rand::rngs::ChaCha12Rng;
use rand::{RngExt as _, SeedableRng as _};

use crate::cast::Healthy;

/// So many healthy plugins are loaded at any time.
pub const SLOTS: usize = 6;

/// One thing that an application does, or that is done to it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Action {
    /// A healthy plugin is called.
    Call { slot: usize, input: String },
    /// It is called by many at once.
    Crowd { slot: usize, callers: usize, input: String },
    /// It is called by one who goes away after a while.
    Abandon { slot: usize, after: Duration, input: String },
    /// It is unloaded, and another is loaded in its place.
    Replace { slot: usize, with: Healthy, name: String },
    /// The application makes an instance of its own of it, and calls that.
    OwnInstance { slot: usize, input: String },
    /// A hostile plugin has its way.
    Hostile { case: usize, name: String },
    /// A plugin is called by several while it is unloaded.
    UnloadUnderLoad { name: String, callers: usize, input: String },
    /// A plugin's power to emit is revoked and granted again.
    RevokeAndGrant,
    /// A load is given up after a while.
    AbandonLoad { name: String, after: Duration },
    /// A plugin is to be loaded under the name of another.
    TakenName { slot: usize },
    /// A plugin is to be loaded under what is no name.
    NoName,
    /// A component is called by the names of its functions, without a contract.
    ByName { name: String },
    /// The application emits events.
    Emit { count: usize },
}

/// Draws actions without end.
pub struct Plan {
    random: ChaCha12Rng,
    cases: usize,
    loaded: u64,
}

impl Plan {
    /// With so many hostile plugins to choose from.
    pub fn new(seed: u64, cases: usize) -> Plan {
        Plan { random: ChaCha12Rng::seed_from_u64(seed), cases, loaded: 0 }
    }

    pub fn draw(&mut self) -> Action {
        let slot = self.random.random_range(0..SLOTS);
        match self.random.random_range(0..100) {
            0..35 => Action::Call { slot, input: self.input() },
            35..43 => Action::Crowd { slot, callers: self.random.random_range(2..=40), input: self.input() },
            43..48 => Action::Abandon { slot, after: self.moment(), input: self.input() },
            48..53 => Action::Replace { slot, with: self.healthy(), name: self.name() },
            53..56 => Action::OwnInstance { slot, input: self.input() },
            56..86 => Action::Hostile { case: self.random.random_range(0..self.cases), name: self.name() },
            86..89 => {
                let callers = self.random.random_range(1..=8);
                Action::UnloadUnderLoad { name: self.name(), callers, input: self.input() }
            }
            89..91 => Action::RevokeAndGrant,
            91..94 => Action::AbandonLoad { name: self.name(), after: self.moment() },
            94 => Action::TakenName { slot },
            95 => Action::NoName,
            96..98 => Action::ByName { name: self.name() },
            _ => Action::Emit { count: self.random.random_range(1..=200) },
        }
    }

    /// A name that was not used before.
    fn name(&mut self) -> String {
        self.loaded += 1;
        format!("p{}", self.loaded)
    }

    fn healthy(&mut self) -> Healthy {
        Healthy::ALL[self.random.random_range(0..Healthy::ALL.len())]
    }

    /// Short ones more often than long ones.
    fn input(&mut self) -> String {
        let bits = self.random.random_range(0..=16);
        let length = self.random.random_range(0..=1_usize << bits);
        let letter = char::from(self.random.random_range(b'a'..=b'z'));
        std::iter::repeat_n(letter, length).collect()
    }

    /// About as long as a call or a load takes.
    fn moment(&mut self) -> Duration {
        Duration::from_micros(self.random.random_range(0..30_000))
    }
}

#[test]
fn the_same_seed_gives_the_same_actions() {
    let drawn = |seed| {
        let mut plan = Plan::new(seed, 100);
        (0..1000).map(|_| plan.draw()).collect::<Vec<_>>()
    };
    assert_eq!(drawn(7), drawn(7));
    assert_ne!(drawn(7), drawn(8));
}
