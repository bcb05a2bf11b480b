//! Whether an artifact may be loaded: bytes, signature, contract and capabilities. What is wrong for
//! reasons of their own is told together.

use std::sync::Arc;

use plug_admission::{Admitted, Candidate, Failure, Refusal, Stage};
use plug_contract::{Contract, Report, Section, Verdict, judge};
use plug_policy::Effective;

use super::prepare::off_executor;
use super::settings::Terms;
use crate::artifact::Artifact;
use crate::engine::Engine;
use crate::error::{LoadError, Withheld};
use crate::world::World;

/// Labels are the host's own words: nothing of what a plugin says becomes a time series.
const ADMISSIONS: &str = "plug_admissions_total";

/// What there is to say when nothing could be judged: the declaration of the component does not
/// hold.
const UNDECIDED: &str = "undecided";

/// Whether the component may be compiled. Each attempt is counted by the verdict on its contract.
pub(super) async fn admit<W: World>(
    engine: &Engine,
    artifact: &Artifact,
    plugin: &Arc<str>,
    terms: &Terms<'_>,
) -> Result<(Report, Admitted), LoadError> {
    let policy = terms.manager.policy_of(plugin);
    let wants = terms.wants(artifact.section());
    let capabilities = match &wants {
        Ok(wants) => {
            let decided = Effective::decide(plugin, wants, &policy.grants);
            decided.map(drop).map_err(|refused| Withheld::Refused { refused })
        }
        Err(withheld) => Err(withheld.clone()),
    };
    let withheld = capabilities.as_ref().err().map(OfHost::from);
    let work = {
        let (artifact, plugin) = (artifact.clone(), Arc::clone(plugin));
        let (admission, wants) = (Arc::clone(&terms.admission), wants.unwrap_or_default());
        move || {
            let judged =
                check_declaration(&artifact, &plugin).map(|()| judge(W::contract(), artifact.contract()));
            let candidate = Candidate::new(&plugin, artifact.bytes())
                .contract(artifact.contract().hash())
                .wants(&wants)
                .signature(artifact.signature())
                .require_signature(policy.require_signature);
            let of_host = [not_fitting(&judged), withheld].into_iter().flatten().map(Failure::other);
            let of_host: Vec<Failure> = of_host.collect();
            let admitted = match admission.check(&candidate) {
                // a single reason of the host's own has an error of its own
                Ok(admitted) if of_host.len() < 2 => Ok(admitted),
                Ok(_) => admission.check_with(&candidate, of_host),
                // what is so large is not looked at any further
                Err(refused) if matches!(refused.failures(), [Failure::Size(_)]) => Err(refused),
                Err(refused) => Err(refused.with(of_host)),
            };
            (judged, admitted)
        }
    };
    let (judged, admitted) = off_executor(engine, plugin, work).await?;
    count(judged.as_ref().ok().map(Report::verdict));
    let admitted = admitted.map_err(|refused| LoadError::NotAdmitted {
        plugin: Arc::clone(plugin),
        refused: Box::new(refused),
    })?;
    let report = fitting(judged?, plugin)?;
    if let Err(withheld) = capabilities {
        return Err(LoadError::Withheld { plugin: Arc::clone(plugin), source: Box::new(withheld) });
    }
    let unserved: Vec<String> =
        report.environment().iter().filter(|import| !terms.manager.serves(import)).cloned().collect();
    if unserved.is_empty() {
        Ok((report, admitted))
    } else {
        Err(LoadError::Imports { plugin: Arc::clone(plugin), imports: unserved })
    }
}

/// The same for a component that is called without a contract: bytes, pins and signature alone.
pub(crate) async fn admit_any(
    engine: &Engine,
    plugin: &Arc<str>,
    component: Arc<impl AsRef<[u8]> + Send + Sync + 'static>,
    section: Option<&Section>,
    signature: Option<Vec<u8>>,
    terms: &Terms<'_>,
) -> Result<(), LoadError> {
    let require_signature = terms.manager.policy_of(plugin).require_signature;
    // what cannot be read is refused when the wants are settled
    let wants = terms.wants(section).unwrap_or_default();
    let (name, admission) = (Arc::clone(plugin), Arc::clone(&terms.admission));
    let work = move || {
        let bytes = (*component).as_ref();
        let mut candidate = Candidate::new(&name, bytes)
            .wants(&wants)
            .signature(signature.as_deref())
            .require_signature(require_signature);
        // one that WIT cannot express has no hash, and no pin fits it
        if admission.has_lock()
            && let Ok(contract) = Contract::from_component(bytes)
        {
            candidate = candidate.contract(contract.hash());
        }
        admission.check(&candidate).map(drop)
    };
    let admitted = off_executor(engine, plugin, work).await?;
    admitted
        .map_err(|refused| LoadError::NotAdmitted { plugin: Arc::clone(plugin), refused: Box::new(refused) })
}

fn fitting(report: Report, plugin: &Arc<str>) -> Result<Report, LoadError> {
    match report.verdict() {
        Verdict::Identical | Verdict::Compatible => {}
        Verdict::Hazard => tracing::warn!(%plugin, "loaded although it may go wrong:\n{report}"),
        Verdict::Breaking => {
            return Err(LoadError::Contract { plugin: Arc::clone(plugin), report: Box::new(report) });
        }
    }
    Ok(report)
}

/// What a component says of itself is a claim: it has to hold, and saves no other check.
fn check_declaration(artifact: &Artifact, plugin: &Arc<str>) -> Result<(), LoadError> {
    let Some(section) = artifact.section() else { return Ok(()) };
    let declared = section
        .verify(artifact.contract())
        .map_err(|source| LoadError::Declaration { plugin: Arc::clone(plugin), source: Box::new(source) })?;
    let report = judge(&declared, artifact.contract());
    if report.verdict().links() {
        Ok(())
    } else {
        Err(LoadError::FalseClaim { plugin: Arc::clone(plugin), report: Box::new(report) })
    }
}

/// A reason of the host's, to be told beside others.
#[derive(Debug, thiserror::Error)]
#[error("{message}")]
struct OfHost {
    stage: Stage,
    code: &'static str,
    message: String,
    help: Vec<String>,
}

impl Refusal for OfHost {
    fn stage(&self) -> Stage {
        self.stage
    }

    fn code(&self) -> &'static str {
        self.code
    }

    fn help(&self) -> Vec<String> {
        self.help.clone()
    }
}

impl From<&Withheld> for OfHost {
    fn from(withheld: &Withheld) -> OfHost {
        let (message, help) = match withheld {
            Withheld::Refused { refused } => (refused.to_string(), refused.help()),
            other => (other.to_string(), Vec::new()),
        };
        OfHost { stage: Stage::Capabilities, code: withheld.code(), message, help }
    }
}

/// What the judgement has against the component.
fn not_fitting(judged: &Result<Report, LoadError>) -> Option<OfHost> {
    let (code, message) = match judged {
        Err(error) => (error.code(), error.to_string()),
        Ok(report) if report.verdict() == Verdict::Breaking => ("PLG0301", report.to_string()),
        Ok(_) => return None,
    };
    Some(OfHost { stage: Stage::Contract, code, message, help: Vec::new() })
}

fn count(verdict: Option<Verdict>) {
    metrics::counter!(ADMISSIONS, "verdict" => verdict.map_or(UNDECIDED, Verdict::as_str)).increment(1);
}
