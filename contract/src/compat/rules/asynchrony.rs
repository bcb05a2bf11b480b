//! A: `async`, streams and futures.

use super::cells::{IMPORT_FAILS, Positions, RETYPED, WRONG_CALL, cells};
use super::rule::{Bump, Rule, row};

/// The linker compares `async` for imports, and not for exports.
const ASYNC_CHANGED: Positions = Positions {
    import: cells(IMPORT_FAILS, IMPORT_FAILS, Bump::Major),
    export: cells(WRONG_CALL, WRONG_CALL, Bump::Major),
};

pub(super) const ASYNCHRONY: &[Rule] = &[
    row!("A01", "function-made-async", "A function was made `async`.")
        .both(ASYNC_CHANGED)
        .help(
            "Add an `async` function beside the synchronous one. Exported, the plugin loads, but a host that \
             calls it synchronously gets an error.",
        )
        .note("A host that calls through `call_async` or `call_concurrent` works with either kind.")
        .cases(&["fn-async"]),
    row!("A02", "function-made-sync", "An `async` function was made synchronous.")
        .both(ASYNC_CHANGED)
        .help("Keep the function `async`, and add a synchronous one beside it if you need that.")
        .note("A host that calls through `call_async` or `call_concurrent` works with either kind."),
    row!("A03", "world-export-made-async", "An exported function of the world was made `async`.")
        .export(cells(WRONG_CALL, WRONG_CALL, Bump::Major))
        .help(
            "Call the export asynchronously before you change it, or add an `async` function under another \
             name.",
        )
        .note("The linker does not compare `async` for exports.")
        .cases(&["w-export-fn-async"]),
    row!("A04", "method-made-async", "A method or static function of a resource was made `async`.")
        .both(ASYNC_CHANGED)
        .help("Add an `async` method under another name, and keep the synchronous one.")
        .note("As for functions: imports are compared strictly, exports are not compared at all.")
        .cases(&["method-async"]),
    row!("A05", "list-to-stream", "A `list` became a `stream`.")
        .both(RETYPED)
        .help("Add a second function that works with the stream, and let the old one collect it into a list.")
        .cases(&["list-to-stream"]),
    row!("A06", "stream-element-changed", "The elements of a `stream` have another type.")
        .both(RETYPED)
        .help("The linker looks inside streams. Add a second function with a stream of the new elements.")
        .cases(&["stream-elem"]),
    row!("A07", "stream-element-added", "A `stream` without elements now carries some.")
        .both(RETYPED)
        .help("Add a second function whose stream carries the elements.")
        .cases(&["stream-elem-add"]),
    row!("A08", "stream-to-future", "A `stream` became a `future`.")
        .both(RETYPED)
        .help("Keep the stream and write one element to it, or add a second function with the future.")
        .cases(&["stream-to-future"]),
    row!("A09", "future-value-changed", "The value of a `future` has another type.")
        .both(RETYPED)
        .help("The linker looks inside futures. Add a second function with a future of the new type.")
        .cases(&["future-elem"]),
    row!("A10", "record-in-stream-extended", "A record that travels in a `stream` gained a field.")
        .both(RETYPED)
        .help("Define a second record with the new field, and a second function with a stream of it.")
        .cases(&["stream-record-field-add"]),
    row!("A11", "variant-in-future-extended", "A variant that travels in a `future` gained a case.")
        .both(RETYPED)
        .help("Define a second variant with the new case, and a second function with a future of it.")
        .cases(&["future-variant-case-add"]),
    row!(
        "A12",
        "stream-parameter-element-changed",
        "The elements of a `stream` parameter have another type."
    )
    .both(RETYPED)
    .help("Add a second function that takes a stream of the new elements.")
    .cases(&["stream-param-elem"]),
    row!("A13", "stream-to-list", "A `stream` became a `list`.")
        .both(RETYPED)
        .help("Keep the stream, and add a second function that returns or takes the whole list."),
    row!("A14", "stream-element-removed", "A `stream` that carried elements no longer does.")
        .both(RETYPED)
        .help("Keep the elements, even if nobody reads them any more."),
    row!("A15", "future-to-stream", "A `future` became a `stream`.")
        .both(RETYPED)
        .help("Add a second function with the stream; the old one resolves to its first element."),
    row!("A16", "future-value-added", "A `future` without a value now carries one.")
        .both(RETYPED)
        .help("Add a second function whose future carries the value."),
    row!("A17", "future-value-removed", "A `future` no longer carries a value.")
        .both(RETYPED)
        .help("Go on sending a value, or add a second function with the empty future."),
    row!("A18", "value-to-future", "A plain value became a `future` of it.").both(RETYPED).help(
        "Add a second function with the future. For one that merely takes long, `async func` with the \
         plain value says it better.",
    ),
    row!("A19", "world-export-made-sync", "An exported `async` function of the world was made synchronous.")
        .export(cells(WRONG_CALL, WRONG_CALL, Bump::Major))
        .help("Keep it `async`: a host that calls synchronously fails on plugins that were built before.")
        .note("The linker does not compare `async` for exports."),
    row!(
        "A20",
        "method-made-sync",
        "An `async` method or static function of a resource was made synchronous."
    )
    .both(ASYNC_CHANGED)
    .help("Keep it `async`, and add a synchronous method under another name if you need one."),
    row!("A21", "world-import-made-async", "An imported function of the world was made `async`.")
        .import(cells(IMPORT_FAILS, IMPORT_FAILS, Bump::Major))
        .help("Import a second, `async` function under another name, and keep offering the old one."),
    row!("A22", "world-import-made-sync", "An imported `async` function of the world was made synchronous.")
        .import(cells(IMPORT_FAILS, IMPORT_FAILS, Bump::Major))
        .help("Keep it `async`, and import a second, synchronous function under another name."),
    row!("A23", "future-to-value", "A `future` became the plain value.")
        .both(RETYPED)
        .help("Keep the future and resolve it at once, or add a second function with the plain value."),
];
