//! What a plugin may use up, and what loading it may cost.

mod load;

pub use load::LoadLimits;

use std::time::Duration;

use plug_contract::WantedLimits;
use plug_policy::LimitsPatch;

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
    /// Handles of resources that an instance may hold at once, its own and the host's, together with its
    /// tasks, streams and futures, of which there may be 1,024 whatever stands here. 10,000.
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
    /// Events of others that may wait for the plugin. When there are more, the oldest make room: whoever
    /// emits never waits. 1,024.
    pub event_queue: usize,
    /// Bytes of log messages in a second, with lines on standard output and error. 1 MiB.
    pub log_bytes: usize,
    /// Instances of the plugin at once. 1,000. All plugins of an engine together:
    /// [`EngineBuilder::instances`](crate::EngineBuilder::instances).
    pub instances: usize,
    /// Fuel of one call: about one unit for each instruction, the same on every machine. None: the time
    /// is limited, and not this. It takes an engine that counts it:
    /// [`EngineBuilder::fuel`](crate::EngineBuilder::fuel).
    pub fuel: Option<u64>,
    /// Files and folders that an instance may have open at once. 256.
    pub files: usize,
    /// Sockets that an instance may have open at once, and requests of HTTP in flight besides. 64.
    pub sockets: usize,
    /// Time for the connection of an HTTP request. 10 seconds.
    pub http_connect_timeout: Duration,
    /// Time from the end of an HTTP request to the first byte of the response. 30 seconds.
    pub http_first_byte_timeout: Duration,
    /// Time from the beginning of an HTTP request to the end of the response. 60 seconds.
    pub http_total_timeout: Duration,
    /// Bytes of the body of an HTTP request. 10 MiB.
    pub http_request_bytes: usize,
    /// Bytes of the body of an HTTP response. 64 MiB.
    pub http_response_bytes: usize,
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
            event_queue: 1024,
            log_bytes: MIB,
            instances: 1000,
            fuel: None,
            files: 256,
            sockets: 64,
            http_connect_timeout: Duration::from_secs(10),
            http_first_byte_timeout: Duration::from_secs(30),
            http_total_timeout: Duration::from_secs(60),
            http_request_bytes: 10 * MIB,
            http_response_bytes: 64 * MIB,
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

    /// Sets [`event_queue`](Limits#structfield.event_queue).
    #[must_use]
    pub fn event_queue(mut self, events: usize) -> Self {
        self.event_queue = events;
        self
    }

    /// Sets [`log_bytes`](Limits#structfield.log_bytes).
    #[must_use]
    pub fn log_bytes(mut self, per_second: usize) -> Self {
        self.log_bytes = per_second;
        self
    }

    /// Sets [`instances`](Limits#structfield.instances).
    #[must_use]
    pub fn instances(mut self, instances: usize) -> Self {
        self.instances = instances;
        self
    }

    /// Sets [`fuel`](Limits#structfield.fuel).
    #[must_use]
    pub fn fuel(mut self, units: impl Into<Option<u64>>) -> Self {
        self.fuel = units.into();
        self
    }

    /// Sets [`files`](Limits#structfield.files).
    #[must_use]
    pub fn files(mut self, files: usize) -> Self {
        self.files = files;
        self
    }

    /// Sets [`sockets`](Limits#structfield.sockets).
    #[must_use]
    pub fn sockets(mut self, sockets: usize) -> Self {
        self.sockets = sockets;
        self
    }

    /// Sets [`http_connect_timeout`](Limits#structfield.http_connect_timeout).
    #[must_use]
    pub fn http_connect_timeout(mut self, time: Duration) -> Self {
        self.http_connect_timeout = time;
        self
    }

    /// Sets [`http_first_byte_timeout`](Limits#structfield.http_first_byte_timeout).
    #[must_use]
    pub fn http_first_byte_timeout(mut self, time: Duration) -> Self {
        self.http_first_byte_timeout = time;
        self
    }

    /// Sets [`http_total_timeout`](Limits#structfield.http_total_timeout).
    #[must_use]
    pub fn http_total_timeout(mut self, time: Duration) -> Self {
        self.http_total_timeout = time;
        self
    }

    /// Sets [`http_request_bytes`](Limits#structfield.http_request_bytes).
    #[must_use]
    pub fn http_request_bytes(mut self, bytes: usize) -> Self {
        self.http_request_bytes = bytes;
        self
    }

    /// Sets [`http_response_bytes`](Limits#structfield.http_response_bytes).
    #[must_use]
    pub fn http_response_bytes(mut self, bytes: usize) -> Self {
        self.http_response_bytes = bytes;
        self
    }

    /// With those that a policy sets, higher or lower.
    #[must_use]
    pub fn patched(self, patch: LimitsPatch) -> Self {
        Limits {
            memory: patch.memory.map_or(self.memory, saturated),
            table_elements: patch.table_elements.map_or(self.table_elements, saturated),
            core_instances: patch.core_instances.map_or(self.core_instances, saturated),
            memories: patch.memories.map_or(self.memories, saturated),
            tables: patch.tables.map_or(self.tables, saturated),
            handles: patch.handles.map_or(self.handles, saturated),
            cpu: patch.cpu.unwrap_or(self.cpu),
            deadline: patch.deadline.unwrap_or(self.deadline),
            queue: patch.queue.map_or(self.queue, saturated),
            transfer: patch.transfer.map_or(self.transfer, saturated),
            log_message: patch.log_message.map_or(self.log_message, saturated),
            log_rate: patch.log_rate.unwrap_or(self.log_rate),
            event_bytes: patch.event_bytes.map_or(self.event_bytes, saturated),
            event_rate: patch.event_rate.unwrap_or(self.event_rate),
            event_queue: patch.event_queue.map_or(self.event_queue, saturated),
            log_bytes: patch.log_bytes.map_or(self.log_bytes, saturated),
            instances: patch.instances.map_or(self.instances, saturated),
            fuel: patch.fuel.or(self.fuel),
            files: patch.files.map_or(self.files, saturated),
            sockets: patch.sockets.map_or(self.sockets, saturated),
            http_connect_timeout: patch.http_connect_timeout.unwrap_or(self.http_connect_timeout),
            http_first_byte_timeout: patch.http_first_byte_timeout.unwrap_or(self.http_first_byte_timeout),
            http_total_timeout: patch.http_total_timeout.unwrap_or(self.http_total_timeout),
            http_request_bytes: patch.http_request_bytes.map_or(self.http_request_bytes, saturated),
            http_response_bytes: patch.http_response_bytes.map_or(self.http_response_bytes, saturated),
        }
    }

    /// With those of a plugin's manifest, where they are lower.
    #[must_use]
    pub fn lowered_by(mut self, wanted: &WantedLimits) -> Self {
        if let Some(bytes) = wanted.memory {
            self.memory = self.memory.min(saturated(bytes));
        }
        if let Some(millis) = wanted.deadline_ms {
            self.deadline = self.deadline.min(Duration::from_millis(millis));
        }
        for (key, number) in &wanted.more {
            let of = |limits: &Limits| limits.numbers().into_iter().find(|(name, _)| name == key);
            let other = self.clone().patched(LimitsPatch::only(key, *number));
            if of(&other) < of(&self) {
                self = other;
            }
        }
        self
    }
}

