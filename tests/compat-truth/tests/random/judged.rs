//! What the judge says of a pair.

use plug_compat_truth::World;
use plug_contract::{Contract, Direction, Edition, Linker, Report, Verdict, Wit, compare};

/// What makes the bindings of a host.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Bindings {
    /// wasmtime's `bindgen!`, which demands exports that are `@unstable`.
    Wasmtime,
    /// `plug_host::world!`, which demands none, and knows optional exports.
    Plug,
}

/// A version of a contract, with hosts of that kind.
pub(crate) fn edition(world: &World, bindings: Bindings) -> Edition {
    let contract = |wit: &Wit| wit.contract(Some(world.name())).unwrap();
    match bindings {
        Bindings::Wasmtime => Edition::of_bindgen_host(contract(world.gated()), contract(world.all())),
        Bindings::Plug => Edition::from(contract(world.gated())),
    }
}

pub(crate) fn compared(old: &Edition, new: &Edition) -> Report {
    compare(old, new, Linker::Wasmtime)
}

pub(crate) fn verdict(report: &Report, direction: Direction) -> Verdict {
    report.verdicts().get(direction).unwrap()
}

/// Whether a verdict contradicts the digests: what is identical has one ABI.
pub(crate) fn contradicts(verdict: Verdict, host: &Contract, plugin: &Contract) -> bool {
    verdict == Verdict::Identical && host.abi_hash() != plugin.abi_hash()
}
