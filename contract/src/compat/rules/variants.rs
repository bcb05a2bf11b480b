//! V: variants.

use super::cells::{RETYPED, TYPE_NAMES};
use super::rule::{Rule, row};

pub(super) const VARIANTS: &[Rule] = &[
    row!("V01", "result-variant-extended", "A variant that is returned gained a case at the end.")
        .both(RETYPED)
        .help(
            "The receiver must know all cases. Define a second variant, or plan ahead: a case \
             `other(string)` takes what comes later.",
        )
        .cases(&["variant-case-add-end-result"]),
    row!("V02", "parameter-variant-extended", "A variant that is passed in gained a case at the end.")
        .both(RETYPED)
        .help("Define a second variant with the case, and a second function that takes it.")
        .note(
            "That old callers would never pass the new case does not help: the types are compared, not the \
             values.",
        )
        .cases(&["variant-case-add-end-param"]),
    row!("V03", "variant-case-inserted", "A variant gained a case that is not the last.")
        .both(RETYPED)
        .help("Define a second variant. Neither the end nor the middle of a variant can grow.")
        .cases(&["variant-case-add-mid-param", "variant-case-add-mid-result"]),
    row!("V04", "variant-case-removed", "A variant lost a case.")
        .both(RETYPED)
        .help("Keep the case and never use it again; say so in its documentation."),
    row!("V05", "variant-case-renamed", "A case of a variant has another name.")
        .both(RETYPED)
        .help("Names of cases are compared. Put the old name back.")
        .cases(&["variant-case-rename-param", "variant-case-rename-result"]),
    row!("V06", "variant-cases-reordered", "The cases of a variant stand in another order.")
        .both(RETYPED)
        .help("Put them back in the old order: a case is a number in memory.")
        .cases(&["variant-case-reorder-param", "variant-case-reorder-result"]),
    row!("V07", "payload-added", "A case of a variant now carries a value.")
        .both(RETYPED)
        .help("Define a second variant whose case carries the value, and a second function that uses it.")
        .cases(&["variant-payload-add-param", "variant-payload-add-result"]),
    row!("V08", "payload-type-changed", "The value of a variant's case has another type.")
        .both(RETYPED)
        .help(
            "Define a second variant with the new type. A record as the value of a case does not help: it \
             cannot grow either.",
        )
        .cases(&["variant-payload-type-param", "variant-payload-type-result"]),
    row!("V09", "error-variant-extended", "The error variant of a `result` gained a case.")
        .both(RETYPED)
        .help(
            "Report the new error through a case that is there already, such as `other(string)`. If there is \
             none, define a second error type for a second function.",
        )
        .note("The commonest break of all: a new kind of error looks harmless and stops every plugin.")
        .cases(&["variant-err-case-add"]),
    row!("V10", "variant-to-enum", "A variant became an enum.")
        .both(RETYPED)
        .help("A variant without values and an enum are different types. Keep the variant.")
        .cases(&["variant-to-enum"]),
    row!("V11", "variant-to-option", "A variant became an `option`.")
        .both(RETYPED)
        .help("Both look alike in memory, yet the names of the cases are compared. Keep the variant.")
        .cases(&["variant-to-option"]),
    row!("V12", "variant-to-result", "A variant became a `result`.")
        .both(RETYPED)
        .help(
            "Both look alike in memory, yet the names of the cases are compared. Add a second function that \
             returns the `result`.",
        )
        .cases(&["variant-to-result"]),
    row!("V13", "variant-to-other-kind", "A variant became a record, flags or another type.")
        .both(RETYPED)
        .help("This is another type. Give it another name, and a second function that uses it."),
    row!("V14", "variant-renamed", "A variant has another name.").both(TYPE_NAMES).help(
        "Plugins still load, but their source does not compile against the new name. Keep the old one as \
         an alias: `type old-name = new-name;`.",
    ),
    row!("V15", "payload-removed", "A case of a variant no longer carries a value.")
        .both(RETYPED)
        .help("Go on sending a value, or define a second variant whose case carries none."),
    row!("V16", "variant-cases-changed", "Several cases of a variant were added, removed or moved at once.")
        .both(RETYPED)
        .help("This is another variant. Give it another name, and a second function that uses it."),
    row!("V17", "option-or-result-to-variant", "An `option` or a `result` became a variant.")
        .both(RETYPED)
        .help("Add a second function with the variant, and keep this one."),
];
