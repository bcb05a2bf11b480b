//! Where a password comes from.

use std::path::Path;

use super::error::KeyFileError;
use crate::env::Place;
use crate::report::Reporter;

/// The variable that a password is taken from.
const VARIABLE: &str = "PLUG_KEY_PASSWORD";
/// minisign's own bound.
const LONGEST: usize = 1024;
/// The largest password file that is read.
const MAX_FILE_BYTES: u64 = 4096;

/// A password. It is in no message.
pub(crate) struct Password(pub(super) String);

impl Password {
    /// The one that was given: by a file, by the variable, or by a person who is asked for it.
    pub(crate) fn given(
        file: Option<&Path>,
        place: &Place,
        ask: impl FnOnce() -> Option<std::io::Result<String>>,
    ) -> Result<Option<Self>, KeyFileError> {
        let unusable = |path: Option<String>, why: &str| KeyFileError::Password { path, why: why.to_owned() };
        let (path, text) = if let Some(file) = file {
            let path = file.display().to_string();
            let text = plug_policy::read_text(&place.resolve(file), MAX_FILE_BYTES)
                .map_err(|error| unusable(Some(path.clone()), &error.what))?;
            (Some(path), text.lines().next().unwrap_or_default().to_owned())
        } else if let Some(text) = place.var(VARIABLE) {
            let text = text.to_str().ok_or_else(|| unusable(None, "it is no text in UTF-8"))?;
            (None, text.to_owned())
        } else {
            match ask() {
                None => return Ok(None),
                Some(Ok(text)) => (None, text),
                Some(Err(error)) => return Err(unusable(None, &error.to_string())),
            }
        };
        match text.len() {
            0 => Err(unusable(path, "it is empty")),
            1..=LONGEST => Ok(Some(Self(text))),
            _ => Err(unusable(path, "it has more than 1024 bytes")),
        }
    }

    /// For a new key: a person has to write it twice.
    pub(crate) fn chosen(
        file: Option<&Path>,
        place: &Place,
        reporter: &mut Reporter,
    ) -> Result<Self, KeyFileError> {
        let unusable = |why: &str| KeyFileError::Password { path: None, why: why.to_owned() };
        let mut differs = false;
        let ask = || {
            let first = reporter.ask_secret("Password for the new key: ")?;
            let second = reporter.ask_secret("The same again: ")?;
            Some(first.and_then(|first| {
                differs = second? != first;
                Ok(first)
            }))
        };
        let password = Self::given(file, place, ask)?;
        if differs {
            return Err(unusable("the two are not the same"));
        }
        password.ok_or_else(|| unusable("none was given"))
    }
}
