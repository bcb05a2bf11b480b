//! What the judge says of a pair.

use std::fmt;

use plug_compat_truth::{Plugin, World};
use plug_contract::{Direction, Edition, Linker, Report, Verdict, Wit, compare, judge};

/// The two answers of the judge for one direction.
pub(crate) struct Judged {
    /// On the contracts.
    pub(crate) contracts: Verdict,
    /// On the component that the plugin is, as a host judges it when it is loaded.
    pub(crate) component: Verdict,
    pub(crate) report: String,
}

impl Judged {
    pub(crate) fn links(&self) -> [bool; 2] {
        [self.contracts.links(), self.component.links()]
    }
}

impl fmt::Display for Judged {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} (the component: {})", self.contracts, self.component)
    }
}

/// A version of a contract, with hosts as `bindgen!` makes them.
pub(crate) fn edition(world: &World) -> Edition {
    let contract = |wit: &Wit| wit.contract(Some(world.name())).unwrap();
    Edition::of_bindgen_host(contract(world.gated()), contract(world.all()))
}

pub(crate) fn compared(old: &Edition, new: &Edition) -> Report {
    compare(old, new, Linker::Wasmtime)
}

/// The judge on a plugin of one edition and a host of the other.
pub(crate) fn judged(compared: &Report, direction: Direction, host: &Edition, plugin: &Plugin) -> Judged {
    let component = judge(host.host(), &plugin.contract().unwrap());
    Judged {
        contracts: compared.verdicts().get(direction).unwrap(),
        component: component.verdict(),
        report: format!("{compared}\n--- judge, on the component\n{component}"),
    }
}
