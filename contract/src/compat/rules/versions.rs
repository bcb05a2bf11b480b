//! N: names and versions of packages.

use super::cells::{ADDED, IMPORT_FAILS, LINKS, RENAMED, RETYPED, cells, everywhere};
use super::rule::{Bump, Rule, row};

pub(super) const VERSIONS: &[Rule] = &[
    row!("N01", "patch-raised-below-one", "The version rose within its track: `0.1.0` to `0.1.1`.")
        .both(everywhere(LINKS, Bump::Patch))
        .help("Nothing: versions on one track link with each other in both directions.")
        .cases(&["ver-patch-0x", "ver-patch-resource"]),
    row!("N02", "minor-raised-below-one", "The version moved to another track: `0.1` to `0.2`.")
        .both(RENAMED)
        .help(
            "No plugin of the old track loads, even if nothing else changed. Serve the old track beside the \
             new one for a time.",
        )
        .note("Below 1.0.0 each minor version is a track of its own.")
        .cases(&["ver-minor-0x", "ver-minor0-break"]),
    row!("N03", "minor-raised", "The version rose within its track: `1.1.0` to `1.2.0`.")
        .both(everywhere(LINKS, Bump::Patch))
        .help("Nothing: versions on one track link with each other in both directions.")
        .cases(&["ver-minor-1x"]),
    row!("N04", "patch-raised", "The version rose within its track: `1.0.0` to `1.0.1`.")
        .both(everywhere(LINKS, Bump::Patch))
        .help("Nothing: versions on one track link with each other in both directions.")
        .cases(&["ver-patch-1x"]),
    row!("N05", "major-raised", "The version moved to another track: `1` to `2`.")
        .both(RENAMED)
        .help(
            "No plugin of the old track loads, even if nothing else changed. Serve the old track beside the \
             new one for a time.",
        )
        .cases(&["ver-major"]),
    row!("N06", "trackless-version-changed", "A version `0.0.x` changed.")
        .both(RENAMED)
        .help(
            "Versions `0.0.x` match themselves and nothing else. Start at `0.1.0`, and later versions can be \
             compatible.",
        )
        .cases(&["ver-00x"]),
    row!("N07", "prerelease-changed", "A prerelease became another prerelease.")
        .both(RENAMED)
        .help("A prerelease matches itself and nothing else. Build host and plugins anew, together.")
        .cases(&["ver-pre-to-pre"]),
    row!("N08", "prerelease-released", "A prerelease became the release.")
        .both(RENAMED)
        .help(
            "A prerelease matches itself and nothing else, not even its own release. Build all plugins anew \
             against the release.",
        )
        .cases(&["ver-pre-to-final"]),
    row!("N09", "version-given", "A package without a version got one.")
        .both(RENAMED)
        .help(
            "A name with a version is another name. Do it once, early, and serve the old world beside the \
             new one for a time.",
        )
        .cases(&["ver-none-to-some"]),
    row!(
        "N10",
        "build-metadata-changed",
        "The build metadata of the version changed: what stands behind `+`."
    )
    .both(everywhere(LINKS, Bump::Patch))
    .help("Nothing: build metadata does not count.")
    .cases(&["ver-build-meta"])
    .unreported(),
    row!("N11", "release-to-prerelease", "A released version became a prerelease.")
        .both(RENAMED)
        .help(
            "A prerelease matches itself and nothing else. Serve the release beside it, and keep prereleases \
             away from published plugins.",
        )
        .cases(&["ver-pre-patch", "ver-1pre"]),
    row!("N12", "track-extended", "A function was added while the version rose within its track.")
        .unreported()
        .both(ADDED)
        .help_by_position(
            "Nothing: this is the right way.",
            "The version promises that old plugins load, and they do not; put the function into an optional \
             interface.",
        )
        .cases(&["ver-patch-fn-add", "ver-minor1-fn-add"]),
    row!("N13", "track-broken", "A signature changed while the version stayed on its track.")
        .unreported()
        .both(RETYPED)
        .help(
            "The version promises that old plugins load, and they do not. Undo the change, or move to a new \
             track.",
        )
        .note("The names are found, since the track is the same, and then the types differ.")
        .cases(&["ver-patch-lying-break"]),
    row!("N14", "track-broken-by-type", "A type changed while the version stayed on its track.")
        .unreported()
        .both(RETYPED)
        .help(
            "The version promises that old plugins load, and they do not. Undo the change, or move to a new \
             track.",
        )
        .cases(&["ver-patch-enum-add"]),
    row!("N15", "package-renamed", "The package has another name.")
        .both(RENAMED)
        .help(
            "The package is part of every interface's name. Keep it, or serve the old package beside the new \
             one for a time.",
        )
        .cases(&["pkg-rename"]),
    row!("N16", "namespace-renamed", "The package has another namespace.")
        .both(RENAMED)
        .help(
            "The namespace is part of every interface's name. Keep it, or serve the old package beside the \
             new one for a time.",
        )
        .cases(&["ns-rename"]),
    row!(
        "N17",
        "version-served-beside",
        "The host serves an older version of the same track beside the new one."
    )
    .import(cells(LINKS, IMPORT_FAILS, Bump::Minor))
    .help("Fine: old plugins find the version that they were built for.")
    .cases(&["ver-host-has-both"]),
    row!("N18", "track-served-beside", "The host serves the old track beside the new one.")
        .import(cells(LINKS, IMPORT_FAILS, Bump::Minor))
        .help("This is the way to change anything at all: old plugins find the old track, new ones the new.")
        .note("The host implements both interfaces; often the old one in a few lines by way of the new.")
        .cases(&["ver-host-keeps-major"]),
    row!("N19", "version-lowered", "The version went down within its track.")
        .both(everywhere(LINKS, Bump::Patch))
        .help(
            "Raise it above the highest version that was ever published: a published version means one thing \
             for ever.",
        )
        .note("The linker does not compare versions within a track, so plugins load all the same."),
    row!("N20", "old-track-dropped", "The host no longer serves the old track beside the new one.")
        .import(cells(IMPORT_FAILS, LINKS, Bump::Major))
        .help("Plugins of the old track stop loading. Ask which are left before you drop it."),
    row!(
        "N21",
        "old-version-dropped",
        "The host no longer serves an older version of the same track beside the new one."
    )
    .import(cells(LINKS, LINKS, Bump::Minor))
    .help("Nothing, if the new version has all that the older one had: old plugins then find the new one."),
    row!("N22", "version-dropped", "A package that had a version has none.")
        .both(RENAMED)
        .help("A name without a version is another name. Put the version back."),
];
