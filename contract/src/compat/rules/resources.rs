//! S: resources, their methods, static functions and constructors, and the handles to them.

use super::cells::{
    ADDED, IMPORT_FAILS, LINKS, REMOVED, RENAMED, RETYPED, STALE_SOURCE, WRONG_CALL, cells, everywhere,
};
use super::rule::{Bump, Rule, row};

pub(super) const RESOURCES: &[Rule] = &[
    row!("S01", "bare-resource-added", "A resource without functions was added.")
        .import(ADDED.import)
        .export(cells(STALE_SOURCE, LINKS, Bump::Major))
        .help_by_position(
            "Nothing: only plugins that use it need the new host.",
            "Old plugins load, but their source must define the resource when it is rebuilt.",
        )
        .note("The host does not look for exported resources, only for exported functions.")
        .cases(&["resource-add"]),
    row!("S02", "resource-added", "A resource with functions was added.")
        .both(ADDED)
        .help_by_position(
            "Nothing: only plugins that use it need the new host.",
            "Put it into an optional interface, for a host must not demand it of old plugins.",
        )
        .cases(&["resource-add-with-fn"]),
    row!("S03", "bare-resource-removed", "A resource without functions was removed.")
        .import(REMOVED.import)
        .export(cells(STALE_SOURCE, LINKS, Bump::Major))
        .help("Keep the resource. A plugin that holds a handle to it needs at least its drop."),
    row!("S04", "resource-renamed", "A resource has another name.")
        .both(RENAMED)
        .help(
            "A resource and all its functions are found by its name. Put the old name back; `type new-name = \
             old-name;` adds the new one.",
        )
        .cases(&["resource-rename"]),
    row!("S05", "method-added", "A method was added to a resource.")
        .both(ADDED)
        .help_by_position(
            "Nothing: only plugins that call it need the new host.",
            "Old plugins lack the method; add a function in an optional interface that takes a `borrow` of \
             the resource.",
        )
        .cases(&["method-add"]),
    row!("S06", "method-removed", "A method was removed from a resource.")
        .both(REMOVED)
        .help("Keep the method and mark it `@deprecated`. Remove it only in a version on a new track."),
    row!("S07", "method-renamed", "A method of a resource has another name and the same signature.")
        .both(RENAMED)
        .help("Methods are found by name. Keep the old name, and add the new one beside it if you want both.")
        .cases(&["method-rename"]),
    row!("S08", "methods-reordered", "The functions of a resource stand in another order.")
        .both(everywhere(LINKS, Bump::Patch))
        .help("Nothing: functions are found by name.")
        .cases(&["method-reorder"])
        .unreported(),
    row!("S09", "method-to-static", "A method became a static function.")
        .both(RENAMED)
        .help(
            "To the linker they have different names. Keep the method, and add the static function under \
             another name.",
        )
        .cases(&["method-to-static"]),
    row!("S10", "method-to-function", "A method became a function of the interface.")
        .both(RENAMED)
        .help("To the linker they have different names. Keep the method, and add the function beside it.")
        .cases(&["method-to-free"]),
    row!("S11", "method-signature-changed", "The parameters or the result of a method changed.")
        .both(RETYPED)
        .help("Leave the method as it is and add a second one beside it with the new signature.")
        .cases(&["method-sig"]),
    row!("S12", "static-added", "A static function was added to a resource.")
        .both(ADDED)
        .help_by_position(
            "Nothing: only plugins that call it need the new host.",
            "Old plugins lack it; put it into an optional interface.",
        )
        .cases(&["static-add"]),
    row!("S13", "static-signature-changed", "The parameters or the result of a static function changed.")
        .both(RETYPED)
        .help("Leave the static function as it is and add a second one beside it with the new signature.")
        .cases(&["static-sig"]),
    row!("S14", "constructor-added", "A constructor was added to a resource.")
        .both(ADDED)
        .help_by_position(
            "Nothing: only plugins that call it need the new host.",
            "Old plugins lack it; make the resource through a function of an optional interface.",
        )
        .cases(&["ctor-add"]),
    row!("S15", "constructor-removed", "The constructor of a resource was removed.")
        .both(REMOVED)
        .help("Keep the constructor and mark it `@deprecated`. Remove it only in a version on a new track."),
    row!("S16", "constructor-parameters-changed", "The parameters of a constructor changed.")
        .both(RETYPED)
        .help(
            "A resource has one constructor. Leave it, and add a static function that takes the new \
             parameters.",
        )
        .cases(&["ctor-params"]),
    row!("S17", "constructor-made-fallible", "A constructor now returns a `result`.")
        .both(RETYPED)
        .help("Leave the constructor, and add a static function that returns the `result`.")
        .cases(&["ctor-fallible"]),
    row!("S18", "constructor-to-static", "A constructor became a static function.")
        .both(RENAMED)
        .help("Keep the constructor, and add the static function beside it.")
        .cases(&["ctor-to-static"]),
    row!("S19", "own-to-borrow", "A handle that was given away is now only lent.")
        .both(everywhere(WRONG_CALL, Bump::Major))
        .help(
            "Add a second function that borrows. The linker does not tell `own` from `borrow`, and then both \
             sides drop the handle, or neither does.",
        )
        .note(
            "Measured, imported: the host deletes the entry, and the plugin's own drop traps with \"resource \
             not present\".",
        )
        .cases(&["own-to-borrow"]),
    row!("S20", "borrow-to-own", "A handle that was lent is now given away.")
        .both(everywhere(WRONG_CALL, Bump::Major))
        .help(
            "Add a second function that takes the handle for good. The linker does not tell `borrow` from \
             `own`, and then handles leak or are used after they are gone.",
        )
        .note(
            "Measured, exported: the second call fails with \"unknown handle index\". Imported: the host's \
             table entry leaks.",
        )
        .cases(&["borrow-to-own"]),
    row!("S21", "handle-exchanged", "A handle of one resource became a handle of another.")
        .import(RETYPED.import)
        .export(cells(WRONG_CALL, WRONG_CALL, Bump::Major))
        .help(
            "Add a second function that takes the other resource. Exported, nothing is noticed until the \
             call fails with \"mismatched resource types\".",
        )
        .cases(&["resource-swap-two"]),
    row!("S22", "handle-to-value", "A handle became a plain value, such as a number.")
        .both(RETYPED)
        .help("Keep the resource, and add a second function that works with the value.")
        .cases(&["resource-to-u32"]),
    row!("S23", "resource-alias-added", "An alias was introduced for a resource.")
        .both(everywhere(LINKS, Bump::Minor))
        .help("Nothing: an alias is another name for the same resource.")
        .cases(&["resource-alias"]),
    row!("S24", "static-removed", "A static function was removed from a resource.").both(REMOVED).help(
        "Keep the static function and mark it `@deprecated`. Remove it only in a version on a new \
         track.",
    ),
    row!("S25", "static-renamed", "A static function of a resource has another name and the same signature.")
        .both(RENAMED)
        .help("Static functions are found by name. Keep the old name, and add the new one beside it."),
    row!("S26", "static-to-method", "A static function became a method.").both(RENAMED).help(
        "To the linker they have different names. Keep the static function, and add the method under \
         another name.",
    ),
    row!(
        "S27",
        "function-to-method",
        "A function of the interface became a method or static function of a resource."
    )
    .both(RENAMED)
    .help("To the linker they have different names. Keep the function, and add the method beside it."),
    row!("S28", "static-to-constructor", "A static function became the constructor.")
        .both(RENAMED)
        .help("Keep the static function, and add the constructor beside it."),
    row!("S29", "constructor-made-infallible", "A constructor no longer returns a `result`.")
        .both(RETYPED)
        .help("Keep the `result` and always return `ok`."),
    row!("S30", "static-to-function", "A static function became a function of the interface.")
        .both(RENAMED)
        .help(
            "To the linker they have different names. Keep the static function, and add the other beside \
             it.",
        ),
    row!("S31", "value-to-handle", "A plain value became a handle of a resource.")
        .both(RETYPED)
        .help("Keep the value, and add a second function that works with the resource."),
    row!("S32", "resource-removed", "A resource was removed together with its functions.")
        .both(REMOVED)
        .help(
            "Keep the resource and mark its functions `@deprecated`. Remove it only in a version on a new \
             track.",
        ),
    row!("S33", "bare-resource-renamed", "A resource without functions has another name.")
        .import(cells(IMPORT_FAILS, IMPORT_FAILS, Bump::Major))
        .export(cells(STALE_SOURCE, STALE_SOURCE, Bump::Major))
        .help(
            "Put the old name back; `type new-name = old-name;` adds the new one. Exported, plugins still \
             load, for the host looks for functions only.",
        ),
];
