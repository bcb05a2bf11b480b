//! Keys, signatures and pins.

use plug_admission::{Pin, Refused, Signer};
use plug_policy::Difference;
use serde::Serialize;

use super::document;
use crate::commands::keygen::Keys;
use crate::commands::lock::{Change, LockReport};
use crate::commands::sign::Signed;
use crate::commands::verify::Verification;

#[derive(Serialize)]
struct KeysJson<'a> {
    key: String,
    public_key: &'a str,
    secret_file: &'a str,
    public_file: &'a str,
    has_password: bool,
}

pub(in crate::report) fn keys(keys: &Keys) -> String {
    document(KeysJson {
        key: keys.id.to_string(),
        public_key: &keys.files.public,
        secret_file: &keys.files.secret_file,
        public_file: &keys.files.public_file,
        has_password: keys.has_password,
    })
}

#[derive(Serialize)]
struct SignedJson<'a> {
    plugin: &'a str,
    file: &'a str,
    digest: String,
    key: String,
    signature_file: &'a str,
    trusted_comment: &'a str,
}

pub(in crate::report) fn signed(signed: &Signed) -> String {
    document(SignedJson {
        plugin: &signed.plugin,
        file: &signed.file,
        digest: signed.digest.to_string(),
        key: signed.key.to_string(),
        signature_file: &signed.signature_file,
        trusted_comment: &signed.comment,
    })
}

#[derive(Serialize)]
struct VerificationJson<'a> {
    admitted: bool,
    plugins: Vec<VerifiedJson<'a>>,
}

#[derive(Serialize)]
struct VerifiedJson<'a> {
    plugin: &'a str,
    file: &'a str,
    admitted: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    artifact: Option<ArtifactJson<'a>>,
    failures: Vec<FailureJson>,
}

#[derive(Serialize)]
struct ArtifactJson<'a> {
    digest: String,
    signer: Option<SignerJson<'a>>,
    pinned: bool,
}

#[derive(Serialize)]
struct SignerJson<'a> {
    key: String,
    name: &'a str,
}

#[derive(Serialize)]
struct FailureJson {
    /// `size`, `kind`, `digest`, `signature`, `contract` or `capabilities`.
    stage: String,
    code: &'static str,
    message: String,
    causes: Vec<String>,
    help: Vec<String>,
}

fn signer(signer: Option<&Signer>) -> Option<SignerJson<'_>> {
    signer.map(|signer| SignerJson { key: signer.key.to_string(), name: &signer.name })
}

fn failures(refused: &Refused) -> Vec<FailureJson> {
    refused
        .failures()
        .iter()
        .map(|failure| {
            let first = std::error::Error::source(failure);
            FailureJson {
                stage: failure.stage().to_string(),
                code: failure.code(),
                message: failure.to_string(),
                causes: std::iter::successors(first, |cause| cause.source())
                    .map(ToString::to_string)
                    .collect(),
                help: failure.help(),
            }
        })
        .collect()
}

pub(in crate::report) fn verification(verification: &Verification) -> String {
    let plugins: Vec<VerifiedJson<'_>> = verification
        .plugins
        .iter()
        .map(|plugin| VerifiedJson {
            plugin: &plugin.name,
            file: &plugin.file,
            admitted: plugin.verdict.is_ok(),
            artifact: plugin.verdict.as_ref().ok().map(|admitted| ArtifactJson {
                digest: admitted.digest.to_string(),
                signer: signer(admitted.signer.as_ref()),
                pinned: admitted.is_pinned,
            }),
            failures: plugin.verdict.as_ref().err().map(failures).unwrap_or_default(),
        })
        .collect();
    document(VerificationJson { admitted: plugins.iter().all(|plugin| plugin.admitted), plugins })
}

#[derive(Serialize)]
struct LockJson<'a> {
    lock: &'a str,
    pinned: bool,
    plugins: Vec<LockedJson<'a>>,
}

#[derive(Serialize)]
struct LockedJson<'a> {
    plugin: &'a str,
    file: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    change: Option<ChangeJson<'a>>,
    failures: Vec<FailureJson>,
}

#[derive(Serialize)]
struct ChangeJson<'a> {
    /// Null if nothing was pinned.
    old: Option<PinJson<'a>>,
    new: PinJson<'a>,
    gains: Vec<&'a str>,
    loses: Vec<&'a str>,
    /// What somebody has to agree to: `capabilities`, `signer`.
    open: Vec<&'static str>,
}

#[derive(Serialize)]
struct PinJson<'a> {
    digest: String,
    contract: String,
    capabilities: Vec<String>,
    signer: Option<SignerJson<'a>>,
}

fn pin(pin: &Pin) -> PinJson<'_> {
    PinJson {
        digest: pin.digest.to_string(),
        contract: pin.contract.to_string(),
        capabilities: pin.capabilities.iter().map(ToString::to_string).collect(),
        signer: signer(pin.signer.as_ref()),
    }
}

fn change(change: &Change) -> ChangeJson<'_> {
    fn texts(gains: &[Difference]) -> Vec<&str> {
        gains.iter().map(|gain| gain.text.as_str()).collect()
    }
    let open = [("capabilities", change.is_wider), ("signer", change.has_other_signer)];
    ChangeJson {
        old: change.old.as_ref().map(pin),
        new: pin(&change.new),
        gains: texts(&change.gains),
        loses: texts(&change.losses),
        open: open.into_iter().filter(|(_, is_open)| *is_open).map(|(name, _)| name).collect(),
    }
}

pub(in crate::report) fn locked(report: &LockReport) -> String {
    document(LockJson {
        lock: &report.lock,
        pinned: report.is_pinned,
        plugins: report
            .plugins
            .iter()
            .map(|plugin| LockedJson {
                plugin: &plugin.name,
                file: &plugin.file,
                change: plugin.verdict.as_ref().ok().map(change),
                failures: plugin.verdict.as_ref().err().map(failures).unwrap_or_default(),
            })
            .collect(),
    })
}