impl Limits {
    /// All of them by name: bytes, counts, and times in nanoseconds.
    pub(crate) fn numbers(&self) -> [(&'static str, u64); 25] {
        let count = |number: usize| u64::try_from(number).unwrap_or(u64::MAX);
        let time = |time: Duration| u64::try_from(time.as_nanos()).unwrap_or(u64::MAX);
        [
            ("memory", count(self.memory)),
            ("table-elements", count(self.table_elements)),
            ("core-instances", count(self.core_instances)),
            ("memories", count(self.memories)),
            ("tables", count(self.tables)),
            ("handles", count(self.handles)),
            ("cpu", time(self.cpu)),
            ("deadline", time(self.deadline)),
            ("queue", count(self.queue)),
            ("transfer", count(self.transfer)),
            ("log-message", count(self.log_message)),
            ("log-rate", self.log_rate.into()),
            ("event-bytes", count(self.event_bytes)),
            ("event-rate", self.event_rate.into()),
            ("event-queue", count(self.event_queue)),
            ("log-bytes", count(self.log_bytes)),
            ("instances", count(self.instances)),
            ("fuel", self.fuel.unwrap_or(u64::MAX)),
            ("files", count(self.files)),
            ("sockets", count(self.sockets)),
            ("http-connect-timeout", time(self.http_connect_timeout)),
            ("http-first-byte-timeout", time(self.http_first_byte_timeout)),
            ("http-total-timeout", time(self.http_total_timeout)),
            ("http-request-bytes", count(self.http_request_bytes)),
            ("http-response-bytes", count(self.http_response_bytes)),
        ]
    }
}

/// More than can be addressed is no limit.
fn saturated(number: u64) -> usize {
    usize::try_from(number).unwrap_or(usize::MAX)
}

#[cfg(test)]
mod tests {
    use plug_policy::Policy;

