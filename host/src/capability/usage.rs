//! What a call used up.

use std::time::Duration;

/// What a call used up, as far as it went.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Usage {
    /// Time in the plugin's own code, in whole ticks of the engine: what takes less than one counts as
    /// none, and a tick that a function of the host crosses as a whole one.
    pub cpu: Duration,
    /// Time from its beginning to its end, without waiting for a turn.
    pub time: Duration,
    /// Bytes of linear memory that the instance has after it.
    pub memory: usize,
    /// Fuel, if the engine counts it.
    pub fuel: Option<u64>,
}
