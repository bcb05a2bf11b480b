//! The end of the report.

use std::fmt::Write as _;

use plug_contract::{Bump, Direction, Tally};

use super::super::printable::printable_line;
use super::super::talk::count;
use super::tally;
use super::words::wrapped;
use crate::commands::check_compat::{Check, Comparison};
use crate::next_version::next_version;
use crate::report::Page;

/// What was compared, whether it fits, and which version it needs.
pub(super) fn three_lines(check: &Check, comparison: &Comparison, page: Page) -> String {
    let report = &check.report;
    let (old, new) = (report.old(), report.new());
    let mut text = String::new();
    let mut line = |name: &str, told: &str| {
        let (name, width) = (format!("{name:<8}"), if page.is_terminal { page.width } else { usize::MAX });
        let told = wrapped(&format!("{name} "), told, width);
        text.push_str(&told.replacen(&name, &page.style.note(&name), 1));
    };
    let name = match &comparison.new.plugin {
        // Its binary form has no name for its world.
        Some(plugin) if !plugin.is_declared => &comparison.new.name,
        _ => &new.id,
    };
    let (before, now) = (old.hash.short(), new.hash.short());
    let tally = functions(report.tally());
    line("contract", &format!("{} {before} -> {} {now}: {tally}", old.id, printable_line(name)));
    line("verdict", &verdict(check, comparison, page));
    line("version", &version(check, comparison));
    text
}

fn functions(tally: Tally) -> String {
    let mut parts = vec![format!("{} equal", count(tally.equal, "function", "functions"))];
    for (number, word) in [(tally.changed, "changed"), (tally.added, "added"), (tally.removed, "removed")] {
        if number > 0 {
            parts.push(format!("{number} {word}"));
        }
    }
    parts.join(", ")
}

fn verdict(check: &Check, comparison: &Comparison, page: Page) -> String {
    let verdicts = check.verdicts();
    let mut parts = Vec::new();
    for direction in [Direction::OldPluginOnNewHost, Direction::NewPluginOnOldHost] {
        let Some(verdict) = verdicts.get(direction) else { continue };
        let who = match (comparison.is_of_component(), direction) {
            (true, _) => "this plugin on the host",
            (false, Direction::OldPluginOnNewHost) => "old plugin on new host",
            (false, Direction::NewPluginOnOldHost) => "new plugin on old host",
        };
        let asked = comparison.asked.directions().contains(&direction) || !comparison.gates;
        let unasked = if asked { "" } else { " (not asked)" };
        parts.push(format!("{who}: {verdict}{unasked}"));
    }
    let mut text = parts.join("; ");
    if comparison.gates {
        let [errors, warnings, _] = tally(check, comparison);
        let mut counts = Vec::new();
        if errors > 0 {
            counts.push(count(errors, "error", "errors"));
        }
        if warnings > 0 {
            counts.push(count(warnings, "warning", "warnings"));
        }
        let counts = if counts.is_empty() { String::new() } else { format!(" ({})", counts.join(", ")) };
        let answer = if check.fits(comparison.asked) {
            page.style.good("fits")
        } else {
            page.style.error("does not fit")
        };
        write!(text, " => {answer}{counts}").expect("a String takes all");
    }
    text
}

fn version(check: &Check, comparison: &Comparison) -> String {
    let report = &check.report;
    let (old, new) = (report.old().version.as_ref(), report.new().version.as_ref());
    if let Some(plugin) = &comparison.new.plugin {
        let host = old.map_or_else(|| "no version".to_owned(), ToString::to_string);
        return match new.filter(|_| plugin.is_declared) {
            Some(new) => format!("the host has {host}, the plugin was built for {new}"),
            None => format!("the host has {host}, the plugin does not say what it was built for"),
        };
    }
    let (Some(old), Some(new)) = (old, new) else {
        let which = if old.is_none() { "the old" } else { "the new" };
        return format!("{which} contract has no version: give its package one, such as @1.0.0");
    };
    let required = report.required_bump();
    let declared = report.declared_bump();
    let rose = match declared {
        None => format!("{old} -> {new} goes back"),
        Some(Bump::None) => format!("{old} stays"),
        Some(bump) => format!("{old} -> {new} ({bump})"),
    };
    match next_version(old, required) {
        _ if required == Bump::None => format!("{rose}; nothing is needed"),
        _ if declared >= Some(required) => format!("{rose}; {required} is needed: enough"),
        Some(next) => format!("{rose}; as it is, {required} is needed: {next}"),
        None => format!("{rose}; {required} is needed: not enough"),
    }
}

/// Which of several accept the new, and why the others do not.
pub(super) fn acceptance(comparison: &Comparison, page: Page) -> String {
    let mut text = String::new();
    for check in &comparison.checks {
        let who = format!("{} ({})", check.old.name, check.old.contract.id());
        if check.fits(comparison.asked) {
            writeln!(text, "{} {who}", page.style.good("accepted by")).expect("a String takes all");
            continue;
        }
        let findings = &check.findings;
        let why = findings.first().map_or_else(String::new, |worst| {
            let more = match findings.len() {
                1 => String::new(),
                all => format!(", and {} more", all - 1),
            };
            format!(": {} [{}]{more}", worst.message, worst.rule.id)
        });
        writeln!(text, "{} {who}{why}", page.style.error("not by     ")).expect("a String takes all");
    }
    text
}
