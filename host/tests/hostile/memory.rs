//! Memory, tables and stack.

use plug_host::TrapKind;

use crate::case::Case;
use crate::guest::{echo, process};
use crate::harness::MEMORY;

const PAGE: usize = 1 << 16;

/// Grows by a page and writes into all of it, until it may not.
const FILL: &str = "
    (block $full (loop $more
        (br_if $full (i32.eq (local.tee $a (memory.grow (i32.const 1))) (i32.const -1)))
        (memory.fill (i32.mul (local.get $a) (i32.const 65536)) (i32.const 7) (i32.const 65536))
        (br $more)))";

const FULL: TrapKind = TrapKind::OutOfMemory { wanted: MEMORY + PAGE, limit: MEMORY };
const FULL_SAYS: &str = "plugin `x` ran out of memory: it wanted 16842752 bytes and may have 16777216: wasm trap: wasm `unreachable` instruction executed";

pub fn cases() -> Vec<Case> {
    let table =
        |wanted: u32| TrapKind::Other(format!("it wanted a table of {wanted} elements and may have 10000"));
    let memories = |count: usize| "(memory 16)".repeat(count);
    vec![
        Case::breaks("fills all memory that it gets, and aborts", process(&format!("{FILL} unreachable")), FULL, "PLG0604", FULL_SAYS).times(4),
        Case::breaks(
            "fills all memory that it gets, and uses the null pointer that it got in the end",
            process(&format!("{FILL} (drop (i32.load (i32.const -1)))")),
            FULL,
            "PLG0604",
            "plugin `x` ran out of memory: it wanted 16842752 bytes and may have 16777216: wasm trap: out of bounds memory access",
        )
        .times(4),
        Case::served(
            "fills all memory that it gets, and goes on as if nothing were",
            process(FILL),
            "it is served with what it has",
            |seen| assert_eq!(seen.output, "input"),
        )
        .times(4),
        Case::breaks(
            "asks for four gigabytes at once",
            process("(if (i32.eq (memory.grow (i32.const 65535)) (i32.const -1)) (then unreachable))"),
            TrapKind::OutOfMemory { wanted: 65536 * PAGE, limit: MEMORY },
            "PLG0604",
            "plugin `x` ran out of memory: it wanted 4294967296 bytes and may have 16777216: wasm trap: wasm `unreachable` instruction executed",
        ),
        Case::breaks_at_load(
            "begins with more memory than it may have",
            echo().memory("257"),
            FULL,
            "PLG0505",
            "no instance of plugin `x` can be made: plugin `x` ran out of memory: it wanted 16842752 bytes and may have 16777216",
        ),
        Case::breaks_at_load(
            "has twenty memories of a megabyte, each of them small enough",
            echo().item(&memories(20)),
            FULL,
            "PLG0505",
            "no instance of plugin `x` can be made: plugin `x` ran out of memory: it wanted 16842752 bytes and may have 16777216",
        ),
        Case::breaks_at_load(
            "fills all memory as it is initialized",
            echo().initialize(&format!("{FILL} unreachable")),
            FULL,
            "PLG0507",
            "plugin `x` broke as it started: plugin `x` ran out of memory: it wanted 16842752 bytes and may have 16777216",
        ),
        Case::breaks(
            "keeps a megabyte more of each call",
            process("(if (i32.eq (memory.grow (i32.const 16)) (i32.const -1)) (then unreachable))"),
            FULL,
            "PLG0604",
            FULL_SAYS,
        )
        // one megabyte for each, and one call more
        .times(16),
        Case::breaks(
            "grows a table without end",
            process("(loop $more (br_if $more (i32.ne (table.grow $t (ref.null func) (i32.const 100)) (i32.const -1)))) unreachable")
                .item("(table $t 0 funcref)"),
            table(10_100),
            "PLG0607",
            "plugin `x` broke: it wanted a table of 10100 elements and may have 10000: wasm trap: wasm `unreachable` instruction executed",
        ),
        Case::breaks_at_load(
            "begins with a larger table than it may have",
            echo().item("(table 10001 funcref)"),
            table(10_001),
            "PLG0505",
            "no instance of plugin `x` can be made: plugin `x` broke: it wanted a table of 10001 elements and may have 10000",
        ),
        Case::breaks_at_load(
            "has a hundred tables, all but empty",
            echo().item(&"(table 1 funcref)".repeat(99)),
            TrapKind::Other("it has more parts than it may: table count too high at 99".to_owned()),
            "PLG0505",
            "no instance of plugin `x` can be made: plugin `x` broke: it has more parts than it may: table count too high at 99",
        ),
        Case::breaks_at_load(
            "has a hundred memories of no bytes at all",
            echo().item(&"(memory 0)".repeat(99)),
            TrapKind::Other("it has more parts than it may: memory count too high at 100".to_owned()),
            "PLG0505",
            "no instance of plugin `x` can be made: plugin `x` broke: it has more parts than it may: memory count too high at 100",
        ),
        Case::breaks(
            "calls itself without end",
            process("(call $deep)").item("(func $deep (call $deep) (call $deep))"),
            TrapKind::StackOverflow,
            "PLG0603",
            "plugin `x` used up its stack: wasm trap: call stack exhausted",
        ),
        Case::breaks(
            "calls itself through a table, with a thousand local variables each time",
            process("(call $deep (i64.const 0))").item(&format!(
                "(type $deep (func (param i64)))
                 (table 1 funcref) (elem (i32.const 0) $deep)
                 (func $deep (type $deep) {}
                    (call_indirect (type $deep) (local.get 1) (i32.const 0))
                    {})",
                "(local i64)".repeat(1000),
                (1..1000).map(|i| format!("(local.set {i} (i64.add (local.get {i}) (local.get {})))", i + 1)).collect::<String>(),
            )),
            TrapKind::StackOverflow,
            "PLG0603",
            "plugin `x` used up its stack: wasm trap: call stack exhausted",
        ),
    ]
}
