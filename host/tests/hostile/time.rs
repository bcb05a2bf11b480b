//! Time, computing and waiting.

use plug_host::TrapKind;

use crate::case::{Case, Deed, Ends};
use crate::guest::{application, echo, process, wasi};
use crate::harness::{CPU, DEADLINE};

const SPINS: TrapKind = TrapKind::CpuDeadline { limit: CPU };
const SPINS_SAYS: &str =
    "plugin `x` was stopped: it computed longer than the 300ms that a call may: wasm trap: interrupt";
const WAITS: TrapKind = TrapKind::Deadline { limit: DEADLINE };
const WAITS_SAYS: &str = "plugin `x` was stopped: the call took longer than the 1s that it may";

pub fn cases() -> Vec<Case> {
    let stopped = |does, guest| Case::breaks(does, guest, SPINS, "PLG0605", SPINS_SAYS);
    let at_load = |does, guest, code, says| Case::breaks_at_load(does, guest, SPINS, code, says);
    vec![
        stopped("computes without end", process("(loop (br 0))")),
        stopped(
            "calls a function of its own in its place, without end",
            process("(call $spin)").item("(func $spin (return_call $spin))"),
        ),
        stopped(
            "fills all of its memory, again and again",
            process("(loop (memory.fill (i32.const 0) (i32.const 0) (i32.const 1048576)) (br 0))").memory("16"),
        ),
        stopped(
            "asks the host for its configuration, without end",
            process("(loop (drop (call $get_config (i32.const 0) (i32.const 8))) (br 0))").host_api(),
        ),
        stopped(
            "logs without end",
            process("(loop (drop (call $log (i32.const 2) (i32.const 512) (i32.const 4))) (br 0))").host_api(),
        )
        .also(|seen| {
            // two windows of a second, at most, and what was dropped told once
            assert!((50..=101).contains(&seen.lines.len()), "{}", seen.lines.len());
        }),
        stopped("computes without end when the host wants room for an argument", process("").realloc("(if (local.get $size) (then (loop (br 0))))")),
        stopped("computes without end when its answer has been read", process("").post_return("(loop (br 0))")),
        at_load(
            "computes without end as its module starts",
            echo().item("(func $spin (loop (br 0))) (start $spin)"),
            "PLG0505",
            "no instance of plugin `x` can be made: plugin `x` was stopped: it computed longer than the 300ms that a call may",
        ),
        at_load(
            "computes without end as it is initialized",
            echo().initialize("(loop (br 0)) (call $ok)"),
            "PLG0507",
            "plugin `x` broke as it started: plugin `x` was stopped: it computed longer than the 300ms that a call may",
        ),
        at_load(
            "computes without end when it is asked who it is",
            echo().metadata("(loop (br 0)) (call $metadata)"),
            "PLG0507",
            "plugin `x` broke as it started: plugin `x` was stopped: it computed longer than the 300ms that a call may",
        ),
        Case {
            ends: Ends::Unload,
            ..stopped("computes without end when it is to shut down", echo().shutdown("(loop (br 0)) (call $ok)"))
        }
        .by(Deed::Unload)
        .told("PLG0510", "plugin `x` was unloaded, but did not shut down in order: plugin `x` was stopped: it computed longer than the 300ms that a call may"),
        Case::breaks(
            "calls a function of the host that never returns",
            application(process("(call $wait (i32.const -1))")),
            WAITS,
            "PLG0606",
            WAITS_SAYS,
        ),
        Case::breaks(
            "sleeps for five hundred years",
            wasi(process("(call $block (call $timer (i64.const -1)))")),
            WAITS,
            "PLG0606",
            WAITS_SAYS,
        ),
        Case::breaks(
            "takes a short nap, again and again",
            application(process("(loop (call $wait (i32.const 100)) (br 0))")),
            WAITS,
            "PLG0606",
            WAITS_SAYS,
        ),
        Case::breaks_at_load(
            "is initialized by a function of the host that never returns",
            application(echo()).initialize("(call $wait (i32.const -1)) (call $ok)"),
            WAITS,
            "PLG0507",
            "plugin `x` broke as it started: plugin `x` was stopped: the call took longer than the 1s that it may",
        ),
        Case {
            ends: Ends::Unload,
            ..Case::breaks(
                "shuts down by a function of the host that never returns",
                application(echo()).shutdown("(call $wait (i32.const -1)) (call $ok)"),
                WAITS,
                "PLG0510",
                "plugin `x` was unloaded, but did not shut down in order: plugin `x` was stopped: the call took longer than the 1s that it may",
            )
        }
        .by(Deed::Unload),
    ]
}
