//! To all who listen, from the subscription on.

use tokio::sync::broadcast;
use tokio::sync::broadcast::error::{RecvError, TryRecvError};

/// All that is told, from the subscription on.
///
/// The host keeps the newest up to a bound. A subscriber that is too slow loses the oldest ones;
/// [`missed`](Subscription::missed) tells how many.
#[derive(Debug)]
pub struct Subscription<T> {
    receiver: broadcast::Receiver<T>,
    missed: u64,
}

impl<T: Clone> Subscription<T> {
    /// The next one; none when the host and all its plugins are gone.
    pub async fn next(&mut self) -> Option<T> {
        loop {
            match self.receiver.recv().await {
                Ok(event) => return Some(event),
                Err(RecvError::Lagged(lost)) => self.missed += lost,
                Err(RecvError::Closed) => return None,
            }
        }
    }

    /// The next one, if there already is one.
    pub fn try_next(&mut self) -> Option<T> {
        loop {
            match self.receiver.try_recv() {
                Ok(event) => return Some(event),
                Err(TryRecvError::Lagged(lost)) => self.missed += lost,
                Err(TryRecvError::Empty | TryRecvError::Closed) => return None,
            }
        }
    }

    /// How many were lost because they were not fetched in time.
    #[must_use]
    pub fn missed(&self) -> u64 {
        self.missed
    }
}

/// Tells all subscribers.
#[derive(Debug)]
pub(crate) struct Bus<T>(broadcast::Sender<T>);

impl<T: Clone> Bus<T> {
    pub(crate) fn new(capacity: usize) -> Bus<T> {
        // tokio refuses zero and absurd capacities by a panic
        Bus(broadcast::Sender::new(capacity.clamp(1, 1 << 20)))
    }

    pub(crate) fn emit(&self, event: T) {
        // without subscribers there is nobody to tell, which is no failure
        let _ = self.0.send(event);
    }

    pub(crate) fn subscribe(&self) -> Subscription<T> {
        Subscription { receiver: self.0.subscribe(), missed: 0 }
    }
}

impl<T> Clone for Bus<T> {
    fn clone(&self) -> Self {
        Bus(self.0.clone())
    }
}
