//! The report on compatibility. Its schema is `docs/schema/check-compat.v1.json`.

use plug_contract::{Contract, Finding, Report, Verdicts};
use serde::Serialize;

use crate::baseline::{Side, Texts};
use crate::cli::Direction;
use crate::commands::check_compat::{Check, Comparison};

/// The version of this document. A new field leaves it as it is.
const FORMAT_VERSION: u32 = 1;

#[derive(Serialize)]
struct Document<'a> {
    format_version: u32,
    /// `contract`, or `component` for a plugin on a host.
    subject: &'static str,
    /// Whether the new fits the old, in the directions that were asked for.
    fits: bool,
    direction: &'static str,
    /// The worst of all that the new was held against.
    verdict: VerdictsJson,
    required_bump: String,
    declared_bump: Option<String>,
    /// Of the first that the new was held against.
    hashes: Hashes,
    functions: Functions,
    new: New<'a>,
    against: Vec<Against<'a>>,
    findings: Vec<FindingJson<'a>>,
}

#[derive(Serialize)]
struct VerdictsJson {
    old_plugin_on_new_host: Option<&'static str>,
    new_plugin_on_old_host: Option<&'static str>,
}

#[derive(Serialize)]
struct Hashes {
    old: Pair,
    new: Pair,
}

#[derive(Serialize)]
struct Pair {
    contract: String,
    abi: String,
}

#[derive(Serialize)]
struct Functions {
    equal: usize,
    changed: usize,
    added: usize,
    removed: usize,
}

#[derive(Serialize)]
struct New<'a> {
    name: &'a str,
    contract: String,
    /// Of a component: what it really imports and exports.
    surface: Option<Pair>,
}

#[derive(Serialize)]
struct Against<'a> {
    name: &'a str,
    contract: String,
    fits: bool,
    verdict: VerdictsJson,
    required_bump: String,
    declared_bump: Option<String>,
    hashes: Hashes,
    functions: Functions,
    /// How many more findings there were about the component.
    omitted: usize,
}

#[derive(Serialize)]
struct FindingJson<'a> {
    /// The place in `against`.
    against: usize,
    rule: &'a str,
    name: &'a str,
    path: &'a str,
    message: &'a str,
    help: &'a str,
    verdicts: VerdictsJson,
    /// What it does to the component, if one was judged.
    plugin: Option<&'static str>,
    bump: String,
    uses: &'a [String],
    old: Option<PartJson<'a>>,
    new: Option<PartJson<'a>>,
    /// Why somebody overruled the verdicts.
    overruled: Option<&'a str>,
}

#[derive(Serialize)]
struct PartJson<'a> {
    file: Option<String>,
    line: Option<u32>,
    column: Option<u32>,
    text: &'a str,
}

fn verdicts(verdicts: Verdicts) -> VerdictsJson {
    VerdictsJson {
        old_plugin_on_new_host: verdicts.old_plugin_on_new_host.map(plug_contract::Verdict::as_str),
        new_plugin_on_old_host: verdicts.new_plugin_on_old_host.map(plug_contract::Verdict::as_str),
    }
}

fn hashes(report: &Report) -> Hashes {
    let (old, new) = (report.old(), report.new());
    Hashes {
        old: Pair { contract: old.hash.to_string(), abi: old.abi_hash.to_string() },
        new: Pair { contract: new.hash.to_string(), abi: new.abi_hash.to_string() },
    }
}

fn surface(contract: &Contract) -> Pair {
    Pair { contract: contract.hash().to_string(), abi: contract.abi_hash().to_string() }
}

fn functions(report: &Report) -> Functions {
    let tally = report.tally();
    Functions { equal: tally.equal, changed: tally.changed, added: tally.added, removed: tally.removed }
}

fn against<'a>(check: &'a Check, comparison: &Comparison) -> Against<'a> {
    Against {
        name: &check.old.name,
        contract: check.old.contract.id(),
        fits: check.fits(comparison.asked),
        verdict: verdicts(check.verdicts()),
        required_bump: check.report.required_bump().to_string(),
        declared_bump: check.report.declared_bump().map(|bump| bump.to_string()),
        hashes: hashes(&check.report),
        functions: functions(&check.report),
        omitted: check.omitted(),
    }
}

fn part<'a>(text: &'a str, location: Option<&plug_contract::Location>, texts: &Texts) -> PartJson<'a> {
    let place = location.map(|location| texts.place(location));
    PartJson {
        line: place.as_ref().map(|place| place.line),
        column: place.as_ref().map(|place| place.column),
        file: place.map(|place| place.file),
        text,
    }
}

fn finding<'a>(index: usize, finding: &'a Finding, old: &Side, new: &Side) -> FindingJson<'a> {
    FindingJson {
        against: index,
        rule: finding.rule.id,
        name: finding.rule.name,
        path: &finding.path,
        message: &finding.message,
        help: &finding.help,
        verdicts: verdicts(finding.verdicts),
        plugin: finding.plugin.map(plug_contract::Verdict::as_str),
        bump: finding.bump.to_string(),
        uses: &finding.uses,
        old: finding.old.as_ref().map(|there| part(&there.text, there.location.as_ref(), &old.texts)),
        new: finding.new.as_ref().map(|there| part(&there.text, there.location.as_ref(), &new.texts)),
        overruled: finding.overruled.as_deref(),
    }
}

/// The worst of all checks, in each direction.
fn worst(checks: &[Check]) -> Verdicts {
    let mut worst = Verdicts::default();
    for verdicts in checks.iter().map(Check::verdicts) {
        worst.old_plugin_on_new_host = worst.old_plugin_on_new_host.max(verdicts.old_plugin_on_new_host);
        worst.new_plugin_on_old_host = worst.new_plugin_on_old_host.max(verdicts.new_plugin_on_old_host);
    }
    worst
}

pub(in crate::report) fn comparison(comparison: &Comparison) -> String {
    let Comparison { new, checks, .. } = comparison;
    let reports = || checks.iter().map(|check| &check.report);
    let first = &comparison.first().report;
    let findings = checks.iter().enumerate().flat_map(|(index, check)| {
        check.findings.iter().map(move |found| finding(index, found, &check.old, new))
    });
    let document = Document {
        format_version: FORMAT_VERSION,
        subject: if comparison.is_of_component() { "component" } else { "contract" },
        fits: comparison.fits(),
        direction: match comparison.asked.direction {
            Direction::HostUpgrade => "host-upgrade",
            Direction::PluginUpgrade => "plugin-upgrade",
            Direction::Both => "both",
        },
        verdict: verdicts(worst(checks)),
        required_bump: reports()
            .map(Report::required_bump)
            .max()
            .unwrap_or(plug_contract::Bump::None)
            .to_string(),
        declared_bump: reports().map(Report::declared_bump).min().flatten().map(|bump| bump.to_string()),
        hashes: hashes(first),
        functions: functions(first),
        new: New {
            name: &new.name,
            contract: new.contract.id(),
            surface: new.plugin.as_ref().map(|plugin| surface(&plugin.actual)),
        },
        against: checks.iter().map(|check| against(check, comparison)).collect(),
        findings: findings.collect(),
    };
    let text = serde_json::to_string_pretty(&document);
    format!("{}\n", text.expect("structs of text and numbers are always JSON"))
}
