//! Counts what an instance uses up.

use wasmtime::ResourceLimiter;

use crate::limits::Limits;

/// Counts an instance's memory, and remembers what was denied.
#[derive(Debug)]
pub(crate) struct Meter {
    memory_limit: usize,
    table_limit: usize,
    core_instances: usize,
    memories: usize,
    tables: usize,
    memory: usize,
    denied: Option<Denied>,
}

/// Something that was denied because of a limit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Denied {
    /// Linear memory: all that would have been in use, in bytes.
    Memory(usize),
    /// Table elements.
    Table(usize),
}

impl Meter {
    pub(crate) fn new(limits: &Limits) -> Meter {
        Meter {
            memory_limit: limits.memory,
            table_limit: limits.table_elements,
            core_instances: limits.core_instances,
            memories: limits.memories,
            tables: limits.tables,
            memory: 0,
            denied: None,
        }
    }

    /// Bytes of linear memory in use.
    pub(crate) fn memory(&self) -> usize {
        self.memory
    }

    pub(crate) fn memory_limit(&self) -> usize {
        self.memory_limit
    }

    /// What was denied since the last time this was asked.
    pub(crate) fn take_denied(&mut self) -> Option<Denied> {
        self.denied.take()
    }
}

impl ResourceLimiter for Meter {
    fn memory_growing(
        &mut self,
        current: usize,
        desired: usize,
        maximum: Option<usize>,
    ) -> wasmtime::Result<bool> {
        let added = desired.saturating_sub(current);
        let total = self.memory.saturating_add(added);
        if total > self.memory_limit {
            self.denied = Some(Denied::Memory(total));
            return Ok(false);
        }
        if maximum.is_some_and(|maximum| desired > maximum) {
            return Ok(false);
        }
        // Should the system refuse it after all, it stays counted: which memory failed is not
        // said, and counting too much is the safe side.
        self.memory = total;
        Ok(true)
    }

    fn table_growing(
        &mut self,
        _current: usize,
        desired: usize,
        maximum: Option<usize>,
    ) -> wasmtime::Result<bool> {
        if desired > self.table_limit {
            self.denied = Some(Denied::Table(desired));
            return Ok(false);
        }
        Ok(maximum.is_none_or(|maximum| desired <= maximum))
    }

    fn instances(&self) -> usize {
        self.core_instances
    }

    fn tables(&self) -> usize {
        self.tables
    }

    fn memories(&self) -> usize {
        self.memories
    }
}
