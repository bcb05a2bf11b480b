//! C: lists, tuples, options, maps and the primitive types, wherever they stand.

use super::cells::RETYPED;
use super::rule::{Rule, row};

pub(super) const CONTAINERS: &[Rule] = &[
    row!("C01", "bytes-to-string", "A `list<u8>` became a `string`.")
        .both(RETYPED)
        .help(
            "Both are bytes in memory, yet different types. Add a second function that takes or returns the \
             string.",
        )
        .cases(&["list-u8-to-string"]),
    row!("C02", "list-element-changed", "The elements of a `list` have another type.")
        .both(RETYPED)
        .help("The linker looks inside lists. Add a second function with a list of the new elements.")
        .cases(&["list-elem"]),
    row!("C03", "string-to-chars", "A `string` became a `list<char>`.")
        .both(RETYPED)
        .help("Keep the string: it is smaller, and either side can take it apart.")
        .cases(&["string-to-list-char"]),
    row!("C04", "tuple-resized", "A `tuple` has more or fewer elements.")
        .both(RETYPED)
        .help(
            "A tuple can never grow. Add a second function that returns a record, whose fields at least have \
             names.",
        )
        .cases(&["tuple-arity"]),
    row!("C05", "tuple-to-list", "A `tuple` became a `list`.")
        .both(RETYPED)
        .help("Add a second function with the list.")
        .cases(&["tuple-to-list"]),
    row!("C06", "option-nested", "A type inside an `option` became an `option` itself.")
        .both(RETYPED)
        .help("Use a variant with a name for each of the three states, in a second function.")
        .cases(&["option-nest"]),
    row!("C07", "float-widened", "An `f32` became an `f64`.")
        .both(RETYPED)
        .help("Numbers are not converted between the two sides. Add a second function with `f64`.")
        .cases(&["f32-to-f64"]),
    row!("C08", "bool-to-number", "A `bool` became a `u8`.")
        .both(RETYPED)
        .help(
            "Both are one byte in memory, yet different types. If there are now more than two states, add a \
             function with an enum.",
        )
        .cases(&["bool-to-u8"]),
    row!("C09", "char-to-number", "A `char` became a `u32`.")
        .both(RETYPED)
        .help(
            "Both are four bytes in memory, yet different types. Keep the `char`, or add a second function.",
        )
        .cases(&["char-to-u32"]),
    row!("C10", "list-to-option", "A `list` became an `option`.")
        .both(RETYPED)
        .help("Keep the list and put at most one element into it, or add a second function.")
        .cases(&["list-to-option"]),
    row!("C11", "pairs-to-map", "A `list<tuple<K, V>>` became a `map<K, V>`.")
        .both(RETYPED)
        .help("Keep the list of pairs, which every language and host can read.")
        .note("`map` needs a host and tools that have switched it on.")
        .cases(&["list-to-tuples-map"]),
    row!("C12", "list-length-fixed", "A `list<T>` became a `list<T, N>` of fixed length.")
        .both(RETYPED)
        .help("Keep the list and check its length when it arrives.")
        .note("Lists of fixed length need a host and tools that have switched them on.")
        .cases(&["list-to-fixed"]),
    row!("C13", "fixed-length-changed", "The length of a `list<T, N>` changed.")
        .both(RETYPED)
        .help(
            "The length is part of the type. Add a second function with the new length, or one with a plain \
             `list<T>`.",
        )
        .cases(&["fixed-len"]),
    row!("C14", "map-value-changed", "The values of a `map` have another type.")
        .both(RETYPED)
        .help("Add a second function with a map of the new values.")
        .cases(&["map-value"]),
    row!("C15", "map-key-changed", "The keys of a `map` have another type.")
        .both(RETYPED)
        .help("Add a second function with a map of the new keys.")
        .cases(&["map-key"]),
    row!("C17", "string-to-bytes", "A `string` became a `list<u8>`.").both(RETYPED).help(
        "Both are bytes in memory, yet different types. Add a second function that takes or returns the \
         bytes.",
    ),
    row!("C18", "option-value-changed", "The value inside an `option` has another type.")
        .both(RETYPED)
        .help("The linker looks inside options, even those that are always `none`. Add a second function."),
    row!("C19", "option-unwrapped", "An `option` within another type became the plain value.")
        .both(RETYPED)
        .help("Keep the `option` and always fill it, or add a second function."),
    row!(
        "C20",
        "tuple-element-changed",
        "An element of a `tuple` has another type, or the elements changed places."
    )
    .both(RETYPED)
    .help("Add a second function with the new tuple. A record would give each element a name."),
    row!("C21", "list-to-tuple", "A `list` became a `tuple`.")
        .both(RETYPED)
        .help("Keep the list and check its length, or add a second function with the tuple."),
    row!("C22", "map-to-pairs", "A `map<K, V>` became a `list<tuple<K, V>>`.")
        .both(RETYPED)
        .help("The two are different types. Add a second function with the list of pairs."),
    row!("C23", "list-length-freed", "A `list<T, N>` of fixed length became a `list<T>`.")
        .both(RETYPED)
        .help("Add a second function with the plain list."),
    row!("C24", "inner-result-changed", "A `result` within another type has another value or error type.")
        .both(RETYPED)
        .help("Add a second function with the new `result`."),
    row!("C25", "float-narrowed", "An `f64` became an `f32`.").both(RETYPED).help(
        "Keep `f64`, or add a second function with `f32`: precision is yours to give away, not the \
         linker's.",
    ),
    row!("C26", "option-introduced", "A type within another type became an `option` of it.")
        .both(RETYPED)
        .help("A plain value is not taken for an `option`. Add a second function."),
];
