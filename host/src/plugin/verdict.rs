//! What an error of wasmtime means: whose fault it was, and in which way.

use std::time::Duration;

use wasmtime::{Trap, WasmBacktrace};
use wasmtime_wasi::{I32Exit, ResourceTableError};

use super::run::MOST_CONCURRENT;
use crate::capability::{State, Stop, Violation};
use crate::engine::Denied;
use crate::error::{Backtrace, CallError, GuestError, HostErrorKind, TrapError, TrapKind};
use crate::limits::Limits;

/// More came out of a stream than may be handed over.
#[derive(Debug, thiserror::Error)]
#[error("more was handed over than may be")]
pub(crate) struct TransferExceeded;

/// The call did not end in time.
pub(super) fn overdue<A>(state: &State<A>, limit: Duration) -> CallError {
    let error =
        TrapError::new(TrapKind::Deadline { limit }, Backtrace::default(), state.take_last_words(), None);
    CallError::trap(state.identity(), error)
}

/// Something that the instance holds was revoked before the call.
pub(super) fn revoked<A>(state: &State<A>) -> CallError {
    let error = TrapError::new(TrapKind::Revoked, Backtrace::default(), None, None);
    CallError::trap(state.identity(), error)
}

/// The call ended with an error. `is_crowded`: the instance has as many tasks and streams as it may.
pub(super) fn verdict<A>(
    state: &mut State<A>,
    limits: &Limits,
    is_crowded: bool,
    error: wasmtime::Error,
) -> CallError {
    let who = state.identity();
    let backtrace = Backtrace::of(&error);
    // a host function that fails with a guest's error is none the less a host function that failed
    let error = if backtrace.frames().is_empty() {
        match error.downcast::<GuestError>() {
            Ok(guest) => return CallError::guest(who, guest),
            Err(error) => error,
        }
    } else {
        error
    };
    let trap = error.downcast_ref::<Trap>().copied();
    if trap == Some(Trap::CannotEnterComponent) && backtrace.frames().is_empty() {
        // The closure of an earlier call swallowed a trap, or dropped a call into the guest: the
        // plugin did nothing wrong this time, but this instance is at its end.
        return CallError::host(who, HostErrorKind::Dead);
    }
    let is_full = matches!(error.root_cause().downcast_ref(), Some(ResourceTableError::Full));
    let kind = if is_crowded && is_full {
        Some(TrapKind::Other(format!(
            "it wanted more than {MOST_CONCURRENT} tasks, streams and futures at once"
        )))
    } else {
        kind(state, limits, trap, &error, !backtrace.frames().is_empty())
    };
    match kind {
        Some(kind) => {
            let words = state.take_last_words();
            CallError::trap(who, TrapError::new(kind, backtrace, words, trap))
        }
        None => CallError::host(who, HostErrorKind::Failed { source: error }),
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
    match state.stop().filter(|_| trap == Some(Trap::Interrupt)) {
        Some(Stop::Cpu) => return Some(TrapKind::CpuDeadline { limit: limits.cpu }),
        Some(Stop::Revoked) => return Some(TrapKind::Revoked),
        None => {}
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
        && let Some(kind) = exceeded(limits, error).or_else(|| invalid(error))
    {
        return Some(kind);
    }
    Some(match trap? {
        Trap::UnreachableCodeReached => TrapKind::Unreachable,
        Trap::MemoryOutOfBounds => TrapKind::MemoryOutOfBounds,
        Trap::StackOverflow => TrapKind::StackOverflow,
        Trap::OutOfFuel => TrapKind::OutOfFuel { limit: limits.fuel.unwrap_or(u64::MAX) },
        other => {
            let text = other.to_string();
            TrapKind::Other(text.strip_prefix("wasm trap: ").unwrap_or(&text).to_owned())
        }
    })
}

/// Limits that wasmtime itself watches. It has no public types for three of the errors, so they are
/// known by their texts; tests see to it that they still are.
fn exceeded(limits: &Limits, error: &wasmtime::Error) -> Option<TrapKind> {
    let cause = error.root_cause();
    if matches!(cause.downcast_ref(), Some(ResourceTableError::Full)) {
        return Some(TrapKind::TooManyHandles { limit: limits.handles });
    }
    if cause.is::<TransferExceeded>() {
        return Some(TrapKind::TooMuchData { limit: limits.transfer });
    }
    let text = cause.to_string();
    if text.ends_with("store handle limit exceeded") {
        Some(TrapKind::TooManyHandles { limit: limits.handles })
    } else if text.ends_with("fuel allocated for hostcalls has been exhausted") {
        Some(TrapKind::TooMuchData { limit: limits.transfer })
    } else {
        let counted = text.strip_prefix("resource limit exceeded: ")?;
        Some(TrapKind::Other(format!("it has more parts than it may: {counted}")))
    }
}

/// What a plugin handed over that is no value of its type: as a result, or to a function of the host.
/// wasmtime has no types for these errors either. What it says of arguments that the host hands over
/// reads otherwise, and stays the host's.
fn invalid(error: &wasmtime::Error) -> Option<TrapKind> {
    const WHOLE: [&str; 15] = [
        "pointer out of bounds of memory",
        "return pointer not aligned",
        "string pointer/length out of bounds of memory",
        "list pointer/length out of bounds of memory",
        "list pointer is not aligned",
        "map pointer/length out of bounds of memory",
        "map pointer is not aligned",
        "fixed length list out of bounds of memory",
        "invalid utf8 encoding",
        "invalid utf16 encoding",
        "invalid option discriminant",
        "invalid expected discriminant",
        "index is not a resource",
        "cannot lift own resource from a borrow",
        "borrow handles still remain at the end of the call",
    ];
    const PARTS: [(&str, &str); 6] = [
        ("string pointer not aligned to ", ""),
        ("unexpected discriminant: ", ""),
        ("discriminant ", " out of range [0.."),
        ("unknown handle index ", ""),
        ("handle index ", " used with the wrong type"),
        ("realloc return: ", ""),
    ];
    let cause = error.root_cause();
    let text = cause.to_string();
    // an application may have a text of its own decoded as well, and says so, as one should
    let is_bare = error.chain().count() == 1 + usize::from(error.is::<WasmBacktrace>());
    let is_text = cause.is::<std::char::CharTryFromError>()
        || cause.is::<std::char::DecodeUtf16Error>()
        || (cause.is::<std::str::Utf8Error>() && is_bare);
    let is_invalid = is_text
        || WHOLE.contains(&text.as_str())
        || PARTS.iter().any(|(begin, part)| text.starts_with(begin) && text.contains(part));
    is_invalid.then_some(TrapKind::InvalidData(text))
}
