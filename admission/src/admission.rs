//! The decision.

use plug_contract::{ArtifactError, ArtifactKind, ContractHash, Digest, MAX_ARTIFACT_BYTES, sniff};
use plug_policy::Wanted;

use crate::failure::{Failure, SizeError};
use crate::lock::{Lock, Pin, PinError};
use crate::refused::Refused;
use crate::signature::{Signature, SignatureError, Signer};
use crate::trust::Trust;

/// What an artifact has to be for being loaded here.
///
/// Without a lock nothing is pinned, and without trust no signature is looked at: then it is refused
/// for its size or its kind only. A lock admits nothing but what is in it. With trust, a signature that
/// is there has to be good, whether one is required or not.
#[derive(Debug, Clone, Default)]
pub struct Admission {
    trust: Option<Trust>,
    lock: Option<Lock>,
    require_signature: bool,
    max_bytes: Option<u64>,
}

/// An artifact that somebody wants to load.
#[derive(Debug, Clone, Copy)]
pub struct Candidate<'a> {
    name: &'a str,
    bytes: &'a [u8],
    contract: Option<ContractHash>,
    wants: &'a [Wanted],
    signature: Option<&'a [u8]>,
    require_signature: bool,
}

/// What is known of an artifact that may be loaded.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Admitted {
    /// Its digest.
    pub digest: Digest,
    /// Who signed it; nobody of whom that is known, if there is none.
    pub signer: Option<Signer>,
    /// Whether it is pinned.
    pub is_pinned: bool,
}

impl<'a> Candidate<'a> {
    /// The artifact `bytes`, to be loaded as `name`.
    #[must_use]
    pub fn new(name: &'a str, bytes: &'a [u8]) -> Candidate<'a> {
        Candidate { name, bytes, contract: None, wants: &[], signature: None, require_signature: false }
    }

    /// Says what it imports and exports, as read from the component itself. What is pinned is compared
    /// with this, and no pin fits a component of which it is not said.
    #[must_use]
    pub fn contract(mut self, contract: ContractHash) -> Candidate<'a> {
        self.contract = Some(contract);
        self
    }

    /// Says what its manifest wants.
    #[must_use]
    pub fn wants(mut self, wants: &'a [Wanted]) -> Candidate<'a> {
        self.wants = wants;
        self
    }

    /// The bytes of the signature file beside it, if there is one.
    #[must_use]
    pub fn signature(mut self, signature: Option<&'a [u8]>) -> Candidate<'a> {
        self.signature = signature;
        self
    }

    /// Whether this one has to be signed, as a policy may say of a plugin.
    #[must_use]
    pub fn require_signature(mut self, require: bool) -> Candidate<'a> {
        self.require_signature = require;
        self
    }
}

impl Admission {
    /// Any component, however it came here.
    #[must_use]
    pub fn new() -> Admission {
        Admission::default()
    }

    /// Sets whose signatures count.
    #[must_use]
    pub fn trust(mut self, trust: Trust) -> Admission {
        self.trust = Some(trust);
        self
    }

    /// Sets what is pinned.
    #[must_use]
    pub fn lock(mut self, lock: Lock) -> Admission {
        self.lock = Some(lock);
        self
    }

    /// Whether anything is pinned: then it is asked for the contract of a candidate.
    #[must_use]
    pub fn has_lock(&self) -> bool {
        self.lock.is_some()
    }

    /// Whether all have to be signed by somebody who is trusted.
    #[must_use]
    pub fn require_signature(mut self, require: bool) -> Admission {
        self.require_signature = require;
        self
    }

    /// Sets how large an artifact may be; [`MAX_ARTIFACT_BYTES`] at most.
    #[must_use]
    pub fn max_bytes(mut self, bytes: u64) -> Admission {
        self.max_bytes = Some(bytes.min(MAX_ARTIFACT_BYTES));
        self
    }

    /// Whether the candidate may be loaded.
    ///
    /// # Errors
    ///
    /// When anything speaks against it; all is told together that does not follow from something else.
    pub fn check(&self, candidate: &Candidate<'_>) -> Result<Admitted, Refused> {
        self.check_with(candidate, [])
    }

