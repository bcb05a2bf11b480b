//! The thread that counts time for guests.
//!
//! It ticks on an absolute schedule, so that what a sleep overshoots does not add up. When no call
//! has run for a while it parks, and the next call wakes it. Calls refuse to start when it has not
//! ticked for [`PATIENCE`]: unguarded, an endless loop would never end.

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering::SeqCst};
use std::thread::{self, Thread};
use std::time::{Duration, Instant};

/// How long a ticker that should tick may be silent, at least; a slow one may be so for ten periods.
const PATIENCE: Duration = Duration::from_secs(1);
/// How long the thread goes on ticking without calls before it parks.
const LINGER: Duration = Duration::from_millis(20);

/// How late the last tick was, in seconds: as late are deadlines of CPU time.
const LAG: &str = "plug_ticker_lag_seconds";

/// Owns the thread; ends it when dropped.
pub(super) struct Ticker {
    shared: Arc<Shared>,
    thread: Option<Thread>,
    period: Duration,
}

struct Shared {
    start: Instant,
    /// Calls that run now.
    calls: AtomicUsize,
    /// Nanoseconds from `start` to the last tick.
    last: AtomicU64,
    parked: AtomicBool,
    stop: AtomicBool,
    /// Set when the thread ends, however it does.
    ended: AtomicBool,
}

/// The ticker ticks as long as this lives.
pub(crate) struct Running<'a>(&'a Shared);

/// The ticker does not tick.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct TickerDead;

impl Ticker {
    /// Calls `tick` once in each `period` while calls run.
    pub(super) fn start(period: Duration, tick: impl Fn() + Send + 'static) -> std::io::Result<Ticker> {
        let shared = Arc::new(Shared::new());
        let worker = Arc::clone(&shared);
        let handle = thread::Builder::new().name("plug-ticker".to_owned()).spawn(move || {
            let _ended = Ended(&worker);
            worker.run(period, tick);
        })?;
        Ok(Ticker { shared, thread: Some(handle.thread().clone()), period })
    }

    /// One whose thread has ended.
    #[cfg(test)]
    pub(super) fn dead(period: Duration) -> Ticker {
        let shared = Arc::new(Shared::new());
        shared.ended.store(true, SeqCst);
        Ticker { shared, thread: None, period }
    }

    /// One whose thread hangs: it never ticks again.
    #[cfg(test)]
    pub(super) fn stuck(period: Duration) -> Ticker {
        let mut shared = Shared::new();
        shared.start = Instant::now().checked_sub(2 * PATIENCE).unwrap_or(shared.start);
        shared.parked.store(false, SeqCst);
        Ticker { shared: Arc::new(shared), thread: None, period }
    }

    pub(super) fn period(&self) -> Duration {
        self.period
    }

    #[inline]
    pub(super) fn running(&self) -> Result<Running<'_>, TickerDead> {
        let shared = &*self.shared;
        shared.calls.fetch_add(1, SeqCst);
        // from here on the count goes down again whatever happens
        let running = Running(shared);
        if shared.ended.load(SeqCst) {
            return Err(TickerDead);
        }
        // looked at first: a swap costs more, and hardly ever is there anything to swap
        if shared.parked.load(SeqCst) && shared.parked.swap(false, SeqCst) {
            shared.beat();
            if let Some(thread) = &self.thread {
                thread.unpark();
            }
        } else if shared.silence() > PATIENCE.max(10 * self.period) {
            return Err(TickerDead);
        }
        Ok(running)
    }

    #[cfg(test)]
    pub(super) fn set_dead(&self, dead: bool) {
        self.shared.ended.store(dead, SeqCst);
    }

    #[cfg(test)]
    pub(super) fn is_parked(&self) -> bool {
        self.shared.parked.load(SeqCst)
    }

    #[cfg(test)]
    pub(super) fn ended(&self) -> impl Fn() -> bool + use<> {
        let shared = Arc::clone(&self.shared);
        move || shared.ended.load(SeqCst)
    }
}

impl Drop for Ticker {
    fn drop(&mut self) {
        self.shared.stop.store(true, SeqCst);
        if let Some(thread) = &self.thread {
            thread.unpark();
        }
    }
}

impl fmt::Debug for Ticker {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Ticker").field("period", &self.period).finish_non_exhaustive()
    }
}

impl Drop for Running<'_> {
    fn drop(&mut self) {
        self.0.calls.fetch_sub(1, SeqCst);
    }
}

impl Shared {
    fn new() -> Shared {
        Shared {
            start: Instant::now(),
            calls: AtomicUsize::new(0),
            last: AtomicU64::new(0),
            // so that the first call begins the count anew
            parked: AtomicBool::new(true),
            stop: AtomicBool::new(false),
            ended: AtomicBool::new(false),
        }
    }

    fn run(&self, period: Duration, tick: impl Fn()) {
        let mut next = Instant::now() + period;
        let mut last_call = Instant::now();
        while !self.stop.load(SeqCst) {
            let now = Instant::now();
            if self.calls.load(SeqCst) > 0 {
                last_call = now;
            } else if now.duration_since(last_call) > LINGER {
                self.park();
                last_call = Instant::now();
                next = last_call + period;
                continue;
            }
            if let Some(left) = next.checked_duration_since(now) {
                thread::sleep(left);
                continue;
            }
            tick();
            self.beat();
            let lag = now.saturating_duration_since(next).as_secs_f64();
            // the recorder is the application's code, and this thread must not end with it
            let told = std::panic::catch_unwind(|| metrics::gauge!(LAG).set(lag));
            drop(told);
            // Ticks that were missed by much are not made up for: a guest would be charged for
            // time that this thread did not get.
            next = (next + period).max(now);
        }
    }

    /// Waits for the next call.
    fn park(&self) {
        self.parked.store(true, SeqCst);
        // A call that began before the store saw `parked` unset and will not wake us.
        while self.parked.load(SeqCst) && self.calls.load(SeqCst) == 0 && !self.stop.load(SeqCst) {
            thread::park();
        }
        self.beat();
        self.parked.store(false, SeqCst);
    }

    fn beat(&self) {
        self.last.store(nanos(self.start.elapsed()), SeqCst);
    }

    fn silence(&self) -> Duration {
        let now = nanos(self.start.elapsed());
        Duration::from_nanos(now.saturating_sub(self.last.load(SeqCst)))
    }
}

struct Ended<'a>(&'a Shared);

impl Drop for Ended<'_> {
    fn drop(&mut self) {
        self.0.ended.store(true, SeqCst);
    }
}

fn nanos(time: Duration) -> u64 {
    u64::try_from(time.as_nanos()).unwrap_or(u64::MAX)
}
