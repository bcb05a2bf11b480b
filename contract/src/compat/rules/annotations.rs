//! G: the gates `@unstable`, `@since` and `@deprecated`. D: documentation.

use super::cells::{ADDED, EXPORT_MISSING, LINKS, REMOVED, STALE_SOURCE, cells, everywhere};
use super::rule::{Bump, Cells, Rule, row};

/// Off by default where the plugin imports it.
const UNSEEN: Cells = cells(LINKS, LINKS, Bump::Patch);

pub(super) const GATES: &[Rule] = &[
    row!("G01", "unstable-function-added", "An `@unstable` function was added.")
        .import(UNSEEN)
        .export(ADDED.export)
        .help_by_position(
            "Nothing: nobody sees it who does not switch the feature on.",
            "Take it out, for hosts demand it even of plugins that leave the feature off.",
        )
        .note(
            "wasmtime's `bindgen!` switches all features on and plugins are built with none, so even a fresh \
             plugin fails.",
        )
        .cases(&["gate-unstable-add"]),
    row!("G02", "unstable-function-stabilised", "An `@unstable` function became stable.")
        .both(ADDED)
        .help_by_position(
            "Nothing: to all who left the feature off, a function was added.",
            "To all who left the feature off, a function was added. Put it into an optional interface.",
        )
        .cases(&["gate-unstable-to-since"]),
    row!("G03", "since-added", "A `@since` was added.")
        .both(everywhere(LINKS, Bump::Patch))
        .help("Nothing. Check that it names the first version that had the item.")
        .cases(&["gate-since-annotate"]),
    row!("G04", "deprecated-added", "Something was marked `@deprecated`.")
        .both(everywhere(LINKS, Bump::Patch))
        .help("Nothing breaks. Say in its documentation what to use instead.")
        .cases(&["gate-deprecated"]),
    row!("G05", "unstable-type-added", "An `@unstable` type was added.")
        .both(everywhere(LINKS, Bump::Patch))
        .help("Nothing: types alone are not linked.")
        .cases(&["gate-unstable-type-add"]),
    row!("G06", "unstable-resource-added", "An `@unstable` resource with functions was added.")
        .import(UNSEEN)
        .export(ADDED.export)
        .help_by_position(
            "Nothing: nobody sees it who does not switch the feature on.",
            "Take it out, for hosts demand its functions even of plugins that leave the feature off.",
        )
        .cases(&["gate-unstable-resource-add"]),
    row!("G07", "unstable-function-removed", "An `@unstable` function was removed.")
        .import(UNSEEN)
        .export(cells(LINKS, EXPORT_MISSING, Bump::Minor))
        .help(
            "Fine, and exported even a repair: old hosts demand the function of all plugins, new ones no \
             longer do.",
        )
        .note(
            "Plugins that were built with the feature switched on lose the function without further warning: \
             that is what `@unstable` says.",
        ),
    row!("G08", "function-made-unstable", "A stable function was marked `@unstable`.")
        .import(REMOVED.import)
        .export(cells(STALE_SOURCE, EXPORT_MISSING, Bump::Major))
        .help("To all who leave the feature off, this removes the function. Mark it `@deprecated` instead."),
    row!("G09", "annotation-changed", "A `@since` or `@deprecated` was changed or removed.")
        .both(everywhere(LINKS, Bump::Patch))
        .help("Nothing breaks. `@since` must go on naming the first version that had the item."),
    row!("G10", "unstable-type-removed", "An `@unstable` type was removed.")
        .both(everywhere(LINKS, Bump::Patch))
        .help("Nothing: types alone are not linked, and an unstable one was never promised."),
    row!("G11", "unstable-resource-removed", "An `@unstable` resource with functions was removed.")
        .import(UNSEEN)
        .export(cells(LINKS, EXPORT_MISSING, Bump::Minor))
        .help(
            "Fine, and exported even a repair: old hosts demand its functions of all plugins, new ones no \
             longer do.",
        ),
    row!("G12", "feature-renamed", "The feature of an `@unstable` item has another name.")
        .import(UNSEEN)
        .export(cells(EXPORT_MISSING, EXPORT_MISSING, Bump::Major))
        .help(
            "Nothing for those who leave the feature off. Plugins that switch the old one on lose the item when \
             they are rebuilt, and no host takes them if it is an export: keep the name.",
        )
        .note("Exported, a plugin without the feature lacks the item before and after, and hosts demand it."),
    row!("G13", "unstable-type-stabilised", "An `@unstable` type became stable.")
        .both(everywhere(LINKS, Bump::Minor))
        .help("Nothing: to all who left the feature off, a type was added."),
    row!("G14", "unstable-world-item-added", "An `@unstable` import or export was added to the world.")
        .import(UNSEEN)
        .export(ADDED.export)
        .help_by_position(
            "Nothing: nobody sees it who does not switch the feature on.",
            "Use the `-optional` world, for hosts demand it even of plugins that leave the feature off.",
        ),
    row!("G15", "unstable-world-item-removed", "An `@unstable` import or export was removed from the world.")
        .import(UNSEEN)
        .export(cells(LINKS, EXPORT_MISSING, Bump::Minor))
        .help("Fine, and exported even a repair: old hosts demand it of all plugins, new ones no longer do."),
    row!("G16", "unstable-export-stays", "An export is `@unstable` in both versions.")
        .export(cells(EXPORT_MISSING, EXPORT_MISSING, Bump::None))
        .help(
            "Nothing changed: hosts made by `bindgen!` never took a plugin that leaves the feature off. Put \
             it into an optional interface. If `plug_host::world!` makes your hosts, judge by `--linker plug`.",
        )
        .note(
            "wasmtime's `bindgen!` switches all features on and plugins are built with none, so that not even \
             a host and a plugin of one version fit.",
        ),
];

pub(super) const DOCUMENTATION: &[Rule] =
    &[row!("D01", "documentation-changed", "Only documentation changed.")
        .both(everywhere(LINKS, Bump::None))
        .help("Nothing: documentation is no part of the contract hash.")
        .cases(&["docs-only"])
        .unreported()];