    /// The same, where `found` speaks against it too: that it does not fit the host's contract, or is not
    /// granted what it needs.
    ///
    /// ```
    /// use plug_admission::{Admission, Candidate, Failure, Refusal, Stage};
    ///
    /// #[derive(Debug, thiserror::Error)]
    /// #[error("it does not export `acme:images/filter@1`")]
    /// struct DoesNotFit;
    ///
    /// impl Refusal for DoesNotFit {
    ///     fn stage(&self) -> Stage {
    ///         Stage::Contract
    ///     }
    ///     fn code(&self) -> &'static str {
    ///         "PLG0501"
    ///     }
    ///     fn help(&self) -> Vec<String> {
    ///         vec!["load a plugin that was built for this host".to_owned()]
    ///     }
    /// }
    ///
    /// let candidate = Candidate::new("upper", b"\0asm\x0d\0\x01\0").require_signature(true);
    /// let refused = Admission::new().check_with(&candidate, [Failure::other(DoesNotFit)]).unwrap_err();
    /// let codes: Vec<_> = refused.failures().iter().map(Failure::code).collect();
    /// assert_eq!(codes, ["PLG1117", "PLG0501"]);
    /// ```
    ///
    /// # Errors
    ///
    /// As [`check`](Admission::check), and when there is anything in `found`.
    pub fn check_with(
        &self,
        candidate: &Candidate<'_>,
        found: impl IntoIterator<Item = Failure>,
    ) -> Result<Admitted, Refused> {
        let mut failures: Vec<Failure> = found.into_iter().collect();
        let (size, limit) = (candidate.bytes.len() as u64, self.max_bytes.unwrap_or(MAX_ARTIFACT_BYTES));
        if size > limit {
            failures.push(SizeError { size, limit }.into());
            // so large a thing is not read through, whatever else is wrong with it
            return Err(Refused::new(candidate.name, failures));
        }
        let kind = match sniff(candidate.bytes) {
            Ok(ArtifactKind::WitPackage) => Err(ArtifactError::WitPackage),
            Ok(_) => Ok(()),
            Err(error) => Err(error),
        };
        let is_component = kind.is_ok();
        failures.extend(kind.err().map(Failure::from));

        let digest = Digest::of(candidate.bytes);
        let pin = self.lock.as_ref().map(|lock| lock.pin(candidate.name));
        match pin {
            None => {}
            Some(None) => failures.push(PinError::NotPinned.into()),
            Some(Some(pin)) => {
                let component = is_component.then_some((candidate.contract, candidate.wants));
                failures.extend(pin.differences(digest, component).into_iter().map(Failure::from));
            }
        }
        let pin = pin.flatten();
        let signer = self.signer(candidate, &digest, pin).unwrap_or_else(|errors| {
            failures.extend(errors);
            None
        });
        if failures.is_empty() {
            Ok(Admitted { digest, signer, is_pinned: pin.is_some() })
        } else {
            Err(Refused::new(candidate.name, failures))
        }
    }

    /// Who signed it, if that is known; all that speaks against the signature, if it has to be good.
    fn signer(
        &self,
        candidate: &Candidate<'_>,
        digest: &Digest,
        pin: Option<&Pin>,
    ) -> Result<Option<Signer>, Vec<Failure>> {
        let pinned = pin.and_then(|pin| pin.signer.as_ref());
        let is_required = self.require_signature || candidate.require_signature || pinned.is_some();
        let failed = |error: SignatureError| vec![Failure::from(error)];
        let (trust, bytes) = match (&self.trust, candidate.signature) {
            (None, _) if is_required => return Err(failed(SignatureError::NoTrust)),
            (Some(_), None) if is_required => return Err(failed(SignatureError::Missing)),
            (None, _) | (Some(_), None) => return Ok(None),
            (Some(trust), Some(bytes)) => (trust, bytes),
        };
        let signature = Signature::read(bytes).map_err(failed)?;
        let verified = signature.verify(candidate.name, candidate.bytes, digest, trust);
        match (verified, pinned) {
            (Err(errors), _) => Err(errors.into_iter().map(Failure::from).collect()),
            // names are for people; the key is who it is
            (Ok(actual), Some(pinned)) if pinned.key != actual.key => {
                Err(vec![PinError::Signer { pinned: pinned.clone(), actual }.into()])
            }
            (Ok(actual), _) => Ok(Some(actual)),
        }
    }
}
