//! `cargo plug keygen`

use plug_admission::{KeyId, PublicKey};

use super::sign::{KeyFileError, KeyPair, Password, generate};
use crate::cli::{Format, Keygen};
use crate::env::Place;
use crate::failure::Failure;
use crate::report::{Event, Reporter};

/// A pair of keys that was made.
#[derive(Debug)]
pub(crate) struct Keys {
    pub(crate) format: Format,
    pub(crate) files: KeyPair,
    pub(crate) id: KeyId,
    pub(crate) has_password: bool,
}

pub(crate) fn run(args: &Keygen, place: &Place, reporter: &mut Reporter) -> Result<Keys, Failure> {
    let password = match args.no_password {
        true => None,
        false => Some(Password::chosen(args.password_file.as_deref(), place, reporter)?),
    };
    let has_password = password.is_some();
    let files = generate(&args.out, password, place)?;
    let id = files
        .public
        .parse::<PublicKey>()
        .map_err(|error| KeyFileError::Failed { why: error.to_string() })?
        .id();
    for path in [&files.secret_file, &files.public_file] {
        reporter.event(Event::Wrote { path: path.clone() });
    }
    if !has_password {
        reporter.event(Event::Warning {
            message: format!("whoever reads {} can sign as you", files.secret_file),
            help: Some("keep it where nobody else can read it, and never in a repository".to_owned()),
        });
    }
    Ok(Keys { format: args.format, files, id, has_password })
}
