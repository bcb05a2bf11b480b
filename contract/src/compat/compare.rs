//! The two questions, and how the answer of each direction becomes one report.

use std::collections::BTreeMap;

use super::diff::{Change, Position, walk};
use super::edition::{Edition, Linker};
use super::engine;
use super::report::{Finding, MAX_FINDINGS, Report, Scope, Subject};
use super::rules::Bump;
use super::verdict::{Direction, Verdict, Verdicts};
use crate::model::Contract;

/// What changed from one version of a contract to another, and what that does to plugins and hosts
/// of either, both ways.
///
/// All items count, used or not: nobody knows what a plugin in the field uses.
#[must_use]
pub fn compare(old: &Edition, new: &Edition, linker: Linker) -> Report {
    let mut merged = Merged::default();
    let unstable = [old.unstable.as_ref(), new.unstable.as_ref()];
    // what was added is the old host's business, what was removed the new one's, and so on: each
    // direction has its own plugin and its own host
    let upgrade = walk(Scope::Contracts, Direction::OldPluginOnNewHost, &old.plugin, &new.host, unstable);
    merged.add(Direction::OldPluginOnNewHost, upgrade.changes, linker);
    let other = walk(Scope::Contracts, Direction::NewPluginOnOldHost, &old.host, &new.plugin, unstable);
    merged.add(Direction::NewPluginOnOldHost, other.changes, linker);
    let (old, new) = (&old.plugin, &new.plugin);
    let both = [Direction::OldPluginOnNewHost, Direction::NewPluginOnOldHost];
    let mut findings = merged.findings();
    findings.extend(engine::findings(linker, Scope::Contracts, &both, old, new));
    let mut report = Report {
        scope: Scope::Contracts,
        least: least(old, new, &both),
        old: Subject::of(old),
        new: Subject::of(new),
        findings,
        environment: Vec::new(),
        tally: upgrade.tally,
        omitted: 0,
    };
    sort(&mut report.findings);
    report
}

/// Whether a component with the actual contract `plugin` runs on a host that serves `host`, as
/// wasmtime would link the two.
///
/// Imports are judged as used, exports as required: what the plugin does not import cannot break
/// it, and what it exports beyond the contract does no harm. Imports of WASI that the contract
/// does not name are left to the host's capabilities and listed in
/// [`Report::environment`].
#[must_use]
pub fn judge(host: &Contract, plugin: &Contract) -> Report {
    judge_on(host, plugin, Linker::Wasmtime)
}

/// As [`judge`], on the host and engine that `linker` has: what they are made without is a finding, too.
///
/// A component is linked by wasmtime whoever asks, and [`Linker::Spec`] makes no difference here.
#[must_use]
pub fn judge_on(host: &Contract, plugin: &Contract, linker: Linker) -> Report {
    let direction = Direction::NewPluginOnOldHost;
    let found = walk(Scope::Component, direction, host, plugin, [None, None]);
    let mut merged = Merged::default();
    // the component is built: what would break its source is no matter
    let changes = found.changes.into_iter().filter(|change| !change.spares_components());
    merged.add(direction, changes.collect(), Linker::Wasmtime);
    let mut findings = merged.findings();
    for finding in &mut findings {
        finding.help = help(finding, host);
    }
    findings.extend(engine::findings(linker, Scope::Component, &[direction], host, plugin));
    let mut report = Report {
        scope: Scope::Component,
        least: least(host, plugin, &[direction]),
        old: Subject::of(host),
        new: Subject::of(plugin),
        findings,
        environment: found.environment,
        tally: found.tally,
        omitted: 0,
    };
    sort(&mut report.findings);
    report.omitted = report.findings.len().saturating_sub(MAX_FINDINGS);
    // what is left out still counts, whatever becomes of what is kept
    if let Some(verdict) = report.findings.get(MAX_FINDINGS).map(Finding::verdict) {
        report.least.raise(direction, verdict);
    }
    report.findings.truncate(MAX_FINDINGS);
    report
}

/// What to do about a component that does not fit a host.
fn help(finding: &Finding, contract: &Contract) -> String {
    let host = contract.id();
    match (&finding.old, &finding.new) {
        _ if !finding.verdict().links() && finding.rule.id.starts_with('N') => {
            format!("rebuild the plugin against {host}, or let the host serve both versions side by side")
        }
        (None, Some(_)) if contract.optional_export(&finding.path).is_some() => {
            "let the plugin export it too: the host uses it where it is, and does not provide it".to_owned()
        }
        (None, Some(_)) => {
            format!("let the plugin do without it, or use a host whose contract has it (this one is {host})")
        }
        (Some(_), None) => format!("implement it in the plugin, built against {host}"),
        _ if finding.verdict() == Verdict::Breaking => format!(
            "rebuild the plugin against {host}, or let the host serve the contract it was built for beside its own"
        ),
        _ => format!("the linker accepts it; rebuild the plugin against {host} to be sure"),
    }
}

fn least(old: &Contract, new: &Contract, directions: &[Direction]) -> Verdicts {
    let verdict = if old.hash() == new.hash() { Verdict::Identical } else { Verdict::Compatible };
    let mut out = Verdicts::default();
    for direction in directions {
        out.raise(*direction, verdict);
    }
    out
}

fn sort(findings: &mut [Finding]) {
    findings.sort_by(|a, b| {
        let order = b.verdict().cmp(&a.verdict()).then_with(|| b.bump.cmp(&a.bump));
        order.then_with(|| a.path.cmp(&b.path)).then_with(|| a.rule.id.cmp(b.rule.id))
    });
}

/// The findings of both directions, each once.
#[derive(Default)]
struct Merged(BTreeMap<(String, &'static str, String), Finding>);

impl Merged {
    fn add(&mut self, direction: Direction, changes: Vec<Change>, linker: Linker) {
        for change in changes {
            let (verdict, bump) = change.outcome(direction, linker);
            let key = (change.path.clone(), change.rule.id, change.message.clone());
            let finding = self.0.entry(key).or_insert_with(|| Finding {
                rule: change.rule,
                path: change.path,
                message: change.message,
                help: String::new(),
                verdicts: Verdicts::default(),
                plugin: None,
                bump: Bump::None,
                old: None,
                new: None,
                uses: Vec::new(),
                overruled: None,
            });
            // each direction may see one side only
            finding.old = finding.old.take().or(change.old);
            finding.new = finding.new.take().or(change.new);
            finding.verdicts.raise(direction, verdict);
            finding.bump = finding.bump.max(bump);
            for (position, path) in change.uses {
                let place = format!("{} {path}", position.word());
                if let Err(index) = finding.uses.binary_search(&place) {
                    finding.uses.insert(index, place);
                }
            }
        }
    }

    fn findings(self) -> Vec<Finding> {
        let mut findings: Vec<Finding> = self.0.into_values().collect();
        // a change that only one direction meets does nothing in the other
        let both = findings.iter().any(|finding| finding.verdicts.old_plugin_on_new_host.is_some());
        for finding in &mut findings {
            let is_at =
                |position: Position| finding.uses.iter().any(|place| place.starts_with(position.word()));
            finding.help = finding.rule.help.at(is_at(Position::Import), is_at(Position::Export));
            finding.verdicts.new_plugin_on_old_host.get_or_insert(Verdict::Identical);
            if both {
                finding.verdicts.old_plugin_on_new_host.get_or_insert(Verdict::Identical);
            }
        }
        findings
    }
}
