//! `cargo plug call`

mod callable;
mod error;
#[cfg(feature = "run")]
mod excerpt;
mod grant;
#[cfg(feature = "run")]
mod host_failure;
#[cfg(feature = "run")]
mod json_value;
#[cfg(feature = "run")]
mod limits;
#[cfg(feature = "run")]
mod log_events;
#[cfg(feature = "run")]
mod sandbox;
#[cfg(not(feature = "run"))]
#[path = "sandbox_absent.rs"]
mod sandbox;
#[cfg(feature = "run")]
mod unknown_field;

use plug_contract::{ArtifactError, ArtifactKind, Contract, sniff};

pub(crate) use callable::{Callable, Functions};
pub(crate) use error::CallCommandError;

use crate::cli::Call;
use crate::commands::Outcome;
use crate::component_file::{self, ComponentFileError};
use crate::env::Place;
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

pub(crate) fn run(args: &Call, place: &Place, reporter: &mut Reporter) -> Result<Outcome, Failure> {
    for allowed in &args.allow {
        grant::check(allowed)?;
    }
    let shown = args.file.display().to_string();
    let bytes = component_file::read(&place.resolve(&args.file), &shown)?;
    let artifact = |source| ComponentFileError::Artifact { path: shown.clone(), source };
    if sniff(&bytes).map_err(artifact)? == ArtifactKind::WitPackage {
        return Err(artifact(ArtifactError::WitPackage).into());
    }
    let contract = Contract::from_component(&bytes).map_err(artifact)?;
    let functions = Functions::of(&contract);
    match &args.call {
        None => {
            if functions.functions.is_empty() {
                let message = "it exports no function that could be called".to_owned();
                reporter.event(Event::Warning { message, help: None });
            }
            Ok(Outcome::Functions(functions))
        }
        Some(call) => {
            let (name, values) = callable::split(call);
            let function = functions.find(name)?;
            sandbox::call(args, bytes, function, call, values, reporter).map(Outcome::Call)
        }
    }
}
