//! What an error of wasmtime means: whose fault it was, and in which way.

use std::time::Duration;

use wasmtime::Trap;
use wasmtime_wasi::{I32Exit, ResourceTableError};

use crate::capability::{State, Stop, Violation};
use crate::engine::Denied;
use crate::error::{Backtrace, CallError, GuestError, HostErrorKind, TrapError, TrapKind};
use crate::limits::Limits;

/// The call did not end in time.
pub(super) fn overdue<A>(state: &State<A>, limit: Duration) -> CallError {
    let error =
        TrapError::new(TrapKind::Deadline { limit }, Backtrace::default(), state.take_last_words(), None);
    CallError::trap(state.plugin_arc(), error)
}

/// The call ended with an error.
pub(super) fn verdict<A>(state: &mut State<A>, limits: &Limits, error: wasmtime::Error) -> CallError {
    let plugin = state.plugin_arc();
    let backtrace = Backtrace::of(&error);
    // a host function that fails with a guest's error is none the less a host function that failed
    let error = if backtrace.frames().is_empty() {
        match error.downcast::<GuestError>() {
            Ok(guest) => return CallError::guest(plugin, guest),
            Err(error) => error,
        }
    } else {
        error
    };
    let trap = error.downcast_ref::<Trap>().copied();
    if trap == Some(Trap::CannotEnterComponent) && backtrace.frames().is_empty() {
        // The closure of an earlier call swallowed a trap, or dropped a call into the guest: the
        // plugin did nothing wrong this time, but this instance is at its end.
        return CallError::host(plugin, HostErrorKind::Dead);
    }
    let kind = kind(state, limits, trap, &error, !backtrace.frames().is_empty());
    match kind {
        Some(kind) => {
            let words = state.take_last_words();
            CallError::trap(plugin, TrapError::new(kind, backtrace, words, trap))
        }
        None => CallError::host(plugin, HostErrorKind::Failed { source: error }),
    }
}

/// In which way the plugin broke; none when the host failed.
fn kind<A>(
    state: &mut State<A>,
    limits: &Limits,
    trap: Option<Trap>,
    error: &wasmtime::Error,
    in_plugin: bool,
) -> Option<TrapKind> {
    if state.stop() == Some(Stop::Cpu) && trap == Some(Trap::Interrupt) {
        return Some(TrapKind::CpuDeadline { limit: limits.cpu });
    }
    let exit = error.downcast_ref::<I32Exit>();
    let denied = match state.meter().take_denied() {
        Some(Denied::Memory(wanted)) => {
            Some(TrapKind::OutOfMemory { wanted, limit: state.meter().memory_limit() })
        }
        Some(Denied::Table(wanted)) => Some(TrapKind::Other(format!(
            "it wanted a table of {wanted} elements and may have {}",
            limits.table_elements
        ))),
        None => None,
    };
    // What a guest does that was denied memory differs by language: most abort, some exit, some
    // use the null pointer. wasmtime itself reports a plain error when the first memory is too big;
    // later on, a plain error is the application's own.
    let may_be_denied = exit.is_some()
        || matches!(trap, Some(Trap::UnreachableCodeReached | Trap::MemoryOutOfBounds))
        || (trap.is_none() && !in_plugin && state.is_starting());
    if let (Some(denied), true) = (denied, may_be_denied) {
        return Some(denied);
    }
    if let Some(violation) = error.downcast_ref::<Violation>() {
        return Some(TrapKind::Other(violation.to_string()));
    }
    if let Some(I32Exit(code)) = exit {
        return Some(TrapKind::Exited(*code));
    }
    if trap.is_none()
        && let Some(kind) = exceeded(limits, error)
    {
        return Some(kind);
    }
    Some(match trap? {
        Trap::UnreachableCodeReached => TrapKind::Unreachable,
        Trap::MemoryOutOfBounds => TrapKind::MemoryOutOfBounds,
        Trap::StackOverflow => TrapKind::StackOverflow,
        other => {
            let text = other.to_string();
            TrapKind::Other(text.strip_prefix("wasm trap: ").unwrap_or(&text).to_owned())
        }
    })
}

/// Limits that wasmtime itself watches. It has no public types for two of the errors, so they are
/// known by their texts; tests see to it that they still are.
fn exceeded(limits: &Limits, error: &wasmtime::Error) -> Option<TrapKind> {
    let cause = error.root_cause();
    if matches!(cause.downcast_ref(), Some(ResourceTableError::Full)) {
        return Some(TrapKind::TooManyHandles { limit: limits.handles });
    }
    let text = cause.to_string();
    if text.ends_with("store handle limit exceeded") {
        Some(TrapKind::TooManyHandles { limit: limits.handles })
    } else if text.ends_with("fuel allocated for hostcalls has been exhausted") {
        Some(TrapKind::TooMuchData { limit: limits.transfer })
    } else {
        None
    }
}
