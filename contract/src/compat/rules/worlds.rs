//! W: what a world imports and exports.

use super::cells::{
    ADDED, EXPORT_MISSING, EXPORT_TYPE, IMPORT_FAILS, LINKS, NOT_COMPOSABLE, REMOVED, RENAMED, STALE_SOURCE,
    TYPE_GONE, WRONG_CALL, cells, everywhere,
};
use super::rule::{Bump, Rule, row};

pub(super) const WORLDS: &[Rule] = &[
    row!("W01", "import-added", "The world imports another interface.")
        .import(ADDED.import)
        .help("Fine: only plugins that call it need the new host.")
        .cases(&["w-import-iface-add"]),
    row!("W02", "import-removed", "The world no longer imports an interface.")
        .import(REMOVED.import)
        .help(
            "Go on offering the interface: plugins that call it do not load without it. Drop it only in a \
             version on a new track.",
        )
        .note("A plugin that never calls the interface does not import it, and still loads."),
    row!("W03", "export-added", "The world exports another interface.")
        .export(ADDED.export)
        .help(
            "No plugin that was built before has it. Export it from the `-optional` world instead: the host \
             then uses it where it is.",
        )
        .note("The commonest way to lock out old plugins.")
        .cases(&["w-export-iface-add"]),
    row!("W04", "export-removed", "The world no longer exports an interface.").export(REMOVED.export).help(
        "Old plugins still load, and the interface is no longer called. If hosts can do without it, move \
         it to the `-optional` world; else remove it only on a new track.",
    ),
    row!("W05", "import-function-added", "The world itself imports another function.")
        .import(ADDED.import)
        .help("Fine: only plugins that call it need the new host.")
        .cases(&["w-import-fn-add"]),
    row!("W06", "export-function-added", "The world itself exports another function.")
        .export(ADDED.export)
        .help(
            "No plugin that was built before has it. Put the function into an interface, and export that \
             from the `-optional` world.",
        )
        .cases(&["w-export-fn-add"]),
    row!(
        "W07",
        "import-function-signature-changed",
        "An imported function of the world has another signature."
    )
    .import(RENAMED.import)
    .help("Leave the function, and import a second one under another name.")
    .cases(&["w-import-fn-sig"]),
    row!(
        "W08",
        "export-function-signature-changed",
        "An exported function of the world has another signature."
    )
    .export(RENAMED.export)
    .help(
        "Leave the function. Put one with the new signature into an interface, and export that from the \
         `-optional` world.",
    )
    .note("The types of the world's own exports are checked before the plugin is instantiated.")
    .cases(&["w-export-fn-sig"]),
    row!(
        "W09",
        "export-function-parameter-renamed",
        "A parameter of an exported function of the world has another name."
    )
    .export(cells(NOT_COMPOSABLE, NOT_COMPOSABLE, Bump::Major))
    .help(
        "Put the old name back: hosts on wasmtime ignore it, but composing this component with others \
         fails.",
    )
    .cases(&["w-export-fn-param-rename"]),
    row!("W10", "import-to-export", "The world exports an interface that it used to import.")
        .import(cells(IMPORT_FAILS, LINKS, Bump::Major))
        .help("The host gave it and now wants it. Keep the import, and export another interface.")
        .note("A new plugin loads on an old host, which never calls what it exports.")
        .cases(&["w-import-to-export"]),
    row!("W11", "world-renamed", "The world has another name.")
        .both(everywhere(LINKS, Bump::Patch))
        .help(
            "Nothing for plugins that are built: a component does not say the name of its world. Sources \
             that name it must be changed.",
        )
        .cases(&["w-rename"]),
    row!(
        "W12",
        "include-refactored",
        "What the world imports and exports is the same, and comes by way of `include`."
    )
    .both(everywhere(LINKS, Bump::Patch))
    .help("Nothing: only the sum of imports and exports counts.")
    .cases(&["w-include-refactor"])
    .unreported(),
    row!("W13", "world-items-reordered", "Imports and exports of the world stand in another order.")
        .both(everywhere(LINKS, Bump::Patch))
        .help("Nothing: they are found by name.")
        .cases(&["w-import-reorder"])
        .unreported(),
    row!("W14", "interface-inlined", "A named interface was written out in the world.")
        .both(RENAMED)
        .help(
            "Only the plain name is left of the full one with package and version. Refer to the interface by \
             name again.",
        )
        .cases(&["w-plainname-import"]),
    row!("W15", "interface-renamed", "An interface has another name and the same contents.")
        .both(RENAMED)
        .help("Interfaces are found by name. Keep the old one; imported, the new one can stand beside it.")
        .cases(&["w-iface-rename"]),
    row!("W16", "types-import-added", "The world imports another interface that has only value types.")
        .import(cells(LINKS, LINKS, Bump::Minor))
        .help("Nothing: without functions there is nothing to link.")
        .cases(&["w-types-only-iface-import-add"]),
    row!("W17", "resource-import-added", "The world imports another interface that has only resources.")
        .import(ADDED.import)
        .help("Fine: only plugins that use the resource need the new host.")
        .cases(&["w-resource-only-iface-import-add"]),
    row!("W18", "empty-import-added", "The world imports another interface, which is empty.")
        .import(cells(LINKS, LINKS, Bump::Minor))
        .help("Nothing: without functions there is nothing to link.")
        .cases(&["w-empty-iface-import-add"]),
    row!("W19", "empty-export-added", "The world exports another interface, which is empty.")
        .export(ADDED.export)
        .help("The host demands it although there is nothing in it to call. Take the export out again.")
        .cases(&["w-empty-iface-export-add"]),
    row!("W20", "types-export-added", "The world exports another interface that has only types.")
        .export(ADDED.export)
        .help(
            "The host demands it although there is nothing in it to call. Let other interfaces `use` the \
             types, and take the export out again.",
        )
        .cases(&["w-types-only-iface-export-add"]),
    row!("W21", "world-type-added", "A type was added to the world itself.")
        .import(cells(LINKS, LINKS, Bump::Minor))
        .help("Nothing: a type that no old function uses concerns no old plugin.")
        .cases(&["w-type-add"]),
    row!("W22", "world-use-added", "A `use` was added to the world itself.")
        .import(cells(LINKS, LINKS, Bump::Minor))
        .help("Nothing: value types are not linked.")
        .cases(&["w-use-add"]),
    row!(
        "W23",
        "export-uses-another",
        "An exported interface gained a function that uses another interface's types."
    )
    .unreported()
    .export(ADDED.export)
    .help("The interface that is used is no problem, the function is: put it into an optional interface.")
    .cases(&["w-export-iface-implicit-import"]),
    row!(
        "W24",
        "export-dependency-exported",
        "An interface whose types an export uses is now exported as well."
    )
    .unreported()
    .export(ADDED.export)
    .help("No plugin that was built before exports it. Leave it an import, as it is by default.")
    .cases(&["w-export-dep-also-exported"]),
    row!(
        "W25",
        "resource-provider-to-plugin",
        "A resource that the host provided is now to be provided by the plugin."
    )
    .import(cells(IMPORT_FAILS, EXPORT_TYPE, Bump::Major))
    .help(
        "Keep importing the resource. Give the one of the plugin another name, in an interface of its \
         own.",
    )
    .cases(&["w-export-dep-resource-import-to-export"]),
    row!("W26", "world-resource-added", "A resource was added to the world itself.")
        .import(ADDED.import)
        .help(
            "Put the resource into an interface: there a plugin that does not use it still loads on an old \
             host.",
        )
        .note(
            "What the world itself imports is not trimmed: every new plugin needs the resource, even if it \
             never uses it.",
        )
        .cases(&["w-world-resource-add"]),
    row!("W27", "world-type-changed", "A type of the world itself, which its functions use, was changed.")
        .unreported()
        .both(RENAMED)
        .help("Leave the type, and define a second one with a second function that uses it.")
        .note("The types of the world's own exports are checked before the plugin is instantiated."),
    row!("W28", "world-resource-removed", "A resource was removed from the world itself.")
        .import(REMOVED.import)
        .help("Go on offering the resource: every plugin that was built before needs it, used or not."),
    row!("W29", "world-function-removed", "A function was removed from the world itself.")
        .both(REMOVED)
        .help_by_position(
            "Go on offering it.",
            "Old plugins still load, and the function is no longer called.",
        ),
    row!("W30", "world-type-removed", "A type or `use` was removed from the world itself.")
        .import(TYPE_GONE.import)
        .help(
            "Plugins still load if no function they use has changed with it, but source code that uses the \
             name stops compiling. Keep it.",
        ),
    row!(
        "W31",
        "world-function-renamed",
        "A function of the world itself has another name and the same signature."
    )
    .both(RENAMED)
    .help("Functions are found by name. Keep the old name; imported, the new one can stand beside it."),
    row!("W32", "export-to-import", "The world imports an interface that it used to export.")
        .export(cells(STALE_SOURCE, IMPORT_FAILS, Bump::Major))
        .help("The host wanted it and now gives it. Keep the export, and import another interface.")
        .note("An old plugin loads on a new host, which never calls what it exports."),
    row!(
        "W33",
        "interface-named",
        "An interface that was written out in the world was given a name outside it."
    )
    .both(RENAMED)
    .help(
        "The plain name became a full one with package and version. Keep the old form; imported, the new \
         one can stand beside it.",
    ),
    row!(
        "W34",
        "types-import-removed",
        "The world no longer imports an interface that is empty or has only value types."
    )
    .import(TYPE_GONE.import)
    .help(
        "Plugins still load. Source code that names the interface's types stops compiling when it is \
         rebuilt: keep the import.",
    ),
    row!(
        "W35",
        "empty-export-removed",
        "The world no longer exports an interface that is empty or has only types."
    )
    .export(REMOVED.export)
    .help(
        "Old plugins still load. New ones do not load on old hosts, which demand the interface: keep it \
         while such hosts run.",
    ),
    row!(
        "W36",
        "import-function-parameter-renamed",
        "A parameter of an imported function of the world has another name."
    )
    .import(cells(NOT_COMPOSABLE, NOT_COMPOSABLE, Bump::Major))
    .help(
        "Put the old name back: hosts on wasmtime ignore it, but composing this component with others \
         fails.",
    ),
    row!(
        "W37",
        "world-parameters-swapped",
        "Parameters of one type stand in another order, in a function of the world itself."
    )
    .both(everywhere(WRONG_CALL, Bump::Major))
    .help(
        "Put them back in the old order. Nothing refuses this change: the plugin loads, and its \
         arguments arrive swapped.",
    ),
    row!(
        "W38",
        "export-dependency-unexported",
        "An interface whose types an export uses is no longer exported itself."
    )
    .unreported()
    .export(cells(STALE_SOURCE, EXPORT_MISSING, Bump::Major))
    .help(
        "Old plugins still load. New ones do not load on old hosts, which demand the interface: keep the \
         export while such hosts run.",
    ),
    row!(
        "W39",
        "resource-provider-to-host",
        "A resource that the plugin provided is now provided by the host."
    )
    .export(cells(EXPORT_TYPE, IMPORT_FAILS, Bump::Major))
    .help(
        "Keep exporting the resource. Give the one of the host another name, in an interface of its \
         own.",
    ),
    row!(
        "W40",
        "world-item-kind-changed",
        "A name of the world stands for an interface where it stood for a function, or the reverse."
    )
    .both(RENAMED)
    .help("Give the new item a name of its own, and keep the old one."),
    row!("W41", "world-resource-renamed", "A resource of the world itself has another name.")
        .import(RENAMED.import)
        .help("Put the old name back; `type new-name = old-name;` adds the new one."),
];
