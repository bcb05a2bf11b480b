//! H: what the engine of a host is made without.

use super::cells::{ENGINE_LACKS, everywhere};
use super::rule::{Bump, Rule, row};

pub(super) const ENGINES: &[Rule] = &[row!(
    "H01",
    "engine-feature-missing",
    "A function or type takes a feature that the engine of the host is made without."
)
.both(everywhere(ENGINE_LACKS, Bump::Major))
.help("Say the same without the feature: each has a plain type that does.")
.note(
    "Looked for under `--linker plug`, and by hosts of `plug_host::world!` themselves. The engine of \
     wasmtime has these features, and there is no such finding under `--linker wasmtime`.",
)];
