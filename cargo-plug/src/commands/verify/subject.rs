//! An artifact with all that admission asks of it.

use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

use plug_admission::{Candidate, Failure as Finding, MAX_SIGNATURE_BYTES, Refusal, SIGNATURE_SUFFIX, Stage};
use plug_contract::{ArtifactKind, Contract, ContractHash, Section, SectionError, sniff};
use plug_policy::{WantError, Wanted};

use super::error::SignatureFileError;
use crate::commands::caps::want_help;
use crate::component_file::{self, section_help};
use crate::env::Place;
use crate::failure::Failure;

/// An artifact, and the signature beside it.
#[derive(Debug)]
pub(crate) struct Subject {
    pub(crate) name: String,
    pub(crate) file: String,
    bytes: Vec<u8>,
    pub(crate) contract: Option<ContractHash>,
    pub(crate) wants: Vec<Wanted>,
    signature: Option<Vec<u8>>,
}

/// The wants of a component that cannot be read: then nobody can agree to them.
#[derive(Debug, thiserror::Error)]
#[error("what it wants cannot be read")]
enum WantsUnreadable {
    Section(#[source] SectionError),
    Want(#[source] WantError),
}

impl Refusal for WantsUnreadable {
    fn stage(&self) -> Stage {
        Stage::Capabilities
    }

    fn code(&self) -> &'static str {
        match self {
            Self::Section(error) => error.code(),
            Self::Want(error) => error.code(),
        }
    }

    fn help(&self) -> Vec<String> {
        vec![match self {
            Self::Section(error) => section_help(error).to_owned(),
            Self::Want(error) => want_help(error),
        }]
    }
}

impl Subject {
    /// With what speaks against it before anybody is asked.
    pub(crate) fn read(name: &str, path: &Path, place: &Place) -> Result<(Self, Vec<Finding>), Failure> {
        let file = path.display().to_string();
        let bytes = component_file::read(&place.resolve(path), &file)?;
        let signature = read_signature(path, place)?;
        let mut found = Vec::new();
        let (mut contract, mut wants) = (None, Vec::new());
        // what is no component at all, admission says itself
        if matches!(sniff(&bytes), Ok(ArtifactKind::Component)) {
            match Contract::from_component(&bytes) {
                Ok(actual) => {
                    contract = Some(actual.hash());
                    wants = self::wants(&bytes).unwrap_or_else(|error| {
                        found.push(Finding::other(error));
                        Vec::new()
                    });
                }
                Err(error) => found.push(error.into()),
            }
        }
        Ok((Self { name: name.to_owned(), file, bytes, contract, wants, signature }, found))
    }

    pub(crate) fn candidate(&self) -> Candidate<'_> {
        let candidate =
            Candidate::new(&self.name, &self.bytes).wants(&self.wants).signature(self.signature.as_deref());
        match self.contract {
            Some(contract) => candidate.contract(contract),
            None => candidate,
        }
    }

    pub(crate) fn has_signature(&self) -> bool {
        self.signature.is_some()
    }
}

fn wants(bytes: &[u8]) -> Result<Vec<Wanted>, WantsUnreadable> {
    match Section::read(bytes).map_err(WantsUnreadable::Section)? {
        None => Ok(Vec::new()),
        Some(section) => Wanted::read(&section.manifest.capabilities).map_err(WantsUnreadable::Want),
    }
}

/// The signature beside the artifact, if there is one: one byte more than it may have, at most.
pub(crate) fn read_signature(path: &Path, place: &Place) -> Result<Option<Vec<u8>>, SignatureFileError> {
    let mut beside = path.as_os_str().to_owned();
    beside.push(SIGNATURE_SUFFIX);
    let failed = |source| SignatureFileError { path: beside.to_string_lossy().into_owned(), source };
    let file = match File::open(place.resolve(beside.as_ref())) {
        Ok(file) => file,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(failed(error)),
    };
    let mut bytes = Vec::new();
    file.take(MAX_SIGNATURE_BYTES as u64 + 1).read_to_end(&mut bytes).map_err(failed)?;
    Ok(Some(bytes))
}
