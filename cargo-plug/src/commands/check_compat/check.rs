//! The comparison itself, and what it says.

use plug_contract::{Direction, Finding, Report, Verdict, Verdicts, compare, judge_on};

use super::overrides::Overrides;
use crate::baseline::Side;
use crate::cli::{self, CompatFormat, LinkerName};
use crate::exit_code::ExitCode;

/// The new, held against each of the old.
pub(crate) struct Comparison {
    pub(crate) new: Side,
    pub(crate) checks: Vec<Check>,
    pub(crate) asked: Asked,
    /// Whether one of the old is enough.
    pub(crate) any: bool,
    pub(crate) format: CompatFormat,
    /// Whether the answer decides how the run ends.
    pub(crate) gates: bool,
}

/// What it takes to fit.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Asked {
    pub(crate) direction: cli::Direction,
    pub(crate) deny_hazard: bool,
}

/// The new, held against one of the old.
pub(crate) struct Check {
    pub(crate) old: Side,
    /// All that differs between the contracts. For a component that declares none, what differs
    /// between it and the host.
    pub(crate) report: Report,
    /// For a component, what differs between it and the host: this is what decides.
    pub(crate) judged: Option<Report>,
    /// What to tell, the worst first: the changes, with what they do to the component if there is one.
    pub(crate) findings: Vec<Finding>,
}

impl Asked {
    /// The directions that count.
    pub(crate) fn directions(self) -> &'static [Direction] {
        match self.direction {
            cli::Direction::HostUpgrade => &[Direction::OldPluginOnNewHost],
            cli::Direction::PluginUpgrade => &[Direction::NewPluginOnOldHost],
            cli::Direction::Both => &[Direction::OldPluginOnNewHost, Direction::NewPluginOnOldHost],
        }
    }

    /// The worst of the directions that count.
    pub(crate) fn worst(self, verdicts: &Verdicts) -> Option<Verdict> {
        self.directions().iter().filter_map(|direction| verdicts.get(*direction)).max()
    }

    pub(crate) fn accepts(self, verdict: Verdict) -> bool {
        verdict.links() && !(self.deny_hazard && verdict == Verdict::Hazard)
    }
}

impl Check {
    /// Compares them; `overrides` are somebody's own verdicts.
    pub(crate) fn of(old: Side, new: &Side, linker: LinkerName, overrides: &mut Overrides) -> Self {
        let engine = match linker {
            LinkerName::Wasmtime => plug_contract::Linker::Wasmtime,
            LinkerName::Plug => plug_contract::Linker::Plug,
            LinkerName::Spec => plug_contract::Linker::Spec,
        };
        let mut judged = new.plugin.as_ref().map(|plugin| {
            let host = if linker == LinkerName::Wasmtime { &old.all_features } else { &old.contract };
            judge_on(host, &plugin.actual, engine)
        });
        let is_declared = new.plugin.as_ref().is_none_or(|plugin| plugin.is_declared);
        if let Some(judged) = &mut judged {
            overrides.apply(judged);
        }
        let report = match &judged {
            Some(judged) if !is_declared => judged.clone(),
            judged => {
                let mut report = compare(&old.edition(linker), &new.edition(linker), engine);
                overrides.apply(&mut report);
                match judged {
                    Some(judged) => report.with_plugin(judged),
                    None => report,
                }
            }
        };
        let findings = match &judged {
            Some(judged) if is_declared => merged(&report, judged),
            _ => report.findings().to_vec(),
        };
        Self { old, report, judged, findings }
    }

    /// What decides.
    pub(crate) fn verdicts(&self) -> Verdicts {
        self.judged.as_ref().unwrap_or(&self.report).verdicts()
    }

    /// How many more findings there were about the component.
    pub(crate) fn omitted(&self) -> usize {
        self.judged.as_ref().unwrap_or(&self.report).omitted()
    }

    pub(crate) fn fits(&self, asked: Asked) -> bool {
        asked.worst(&self.verdicts()).is_none_or(|verdict| asked.accepts(verdict))
    }
}

/// The changes from the host's contract to the declared one, each with what it does to the component;
/// and what else is wrong with the component, which may not be what it declares.
fn merged(report: &Report, judged: &Report) -> Vec<Finding> {
    let mut left: Vec<&Finding> = judged.findings().iter().collect();
    let mut findings = report.findings().to_vec();
    for finding in &mut findings {
        let reaches = |odd: &Finding| {
            odd.path == finding.path || odd.uses.iter().any(|place| finding.uses.contains(place))
        };
        // The report on the component speaks of host and plugin, not of old and new.
        if let Some(odd) = left.iter().find(|odd| odd.path == finding.path && odd.rule.id == finding.rule.id)
        {
            finding.message.clone_from(&odd.message);
            finding.help.clone_from(&odd.help);
        }
        left.retain(|odd| !reaches(odd) || finding.plugin < Some(odd.verdict()));
    }
    findings.extend(left.into_iter().cloned());
    findings.sort_by_key(|finding| std::cmp::Reverse(finding.plugin.unwrap_or(finding.verdict())));
    findings
}

impl Comparison {
    pub(crate) fn fits(&self) -> bool {
        let mut fit = self.checks.iter().map(|check| check.fits(self.asked));
        if self.any { fit.any(|fits| fits) } else { fit.all(|fits| fits) }
    }

    pub(crate) fn exit_code(&self) -> ExitCode {
        if !self.gates || self.fits() { ExitCode::Fine } else { ExitCode::Incompatible }
    }

    /// The first of the old; there is one at least.
    pub(crate) fn first(&self) -> &Check {
        self.checks.first().expect("a comparison has two sides")
    }

    pub(crate) fn is_of_component(&self) -> bool {
        self.new.plugin.is_some()
    }
}
