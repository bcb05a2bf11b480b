//! How many there are at once, and how many there may be.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering::SeqCst};

/// Counts what lives. Cheap to clone.
#[derive(Debug, Clone)]
pub(crate) struct Census(Arc<Count>);

#[derive(Debug)]
struct Count {
    living: AtomicUsize,
    most: usize,
}

/// One that lives. It counts until it is dropped.
#[derive(Debug)]
pub(crate) struct Seat(Arc<Count>);

impl Census {
    pub(crate) fn new(most: usize) -> Census {
        Census(Arc::new(Count { living: AtomicUsize::new(0), most }))
    }

    /// One more, if there may be one more.
    pub(crate) fn enter(&self) -> Option<Seat> {
        let more = |living: usize| (living < self.0.most).then_some(living + 1);
        self.0.living.fetch_update(SeqCst, SeqCst, more).ok()?;
        Some(Seat(Arc::clone(&self.0)))
    }

    pub(crate) fn living(&self) -> usize {
        self.0.living.load(SeqCst)
    }

    pub(crate) fn most(&self) -> usize {
        self.0.most
    }
}

impl Drop for Seat {
    fn drop(&mut self) {
        self.0.living.fetch_sub(1, SeqCst);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_seat_is_free_again_when_it_is_left() {
        let census = Census::new(2);
        let (one, two) = (census.enter(), census.enter());
        assert!(one.is_some() && two.is_some() && census.enter().is_none());
        assert_eq!((census.living(), census.most()), (2, 2));
        drop(one);
        assert_eq!(census.living(), 1);
        assert!(census.enter().is_some());
        assert!(Census::new(0).enter().is_none());
    }
}
