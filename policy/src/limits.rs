//! Limits that a policy sets.

use std::time::Duration;

/// Limits of a plugin, as far as a policy sets them; for the others those of the host hold.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct LimitsPatch {
    /// Bytes of linear memory of an instance.
    pub memory: Option<u64>,
    /// Elements of each table.
    pub table_elements: Option<u64>,
    /// Core instances of an instance.
    pub core_instances: Option<u64>,
    /// Linear memories of an instance.
    pub memories: Option<u64>,
    /// Tables of an instance.
    pub tables: Option<u64>,
    /// Handles of resources at once.
    pub handles: Option<u64>,
    /// Time of one call in the plugin's own code.
    pub cpu: Option<Duration>,
    /// Time from the beginning of a call to its end.
    pub deadline: Option<Duration>,
    /// Calls that may wait for one instance.
    pub queue: Option<u64>,
    /// Bytes handed over at once.
    pub transfer: Option<u64>,
    /// Bytes of a log message.
    pub log_message: Option<u64>,
    /// Log messages in a second.
    pub log_rate: Option<u32>,
    /// Bytes of an event.
    pub event_bytes: Option<u64>,
    /// Events in a second.
    pub event_rate: Option<u32>,
    /// Events of others that may wait for the plugin.
    pub event_queue: Option<u64>,
    /// Bytes of log messages in a second.
    pub log_bytes: Option<u64>,
    /// Instances of the plugin at once.
    pub instances: Option<u64>,
    /// Units of fuel of one call, where the host's engine counts it.
    pub fuel: Option<u64>,
    /// Open files and folders at once.
    pub files: Option<u64>,
    /// Open sockets at once.
    pub sockets: Option<u64>,
    /// Time for the connection of an HTTP request.
    pub http_connect_timeout: Option<Duration>,
    /// Time from the end of an HTTP request to the first byte of the response.
    pub http_first_byte_timeout: Option<Duration>,
    /// Time from the beginning of an HTTP request to the end of the response.
    pub http_total_timeout: Option<Duration>,
    /// Bytes of the body of an HTTP request.
    pub http_request_bytes: Option<u64>,
    /// Bytes of the body of an HTTP response.
    pub http_response_bytes: Option<u64>,
}

/// How a limit is written, and how it is set.
#[derive(Clone, Copy)]
pub(crate) enum Limit {
    /// `"32MiB"`.
    Size(fn(&mut LimitsPatch, u64)),
    /// `"50ms"`.
    Time(fn(&mut LimitsPatch, Duration)),
    /// `100`.
    Count(fn(&mut LimitsPatch, u32)),
    /// `5000000000`.
    Units(fn(&mut LimitsPatch, u64)),
}

/// How a limit is written in a manifest or a policy.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum LimitKind {
    /// `"32MiB"`.
    Size,
    /// `"50ms"`.
    Time,
    /// `100`.
    Count,
}

/// All limits by their keys.
pub(crate) const LIMITS: [(&str, Limit); 25] = [
    ("memory", Limit::Size(|limits, size| limits.memory = Some(size))),
    ("table-elements", Limit::Count(|limits, count| limits.table_elements = Some(count.into()))),
    ("core-instances", Limit::Count(|limits, count| limits.core_instances = Some(count.into()))),
    ("memories", Limit::Count(|limits, count| limits.memories = Some(count.into()))),
    ("tables", Limit::Count(|limits, count| limits.tables = Some(count.into()))),
    ("handles", Limit::Count(|limits, count| limits.handles = Some(count.into()))),
    ("cpu", Limit::Time(|limits, time| limits.cpu = Some(time))),
    ("deadline", Limit::Time(|limits, time| limits.deadline = Some(time))),
    ("queue", Limit::Count(|limits, count| limits.queue = Some(count.into()))),
    ("transfer", Limit::Size(|limits, size| limits.transfer = Some(size))),
    ("log-message", Limit::Size(|limits, size| limits.log_message = Some(size))),
    ("log-rate", Limit::Count(|limits, count| limits.log_rate = Some(count))),
    ("event-bytes", Limit::Size(|limits, size| limits.event_bytes = Some(size))),
    ("event-rate", Limit::Count(|limits, count| limits.event_rate = Some(count))),
    ("event-queue", Limit::Count(|limits, count| limits.event_queue = Some(count.into()))),
    ("log-bytes", Limit::Size(|limits, size| limits.log_bytes = Some(size))),
    ("instances", Limit::Count(|limits, count| limits.instances = Some(count.into()))),
    ("fuel", Limit::Units(|limits, units| limits.fuel = Some(units))),
    ("files", Limit::Count(|limits, count| limits.files = Some(count.into()))),
    ("sockets", Limit::Count(|limits, count| limits.sockets = Some(count.into()))),
    ("http-connect-timeout", Limit::Time(|limits, time| limits.http_connect_timeout = Some(time))),
    ("http-first-byte-timeout", Limit::Time(|limits, time| limits.http_first_byte_timeout = Some(time))),
    ("http-total-timeout", Limit::Time(|limits, time| limits.http_total_timeout = Some(time))),
    ("http-request-bytes", Limit::Size(|limits, size| limits.http_request_bytes = Some(size))),
    ("http-response-bytes", Limit::Size(|limits, size| limits.http_response_bytes = Some(size))),
];

