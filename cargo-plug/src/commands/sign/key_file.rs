//! Files of keys, in minisign's format.

use std::fs;
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};

use ct_codecs::{Base64, Decoder as _};

use super::error::{KeyFileError, WriteError};
use super::password::Password;
use crate::env::Place;
use crate::failure::Failure;
use crate::report::Reporter;

/// The largest key file that is read.
const MAX_KEY_BYTES: u64 = 4096;
const COMMENT: &str = "plug secret key";
/// Two bytes each for the algorithms of signature, derivation and checksum; salt, two costs, number, key
/// and checksum.
const SECRET_KEY_BYTES: usize = 158;
const DERIVATION: std::ops::Range<usize> = 2..4;
const CHECKSUM: std::ops::RangeFrom<usize> = 126..;

/// A secret key, ready to sign.
pub(super) struct SecretKey {
    path: String,
    key: minisign::SecretKey,
}

impl SecretKey {
    pub(super) fn read(
        path: &Path,
        password_file: Option<&Path>,
        place: &Place,
        reporter: &mut Reporter,
    ) -> Result<Self, KeyFileError> {
        let shown = path.display().to_string();
        let unreadable = |source| KeyFileError::Unreadable { path: shown.clone(), source };
        let no_key = |why: String| KeyFileError::NoKey { path: shown.clone(), wanted: "secret", why };
        let mut text = String::new();
        let file = fs::File::open(place.resolve(path)).map_err(unreadable)?;
        file.take(MAX_KEY_BYTES).read_to_string(&mut text).map_err(unreadable)?;

        let form = || no_key("it has not the form of one".to_owned());
        let bytes = text.lines().nth(1).and_then(|line| Base64::decode_to_vec(line, None).ok());
        let bytes = bytes.filter(|bytes| bytes.len() == SECRET_KEY_BYTES).ok_or_else(form)?;
        let broken = |error: minisign::PError| no_key(error.to_string());
        let parse = || minisign::SecretKeyBox::from_string(&text).map_err(broken);
        match &bytes[DERIVATION] {
            // minisign 0.11 writes a key without a password without a checksum, too
            [0, 0] if bytes[CHECKSUM].iter().all(|byte| *byte == 0) => {
                let key = minisign::SecretKey::from_bytes(&bytes).map_err(broken)?;
                return Ok(Self { path: shown, key });
            }
            [0, 0] => {
                let key = parse()?.into_unencrypted_secret_key().map_err(broken)?;
                return Ok(Self { path: shown, key });
            }
            b"Sc" => {}
            _ => return Err(form()),
        }
        let ask = || reporter.ask_secret(&format!("Password of {shown}: "));
        let Some(Password(password)) = Password::given(password_file, place, ask)? else {
            return Err(KeyFileError::NoPassword { path: shown });
        };
        match parse()?.into_secret_key(Some(password)) {
            Ok(key) => Ok(Self { path: shown, key }),
            Err(error) if matches!(error.kind(), minisign::ErrorKind::Verify) => {
                Err(KeyFileError::WrongPassword { path: shown })
            }
            Err(error) => Err(no_key(error.to_string())),
        }
    }

    pub(super) fn sign(&self, data: impl Read, comment: &str) -> Result<String, KeyFileError> {
        let public = minisign::PublicKey::from_secret_key(&self.key).map_err(|_| self.broken())?;
        let untrusted = "signature of a plugin, by cargo plug sign";
        minisign::sign(Some(&public), &self.key, data, Some(comment), Some(untrusted))
            .map(|signature| signature.to_string())
            .map_err(|_| self.broken())
    }

    /// The public key that belongs to it, as text.
    pub(super) fn public(&self) -> Result<String, KeyFileError> {
        let public = minisign::PublicKey::from_secret_key(&self.key).map_err(|_| self.broken())?;
        Ok(public.to_base64())
    }

    pub(super) fn broken(&self) -> KeyFileError {
        let why = "its parts do not belong together".to_owned();
        KeyFileError::NoKey { path: self.path.clone(), wanted: "secret", why }
    }
}

/// Two files that were written.
#[derive(Debug)]
pub(crate) struct KeyPair {
    pub(crate) public: String,
    pub(crate) secret_file: String,
    pub(crate) public_file: String,
}

/// Makes a pair of keys and writes it to `out.key` and `out.pub`, of which neither may be there.
pub(crate) fn generate(out: &Path, password: Option<Password>, place: &Place) -> Result<KeyPair, Failure> {
    let [secret_file, public_file] = paths(out);
    let [secret_path, public_path] = [&secret_file, &public_file].map(|path| place.resolve(path));
    for (path, shown) in [(&secret_path, &secret_file), (&public_path, &public_file)] {
        if path.symlink_metadata().is_ok() {
            return Err(KeyFileError::Exists { path: shown.display().to_string() }.into());
        }
    }
    let failed = |error: minisign::PError| KeyFileError::Failed { why: error.to_string() };
    let pair = match password {
        Some(Password(password)) => minisign::KeyPair::generate_encrypted_keypair(Some(password)),
        None => minisign::KeyPair::generate_unencrypted_keypair(),
    }
    .map_err(failed)?;
    let secret = pair.sk.to_box(Some(COMMENT)).map_err(failed)?.into_string();
    let public = pair.pk.to_box().map_err(failed)?.into_string();

    create(&public_path, &public_file, public.as_bytes(), 0o644)?;
    create(&secret_path, &secret_file, secret.as_bytes(), 0o600).inspect_err(|_| {
        // a public key alone is of no use, and would stand in the way of the next attempt
        let _ = fs::remove_file(&public_path);
    })?;
    Ok(KeyPair {
        public: pair.pk.to_base64(),
        secret_file: secret_file.display().to_string(),
        public_file: public_file.display().to_string(),
    })
}

fn paths(out: &Path) -> [PathBuf; 2] {
    ["key", "pub"].map(|ending| {
        let mut path = out.as_os_str().to_owned();
        path.push(".");
        path.push(ending);
        PathBuf::from(path)
    })
}

/// Writes a file that is not there yet, whole or not at all.
fn create(path: &Path, shown: &Path, contents: &[u8], mode: u32) -> Result<(), Failure> {
    let shown = shown.display().to_string();
    let failed = |source| WriteError::new(&shown, source);
    let folder = path.parent().unwrap_or(Path::new("."));
    // what tempfile says of a folder names a file that nobody knows
    fs::metadata(folder).map_err(failed)?;
    let mut builder = tempfile::Builder::new();
    builder.prefix(".plug-");
    let mut file = with_mode(&mut builder, mode).tempfile_in(folder).map_err(failed)?;
    file.write_all(contents).and_then(|()| file.as_file().sync_all()).map_err(failed)?;
    match file.persist_noclobber(path) {
        Ok(_) => Ok(()),
        Err(error) if error.error.kind() == io::ErrorKind::AlreadyExists => {
            Err(KeyFileError::Exists { path: shown }.into())
        }
        Err(error) => Err(WriteError::new(&shown, error.error).into()),
    }
}

#[cfg(unix)]
fn with_mode<'a, 'p, 's>(
    builder: &'a mut tempfile::Builder<'p, 's>,
    mode: u32,
) -> &'a mut tempfile::Builder<'p, 's> {
    use std::os::unix::fs::PermissionsExt;

    builder.permissions(fs::Permissions::from_mode(mode))
}

#[cfg(not(unix))]
fn with_mode<'a, 'p, 's>(
    builder: &'a mut tempfile::Builder<'p, 's>,
    _mode: u32,
) -> &'a mut tempfile::Builder<'p, 's> {
    builder
}
