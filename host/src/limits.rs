//! What a plugin may use up.

use std::time::Duration;

/// One mebibyte.
pub const MIB: usize = 1 << 20;

/// What a plugin may use up. Every limit is on, and has a default that suits small, quick plugins.
///
/// ```
/// use std::time::Duration;
/// use plug_host::{Limits, MIB};
///
/// let limits = Limits::default().memory(256 * MIB).deadline(Duration::from_millis(50));
/// assert_eq!(limits.memory, 256 * MIB);
/// ```
///
/// The stack is not here: wasmtime sets it for a whole engine, see [`Engine::builder`](crate::Engine::builder).
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Limits {
    /// Bytes of linear memory of an instance, all its memories together. 64 MiB.
    pub memory: usize,
    /// Elements of each table. 100,000.
    pub table_elements: usize,
    /// Core instances that an instance of the component may consist of. 256.
    pub core_instances: usize,
    /// Linear memories of an instance. 64.
    pub memories: usize,
    /// Tables of an instance. 64.
    pub tables: usize,
    /// Handles of resources that an instance may hold at once, its own and the host's. 10,000.
    pub handles: usize,
    /// Time that one call may spend in the plugin's own code. 10 seconds.
    ///
    /// It is counted in ticks of the engine, so it is as exact as they are. Waiting in a function of
    /// the host costs nothing but the tick in which the plugin goes on: at most one for each such call.
    pub cpu: Duration,
    /// Time from the beginning of a call to its end: waiting for its turn, the plugin's code and
    /// the host's functions. 30 seconds.
    ///
    /// A call whose turn comes when less than a tenth of it is left does not begin.
    pub deadline: Duration,
    /// Calls that may wait for one instance. 1,024.
    pub queue: usize,
    /// Bytes that the plugin may hand over at once: the parameters of a host function, or the
    /// result of a call. 128 MiB.
    pub transfer: usize,
    /// Bytes of a log message; the rest is cut off. 8 KiB.
    pub log_message: usize,
    /// Log messages in a second, together with lines on standard output and error. 1,000.
    pub log_rate: u32,
    /// Bytes of an event's type and payload together; a larger one is refused. 64 KiB.
    pub event_bytes: usize,
    /// Events in a second; more are refused. 1,000.
    pub event_rate: u32,
}

impl Default for Limits {
    fn default() -> Self {
        Limits {
            memory: 64 * MIB,
            table_elements: 100_000,
            core_instances: 256,
            memories: 64,
            tables: 64,
            handles: 10_000,
            cpu: Duration::from_secs(10),
            deadline: Duration::from_secs(30),
            queue: 1024,
            transfer: 128 * MIB,
            log_message: 8 << 10,
            log_rate: 1000,
            event_bytes: 64 << 10,
            event_rate: 1000,
        }
    }
}

impl Limits {
    /// Sets [`memory`](Limits#structfield.memory).
    #[must_use]
    pub fn memory(mut self, bytes: usize) -> Self {
        self.memory = bytes;
        self
    }

    /// Sets [`table_elements`](Limits#structfield.table_elements).
    #[must_use]
    pub fn table_elements(mut self, elements: usize) -> Self {
        self.table_elements = elements;
        self
    }

    /// Sets [`core_instances`](Limits#structfield.core_instances).
    #[must_use]
    pub fn core_instances(mut self, instances: usize) -> Self {
        self.core_instances = instances;
        self
    }

    /// Sets [`memories`](Limits#structfield.memories).
    #[must_use]
    pub fn memories(mut self, memories: usize) -> Self {
        self.memories = memories;
        self
    }

    /// Sets [`tables`](Limits#structfield.tables).
    #[must_use]
    pub fn tables(mut self, tables: usize) -> Self {
        self.tables = tables;
        self
    }

    /// Sets [`handles`](Limits#structfield.handles).
    #[must_use]
    pub fn handles(mut self, handles: usize) -> Self {
        self.handles = handles;
        self
    }

    /// Sets [`cpu`](Limits#structfield.cpu).
    #[must_use]
    pub fn cpu(mut self, time: Duration) -> Self {
        self.cpu = time;
        self
    }

    /// Sets [`deadline`](Limits#structfield.deadline).
    #[must_use]
    pub fn deadline(mut self, time: Duration) -> Self {
        self.deadline = time;
        self
    }

    /// Sets [`queue`](Limits#structfield.queue).
    #[must_use]
    pub fn queue(mut self, calls: usize) -> Self {
        self.queue = calls;
        self
    }

    /// Sets [`transfer`](Limits#structfield.transfer).
    #[must_use]
    pub fn transfer(mut self, bytes: usize) -> Self {
        self.transfer = bytes;
        self
    }

    /// Sets [`log_message`](Limits#structfield.log_message).
    #[must_use]
    pub fn log_message(mut self, bytes: usize) -> Self {
        self.log_message = bytes;
        self
    }

    /// Sets [`log_rate`](Limits#structfield.log_rate).
    #[must_use]
    pub fn log_rate(mut self, per_second: u32) -> Self {
        self.log_rate = per_second;
        self
    }

    /// Sets [`event_bytes`](Limits#structfield.event_bytes).
    #[must_use]
    pub fn event_bytes(mut self, bytes: usize) -> Self {
        self.event_bytes = bytes;
        self
    }

    /// Sets [`event_rate`](Limits#structfield.event_rate).
    #[must_use]
    pub fn event_rate(mut self, per_second: u32) -> Self {
        self.event_rate = per_second;
        self
    }
}
