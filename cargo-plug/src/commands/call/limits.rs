//! What a called plugin may use up.

use std::time::Duration;

use plug_contract::WantedLimits;
use plug_host::Limits;

use crate::quantity::{Bytes, Millis};

/// What the command line says, else the lower of what is usual and what the plugin's own manifest
/// wants: its author tries it out within the limits that it is meant for.
pub(super) fn limits(memory: Option<Bytes>, deadline: Option<Millis>, wanted: &WantedLimits) -> Limits {
    let mut others = wanted.clone();
    (others.memory, others.deadline_ms) = (None, None);
    let mut limits = Limits::default().lowered_by(&others);
    let bytes = |bytes: u64| usize::try_from(bytes).unwrap_or(usize::MAX);
    match (memory, wanted.memory) {
        (Some(Bytes(given)), _) => limits = limits.memory(bytes(given)),
        (None, Some(wanted)) => {
            let lower = limits.memory.min(bytes(wanted));
            limits = limits.memory(lower);
        }
        (None, None) => {}
    }
    match (deadline, wanted.deadline_ms) {
        (Some(Millis(given)), _) => {
            // Computing is part of the whole, which is what was limited.
            let time = Duration::from_millis(given);
            // Unless the plugin is meant to do with less.
            let cpu = match wanted.more.contains_key("cpu") {
                true => limits.cpu,
                false => limits.cpu.max(time.saturating_mul(2)),
            };
            limits = limits.deadline(time).cpu(cpu);
        }
        (None, Some(wanted)) => {
            let lower = limits.deadline.min(Duration::from_millis(wanted));
            limits = limits.deadline(lower);
        }
        (None, None) => {}
    }
    limits
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wanted(memory: u64, deadline_ms: u64) -> WantedLimits {
        let mut wanted = WantedLimits::default();
        wanted.memory = Some(memory);
        wanted.deadline_ms = Some(deadline_ms);
        wanted
    }

    #[test]
    fn a_wish_lowers_what_is_usual_and_raises_nothing() {
        let usual = Limits::default();
        let lower = limits(None, None, &wanted(1 << 20, 50));
        assert_eq!((lower.memory, lower.deadline), (1 << 20, Duration::from_millis(50)));
        let higher = limits(None, None, &wanted(u64::MAX, u64::MAX));
        assert_eq!((higher.memory, higher.deadline), (usual.memory, usual.deadline));
        let none = limits(None, None, &WantedLimits::default());
        assert_eq!((none.memory, none.deadline, none.cpu), (usual.memory, usual.deadline, usual.cpu));
    }

    #[test]
    fn the_command_line_comes_first() {
        let given = limits(Some(Bytes(2 << 20)), Some(Millis(60_000)), &wanted(1 << 20, 50));
        assert_eq!((given.memory, given.deadline), (2 << 20, Duration::from_secs(60)));
        assert_eq!(given.cpu, Duration::from_secs(120));
        let mut quick = wanted(1 << 20, 50);
        quick.more.insert("cpu".to_owned(), 20);
        let given = limits(None, Some(Millis(60_000)), &quick);
        assert_eq!((given.deadline, given.cpu), (Duration::from_secs(60), Duration::from_millis(20)));
        let memory = limits(Some(Bytes(2 << 20)), None, &wanted(1 << 20, 50));
        assert_eq!((memory.memory, memory.deadline), (2 << 20, Duration::from_millis(50)));
    }
}
