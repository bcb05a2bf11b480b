//! `cargo plug lock`

use plug_admission::{Admission, Lock, Pin, Refused, Signer};
use plug_contract::ArtifactError;
use plug_policy::{Difference, Wanted};

use super::sign::WriteError;
use super::verify::names::{self, NamesError};
use super::verify::{Subject, read_lock, read_trust};
use crate::atomic_file;
use crate::cli::{Format, LockPlugins};
use crate::component_file::ComponentFileError;
use crate::env::Place;
use crate::exit_code::ExitCode;
use crate::failure::Failure;
use crate::report::{Event, Reporter};

/// What was pinned, or would be.
#[derive(Debug)]
pub(crate) struct LockReport {
    pub(crate) format: Format,
    pub(crate) lock: String,
    pub(crate) plugins: Vec<Locked>,
    /// Whether the lock is now as it says; nothing of it is pinned unless all is.
    pub(crate) is_pinned: bool,
}

#[derive(Debug)]
pub(crate) struct Locked {
    pub(crate) name: String,
    pub(crate) file: String,
    pub(crate) verdict: Result<Change, Refused>,
}

/// What would change of a pin.
#[derive(Debug)]
pub(crate) struct Change {
    pub(crate) old: Option<Pin>,
    pub(crate) new: Pin,
    /// With the reasons that the plugin gives.
    pub(crate) wants: Vec<Wanted>,
    pub(crate) gains: Vec<Difference>,
    pub(crate) losses: Vec<Difference>,
    /// Whether somebody has to agree to what it gains, and did not.
    pub(crate) is_wider: bool,
    /// Whether somebody has to agree to another signer than before, or none, and did not.
    pub(crate) has_other_signer: bool,
}

impl Change {
    /// Whether somebody has to agree, and did not.
    pub(crate) fn is_open(&self) -> bool {
        self.is_wider || self.has_other_signer
    }

    fn of(subject: &Subject, old: Option<&Pin>, new: Pin, args: &LockPlugins) -> Self {
        let gains = old.map(|old| old.gains(&subject.wants)).unwrap_or_default();
        let losses = old.map(|old| new.gains(&as_wanted(old))).unwrap_or_default();
        let key = |signer: &Option<Signer>| signer.as_ref().map(|signer| signer.key);
        let had_signer = old.and_then(|old| key(&old.signer));
        Self {
            is_wider: !gains.is_empty() && !args.accept_capabilities,
            has_other_signer: had_signer.is_some() && had_signer != key(&new.signer) && !args.accept_signer,
            old: old.cloned(),
            new,
            wants: subject.wants.clone(),
            gains,
            losses,
        }
    }
}

fn as_wanted(pin: &Pin) -> Vec<Wanted> {
    pin.capabilities.iter().map(|scope| Wanted::new(scope.clone(), "", true)).collect()
}

impl LockReport {
    pub(crate) fn exit_code(&self) -> ExitCode {
        let is_refused = self.plugins.iter().any(|plugin| plugin.verdict.is_err());
        match (is_refused, self.is_pinned) {
            (true, _) => ExitCode::Failed,
            (false, true) => ExitCode::Fine,
            (false, false) => ExitCode::Incompatible,
        }
    }
}

pub(crate) fn run(args: &LockPlugins, place: &Place, reporter: &mut Reporter) -> Result<LockReport, Failure> {
    let shown = args.lock.display().to_string();
    let path = place.resolve(&args.lock);
    let mut lock = match path.symlink_metadata() {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Lock::new(),
        _ => read_lock(&args.lock, place)?,
    };
    let before = lock.to_text();
    let admission = match &args.trust {
        None => Admission::new(),
        Some(trust) => Admission::new().trust(read_trust(trust, place)?),
    };
    let mut plugins = Vec::new();
    for (name, file) in names::of_files(&args.files)? {
        let (subject, found) = Subject::read(&name, file, place)?;
        if subject.has_signature() && args.trust.is_none() {
            reporter.event(Event::Warning {
                message: format!(
                    "{} is signed, and without `--trust` nobody is known to have signed it",
                    subject.file
                ),
                help: None,
            });
        }
        let verdict = match admission.check_with(&subject.candidate(), found) {
            Err(refused) => Err(refused),
            Ok(admitted) => {
                let contract = subject.contract.ok_or_else(|| no_contract(&subject))?;
                let new =
                    Pin::new(admitted.digest, contract).capabilities(&subject.wants).signer(admitted.signer);
                let change = Change::of(&subject, lock.pin(&name), new.clone(), args);
                lock.set(&name, new).map_err(|why| NamesError::Wrong { name: name.clone(), why })?;
                Ok(change)
            }
        };
        plugins.push(Locked { name, file: subject.file, verdict });
    }
    let agreed = plugins.iter().all(|plugin| plugin.verdict.as_ref().is_ok_and(|change| !change.is_open()));
    if agreed && lock.to_text() != before {
        atomic_file::write(&path, lock.to_text().as_bytes())
            .map_err(|source| WriteError::new(&shown, source))?;
        reporter.event(Event::Wrote { path: shown.clone() });
    }
    Ok(LockReport { format: args.format, lock: shown, plugins, is_pinned: agreed })
}

fn no_contract(subject: &Subject) -> ComponentFileError {
    let source = ArtifactError::NotWasm { found: "it has no contract" };
    ComponentFileError::Artifact { path: subject.file.clone(), source }
}
