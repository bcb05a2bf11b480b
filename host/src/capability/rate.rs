//! So many in a second, and no more.

use std::time::{Duration, Instant};

/// Counts in windows of a second.
#[derive(Debug)]
pub(super) struct Rate {
    per_second: u32,
    window: Instant,
    count: u32,
    refused: u64,
}

/// Whether one more may happen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Verdict {
    /// It may; so many were refused in the window that has just ended.
    Pass { refused_before: u64 },
    /// It may not.
    Refuse,
}

impl Rate {
    pub(super) fn new(per_second: u32) -> Rate {
        Rate { per_second, window: Instant::now(), count: 0, refused: 0 }
    }

    pub(super) fn per_second(&self) -> u32 {
        self.per_second
    }

    pub(super) fn take(&mut self) -> Verdict {
        self.take_at(Instant::now())
    }

    fn take_at(&mut self, now: Instant) -> Verdict {
        let mut refused_before = 0;
        if now.duration_since(self.window) >= Duration::from_secs(1) {
            self.window = now;
            self.count = 0;
            refused_before = std::mem::take(&mut self.refused);
        }
        if self.count >= self.per_second {
            self.refused += 1;
            return Verdict::Refuse;
        }
        self.count += 1;
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
        assert_eq!(rate.take_at(at(0)), pass);
        assert_eq!(rate.take_at(at(500)), pass);
        assert_eq!(rate.take_at(at(900)), Verdict::Refuse);
        assert_eq!(rate.take_at(at(999)), Verdict::Refuse);
        assert_eq!(rate.take_at(at(1000)), Verdict::Pass { refused_before: 2 });
        assert_eq!(rate.take_at(at(1001)), pass);
        assert_eq!(rate.take_at(at(1002)), Verdict::Refuse);
        assert_eq!(Rate::new(0).take(), Verdict::Refuse);
    }
}