    use super::*;

    fn patch(line: &str) -> LimitsPatch {
        let policy = Policy::parse("policy.toml", &format!("[defaults.limits]\n{line}\n"));
        policy.map_or_else(|_| LimitsPatch::default(), |policy| policy.resolve("x", None).limits)
    }

    #[test]
    fn each_limit_of_a_policy_sets_the_one_of_its_name_and_no_other() {
        let before = Limits::default().patched(Policy::restricted().resolve("x", None).limits);
        assert_eq!((before.memory, before.cpu), (32 * MIB, Limits::default().cpu));
        let fields = |limits: &Limits| {
            let text = format!("{limits:?}");
            let fields = text.trim_start_matches("Limits { ").trim_end_matches(" }");
            fields.split(", ").map(str::to_owned).collect::<Vec<_>>()
        };
        let mut keys = 0;
        for key in LimitsPatch::keys() {
            let values = ["7", "\"7B\"", "\"7ms\""].map(|value| patch(&format!("{key} = {value}")));
            let set: Vec<_> = values.into_iter().filter(|patch| *patch != LimitsPatch::default()).collect();
            let [set] = set[..] else { panic!("`{key}` takes one kind of value, not {}", set.len()) };
            let (limits_before, limits_after) = (&before, before.clone().patched(set));
            let (before, after) = (fields(limits_before), fields(&limits_after));
            assert_eq!(before.len(), after.len());
            let changed: Vec<_> =
                before.into_iter().zip(after).filter(|(before, after)| before != after).collect();
            // the fingerprint of a deployment has it too
            let numbers = limits_before.numbers().into_iter().zip(limits_after.numbers());
            let differing: Vec<_> = numbers.filter(|(a, b)| a != b).map(|((name, _), _)| name).collect();
            assert_eq!(differing, [key]);
            let [(_, after)] = &changed[..] else { panic!("`{key}` changes {changed:?}") };
            let name = key.replace('-', "_");
            assert!(
                [format!("{name}: 7"), format!("{name}: 7ms"), format!("{name}: Some(7)")].contains(after),
                "`{key}` makes it {after}"
            );
            keys += 1;
        }
        assert_eq!(keys, fields(&before).len(), "each field");
    }

    #[test]
    fn a_manifest_lowers_and_never_raises() {
        let usual = Limits::default();
        let mut wanted = WantedLimits::default();
        assert_eq!(usual.clone().lowered_by(&wanted), usual);
        wanted.memory = Some(1 << 20);
        wanted.deadline_ms = Some(50);
        let lower = usual.clone().lowered_by(&wanted);
        assert_eq!(lower, usual.clone().memory(MIB).deadline(Duration::from_millis(50)));
        wanted.memory = Some(u64::MAX);
        wanted.deadline_ms = Some(u64::MAX);
        assert_eq!(usual.clone().lowered_by(&wanted), usual);
        assert_eq!(lower.clone().lowered_by(&wanted), lower);

        // every limit has its key there
        for key in LimitsPatch::keys() {
            for (number, lowers) in [(1, true), (u64::MAX, false)] {
                let mut wanted = WantedLimits::default();
                wanted.more.insert(key.to_owned(), number);
                let after = usual.clone().lowered_by(&wanted);
                assert_eq!(after != usual, lowers, "{key} = {number}");
                let numbers = usual.numbers().into_iter().zip(after.numbers());
                assert!(numbers.into_iter().all(|(before, after)| after <= before), "{key} = {number}");
            }
        }
        let mut unknown = WantedLimits::default();
        unknown.more.insert("what-is-that".to_owned(), 1);
        assert_eq!(usual.clone().lowered_by(&unknown), usual);
    }
}
