//! O: interfaces that a host uses if a plugin exports them.

use super::cells::{EXPORT_MISSING, LINKS, cells};
use super::rule::{Bump, Rule, row};

pub(super) const OPTIONAL: &[Rule] = &[
    row!("O01", "optional-interface-added", "An optional interface was added.")
        .export(cells(LINKS, LINKS, Bump::Minor))
        .help(
            "Fine: the host looks it up when it loads a plugin, and does without it where it is not there.",
        ),
    row!("O02", "optional-interface-removed", "An optional interface was removed.")
        .export(cells(LINKS, LINKS, Bump::Minor))
        .help(
            "Plugins still load. Those that export it do so in vain, for the host no longer calls it: tell \
             their authors.",
        ),
    row!("O03", "export-made-optional", "An export that was demanded is now optional.")
        .export(cells(LINKS, EXPORT_MISSING, Bump::Minor))
        .help(
            "Fine for plugins that were built before. A new plugin that leaves it out does not load on an \
             old host.",
        ),
    row!("O04", "optional-export-made-mandatory", "An export that was optional is now demanded.")
        .export(cells(EXPORT_MISSING, LINKS, Bump::Major))
        .help("Plugins without it stop loading. Leave it optional, and let the host say what it misses."),
    row!(
        "O05",
        "optional-interface-tied",
        "An optional interface takes a resource from another optional one."
    )
    .export(cells(LINKS, LINKS, Bump::Minor))
    .help(
        "Plugins that export the one have to export the other too. Say so in its documentation, or \
             put both into one interface.",
    )
    .note(
        "A plugin that exports only the one imports the other, and no host provides it: neither one of \
             the old version nor one of the new. Values alone tie nothing.",
    ),
];
