//! F: functions of an interface, their parameters and results.

use super::cells::{ADDED, LINKS, NOT_COMPOSABLE, REMOVED, RENAMED, RETYPED, WRONG_CALL, everywhere};
use super::rule::{Bump, Rule, row};

pub(super) const FUNCTIONS: &[Rule] = &[
    row!("F01", "function-added", "A function was added to the interface.")
        .both(ADDED)
        .help_by_position(
            "Nothing: only plugins that call it need the new host.",
            "Put it into an optional interface, for a host must not demand it of plugins that were built \
             before.",
        )
        .note(
            "Imports are trimmed to what a plugin calls, so a new plugin that does not call the function \
             still runs on an old host.",
        )
        .cases(&["fn-add"]),
    row!("F02", "function-removed", "A function was removed from the interface.")
        .both(REMOVED)
        .help("Keep the function and mark it `@deprecated`. Remove it only in a new major version.")
        .note(
            "Exported, old plugins still link and the function is no longer called; their source stops \
             compiling when it is rebuilt.",
        ),
    row!("F03", "function-renamed", "A function has another name and the same signature.")
        .both(RENAMED)
        .help_by_position(
            "Functions are found by name. Keep the old name, and add the new one beside it if you want both.",
            "Functions are found by name. Keep the old one: a second one beside it would be demanded of old \
             plugins, too.",
        )
        .cases(&["fn-rename"]),
    row!("F04", "functions-reordered", "The functions of the interface stand in another order.")
        .both(everywhere(LINKS, Bump::Patch))
        .help("Nothing: functions are found by name.")
        .cases(&["fn-reorder"])
        .unreported(),
    row!("F05", "parameter-added", "A parameter was added to the function.")
        .both(RETYPED)
        .help("Leave the function as it is and add a second one beside it that takes the parameter too.")
        .cases(&["param-add"]),
    row!("F06", "option-parameter-added", "A parameter of an option type was added to the function.")
        .both(RETYPED)
        .help(
            "An `option` parameter must still be passed. Add a second function that takes it, and leave this \
             one alone.",
        )
        .note(
            "WIT has no default values: `option<T>` is a value that may be `none`, not a parameter that may \
             be left out.",
        )
        .cases(&["param-add-option"]),
    row!("F07", "parameter-removed", "A parameter was removed from the function.")
        .both(RETYPED)
        .help("Keep the parameter and ignore it, or add a second function without it.")
        .note("A parameter that is ignored costs next to nothing."),
    row!("F08", "parameter-renamed", "A parameter has another name.")
        .both(everywhere(NOT_COMPOSABLE, Bump::Major))
        .help(
            "Put the old name back unless the new one is worth a new version: hosts on wasmtime ignore it, \
             but composing this component with others fails.",
        )
        .note(
            "wasmtime goes by position alone. The component model's own rules, which `wac` and `wasm-tools \
             compose` follow, compare the names.",
        )
        .cases(&["param-rename"]),
    row!("F09", "parameters-reordered", "The parameters stand in another order, and their types with them.")
        .both(RETYPED)
        .help("Put them back in the old order: arguments are passed by position, never by name.")
        .cases(&["param-reorder-distinct"]),
    row!("F10", "parameters-swapped", "Parameters of one type stand in another order.")
        .both(everywhere(WRONG_CALL, Bump::Major))
        .help(
            "Put them back in the old order. Nothing refuses this change: the plugin loads, and its \
             arguments arrive swapped.",
        )
        .note("Measured: `sub(10, 3)` arrives as `sub(3, 10)`. No error, no trap.")
        .cases(&["param-reorder-same-type"]),
    row!("F11", "parameter-widened", "A number parameter became a wider number.")
        .both(RETYPED)
        .help(
            "Numbers are not converted between the two sides. Add a second function that takes the wider \
             type.",
        )
        .note("Neither wasmtime nor the specification knows a subtype among numbers.")
        .cases(&["param-type-widen"]),
    row!("F12", "parameter-sign-changed", "An integer parameter changed between signed and unsigned.")
        .both(RETYPED)
        .help(
            "`u32` and `s32` are different types to the linker. Keep the old one, or add a second function.",
        )
        .cases(&["param-type-sign"]),
    row!("F13", "parameter-made-optional", "A parameter of type `T` became `option<T>`.")
        .both(RETYPED)
        .help(
            "A plain value is not taken for an `option`. Add a second function whose parameter is the \
             `option`.",
        )
        .cases(&["param-required-to-option"]),
    row!("F14", "parameters-folded", "The parameters were folded into one record.")
        .both(RETYPED)
        .help("Add a second function that takes the record, and leave this one with its separate parameters.")
        .cases(&["params-to-record"]),
    row!("F15", "result-added", "A function that returned nothing now returns a value.")
        .both(RETYPED)
        .help(
            "Add a second function that returns the value: even a result that nobody reads is part of the \
             type.",
        )
        .cases(&["result-add"]),
    row!("F16", "result-removed", "A function that returned a value now returns nothing.")
        .both(RETYPED)
        .help("Go on returning a value, or add a second function that returns nothing."),
    row!("F17", "result-type-changed", "The function returns another type.")
        .both(RETYPED)
        .help("Leave the function as it is and add a second one that returns the new type.")
        .cases(&["result-type"]),
    row!("F18", "result-made-optional", "A function that returned `T` now returns `option<T>`.")
        .both(RETYPED)
        .help("Old callers do not expect `none`. Add a second function that returns the `option`.")
        .cases(&["result-to-option"]),
    row!("F19", "result-made-fallible", "A function that returned `T` now returns a `result`.")
        .both(RETYPED)
        .help(
            "Add a second function that can fail. In a new contract, return a `result` from whatever may \
             fail one day.",
        )
        .cases(&["result-to-result"]),
    row!("F20", "error-type-added", "A `result` without an error type now has one.")
        .both(RETYPED)
        .help(
            "Add a second function with the error type. In a new contract, give every `result` an error type \
             from the start.",
        )
        .cases(&["result-add-err"]),
    row!("F21", "error-type-changed", "The error type of a `result` changed.")
        .both(RETYPED)
        .help(
            "Keep the error type, or add a second function. A variant with a case `other(string)` leaves \
             room for errors that come later.",
        )
        .cases(&["result-err-type"]),
    row!("F22", "ok-type-added", "A `result<_, E>` now carries a value when it is ok.")
        .both(RETYPED)
        .help("Add a second function that returns the value; this one goes on saying only whether it worked.")
        .cases(&["result-ok-add"]),
    row!("F23", "bare-result-given-value", "A bare `result` now carries a value when it is ok.")
        .both(RETYPED)
        .help("Add a second function that returns the value, and give that one an error type as well.")
        .cases(&["result-ok-err-both-none"]),
    row!("F24", "parameter-type-changed", "A parameter has another type.").both(RETYPED).help(
        "The linker converts nothing. Leave the function as it is and add a second one that takes the \
         new type.",
    ),
    row!("F25", "ok-type-changed", "The value that a `result` carries when it is ok has another type.")
        .both(RETYPED)
        .help("Add a second function whose `result` carries the new type."),
    row!("F26", "parameters-changed", "Several parameters were added, removed, moved or retyped at once.")
        .both(RETYPED)
        .help(
            "This is another function in all but its name: give it a name of its own, and leave the old \
             one.",
        ),
    row!("F27", "parameter-narrowed", "A number parameter became a narrower number.")
        .both(RETYPED)
        .help("Keep the wider type and refuse values out of range with an error."),
    row!("F28", "parameter-made-required", "A parameter of type `option<T>` became `T`.").both(RETYPED).help(
        "Keep the `option` and answer `none` with an error, or add a second function that takes the \
         plain value.",
    ),
    row!("F29", "parameters-unfolded", "A record parameter was unfolded into separate parameters.")
        .both(RETYPED)
        .help("Keep the record, which is the easier of the two to pass on, or add a second function."),
    row!("F30", "result-made-required", "A function that returned `option<T>` now returns `T`.")
        .both(RETYPED)
        .help("Keep the `option` and always return `some`; old callers will find their `none` never comes."),
    row!("F31", "result-made-infallible", "A function that returned a `result` now returns the plain value.")
        .both(RETYPED)
        .help(
            "Keep the `result` and always return `ok`: that costs nothing and leaves room for a later \
             error.",
        ),
    row!("F32", "error-type-removed", "A `result` lost its error type.")
        .both(RETYPED)
        .help("Keep the error type, even if only one error is left."),
    row!("F33", "ok-type-removed", "A `result` no longer carries a value when it is ok.")
        .both(RETYPED)
        .help("Go on returning the value, or add a second function whose `result` carries none."),
];
