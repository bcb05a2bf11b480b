//! `cargo plug caps`

mod decision;
mod error;
mod reach;
mod subject;
mod upgrade;

pub(crate) use decision::Decision;
pub(crate) use reach::{Power, Standing};
pub(crate) use subject::{Subject, Want, Wants, WantsError, want_help};
pub(crate) use upgrade::{Changes, Upgrade};

use std::path::Path;

use plug_policy::Audit;

use crate::cli::{Caps, Format};
use crate::component_file::ComponentFileError;
use crate::env::Place;
use crate::exit_code::ExitCode;
use crate::failure::Failure;
use crate::policy_file;
use error::AuditFileError;

/// What plugins want, can reach and would get.
#[derive(Debug)]
pub(crate) struct CapsReport {
    pub(crate) format: Format,
    /// The policy, as it was named.
    pub(crate) policy: Option<String>,
    pub(crate) kind: Kind,
}

#[derive(Debug)]
pub(crate) enum Kind {
    One(Box<Examined>),
    Upgrade(Box<Pair>),
    /// The least policy that allows what was denied.
    Suggested(Audit),
}

/// Two versions of a plugin.
#[derive(Debug)]
pub(crate) struct Pair {
    pub(crate) old: Examined,
    pub(crate) new: Examined,
    pub(crate) upgrade: Upgrade,
}

/// A component, and what a policy says of it.
#[derive(Debug)]
pub(crate) struct Examined {
    pub(crate) subject: Subject,
    /// Without a policy, or if the wants cannot be read, there is none.
    pub(crate) decision: Option<Decision>,
}

impl CapsReport {
    pub(crate) fn exit_code(&self) -> ExitCode {
        let (examined, widens) = match &self.kind {
            Kind::One(one) => (vec![&**one], false),
            Kind::Upgrade(pair) => (vec![&pair.old, &pair.new], pair.upgrade.widens()),
            Kind::Suggested(_) => return ExitCode::Fine,
        };
        // what is refused today may be what the upgrade mends
        let is_refused = examined
            .last()
            .and_then(|last| last.decision.as_ref())
            .is_some_and(|decision| decision.refused.is_some());
        if examined.iter().any(|one| one.subject.wants.read().is_none()) {
            ExitCode::Undecided
        } else if is_refused || widens {
            ExitCode::Incompatible
        } else {
            ExitCode::Fine
        }
    }
}

pub(crate) fn run(args: &Caps, place: &Place) -> Result<CapsReport, Failure> {
    let policy = args.policy.as_deref().map(|path| policy_file::read(path, place)).transpose()?;
    let examine = |file: &Path| -> Result<Examined, ComponentFileError> {
        let subject = Subject::read(file, place)?;
        let decision = policy.as_ref().and_then(|policy| {
            let wants = subject.wants.read()?;
            Some(Decision::of(&subject, &wants, policy, args.plugin.as_deref()))
        });
        Ok(Examined { subject, decision })
    };
    let kind = match (&args.file, &args.new) {
        (None, _) => Kind::Suggested(denied(args.suggest.as_deref(), place)?),
        (Some(file), None) => Kind::One(Box::new(examine(file)?)),
        (Some(old), Some(new)) => {
            let (old, new) = (examine(old)?, examine(new)?);
            Kind::Upgrade(Box::new(Pair { upgrade: Upgrade::between(&old, &new), old, new }))
        }
    };
    let policy = args.policy.as_ref().map(|path| path.display().to_string());
    Ok(CapsReport { format: args.format, policy, kind })
}

/// What an audit file says.
fn denied(path: Option<&Path>, place: &Place) -> Result<Audit, AuditFileError> {
    let Some(path) = path else { return Ok(Audit::default()) };
    Audit::from_file(place.resolve(path)).map_err(|error| AuditFileError::new(error, path))
}
