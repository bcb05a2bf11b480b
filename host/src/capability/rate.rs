//! So many in a second, and no more.

use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

/// A rate that all instances of a plugin share, so that a trap does not buy it a fresh one.
#[derive(Debug)]
pub(super) struct Allowance(Mutex<Rate>);

impl Allowance {
    pub(super) fn new(per_second: u32) -> Allowance {
        Allowance(Mutex::new(Rate::new(per_second)))
    }

    /// Takes one more, if there may be one more; says how many were refused before.
    pub(super) fn take(&self, what: &str) -> Result<u64, String> {
        self.take_many(what, 1)
    }

    /// Takes so many more at once, or none of them.
    pub(super) fn take_many(&self, what: &str, number: u32) -> Result<u64, String> {
        let mut rate = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        match rate.take(number) {
            Verdict::Pass { refused_before } => Ok(refused_before),
            Verdict::Refuse => Err(format!("more than {} {what} in a second", rate.per_second())),
        }
    }
}

/// Counts in windows of a second.
#[derive(Debug)]
struct Rate {
    per_second: u32,
    window: Instant,
    count: u32,
    refused: u64,
}

/// Whether one more may happen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Verdict {
    /// It may; so many were refused in the window that has just ended.
    Pass { refused_before: u64 },
    /// It may not.
    Refuse,
}

impl Rate {
    fn new(per_second: u32) -> Rate {
        Rate { per_second, window: Instant::now(), count: 0, refused: 0 }
    }

    fn per_second(&self) -> u32 {
        self.per_second
    }

    fn take(&mut self, number: u32) -> Verdict {
        self.take_at(Instant::now(), number)
    }

    fn take_at(&mut self, now: Instant, number: u32) -> Verdict {
        let mut refused_before = 0;
        if now.duration_since(self.window) >= Duration::from_secs(1) {
            self.window = now;
            self.count = 0;
            refused_before = std::mem::take(&mut self.refused);
        }
        let count = self.count.saturating_add(number);
        if count > self.per_second {
            self.refused += 1;
            return Verdict::Refuse;
        }
        self.count = count;
        Verdict::Pass { refused_before }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_window_is_a_second() {
        let mut rate = Rate::new(2);
        let begin = rate.window;
        let at = |ms| begin + Duration::from_millis(ms);
        let pass = Verdict::Pass { refused_before: 0 };
        assert_eq!(rate.take_at(at(0), 1), pass);
        assert_eq!(rate.take_at(at(500), 1), pass);
        assert_eq!(rate.take_at(at(900), 1), Verdict::Refuse);
        assert_eq!(rate.take_at(at(999), 1), Verdict::Refuse);
        assert_eq!(rate.take_at(at(1000), 1), Verdict::Pass { refused_before: 2 });
        assert_eq!(rate.take_at(at(1001), 1), pass);
        assert_eq!(rate.take_at(at(1002), 1), Verdict::Refuse);
        assert_eq!(Rate::new(0).take(1), Verdict::Refuse);
        // as much as there is, or nothing
        let mut rate = Rate::new(10);
        assert_eq!(rate.take(8), pass);
        assert_eq!(rate.take(3), Verdict::Refuse);
        assert_eq!(rate.take(2), pass);
    }
}
