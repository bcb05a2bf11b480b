//! E: enums.

use super::cells::{RETYPED, TYPE_NAMES};
use super::rule::{Rule, row};

pub(super) const ENUMS: &[Rule] = &[
    row!("E01", "result-enum-extended", "An enum that is returned gained a case at the end.")
        .both(RETYPED)
        .help(
            "The receiver must know all cases. Define a second enum, or return a string or a variant with \
             `other(string)` where the set is open.",
        )
        .note(
            "A single case added to an enum has stopped every plugin of an application before, and shown \
             only when they were loaded.",
        )
        .cases(&["enum-case-add-end-result"]),
    row!("E02", "parameter-enum-extended", "An enum that is passed in gained a case at the end.")
        .both(RETYPED)
        .help("Define a second enum with the case, and a second function that takes it.")
        .cases(&["enum-case-add-end-param"]),
    row!("E03", "enum-case-removed", "An enum lost a case.")
        .both(RETYPED)
        .help("Keep the case and never use it again; say so in its documentation."),
    row!("E04", "enum-case-renamed", "A case of an enum has another name.")
        .both(RETYPED)
        .help("Names of cases are compared. Put the old name back.")
        .cases(&["enum-case-rename-param", "enum-case-rename-result"]),
    row!("E05", "enum-cases-reordered", "The cases of an enum stand in another order.")
        .both(RETYPED)
        .help("Put them back in the old order: a case is a number in memory.")
        .cases(&["enum-case-reorder-param", "enum-case-reorder-result"]),
    row!("E06", "enum-outgrows-byte", "An enum grew beyond 256 cases.")
        .both(RETYPED)
        .help("So many cases are data: pass a number or a string, and list what it means elsewhere.")
        .note("wasmtime 48's `bindgen!` does not compile an enum of exactly 256 cases.")
        .cases(&["enum-cross-256"]),
    row!("E07", "enum-renamed", "An enum has another name.")
        .both(TYPE_NAMES)
        .help(
            "Plugins still load, but their source does not compile against the new name. Keep the old one as \
             an alias: `type old-name = new-name;`.",
        )
        .cases(&["enum-type-rename"]),
    row!("E08", "enum-to-flags", "An enum became flags.")
        .both(RETYPED)
        .help(
            "One of many and any of many are different types. Add the flags under another name, with a \
             second function.",
        )
        .cases(&["enum-to-flags"]),
    row!("E09", "enum-to-variant", "An enum became a variant.").both(RETYPED).help(
        "An enum cannot begin to carry values. Define the variant under another name, with a second \
         function that uses it.",
    ),
    row!("E10", "enum-to-other-kind", "An enum became a record, a number, a string or another type.")
        .both(RETYPED)
        .help("This is another type. Give it another name, and a second function that uses it."),
    row!("E11", "enum-cases-changed", "Several cases of an enum were added, removed or moved at once.")
        .both(RETYPED)
        .help("This is another enum. Give it another name, and a second function that uses it."),
    row!("E12", "enum-case-inserted", "An enum gained a case that is not the last.")
        .both(RETYPED)
        .help("Define a second enum. Neither the end nor the middle of an enum can grow."),
];
