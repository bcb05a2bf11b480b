//! The bytes of a plugin, before anything is compiled.

use std::fmt;
use std::fs::File;
use std::io::Read as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use plug_admission::{MAX_SIGNATURE_BYTES, SIGNATURE_SUFFIX};
use plug_contract::{Contract, Digest, MAX_ARTIFACT_BYTES, Section, SectionError};

/// The bytes of a component, with all that can be known of it before it is compiled: digest,
/// actual contract, and what it declares of itself. Cheap to clone.
#[derive(Clone)]
pub struct Artifact(Arc<Parts>);

#[derive(Clone)]
struct Parts {
    path: Option<PathBuf>,
    bytes: Vec<u8>,
    digest: Digest,
    contract: Contract,
    section: Option<Section>,
    signature: Option<Vec<u8>>,
}

/// Something that is no plugin.
#[derive(Debug)]
pub struct ArtifactError {
    path: Option<PathBuf>,
    kind: ArtifactErrorKind,
}

/// Why it is none.
#[derive(Debug, thiserror::Error)]
enum ArtifactErrorKind {
    #[error("a directory, not a file; name the component in it")]
    Directory,
    #[error("cannot be read")]
    Unreadable(#[source] std::io::Error),
    #[error("its signature file, `{SIGNATURE_SUFFIX}` behind its name, cannot be read")]
    Signature(#[source] std::io::Error),
    #[error("{size} bytes, more than the {limit} allowed")]
    TooLarge { size: u64, limit: u64 },
    #[error(transparent)]
    Bytes(plug_contract::ArtifactError),
    #[error(transparent)]
    Section(SectionError),
}

impl fmt::Display for ArtifactError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(path) = &self.path {
            write!(f, "{}: ", path.display())?;
        }
        self.kind.fmt(f)
    }
}

impl std::error::Error for ArtifactError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        self.kind.source()
    }
}

impl ArtifactError {
    /// The file, if it came from one.
    #[must_use]
    pub fn path(&self) -> Option<&Path> {
        self.path.as_deref()
    }

    /// The code of its page under `docs/errors`.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match &self.kind {
            ArtifactErrorKind::Directory => "PLG0204",
            ArtifactErrorKind::Unreadable(_) | ArtifactErrorKind::Signature(_) => "PLG0205",
            ArtifactErrorKind::TooLarge { .. } => "PLG0206",
            ArtifactErrorKind::Bytes(error) => error.code(),
            ArtifactErrorKind::Section(error) => error.code(),
        }
    }
}

impl Artifact {
    /// Reads a file. It may have [`MAX_ARTIFACT_BYTES`].
    ///
    /// # Errors
    /// When it cannot be read, is too large, is no component, or its section is garbled.
    pub fn from_file(path: impl AsRef<Path>) -> Result<Artifact, ArtifactError> {
        Artifact::from_file_up_to(path, MAX_ARTIFACT_BYTES)
    }

    /// Reads a file of `limit` bytes at most.
    ///
    /// # Errors
    /// As [`from_file`](Artifact::from_file).
    pub fn from_file_up_to(path: impl AsRef<Path>, limit: u64) -> Result<Artifact, ArtifactError> {
        let path = path.as_ref();
        read(path, limit)
            .and_then(|bytes| Artifact::parse(bytes, Some(path.to_owned()), signature_beside(path)?))
            .map_err(|kind| ArtifactError { path: Some(path.to_owned()), kind })
    }

    /// Takes bytes that are already in memory.
    ///
    /// # Errors
    /// When they are no component, too many, or the section is garbled.
    pub fn from_bytes(bytes: impl Into<Vec<u8>>) -> Result<Artifact, ArtifactError> {
        Artifact::parse(bytes.into(), None, None).map_err(|kind| ArtifactError { path: None, kind })
    }

    /// With a signature in minisign's format: the bytes of the file that `cargo plug sign` writes.
    /// [`from_file`](Artifact::from_file) takes the one beside the file by itself.
    #[must_use]
    pub fn signed(self, signature: impl Into<Vec<u8>>) -> Artifact {
        let signature = Some(signature.into());
        let parts = Parts::clone(&self.0);
        Artifact(Arc::new(Parts { signature, ..parts }))
    }

    fn parse(
        bytes: Vec<u8>,
        path: Option<PathBuf>,
        signature: Option<Vec<u8>>,
    ) -> Result<Artifact, ArtifactErrorKind> {
        let contract = Contract::from_component(&bytes).map_err(ArtifactErrorKind::Bytes)?;
        let section = Section::read(&bytes).map_err(ArtifactErrorKind::Section)?;
        let digest = Digest::of(&bytes);
        Ok(Artifact(Arc::new(Parts { path, bytes, digest, contract, section, signature })))
    }

    /// The file it came from.
    #[must_use]
    pub fn path(&self) -> Option<&Path> {
        self.0.path.as_deref()
    }

    /// The bytes.
    #[must_use]
    pub fn bytes(&self) -> &[u8] {
        &self.0.bytes
    }

    /// Their SHA-256.
    #[must_use]
    pub fn digest(&self) -> Digest {
        self.0.digest
    }

    /// What the component really imports and exports.
    #[must_use]
    pub fn contract(&self) -> &Contract {
        &self.0.contract
    }

    /// What the component says of itself; a claim.
    #[must_use]
    pub fn section(&self) -> Option<&Section> {
        self.0.section.as_ref()
    }

    /// The bytes of its signature file, if there is one; nobody has verified it yet.
    #[must_use]
    pub fn signature(&self) -> Option<&[u8]> {
        self.0.signature.as_deref()
    }
}

impl AsRef<[u8]> for Artifact {
    fn as_ref(&self) -> &[u8] {
        self.bytes()
    }
}

impl fmt::Debug for Artifact {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Artifact")
            .field("path", &self.0.path)
            .field("size", &self.0.bytes.len())
            .field("digest", &self.0.digest)
            .finish_non_exhaustive()
    }
}

/// The signature file beside an artifact, if there is one. One that is too large is cut off after what
/// no signature has, and refused as such.
fn signature_beside(path: &Path) -> Result<Option<Vec<u8>>, ArtifactErrorKind> {
    let mut beside = path.as_os_str().to_owned();
    beside.push(SIGNATURE_SUFFIX);
    let file = match File::open(Path::new(&beside)) {
        Ok(file) => file,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(ArtifactErrorKind::Signature(error)),
    };
    let mut bytes = Vec::new();
    let limit = MAX_SIGNATURE_BYTES as u64 + 1;
    file.take(limit).read_to_end(&mut bytes).map_err(ArtifactErrorKind::Signature)?;
    Ok(Some(bytes))
}

/// Never reads more than the limit, whatever the file's size is said to be.
fn read(path: &Path, limit: u64) -> Result<Vec<u8>, ArtifactErrorKind> {
    let file = File::open(path).map_err(ArtifactErrorKind::Unreadable)?;
    let metadata = file.metadata().map_err(ArtifactErrorKind::Unreadable)?;
    if metadata.is_dir() {
        return Err(ArtifactErrorKind::Directory);
    }
    if metadata.len() > limit {
        return Err(ArtifactErrorKind::TooLarge { size: metadata.len(), limit });
    }
    let mut bytes = Vec::with_capacity(usize::try_from(metadata.len()).unwrap_or_default());
    file.take(limit.saturating_add(1)).read_to_end(&mut bytes).map_err(ArtifactErrorKind::Unreadable)?;
    let size = bytes.len() as u64;
    if size > limit {
        return Err(ArtifactErrorKind::TooLarge { size, limit });
    }
    Ok(bytes)
}
