//! What is pinned of one plugin.

use plug_contract::{ContractHash, Digest};
use plug_policy::{Difference, WantScope, Wanted};

use super::error::PinError;
use crate::signature::Signer;

/// What somebody agreed to load under a name.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Pin {
    /// Its bytes.
    pub digest: Digest,
    /// What it imports and exports, as the component itself has it.
    pub contract: ContractHash,
    /// What it wants to be able to do.
    pub capabilities: Vec<WantScope>,
    /// Who signed it, if somebody has to.
    pub signer: Option<Signer>,
}

impl Pin {
    /// Pins an artifact that wants nothing and is not signed.
    #[must_use]
    pub fn new(digest: Digest, contract: ContractHash) -> Pin {
        Pin { digest, contract, capabilities: Vec::new(), signer: None }
    }

    /// Sets what it wants: sorted, each once.
    #[must_use]
    pub fn capabilities(mut self, wants: &[Wanted]) -> Pin {
        self.capabilities = wants.iter().map(|want| want.scope.clone()).collect();
        self.capabilities.sort_by_cached_key(ToString::to_string);
        self.capabilities.dedup();
        self
    }

    /// Sets whose signature it has to have.
    #[must_use]
    pub fn signer(mut self, signer: Option<Signer>) -> Pin {
        self.signer = signer;
        self
    }

    /// What is wanted by a plugin with `wants` and not by this one.
    #[must_use]
    pub fn gains(&self, wants: &[Wanted]) -> Vec<Difference> {
        let own: Vec<Wanted> =
            self.capabilities.iter().map(|scope| Wanted::new(scope.clone(), "", true)).collect();
        Wanted::gains(&own, wants)
    }

    /// In what an artifact differs from what is pinned; `component` is what it imports, exports and
    /// wants, unless it is no component.
    pub(crate) fn differences(
        &self,
        digest: Digest,
        component: Option<(Option<ContractHash>, &[Wanted])>,
    ) -> Vec<PinError> {
        let mut found = Vec::new();
        if digest != self.digest {
            found.push(PinError::Digest { pinned: self.digest, actual: digest });
        }
        let Some((contract, wants)) = component else { return found };
        if contract != Some(self.contract) {
            found.push(PinError::Contract { pinned: self.contract, actual: contract });
        }
        let gains = self.gains(wants);
        if !gains.is_empty() {
            found.push(PinError::Wider { gains });
        }
        found
    }
}
