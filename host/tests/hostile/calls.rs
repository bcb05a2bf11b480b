//! Breaking: by itself, within functions of the host, and by handles.

use plug_host::TrapKind;

use crate::case::{Case, Deed, Ends};
use crate::guest::{application, echo, process, repeat, wasi};
use crate::harness::HANDLES;

const ABORTS: TrapKind = TrapKind::Unreachable;
const ABORTS_SAYS: &str =
    "plugin `x` panicked or aborted: wasm trap: wasm `unreachable` instruction executed";

fn other(what: &str) -> TrapKind {
    TrapKind::Other(what.to_owned())
}

pub fn cases() -> Vec<Case> {
    let hoards = |does, guest| {
        Case::breaks(
            does,
            guest,
            TrapKind::TooManyHandles { limit: HANDLES },
            "PLG0618",
            "plugin `x` held more than the 500 handles that it may",
        )
    };
    vec![
        Case::breaks("aborts", process("unreachable"), ABORTS, "PLG0601", ABORTS_SAYS),
        Case::breaks(
            "reads outside of its memory",
            process("(drop (i32.load (i32.const -4)))"),
            TrapKind::MemoryOutOfBounds,
            "PLG0602",
            "plugin `x` reached outside its memory: wasm trap: out of bounds memory access",
        ),
        Case::breaks(
            "divides by zero",
            process("(drop (i32.div_u (i32.const 1) (i32.const 0)))"),
            other("integer divide by zero"),
            "PLG0607",
            "plugin `x` broke: integer divide by zero: wasm trap: integer divide by zero",
        ),
        Case::breaks(
            "calls what is no function",
            process("(call_indirect (i32.const 0))").item("(table 1 funcref)"),
            other("uninitialized element"),
            "PLG0607",
            "plugin `x` broke: uninitialized element: wasm trap: uninitialized element",
        ),
        Case::breaks(
            "calls a function of another type than it says",
            process("(call_indirect (i32.const 0))").item("(table 1 funcref) (elem (i32.const 0) $alloc)"),
            other("indirect call type mismatch"),
            "PLG0607",
            "plugin `x` broke: indirect call type mismatch: wasm trap: indirect call type mismatch",
        ),
        Case::breaks("aborts when the host wants room for an argument", process("").realloc("(if (local.get $size) (then unreachable))"), ABORTS, "PLG0601", ABORTS_SAYS),
        Case::breaks("aborts when its answer has been read", process("").post_return("unreachable"), ABORTS, "PLG0601", ABORTS_SAYS),
        Case::breaks(
            "calls back into the host while the host hands it an argument",
            process("").host_api().realloc("(if (local.get $size) (then (drop (call $log (i32.const 2) (i32.const 0) (i32.const 0)))))"),
            other("cannot leave component instance"),
            "PLG0607",
            "plugin `x` broke: cannot leave component instance: wasm trap: cannot leave component instance",
        ),
        Case::breaks(
            "calls back into the host when its answer has been read",
            process("").host_api().post_return("(drop (call $log (i32.const 2) (i32.const 0) (i32.const 0)))"),
            other("cannot leave component instance"),
            "PLG0607",
            "plugin `x` broke: cannot leave component instance: wasm trap: cannot leave component instance",
        ),
        Case::declines(
            "has the application fail, whose fault that is",
            application(process("(call $fail)")),
            Deed::Process { times: 1 },
            Ends::Call,
            "PLG0611",
            "cannot call plugin `x`: a function of the host that it called failed: the application failed",
        ),
        Case::breaks(
            "ends itself",
            wasi(process("(call $exit (i32.const 1))")),
            TrapKind::Exited(1),
            "PLG0608",
            "plugin `x` ended itself with exit code 1",
        ),
        hoards("opens standard output again and again", wasi(process(&repeat(1000, "(drop (call $stdout))")))),
        hoards("starts timers and never looks at them", wasi(process(&repeat(1000, "(drop (call $timer (i64.const 1000000)))")))),
        Case::breaks(
            "closes a handle that it never had",
            wasi(process("(call $close (i32.const 77))")),
            TrapKind::InvalidData("unknown handle index 77".to_owned()),
            "PLG0619",
            "plugin `x` handed over what is no value of its type: unknown handle index 77",
        ),
        Case::breaks(
            "closes the same handle twice",
            wasi(process("(call $close (local.tee $a (call $stdout))) (call $close (local.get $a))")),
            TrapKind::InvalidData("unknown handle index 1".to_owned()),
            "PLG0619",
            "plugin `x` handed over what is no value of its type: unknown handle index 1",
        ),
        Case::breaks(
            "waits for standard output as if it were a timer",
            wasi(process("(call $block (call $stdout))")),
            TrapKind::InvalidData("handle index 1 used with the wrong type, expected guest-defined resource but found a different guest-defined resource".to_owned()),
            "PLG0619",
            "plugin `x` handed over what is no value of its type: handle index 1 used with the wrong type, expected guest-defined resource but found a different guest-defined resource",
        ),
        Case::breaks_at_load(
            "ends itself as it is initialized",
            wasi(echo()).initialize("(call $exit (i32.const 1)) (call $ok)"),
            TrapKind::Exited(1),
            "PLG0507",
            "plugin `x` broke as it started: plugin `x` ended itself with exit code 1",
        ),
    ]
}
