//! `cargo plug sign`

mod error;
mod key_file;
mod password;
mod timestamp;

pub(crate) use error::{KeyFileError, WriteError};
pub(crate) use key_file::{KeyPair, generate};
pub(crate) use password::Password;

use std::io::Cursor;

use plug_admission::{KeyId, PublicKey, SIGNATURE_SUFFIX, comment};
use plug_contract::{ArtifactError, ArtifactKind, Digest, sniff};

use super::verify::names;
use crate::atomic_file;
use crate::cli::{Format, Sign};
use crate::component_file::{self, ComponentFileError};
use crate::env::Place;
use crate::failure::Failure;
use crate::report::{Event, Reporter};
use key_file::SecretKey;

/// A signature that was made.
#[derive(Debug)]
pub(crate) struct Signed {
    pub(crate) format: Format,
    pub(crate) plugin: String,
    pub(crate) file: String,
    pub(crate) digest: Digest,
    pub(crate) key: KeyId,
    pub(crate) signature_file: String,
    /// What the signature says of itself.
    pub(crate) comment: String,
}

pub(crate) fn run(args: &Sign, place: &Place, reporter: &mut Reporter) -> Result<Signed, Failure> {
    let plugin = names::of_file(args.plugin.as_deref(), &args.file)?;
    let file = args.file.display().to_string();
    let bytes = component_file::read(&place.resolve(&args.file), &file)?;
    match sniff(&bytes) {
        Ok(ArtifactKind::WitPackage) => Err(ArtifactError::WitPackage),
        other => other.map(drop),
    }
    .map_err(|source| ComponentFileError::Artifact { path: file.clone(), source })?;

    let key = SecretKey::read(&args.key, args.password_file.as_deref(), place, reporter)?;
    let digest = Digest::of(&bytes);
    let comment = format!("{}\ttimestamp:{}", comment(&plugin, &digest), timestamp::now(place));
    let signature = key.sign(Cursor::new(&bytes), &comment)?;

    let mut path = args.file.clone().into_os_string();
    path.push(SIGNATURE_SUFFIX);
    let signature_file = path.to_string_lossy().into_owned();
    atomic_file::write(&place.resolve(path.as_ref()), signature.as_bytes())
        .map_err(|source| WriteError::new(&signature_file, source))?;
    reporter.event(Event::Wrote { path: signature_file.clone() });
    let key = key.public()?.parse::<PublicKey>().map_err(|_| key.broken())?.id();
    Ok(Signed { format: args.format, plugin, file, digest, key, signature_file, comment })
}
