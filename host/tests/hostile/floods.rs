//! Too much of what is allowed in measure.

use plug_host::TrapKind;

use crate::case::Case;
use crate::guest::{Guest, WIT, process, repeat, wasi};
use crate::harness::{RATE, Seen};

/// No more than two windows of a second may have begun, each with a line on what was dropped.
fn few(count: usize) {
    let rate = RATE as usize;
    assert!((rate..=2 * rate + 2).contains(&count), "{count}");
}

/// The length of the longest line.
fn longest(seen: &Seen) -> usize {
    seen.lines.iter().map(|line| line.message.len()).max().unwrap_or_default()
}

/// Writes as much as is allowed at once, from 65536 on.
fn writes(stream: &str) -> String {
    format!("(call $write (call {stream}) (i32.const 65536) (i32.const 4096) (i32.const 2048))")
}

pub fn cases() -> Vec<Case> {
    let large = |body: &str| {
        wasi(process(&format!("(memory.fill (i32.const 65536) (i32.const 97) (i32.const 983040)) {body}")))
            .memory("16")
    };
    let emits = |body: &str| {
        Guest::of(WIT, "guest")
            .process(&format!("{body} (call $reply (local.get $input) (local.get $input_len))"))
            .host_api()
            .wanting(["events:emit"])
    };
    vec![
        Case::served(
            "logs ten thousand times in a row",
            process(&repeat(10_000, "(drop (call $log (i32.const 2) (i32.const 512) (i32.const 4)))")).host_api(),
            "50 messages in a second arrive, and how many were dropped",
            |seen| few(seen.lines.len()),
        ),
        Case::served(
            "logs a megabyte in one message",
            large("(drop (call $log (i32.const 2) (i32.const 65536) (i32.const 983040)))").host_api(),
            "the first 8 KiB arrive, and how much was cut off",
            |seen| {
                let [line] = &seen.lines[..] else { panic!("{:?}", seen.lines.len()) };
                assert_eq!((line.message.len(), line.cut), (8 << 10, Some(983_040 - (8 << 10))));
            },
        ),
        Case::served(
            "emits ten thousand events in a row",
            emits(&repeat(10_000, "(drop (call $emit (i32.const 512) (i32.const 4) (i32.const 512) (i32.const 4)))")),
            "50 events in a second arrive; the plugin is told that there may be no more",
            |seen| few(seen.events),
        ),
        Case::served(
            "emits an event of a megabyte",
            emits("(drop (call $emit (i32.const 512) (i32.const 4) (i32.const 65536) (i32.const 983040)))").memory("16"),
            "the event is refused",
            |seen| assert_eq!(seen.events, 0),
        ),
        Case::served(
            "writes a megabyte on standard output without a line end",
            large(&repeat(250, &writes("$stdout"))),
            "one line of 8 KiB arrives",
            |seen| assert_eq!((seen.lines.len(), longest(seen)), (1, 8 << 10)),
        ),
        Case::served(
            "writes a hundred thousand empty lines on standard output",
            wasi(process(&format!(
                "(memory.fill (i32.const 65536) (i32.const 10) (i32.const 983040)) {}",
                repeat(25, &writes("$stdout"))
            )))
            .memory("16"),
            "50 lines in a second arrive, and how many were dropped",
            |seen| few(seen.lines.len()),
        ),
        Case::breaks(
            "writes a megabyte on standard error, and aborts",
            large(&format!("{} unreachable", repeat(250, &writes("$stderr")))),
            TrapKind::Unreachable,
            "PLG0601",
            "plugin `x` panicked or aborted: wasm trap: wasm `unreachable` instruction executed",
        )
        .also(|seen| assert_eq!(seen.last_words.as_ref().map(String::len), Some(2 << 10))),
        Case::breaks(
            "writes a megabyte at once, without asking whether it may",
            large("(call $write_unasked (call $stdout) (i32.const 65536) (i32.const 983040) (i32.const 2048))"),
            TrapKind::Other("it wrote more bytes at once than check-write permits".to_owned()),
            "PLG0607",
            "plugin `x` broke: it wrote more bytes at once than check-write permits",
        ),
        Case::served(
            "tries ten thousand things that it may not",
            Guest::of(WIT, "guest").wanting(["events:emit"]).host_api().process(&format!(
                "{} (call $reply (local.get $input) (local.get $input_len))",
                repeat(
                    10_000,
                    "(i32.store (i32.const 3072) (i32.add (i32.const 0x41414141) (i32.and (local.get $a) (i32.const 0x0f0f))))
                     (i32.store (i32.const 3076) (i32.add (i32.const 0x41414141) (i32.and (i32.shr_u (local.get $a) (i32.const 4)) (i32.const 0x0f0f))))
                     (drop (call $get_config (i32.const 3072) (i32.const 8)))
                     (drop (call $emit (i32.const 3072) (i32.const 8) (i32.const 512) (i32.const 4)))"
                )
            )),
            "each is denied; of each kind the first 256 are told",
            |seen| {
                assert!(seen.denied <= 512, "{}", seen.denied);
                assert!(seen.own_lines.len() <= 600, "{}", seen.own_lines.len());
            },
        ),
    ]
}
