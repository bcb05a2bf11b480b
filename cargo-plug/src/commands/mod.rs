//! The commands. Each takes its arguments, pushes events, and returns what it found out.

pub(crate) mod build;
pub(crate) mod call;
pub(crate) mod caps;
pub(crate) mod check_compat;
pub(crate) mod contract;
pub(crate) mod doctor;
pub(crate) mod explain;
pub(crate) mod init;
pub(crate) mod inspect;
pub(crate) mod keygen;
pub(crate) mod lock;
pub(crate) mod new;
pub(crate) mod setup;
pub(crate) mod sign;
pub(crate) mod verify;

use crate::cli::Command;
use crate::env::Place;
use crate::exit_code::ExitCode;
use crate::failure::Failure;
use crate::report::Reporter;

/// What a command returns, for the reporter to show.
pub(crate) enum Outcome {
    /// All there was to say has been said.
    Done,
    Build(build::BuildReport),
    Inspect(Box<inspect::Inspection>, inspect::Form),
    Caps(Box<caps::CapsReport>),
    Call(call::Called),
    Functions(call::Functions),
    Comparison(Box<check_compat::Comparison>),
    Keys(keygen::Keys),
    Signed(sign::Signed),
    Verification(verify::Verification),
    Locked(lock::LockReport),
    Hashes(contract::hash::Hashes),
    Drift(contract::drift::DriftReport),
    Doctor(doctor::Examination),
    Page(&'static str),
    Codes(Vec<explain::Code>),
}

impl Outcome {
    pub(crate) fn exit_code(&self) -> ExitCode {
        match self {
            Self::Drift(report) => report.exit_code(),
            Self::Comparison(comparison) => comparison.exit_code(),
            Self::Caps(report) => report.exit_code(),
            Self::Verification(verification) => verification.exit_code(),
            Self::Locked(report) => report.exit_code(),
            Self::Doctor(examination) if examination.is_missing_something() => ExitCode::Failed,
            Self::Call(called) => called.exit_code(),
            // The WIT of a component is whole without what it declares.
            Self::Inspect(_, inspect::Form::Wit) => ExitCode::Fine,
            Self::Inspect(inspection, _) if inspection.is_undecided() => ExitCode::Undecided,
            _ => ExitCode::Fine,
        }
    }
}

pub(crate) fn run(command: &Command, place: &Place, reporter: &mut Reporter) -> Result<Outcome, Failure> {
    match command {
        Command::New(args) => new::run(args, place, reporter),
        Command::Init(args) => init::run(args, place, reporter),
        Command::Build(args) => build::run(args, place, reporter).map(Outcome::Build),
        Command::CheckCompat(args) => {
            check_compat::run(args, place, reporter).map(|found| Outcome::Comparison(Box::new(found)))
        }
        Command::Contract(args) => contract::run(args, place, reporter),
        Command::Inspect(args) => inspect::run(args, place),
        Command::Caps(args) => caps::run(args, place).map(|report| Outcome::Caps(Box::new(report))),
        Command::Call(args) => call::run(args, place, reporter),
        Command::Keygen(args) => keygen::run(args, place, reporter).map(Outcome::Keys),
        Command::Sign(args) => sign::run(args, place, reporter).map(Outcome::Signed),
        Command::Verify(args) => verify::run(args, place).map(Outcome::Verification),
        Command::Lock(args) => lock::run(args, place, reporter).map(Outcome::Locked),
        Command::Doctor(args) => doctor::run(args, place, reporter).map(Outcome::Doctor),
        Command::Setup(args) => setup::run(args, place, reporter),
        Command::Explain(args) => explain::run(args),
    }
}
