//! R: records, and what holds for every named type.

use super::cells::{LINKS, RETYPED, TYPE_GONE, TYPE_NAMES, everywhere};
use super::rule::{Bump, Rule, row};

pub(super) const RECORDS: &[Rule] = &[
    row!("R01", "parameter-record-extended", "A record that is passed in gained a field.")
        .both(RETYPED)
        .help(
            "A record can never grow. Define a second record with the field, and a second function that \
             takes it.",
        )
        .cases(&["record-field-add-param"]),
    row!("R02", "result-record-extended", "A record that is returned gained a field.")
        .both(RETYPED)
        .help(
            "A reader does not skip fields it does not know. Define a second record, and a second function \
             that returns it.",
        )
        .note("There is no direction in which a wider record passes for a narrower one.")
        .cases(&["record-field-add-result"]),
    row!("R03", "option-field-added", "A record gained a field of an option type.")
        .both(RETYPED)
        .help(
            "Leave the record as it is: an `option` field is a field like any other, and none can be left \
             out. Define a second record with the field, for a second function.",
        )
        .cases(&["record-field-add-option-param", "record-field-add-option-result"]),
    row!("R04", "record-field-removed", "A record lost a field.")
        .both(RETYPED)
        .help("Keep the field and say in its documentation that it is not read any more."),
    row!("R05", "record-field-renamed", "A field of a record has another name.")
        .both(RETYPED)
        .help(
            "Names of fields are compared. Put the old name back, and let the documentation say what it \
             means now.",
        )
        .cases(&["record-field-rename-param", "record-field-rename-result"]),
    row!("R06", "record-fields-reordered", "The fields of a record stand in another order.")
        .both(RETYPED)
        .help("Put them back in the old order: it is the order in memory.")
        .cases(&["record-field-reorder-param", "record-field-reorder-result"]),
    row!("R07", "record-fields-swapped", "Fields of one type stand in another order.")
        .both(RETYPED)
        .help(
            "Put them back in the old order. Unlike parameters, fields are compared by name as well, so this \
             is refused and not silently swapped.",
        )
        .cases(&["record-field-reorder-same-type"]),
    row!("R08", "record-field-type-changed", "A field of a record has another type.")
        .both(RETYPED)
        .help(
            "Keep the field as it is. Define a second record with the new type, and a second function that \
             uses it.",
        )
        .cases(&["record-field-type-param", "record-field-type-result"]),
    row!("R09", "record-field-made-optional", "A field of type `T` became `option<T>`.")
        .both(RETYPED)
        .help("Keep the plain field and agree on a value that stands for nothing, or define a second record.")
        .cases(&["record-field-to-option-param", "record-field-to-option-result"]),
    row!("R10", "nested-record-extended", "A record that is part of another type gained a field.")
        .both(RETYPED)
        .help(
            "Everything that holds the record changes with it. Define a second record, and second versions \
             of what holds it.",
        )
        .cases(&["record-nested-field-add"]),
    row!("R11", "record-to-tuple", "A record became a tuple.")
        .both(RETYPED)
        .help("Keep the record: its field names are worth more than what a tuple saves.")
        .cases(&["record-to-tuple"]),
    row!("R12", "record-to-resource", "A record became a resource.")
        .both(RETYPED)
        .help(
            "A value is copied, a resource is lent: add the resource under another name, with functions of \
             its own.",
        )
        .cases(&["record-to-resource"]),
    row!("R13", "record-renamed", "A record has another name.")
        .both(TYPE_NAMES)
        .help(
            "Plugins still load, but their source does not compile against the new name. Keep the old one as \
             an alias: `type old-name = new-name;`.",
        )
        .note(
            "Value types are compared by structure, so wasmtime does not look at the name. Composition \
             does.",
        )
        .cases(&["record-type-rename"]),
    row!("R14", "unused-record-extended", "A record that no function uses gained a field.")
        .both(TYPE_NAMES)
        .help("Plugins still load. Source code that builds the record stops compiling when it is rebuilt.")
        .note("A type that no function reaches is never linked.")
        .cases(&["record-unused-field-add"]),
    row!("R15", "type-removed", "A type was removed from the interface.")
        .both(TYPE_GONE)
        .help(
            "Plugins still load if no function they use has changed with it, but source code that names the \
             type stops compiling. Keep the type.",
        )
        .cases(&["record-unused-removed"]),
    row!("R16", "type-added", "A type was added to the interface.")
        .both(everywhere(LINKS, Bump::Minor))
        .help("Nothing: a type that no old function uses concerns no old plugin.")
        .cases(&["type-unused-added"]),
    row!("R17", "type-exchanged", "A function uses another type of the same shape.")
        .both(TYPE_NAMES)
        .help(
            "Plugins still load, for types are compared by structure. Source code that passes the old type \
             stops compiling: make one an alias of the other.",
        )
        .cases(&["record-split-structurally-equal"]),
    row!("R18", "record-to-other-kind", "A record became a variant, an enum or flags.")
        .both(RETYPED)
        .help("This is another type. Give it another name, and a second function that uses it."),
    row!(
        "R19",
        "record-fields-changed",
        "Several fields of a record were added, removed, moved or retyped at once."
    )
    .both(RETYPED)
    .help("This is another record. Give it another name, and a second function that uses it."),
    row!("R20", "record-field-made-required", "A field of type `option<T>` became `T`.")
        .both(RETYPED)
        .help("Keep the `option`, and answer a missing value with an error."),
    row!("R21", "tuple-to-record", "A tuple became a record.")
        .both(RETYPED)
        .help("The record is the better type for a second function; the old function keeps its tuple."),
    row!("R22", "resource-to-record", "A resource became a record.")
        .both(RETYPED)
        .help("Add the record under another name, with functions of its own, and keep the resource."),
    row!("R23", "unused-type-changed", "A type that no function uses was changed.")
        .both(TYPE_NAMES)
        .help("Plugins still load. Source code that uses the type may stop compiling when it is rebuilt."),
    row!(
        "R24",
        "alias-to-definition",
        "An alias of a type became a type of its own, or the reverse, with the same shape."
    )
    .both(TYPE_NAMES)
    .help(
        "Plugins still load. Source code that took the two names for one type stops compiling: keep the \
         alias.",
    ),
];
