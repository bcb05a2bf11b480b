//! What changed between two contracts, and what that does to whom.

mod finding;
mod snippet;
mod summary;
mod way_out;
mod words;

use std::fmt::Write as _;

use plug_contract::{Bump, Finding, Verdict};

use super::talk::count;
use crate::commands::check_compat::{Check, Comparison};
use crate::report::Page;
pub(in crate::report) use words::{Severity, severity};

/// As many findings are told in full.
const MOST_IN_FULL: usize = 50;
/// As many are told at all.
const MOST_TOLD: usize = 500;

/// The whole report.
pub(in crate::report) fn comparison(comparison: &Comparison, page: Page) -> String {
    let mut text = String::new();
    let several = comparison.checks.len() > 1;
    let mut explainable = None;
    for check in &comparison.checks {
        if several {
            let heading = format!("against {} ({})", check.old.name, check.old.contract.id());
            writeln!(text, "{}\n", page.style.strong(&heading)).expect("a String takes all");
        }
        let (shown, hidden): (Vec<_>, Vec<_>) =
            check.findings.iter().partition(|finding| page.verbose > 0 || is_worth_showing(finding));
        text.push_str(&findings(&shown, check, comparison, page));
        explainable = explainable.or(shown.first().map(|found| found.rule.id));
        text.push_str(&hints(check, comparison, &hidden, page));
        text.push_str(&way_out::ways_out(check, comparison, page));
        if !several && let Some(id) = explainable {
            text.push_str(&explain(id, page));
        }
        text.push_str(&summary::three_lines(check, comparison, page));
        if several {
            text.push('\n');
        }
    }
    if several {
        if let Some(id) = explainable {
            text.push_str(&explain(id, page));
        }
        text.push_str(&summary::acceptance(comparison, page));
    }
    text
}

/// The worst in full, the next in a line each.
fn findings(shown: &[&Finding], check: &Check, comparison: &Comparison, page: Page) -> String {
    let mut text = String::new();
    let (in_full, rest) = shown.split_at(shown.len().min(MOST_IN_FULL));
    for found in in_full {
        text.push_str(&finding::text(found, check, comparison, page));
        text.push('\n');
    }
    let in_a_line = &rest[..rest.len().min(MOST_TOLD - MOST_IN_FULL)];
    for found in in_a_line {
        text.push_str(&finding::title(found, comparison, page));
    }
    let more = rest.len() - in_a_line.len();
    if more > 0 {
        writeln!(text, "and {more} more (`--format json` has all)").expect("a String takes all");
    }
    if !rest.is_empty() {
        text.push('\n');
    }
    text
}

/// What does nothing to anybody is counted, not shown.
fn is_worth_showing(finding: &Finding) -> bool {
    match finding.plugin {
        Some(verdict) => verdict > Verdict::Compatible || finding.overruled.is_some(),
        None => {
            finding.verdict() > Verdict::Compatible
                || finding.bump > Bump::Patch
                || finding.overruled.is_some()
        }
    }
}

fn explain(id: &str, page: Page) -> String {
    format!("{}\n\n", page.style.faint(&format!("`cargo plug explain {id}` tells more of a rule.")))
}

/// What else to know, and to do next.
fn hints(check: &Check, comparison: &Comparison, hidden: &[&Finding], page: Page) -> String {
    let mut text = String::new();
    let mut note = |what: &str, told: &str| {
        let line = words::wrapped(&format!("{what}: "), told, page.width);
        text.push_str(&line.replacen(what, &page.style.note(what), 1));
    };
    if !hidden.is_empty() {
        let whom = if comparison.is_of_component() { "this plugin" } else { "plugins and hosts" };
        let changes = count(hidden.len(), "change does", "changes do");
        note("note", &format!("{changes} nothing to {whom}, and may stay (-v shows them)"));
    }
    if check.omitted() > 0 {
        let more = count(check.omitted(), "finding", "findings");
        note("note", &format!("{more} more about the component are left out: only the worst are kept"));
    }
    if let [one, other] = comparison.asked.directions()
        && comparison.gates
    {
        let verdicts = check.verdicts();
        let fits =
            |direction| verdicts.get(direction).is_none_or(|verdict| comparison.asked.accepts(verdict));
        if fits(*one) && !fits(*other) {
            note(
                "help",
                "old plugins run on the new host. If hosts are updated before plugins, that is all it takes: \
                 `--direction host-upgrade` asks for nothing else",
            );
        }
    }
    if let Some(judged) = &check.judged
        && !judged.environment().is_empty()
        && page.verbose > 0
    {
        note(
            "note",
            &format!(
                "it also imports WASI, which is for the host to grant: {}",
                judged.environment().join(", ")
            ),
        );
    }
    if !text.is_empty() {
        text.push('\n');
    }
    text
}

/// How many findings of each severity.
fn tally(check: &Check, comparison: &Comparison) -> [usize; 3] {
    let mut tally = [0; 3];
    for finding in &check.findings {
        tally[match severity(finding, comparison) {
            Severity::Error => 0,
            Severity::Warning => 1,
            Severity::Note => 2,
        }] += 1;
    }
    tally
}
