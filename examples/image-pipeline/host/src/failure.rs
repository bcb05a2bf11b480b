//! What went wrong, for people.

use std::process::ExitCode;

use plug_host::{ArtifactError, CallError, LoadError};

use crate::filter::exports::acme::images::image_filter::FilterError;

/// Tells it on standard error. A plugin that was refused or failed has an exit code of its own.
pub(crate) fn report(error: &anyhow::Error) -> ExitCode {
    let call = error.downcast_ref::<CallError>();
    let answer = call.and_then(CallError::as_guest).and_then(|answer| answer.downcast_ref::<FilterError>());
    match (call, answer) {
        (Some(call), Some(answer)) => eprintln!("error: plugin `{}` {}", call.plugin(), sentence(answer)),
        // with what the plugin wrote last, and where it was
        (Some(call), None) => eprintln!("error: {call:#}"),
        (None, _) => eprintln!("error: {error}"),
    }
    for cause in error.chain().skip(1) {
        eprintln!("  because: {cause}");
    }
    let code = None
        .or_else(|| call.filter(|_| answer.is_none()).map(CallError::code))
        .or_else(|| error.downcast_ref().map(LoadError::code))
        .or_else(|| error.downcast_ref().map(ArtifactError::code));
    if let Some(code) = code {
        eprintln!("`cargo plug explain {code}` tells more");
    }
    ExitCode::from(if code.is_some() || answer.is_some() { 3 } else { 1 })
}

/// What a plugin answered instead of a picture.
fn sentence(answer: &FilterError) -> String {
    match answer {
        FilterError::UnsupportedFormat(format) => {
            format!("does not work on pictures of the format {format:?}")
        }
        FilterError::InvalidImage(why) => format!("finds the picture invalid: {why}"),
        FilterError::BadOption(bad) => {
            format!("cannot use `{}={}`: it has to be {}", bad.key, bad.value, bad.wanted)
        }
    }
}
