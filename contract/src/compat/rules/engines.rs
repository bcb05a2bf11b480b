//! H: what hosts are made without.

use super::cells::{ENGINE_LACKS, IMPORT_FAILS, LINKS, Positions, cells};
use super::rule::{Bump, Rule, row};

/// Nobody serves an import that takes it. An export that the host does not know does no harm.
const LACKING: Positions = Positions {
    import: cells(ENGINE_LACKS, IMPORT_FAILS, Bump::Major),
    export: cells(ENGINE_LACKS, LINKS, Bump::Major),
};

pub(super) const ENGINES: &[Rule] = &[row!(
    "H01",
    "engine-feature-missing",
    "A function or type takes a feature that hosts of `plug_host::world!` are made without."
)
.both(LACKING)
.help("Say the same without the feature: each has a plain type that does.")
.note(
    "Looked for under `--linker plug`, and by hosts of `plug_host::world!` themselves. What a component \
     has beside its host's contract does no harm, but for error contexts, which the engine is made \
     without. The engine of wasmtime has these features, and there is no such finding under `--linker \
     wasmtime`.",
)];
