//! L: flags.

use super::cells::{RETYPED, TYPE_NAMES};
use super::rule::{Rule, row};

pub(super) const FLAGS: &[Rule] = &[
    row!("L01", "result-flags-extended", "Flags that are returned gained one at the end.")
        .both(RETYPED)
        .help(
            "A bit that is free is no room to grow: names and number of flags are compared. Define second \
             flags for a second function.",
        )
        .note("Often taken for harmless, for the size in memory stays the same.")
        .cases(&["flag-add-end-result"]),
    row!("L02", "parameter-flags-extended", "Flags that are passed in gained one at the end.")
        .both(RETYPED)
        .help("Define second flags with the new one, and a second function that takes them.")
        .cases(&["flag-add-end-param"]),
    row!("L03", "flag-renamed", "A flag has another name.")
        .both(RETYPED)
        .help("Names of flags are compared. Put the old name back.")
        .cases(&["flag-rename-param", "flag-rename-result"]),
    row!("L04", "flags-reordered", "The flags stand in another order.")
        .both(RETYPED)
        .help("Put them back in the old order: a flag is a bit in memory.")
        .cases(&["flag-reorder-param", "flag-reorder-result"]),
    row!("L05", "flags-outgrow-byte", "Flags grew beyond 8, 16 or 32, and take more room in memory.")
        .both(RETYPED)
        .help("Define second flags for a second function. For an open set, pass a list of strings.")
        .cases(&["flags-cross-8"]),
    row!("L06", "flag-removed", "A flag was removed.")
        .both(RETYPED)
        .help("Keep the flag and never set it again; say so in its documentation."),
    row!("L07", "flags-to-number", "Flags became a number.")
        .both(RETYPED)
        .help(
            "Both look alike in memory, yet they are different types. Keep the flags, or add a second \
             function.",
        )
        .cases(&["flags-to-u8"]),
    row!("L08", "flags-to-other-kind", "Flags became a record, a variant, an enum or another type.")
        .both(RETYPED)
        .help("This is another type. Give it another name, and a second function that uses it."),
    row!("L09", "flags-renamed", "A flags type has another name.").both(TYPE_NAMES).help(
        "Plugins still load, but their source does not compile against the new name. Keep the old one as \
         an alias: `type old-name = new-name;`.",
    ),
    row!("L10", "flag-inserted", "Flags gained one that is not the last.")
        .both(RETYPED)
        .help("Define second flags. Every flag behind the new one stands for another bit now."),
    row!("L11", "flags-changed", "Several flags were added, removed or moved at once.")
        .both(RETYPED)
        .help("These are other flags. Give them another name, and a second function that uses them."),
    row!("L12", "number-to-flags", "A number became flags.")
        .both(RETYPED)
        .help("Add a second function with the flags; the old one keeps its number."),
];
