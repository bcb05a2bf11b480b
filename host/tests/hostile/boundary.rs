//! What is handed over: answers, and arguments for functions of the host.

use plug_contract::Wit;
use plug_host::TrapKind;

use crate::case::{Case, Deed, Made};
use crate::guest::{Guest, application, echo, process};
use crate::harness::TRANSFER;
use crate::support::encode;

const TOO_MUCH: TrapKind = TrapKind::TooMuchData { limit: TRANSFER };
const TOO_MUCH_SAYS: &str = "plugin `x` handed over more than the 1048576 bytes that it may at once";

/// Answers with what is at 1024, after `store` has changed it; bytes that are no text lie at 3072.
fn answers(store: &str) -> Guest {
    Guest::of(crate::guest::WIT, "guest")
        .item(r#"(data (i32.const 3072) "\ff\fe")"#)
        .process(&format!("(drop (call $reply (i32.const 3072) (i32.const 0))) {store} (i32.const 1024)"))
}

/// Answers in order, after it has done that.
fn asks(call: &str) -> Guest {
    application(answers(call)).host_api()
}

/// `$count` lists at `$at`, each of them `$len` long and beginning at `$of`.
const SAME: &str = "
    (func $same (param $at i32) (param $count i32) (param $of i32) (param $len i32)
        (loop $next
            (i32.store (local.get $at) (local.get $of))
            (i32.store offset=4 (local.get $at) (local.get $len))
            (local.set $at (i32.add (local.get $at) (i32.const 8)))
            (br_if $next (local.tee $count (i32.sub (local.get $count) (i32.const 1))))))";

/// Ten thousand lists of ten thousand lists of ten thousand bytes, all of them the same ones.
fn laughs() -> Vec<u8> {
    let wit = "package acme:laughs; interface all { laugh: func() -> list<list<list<string>>>; } world w { export all; }";
    let core = format!(
        r#"(module (memory (export "memory") 8)
            {SAME}
            (func (export "acme:laughs/all#laugh") (result i32)
                (call $same (i32.const 65536) (i32.const 10000) (i32.const 0) (i32.const 10000))
                (call $same (i32.const 196608) (i32.const 10000) (i32.const 65536) (i32.const 10000))
                (call $same (i32.const 327680) (i32.const 10000) (i32.const 196608) (i32.const 10000))
                (i32.store (i32.const 32) (i32.const 327680))
                (i32.store (i32.const 36) (i32.const 10000))
                (i32.const 32)))"#
    );
    encode(&Wit::from_text("laughs.wit", wit).unwrap(), "w", &core)
}

pub fn cases() -> Vec<Case> {
    let invalid = |does, guest, what: &str, says| {
        Case::breaks(does, guest, TrapKind::InvalidData(what.to_owned()), "PLG0619", says)
    };
    let too_much = |does, guest| Case::breaks(does, guest, TOO_MUCH, "PLG0617", TOO_MUCH_SAYS);
    vec![
        invalid(
            "answers with text that is no UTF-8",
            answers("(i32.store (i32.const 1028) (i32.const 2))"),
            "invalid utf-8 sequence of 1 bytes from index 0",
            "plugin `x` handed over what is no value of its type: invalid utf-8 sequence of 1 bytes from index 0",
        ),
        invalid(
            "answers with text of four gigabytes that it does not have",
            answers("(i32.store (i32.const 1028) (i32.const -1))"),
            "string pointer/length out of bounds of memory",
            "plugin `x` handed over what is no value of its type: string pointer/length out of bounds of memory",
        ),
        invalid(
            "answers with text that begins behind the end of its memory",
            answers("(i32.store (i32.const 1024) (i32.const 65536)) (i32.store (i32.const 1028) (i32.const 1))"),
            "string pointer/length out of bounds of memory",
            "plugin `x` handed over what is no value of its type: string pointer/length out of bounds of memory",
        ),
        invalid(
            "answers with a case that there is not",
            answers("(i32.store8 (i32.const 1036) (i32.const 7))"),
            "invalid option discriminant",
            "plugin `x` handed over what is no value of its type: invalid option discriminant",
        ),
        invalid(
            "answers with an odd address",
            answers("(return (i32.const 1025))"),
            "return pointer not aligned",
            "plugin `x` handed over what is no value of its type: return pointer not aligned",
        ),
        invalid(
            "answers with an address out of its memory",
            answers("(return (i32.const -4))"),
            "pointer out of bounds of memory",
            "plugin `x` handed over what is no value of its type: pointer out of bounds of memory",
        ),
        invalid(
            "gives room for an argument out of its memory",
            process("").realloc("(if (local.get $size) (then (return (i32.const -8))))"),
            "realloc return: beyond end of memory",
            "plugin `x` handed over what is no value of its type: realloc return: beyond end of memory",
        ),
        too_much(
            "answers with two megabytes of text, which it has",
            process("(return (call $reply (i32.const 65536) (i32.const 2097152)))").memory("40"),
        ),
        too_much(
            "logs two megabytes at once",
            process("(drop (call $log (i32.const 2) (i32.const 65536) (i32.const 2097152)))").memory("40").host_api(),
        ),
        invalid(
            "logs at a level that there is not",
            asks("(drop (call $log (i32.const 9) (i32.const 0) (i32.const 0)))"),
            "unexpected discriminant: 9",
            "plugin `x` handed over what is no value of its type: unexpected discriminant: 9",
        ),
        invalid(
            "logs what is no text",
            asks("(drop (call $log (i32.const 1) (i32.const 3072) (i32.const 2)))"),
            "invalid utf-8 sequence of 1 bytes from index 0",
            "plugin `x` handed over what is no value of its type: invalid utf-8 sequence of 1 bytes from index 0",
        ),
        invalid(
            "emits an event whose end lies behind the end of the address space",
            asks("(drop (call $emit (i32.const 3072) (i32.const 0) (i32.const -1) (i32.const -1)))"),
            "string pointer/length out of bounds of memory",
            "plugin `x` handed over what is no value of its type: string pointer/length out of bounds of memory",
        ),
        invalid(
            "hands the application a letter that is none",
            asks("(call $letter (i32.const 0xd800))"),
            "converted integer out of range for `char`",
            "plugin `x` handed over what is no value of its type: converted integer out of range for `char`",
        ),
        invalid(
            "hands the application a list of four billion texts that it does not have",
            asks("(call $texts (i32.const 0) (i32.const -1))"),
            "list pointer/length out of bounds of memory",
            "plugin `x` handed over what is no value of its type: list pointer/length out of bounds of memory",
        ),
        too_much(
            "hands the application the same kilobyte as ten thousand texts",
            asks("(call $same (i32.const 65536) (i32.const 10000) (i32.const 0) (i32.const 1000)) (call $texts (i32.const 65536) (i32.const 10000))")
                .memory("8")
                .item(SAME),
        ),
        too_much(
            "hands the application lists in lists in lists, a trillion bytes in all",
            asks("(call $same (i32.const 65536) (i32.const 10000) (i32.const 0) (i32.const 10000))
                  (call $same (i32.const 196608) (i32.const 10000) (i32.const 65536) (i32.const 10000))
                  (call $lists (i32.const 196608) (i32.const 10000))")
                .memory("8")
                .item(SAME),
        ),
        Case { made: Made::Bytes(laughs), ..too_much("answers, called by name, with lists in lists in lists of text", echo()) }
            .by(Deed::ByName("acme:laughs/all#laugh")),
    ]
}
