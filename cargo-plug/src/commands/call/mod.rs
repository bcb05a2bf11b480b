//! `cargo plug call`

mod audit;
mod callable;
mod choice;
mod error;
#[cfg(feature = "run")]
mod excerpt;
mod grant;
#[cfg(feature = "run")]
mod handles;
#[cfg(feature = "run")]
mod host_failure;
#[cfg(feature = "run")]
mod json_value;
#[cfg(feature = "run")]
mod labelled;
#[cfg(feature = "run")]
mod labels;
#[cfg(feature = "run")]
mod limits;
#[cfg(feature = "run")]
mod log_events;
mod request;
#[cfg(feature = "run")]
mod sandbox;
#[cfg(not(feature = "run"))]
#[path = "sandbox_absent.rs"]
mod sandbox;
#[cfg(feature = "run")]
mod session;
#[cfg(feature = "run")]
mod type_text;
#[cfg(feature = "run")]
mod unknown_field;
#[cfg(feature = "run")]
mod values;
#[cfg(feature = "run")]
mod wave_text;
#[cfg(feature = "run")]
mod written;

use plug_contract::{ArtifactError, ArtifactKind, Contract, sniff};

pub(crate) use callable::Functions;
pub(crate) use error::CallCommandError;
use grant::Granted;
use request::Request;

use crate::cli::{Call, CallFormat};
use crate::commands::Outcome;
use crate::component_file::{self, ComponentFileError};
use crate::env::Place;
use crate::exit_code::ExitCode;
use crate::failure::Failure;
use crate::report::{Event, Reporter};

/// What came of a call.
#[derive(Debug)]
pub(crate) struct Answer {
    /// `plug:plugin/processor@1.0.0#process`
    pub(crate) function: String,
    /// `None` where the function returns nothing.
    pub(crate) result: Option<Value>,
    /// The function returned `err`.
    pub(crate) is_refusal: bool,
}

/// A value in the form that was asked for.
#[derive(Debug)]
#[cfg_attr(not(feature = "run"), expect(dead_code, reason = "there is no answer without a call"))]
pub(crate) enum Value {
    Wave(String),
    Json(serde_json::Value),
}

/// What came of all calls.
#[derive(Debug)]
pub(crate) struct Called {
    /// Not shown yet: the one JSON document of a single call has what went wrong behind it, too.
    pub(crate) unshown: Option<Answer>,
    /// A function returned `err`.
    pub(crate) is_refusal: bool,
    /// What went wrong behind the answer that is not shown yet.
    pub(crate) failure: Option<Failure>,
}

impl Called {
    pub(crate) fn exit_code(&self) -> ExitCode {
        match &self.failure {
            Some(failure) => failure.exit_code(),
            None if self.is_refusal => ExitCode::Failed,
            None => ExitCode::Fine,
        }
    }
}

pub(crate) fn run(args: &Call, place: &Place, reporter: &mut Reporter) -> Result<Outcome, Failure> {
    let granted = Granted::read(args, place)?;
    let shown = args.file.display().to_string();
    let bytes = component_file::read(&place.resolve(&args.file), &shown)?;
    let artifact = |source| ComponentFileError::Artifact { path: shown.clone(), source };
    if sniff(&bytes).map_err(artifact)? == ArtifactKind::WitPackage {
        return Err(artifact(ArtifactError::WitPackage).into());
    }
    let functions = match Contract::from_component(&bytes) {
        Ok(contract) => Functions::of(&contract),
        // It can be called all the same: the engine knows what it exports.
        Err(ArtifactError::NoWit { .. }) => sandbox::functions(args, &granted, &bytes)?,
        Err(other) => return Err(artifact(other).into()),
    };
    if args.calls.is_empty() {
        if functions.functions.is_empty() {
            let message = "it exports no function that could be called".to_owned();
            reporter.event(Event::Warning { message, help: None });
        }
        return Ok(Outcome::Functions(functions));
    }
    // All of them are understood before the first one is made.
    let requests = args.calls.iter().map(|call| Request::new(call, &functions));
    let requests = requests.collect::<Result<Vec<_>, _>>()?;
    let is_one_document = requests.len() == 1 && args.format == CallFormat::Json;
    let mut called = Called { unshown: None, is_refusal: false, failure: None };
    let mut denied = Vec::new();
    let ended = sandbox::call(args, granted, bytes, requests, &mut denied, reporter, |reporter, answer| {
        called.is_refusal |= answer.is_refusal;
        if is_one_document {
            called.unshown = Some(answer);
        } else {
            reporter.answer(&answer);
        }
    });
    if let Some(path) = &args.audit {
        let written = audit::write(&denied, path, place);
        // what went wrong with the calls is the first to tell of
        if ended.is_ok() {
            written?;
        }
    }
    match ended {
        Err(failure) if called.unshown.is_some() => called.failure = Some(failure),
        ended => ended?,
    }
    Ok(Outcome::Call(called))
}
