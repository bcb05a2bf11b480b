//! The few patterns of cells that nearly all rules share.

use super::rule::{Bump, Cells, Hazard, Outcome, Stage};

pub(super) const LINKS: Outcome = Outcome::Links;
pub(super) const WRONG_CALL: Outcome = Outcome::Hazard(Hazard::Call);
pub(super) const STALE_SOURCE: Outcome = Outcome::Hazard(Hazard::Rebuild);
pub(super) const NOT_COMPOSABLE: Outcome = Outcome::Hazard(Hazard::Composition);
pub(super) const IMPORT_FAILS: Outcome = Outcome::Breaks(Stage::Import);
pub(super) const EXPORT_MISSING: Outcome = Outcome::Breaks(Stage::ExportMissing);
pub(super) const EXPORT_TYPE: Outcome = Outcome::Breaks(Stage::ExportType);
pub(super) const ENGINE_LACKS: Outcome = Outcome::Breaks(Stage::Engine);

/// The cells of both positions.
#[derive(Clone, Copy)]
pub(super) struct Positions {
    pub(super) import: Cells,
    pub(super) export: Cells,
}

/// An old plugin on a new host, a new plugin on an old host, the bump.
pub(super) const fn cells(
    old_plugin_on_new_host: Outcome,
    new_plugin_on_old_host: Outcome,
    bump: Bump,
) -> Cells {
    Cells { old_plugin_on_new_host, new_plugin_on_old_host, bump }
}

/// The same in both directions and positions.
pub(super) const fn everywhere(outcome: Outcome, bump: Bump) -> Positions {
    Positions { import: cells(outcome, outcome, bump), export: cells(outcome, outcome, bump) }
}

/// The two sides name the same function and disagree about its type. There is no direction in it.
pub(super) const RETYPED: Positions = Positions {
    import: cells(IMPORT_FAILS, IMPORT_FAILS, Bump::Major),
    export: cells(EXPORT_TYPE, EXPORT_TYPE, Bump::Major),
};

/// Each side looks for a name that the other has not.
pub(super) const RENAMED: Positions = Positions {
    import: cells(IMPORT_FAILS, IMPORT_FAILS, Bump::Major),
    export: cells(EXPORT_MISSING, EXPORT_MISSING, Bump::Major),
};

/// More for the host to offer, or to demand.
pub(super) const ADDED: Positions = Positions {
    import: cells(LINKS, IMPORT_FAILS, Bump::Minor),
    export: cells(EXPORT_MISSING, LINKS, Bump::Major),
};

/// Less for the host to offer, or to demand.
pub(super) const REMOVED: Positions = Positions {
    import: cells(IMPORT_FAILS, LINKS, Bump::Major),
    export: cells(STALE_SOURCE, EXPORT_MISSING, Bump::Major),
};

/// The linker does not look at names of types; source code does.
pub(super) const TYPE_NAMES: Positions = everywhere(STALE_SOURCE, Bump::Major);

/// A name of a type is gone; what was built later never knew it.
pub(super) const TYPE_GONE: Positions = Positions {
    import: cells(STALE_SOURCE, LINKS, Bump::Major),
    export: cells(STALE_SOURCE, LINKS, Bump::Major),
};

/// In both positions the plugin *imports* the thing: an interface whose types an export uses.
pub(super) const DEPENDENCY_ADDED: Positions = Positions { import: ADDED.import, export: ADDED.import };

/// The reverse of [`DEPENDENCY_ADDED`].
pub(super) const DEPENDENCY_REMOVED: Positions = Positions { import: REMOVED.import, export: REMOVED.import };