impl LimitsPatch {
    /// The keys of a policy that set them.
    pub fn keys() -> impl Iterator<Item = &'static str> {
        LIMITS.iter().map(|(key, _)| *key)
    }

    /// How the limit of that key is written; none if there is no such limit.
    #[must_use]
    pub fn kind(key: &str) -> Option<LimitKind> {
        let (_, limit) = LIMITS.iter().find(|(known, _)| *known == key)?;
        Some(match limit {
            Limit::Size(_) => LimitKind::Size,
            Limit::Time(_) => LimitKind::Time,
            Limit::Count(_) | Limit::Units(_) => LimitKind::Count,
        })
    }

    /// The limit of that key alone, as a number: bytes, milliseconds, a count. Nothing if there is no such
    /// limit.
    #[must_use]
    pub fn only(key: &str, number: u64) -> LimitsPatch {
        let mut patch = LimitsPatch::default();
        if let Some((_, limit)) = LIMITS.iter().find(|(known, _)| *known == key) {
            match limit {
                Limit::Size(set) | Limit::Units(set) => set(&mut patch, number),
                Limit::Time(set) => set(&mut patch, Duration::from_millis(number)),
                Limit::Count(set) => set(&mut patch, u32::try_from(number).unwrap_or(u32::MAX)),
            }
        }
        patch
    }

    /// These, and for what they leave open those of `base`.
    #[must_use]
    pub fn over(self, base: LimitsPatch) -> LimitsPatch {
        LimitsPatch {
            memory: self.memory.or(base.memory),
            table_elements: self.table_elements.or(base.table_elements),
            core_instances: self.core_instances.or(base.core_instances),
            memories: self.memories.or(base.memories),
            tables: self.tables.or(base.tables),
            handles: self.handles.or(base.handles),
            cpu: self.cpu.or(base.cpu),
            deadline: self.deadline.or(base.deadline),
            queue: self.queue.or(base.queue),
            transfer: self.transfer.or(base.transfer),
            log_message: self.log_message.or(base.log_message),
            log_rate: self.log_rate.or(base.log_rate),
            event_bytes: self.event_bytes.or(base.event_bytes),
            event_rate: self.event_rate.or(base.event_rate),
            event_queue: self.event_queue.or(base.event_queue),
            log_bytes: self.log_bytes.or(base.log_bytes),
            instances: self.instances.or(base.instances),
            fuel: self.fuel.or(base.fuel),
            files: self.files.or(base.files),
            sockets: self.sockets.or(base.sockets),
            http_connect_timeout: self.http_connect_timeout.or(base.http_connect_timeout),
            http_first_byte_timeout: self.http_first_byte_timeout.or(base.http_first_byte_timeout),
            http_total_timeout: self.http_total_timeout.or(base.http_total_timeout),
            http_request_bytes: self.http_request_bytes.or(base.http_request_bytes),
            http_response_bytes: self.http_response_bytes.or(base.http_response_bytes),
        }
    }
}
