//! `cargo plug verify`

mod error;
pub(super) mod names;
mod subject;

pub(crate) use error::{read_lock, read_trust};
pub(crate) use subject::{Subject, read_signature};

use std::path::Path;

use plug_admission::{Admission, Admitted, PublicKey, Refused, Trust, TrustedKey};

use super::sign::KeyFileError;
use crate::cli::{Format, Verify};
use crate::env::Place;
use crate::exit_code::ExitCode;
use crate::failure::Failure;

/// Whether plugins may be loaded.
#[derive(Debug)]
pub(crate) struct Verification {
    pub(crate) format: Format,
    pub(crate) plugins: Vec<Verified>,
}

#[derive(Debug)]
pub(crate) struct Verified {
    pub(crate) name: String,
    pub(crate) file: String,
    pub(crate) verdict: Result<Admitted, Refused>,
}

impl Verification {
    pub(crate) fn exit_code(&self) -> ExitCode {
        match self.plugins.iter().all(|plugin| plugin.verdict.is_ok()) {
            true => ExitCode::Fine,
            false => ExitCode::Failed,
        }
    }
}

pub(crate) fn run(args: &Verify, place: &Place) -> Result<Verification, Failure> {
    let mut files = args.files.clone();
    match (files.as_mut_slice(), &args.plugin) {
        (_, None) => {}
        ([one], Some(name)) => one.name = Some(name.clone()),
        (many, Some(_)) => return Err(names::NamesError::Many { count: many.len() }.into()),
    }
    let trust = match (&args.key, &args.trust) {
        (Some(key), _) => Some(Trust::new().with(public_key(key, place)?)),
        (None, Some(path)) => Some(read_trust(path, place)?),
        (None, None) => None,
    };
    let mut admission = Admission::new();
    if let Some(trust) = trust {
        admission = admission.trust(trust).require_signature(true);
    }
    if let Some(path) = &args.lock {
        admission = admission.lock(read_lock(path, place)?);
    }
    let plugins = names::of_files(&files)?
        .into_iter()
        .map(|(name, path)| {
            let (subject, found) = Subject::read(&name, path, place)?;
            let verdict = admission.check_with(&subject.candidate(), found);
            Ok(Verified { name: subject.name, file: subject.file, verdict })
        })
        .collect::<Result<_, Failure>>()?;
    Ok(Verification { format: args.format, plugins })
}

/// The key itself, or the one in a file. It may sign any plugin.
fn public_key(given: &Path, place: &Place) -> Result<TrustedKey, KeyFileError> {
    let path = given.display().to_string();
    let named = |name: &str, key: PublicKey| TrustedKey::new(name, key);
    if let Ok(key) = path.parse() {
        return Ok(named("the given key", key));
    }
    let text = plug_policy::read_text(&place.resolve(given), 4096).map_err(|error| {
        KeyFileError::Unreadable { path: path.clone(), source: std::io::Error::other(error.what) }
    })?;
    let key = text.parse::<PublicKey>();
    let key = key.map_err(|error| KeyFileError::NoKey {
        path: path.clone(),
        wanted: "public",
        why: error.to_string(),
    })?;
    Ok(named(&path, key))
}
