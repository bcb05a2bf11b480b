//! Text that would steer the terminal on which it is read. The harness looks through all that the host says for
//! control characters; what is asserted here is that the text was there, and how it is shown.

use plug_host::TrapKind;

use crate::case::{Case, Deed, Ends};
use crate::guest::{Guest, echo, process, wasi};

/// Clears the screen, goes on in red on a line of its own, and turns the direction of writing.
const DATA: &str = r#"(data (i32.const 3072) "a\1b[2J\1b[31m\0d\0aINFO all is well\e2\80\ae")"#;
const LENGTH: usize = 31;
const SHOWN: &str = r"a\u{1b}[2J\u{1b}[31m\r\nINFO all is well\u{202e}";

fn evil(guest: Guest) -> Guest {
    guest.item(DATA)
}

pub fn cases() -> Vec<Case> {
    let text = format!("(i32.const 3072) (i32.const {LENGTH})");
    let aborts = |does, guest| {
        let says = "plugin `x` panicked or aborted: wasm trap: wasm `unreachable` instruction executed";
        Case::breaks(does, guest, TrapKind::Unreachable, "PLG0601", says)
    };
    vec![
        Case::served(
            "logs terminal codes and line ends",
            evil(process(&format!("(drop (call $log (i32.const 2) {text}))"))).host_api(),
            "the log has one line, with the codes escaped",
            |seen| {
                let shown: Vec<_> = seen.lines.iter().map(|line| &*line.message).collect();
                assert_eq!(shown, [SHOWN]);
            },
        ),
        Case::served(
            "writes terminal codes on standard error",
            evil(wasi(process(&format!("(call $write (call $stderr) {text} (i32.const 2048))")))),
            "the log has a line for each, with the codes escaped",
            |seen| {
                let shown: Vec<_> = seen.lines.iter().map(|line| &*line.message).collect();
                assert_eq!(shown, [r"a\u{1b}[2J\u{1b}[31m", r"INFO all is well\u{202e}"]);
            },
        ),
        aborts(
            "writes terminal codes, and aborts",
            evil(process(&format!("(drop (call $log (i32.const 4) {text})) unreachable"))).host_api(),
        )
        .also(|seen| {
            assert!(seen.last_words.as_ref().is_some_and(|words| words.contains("\x1b[2J")));
            assert!(seen.long.contains("it wrote:\n  a\\u{1b}[2J\\u{1b}[31m\n  INFO"), "{}", seen.long);
        }),
        aborts(
            "aborts in a function whose name is a terminal code",
            process("(call $\"\\1b[2J\\0agone\")").item("(func $\"\\1b[2J\\0agone\" unreachable)"),
        )
        .also(|seen| assert!(seen.long.contains("0: \u{fffd}[2J\u{fffd}gone at"), "{}", seen.long)),
        Case::declines(
            "refuses to start, in terminal codes",
            evil(echo()).initialize(&format!("(call $err {text})")),
            Deed::Load,
            Ends::Load,
            "PLG0506",
            r"plugin `x` refused to start: a\u{1b}[2J\u{1b}[31m\r\nINFO all is well\u{202e}",
        ),
        Case::declines(
            "refuses to shut down, in terminal codes",
            evil(echo()).shutdown(&format!("(call $err {text})")),
            Deed::Unload,
            Ends::Unload,
            "PLG0510",
            r"plugin `x` was unloaded, but did not shut down in order: plugin `x` answered: a\u{1b}[2J\u{1b}[31m\r\nINFO all is well\u{202e}",
        ),
        Case::served(
            "emits an event whose type is a terminal code",
            evil(process(&format!("(drop (call $emit {text} (i32.const 0) (i32.const 0)))")))
                .wanting(["events:emit"])
                .host_api(),
            "the event goes to the subscribers, as it is",
            |seen| assert_eq!(seen.events, 1),
        ),
        Case::no_artifact(
            "has an import whose name is a terminal code",
            || {
                wat::parse_str(r#"(component (core module $m (import "\1b[2J" "\0a" (func))) (core instance (instantiate $m)))"#).unwrap()
            },
            "PLG0203",
            r"not a valid component: missing module instantiation argument named `\u{1b}[2J` (at offset 0x32)",
        ),
        Case {
            ends: Ends::Load,
            ..Case::refused(
                "imports from an address that is a terminal code",
                || wat::parse_str(r#"(component (import "url=<https://\1b[2J>" (func)))"#).unwrap(),
                "PLG0511",
                r"plugin `x` imports what this sandbox does not serve: url=<https://\u{1b}[2J>",
            )
        }
        .by(Deed::ByName("none")),
        Case::refused(
            "exports terminal codes from a module and imports them into another",
            || {
                wat::parse_str(
                    r#"(component
                        (core module $a (func (export "\1b[2J") (param i32)))
                        (core module $b (import "\0a" "\1b[2J" (func)))
                        (core instance $a (instantiate $a))
                        (core instance (instantiate $b (with "\0a" (instance $a)))))"#,
                )
                .unwrap()
            },
            "PLG0503",
            r"plugin `x` cannot be compiled: failed to parse WebAssembly module: type mismatch for export `\u{1b}[2J` of module instantiation argument `\n`\nexpected: (func)\nfound:    (func (param i32)) (at offset 0x65)",
        )
        .by(Deed::ByName("none")),
    ]
}
