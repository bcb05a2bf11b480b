//! The beginning and the end of a plugin.

use plug_host::TrapKind;

use crate::case::{Case, Deed, Ends};
use crate::guest::echo;

const ABORTS: TrapKind = TrapKind::Unreachable;

/// A mebibyte less a page, all of it the letter `a`; more than any text that is kept.
const LONG: &str = "(memory.fill (i32.const 65536) (i32.const 97) (i32.const 983040))";

pub fn cases() -> Vec<Case> {
    let refuses = |does, guest, says| Case::declines(does, guest, Deed::Load, Ends::Load, "PLG0506", says);
    let invalid = || TrapKind::InvalidData("invalid utf-8 sequence of 1 bytes from index 0".to_owned());
    vec![
        Case::breaks_at_load(
            "aborts as its module starts",
            echo().item("(func $abort unreachable) (start $abort)"),
            ABORTS,
            "PLG0505",
            "no instance of plugin `x` can be made: plugin `x` panicked or aborted",
        ),
        Case::breaks_at_load(
            "aborts as it is initialized",
            echo().initialize("unreachable"),
            ABORTS,
            "PLG0507",
            "plugin `x` broke as it started: plugin `x` panicked or aborted",
        ),
        Case::breaks_at_load(
            "aborts when it is asked who it is",
            echo().metadata("unreachable"),
            ABORTS,
            "PLG0507",
            "plugin `x` broke as it started: plugin `x` panicked or aborted",
        ),
        Case::breaks_at_load(
            "calls itself what is no text",
            echo().item(r#"(data (i32.const 3072) "\ff\fe")"#).metadata(
                "(drop (call $metadata)) (i32.store (i32.const 272) (i32.const 3072)) (i32.const 272)",
            ),
            invalid(),
            "PLG0507",
            "plugin `x` broke as it started: plugin `x` handed over what is no value of its type: invalid utf-8 sequence of 1 bytes from index 0",
        ),
        refuses(
            "refuses to start",
            echo()
                .item(r#"(data (i32.const 3072) "not today")"#)
                .initialize("(call $err (i32.const 3072) (i32.const 9))"),
            "plugin `x` refused to start: not today",
        ),
        refuses(
            "refuses to start, with a megabyte of reasons",
            echo()
                .memory("16")
                .initialize(&format!("{LONG} (call $err (i32.const 65536) (i32.const 983040))")),
            "plugin `x` refused to start: aaaaaaaaaaaaaaaa",
        )
        .begins()
        .also(|seen| assert_eq!(seen.says.len(), "plugin `x` refused to start: ".len() + (4 << 10))),
        Case {
            ends: Ends::Unload,
            ..Case::breaks(
                "aborts when it is to shut down",
                echo().shutdown("unreachable"),
                ABORTS,
                "PLG0510",
                "plugin `x` was unloaded, but did not shut down in order: plugin `x` panicked or aborted",
            )
        }
        .by(Deed::Unload),
        Case::declines(
            "refuses to shut down",
            echo()
                .item(r#"(data (i32.const 3072) "never")"#)
                .shutdown("(call $err (i32.const 3072) (i32.const 5))"),
            Deed::Unload,
            Ends::Unload,
            "PLG0510",
            "plugin `x` was unloaded, but did not shut down in order: plugin `x` answered: never",
        ),
        Case::served(
            "describes itself in a megabyte",
            echo().memory("16").metadata(&format!(
                "{LONG} (drop (call $metadata))
                 (i32.store (i32.const 288) (i32.const 65536)) (i32.store (i32.const 292) (i32.const 983040))
                 (i32.const 272)"
            )),
            "the first 4 KiB of it are kept",
            |seen| assert_eq!(seen.description, 4 << 10),
        ),
    ]
}
