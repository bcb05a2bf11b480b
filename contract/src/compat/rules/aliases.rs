//! T: aliases, `use`, and types that move.

use super::cells::{
    DEPENDENCY_ADDED, DEPENDENCY_REMOVED, IMPORT_FAILS, LINKS, RETYPED, TYPE_GONE, TYPE_NAMES, everywhere,
};
use super::rule::{Bump, Rule, row};

pub(super) const ALIASES: &[Rule] = &[
    row!("T01", "alias-added", "An alias was introduced for a type that is in use.")
        .both(everywhere(LINKS, Bump::Minor))
        .help("Nothing: an alias is another name for the same type.")
        .cases(&["alias-introduce"]),
    row!("T02", "alias-retargeted", "An alias that functions use stands for another type.")
        .both(RETYPED)
        .help(
            "The linker sees through the alias. Give the new type an alias of its own, and a second \
             function.",
        )
        .cases(&["alias-retarget"]),
    row!("T03", "alias-renamed", "An alias has another name.")
        .both(TYPE_NAMES)
        .help(
            "Plugins still load, but source code that uses the old name stops compiling. Keep both names: \
             one is `type old-name = new-name;`.",
        )
        .cases(&["alias-rename"]),
    row!("T04", "alias-inlined", "An alias was removed, and its type written out where it was used.")
        .both(TYPE_GONE)
        .help(
            "Plugins still load, but source code that uses the name stops compiling. Keep the alias; nobody \
             has to use it.",
        )
        .cases(&["alias-anon-inline"]),
    row!("T05", "unused-alias-retargeted", "An alias that no function uses stands for another type.")
        .both(TYPE_NAMES)
        .help(
            "Plugins still load. Source code that relies on the old meaning may stop compiling: give the new \
             type a name of its own.",
        )
        .cases(&["alias-unused-retarget"]),
    row!("T06", "type-moved", "A type was moved to another interface and is now taken from there by `use`.")
        .both(everywhere(LINKS, Bump::Minor))
        .help(
            "Nothing, as long as the `use` stays: the name is still there, and value types are compared by \
             structure.",
        )
        .note(
            "The world gains an import without functions, which is never linked. A resource cannot be moved \
             so: that is T12.",
        )
        .cases(&["type-moved-use"]),
    row!("T07", "use-renamed", "A type is taken by `use` under another name.")
        .both(TYPE_NAMES)
        .help(
            "Plugins still load, but source code that uses the old name stops compiling. Keep it as an \
             alias: `type old-name = new-name;`.",
        )
        .cases(&["use-as-rename"]),
    row!("T08", "use-added", "A `use` of another interface's type was added.")
        .both(everywhere(LINKS, Bump::Minor))
        .help("Nothing: the interface that is used adds an import without functions, which is never linked.")
        .cases(&["use-added-unused"]),
    row!(
        "T09",
        "use-replaced-by-copy",
        "A type that was taken by `use` is now defined here with the same shape."
    )
    .both(TYPE_NAMES)
    .help("Plugins still load, but in source code the two are now different types: keep the `use`.")
    .cases(&["use-removed-local-copy"]),
    row!("T10", "used-type-changed", "A type changed in the interface that it is taken from by `use`.")
        .unreported()
        .both(RETYPED)
        .help(
            "Every interface that uses the type changes with it. Leave it alone, and define a second type \
             beside it.",
        )
        .cases(&["used-type-changed"]),
    row!(
        "T11",
        "dependency-function-added",
        "A function was added to an interface whose types another one uses."
    )
    .unreported()
    .both(DEPENDENCY_ADDED)
    .help(
        "Fine for plugins that were built before. A new plugin that calls the function needs the new \
         host.",
    )
    .note("The interface is imported whether the one that uses it is imported or exported.")
    .cases(&["used-iface-fn-added"]),
    row!("T12", "resource-moved", "A resource was moved to another interface.")
        .both(everywhere(IMPORT_FAILS, Bump::Major))
        .help(
            "A resource is known by its interface and its name: it cannot move. Leave it where it is, and \
             let others `use` it.",
        )
        .cases(&["used-resource-iface-moved"]),
    row!("T13", "dependency-method-added", "A method was added to a resource that another interface uses.")
        .unreported()
        .both(DEPENDENCY_ADDED)
        .help(
            "Fine for plugins that were built before. A new plugin that calls the method needs the new \
             host.",
        )
        .cases(&["used-resource-method-added"]),
    row!("T14", "resource-to-value-type", "The name of a resource now stands for a value type.")
        .both(RETYPED)
        .help(
            "A handle and a value are different things. Give the value type another name, and keep the \
             resource.",
        ),
    row!("T15", "alias-removed", "An alias or `use` that no function needs was removed.")
        .both(TYPE_GONE)
        .help("Plugins still load, but source code that uses the name stops compiling. Keep it."),
    row!(
        "T16",
        "use-source-changed",
        "A type is taken by `use` from another interface, with the same shape."
    )
    .both(TYPE_NAMES)
    .help(
        "Plugins still load, but in source code the two are different types. Let the new interface `use` \
         the old one's type.",
    ),
    row!(
        "T17",
        "dependency-function-removed",
        "A function was removed from an interface whose types another one uses."
    )
    .unreported()
    .both(DEPENDENCY_REMOVED)
    .help("Keep the function and mark it `@deprecated`. Remove it only in a version on a new track."),
    row!(
        "T18",
        "dependency-method-removed",
        "A method was removed from a resource that another interface uses."
    )
    .unreported()
    .both(DEPENDENCY_REMOVED)
    .help("Keep the method and mark it `@deprecated`. Remove it only in a version on a new track."),
    row!(
        "T19",
        "value-type-to-resource",
        "The name of an alias, variant, enum or flags now stands for a resource."
    )
    .both(RETYPED)
    .help(
        "A value and a handle are different things. Give the resource another name, and keep the value \
         type.",
    ),
];
