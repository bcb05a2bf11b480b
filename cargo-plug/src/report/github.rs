//! Annotations of GitHub Actions: a workflow command for each finding.
//!
//! <https://docs.github.com/actions/reference/workflow-commands-for-github-actions>

use std::fmt::Write as _;

use plug_contract::Finding;

use super::human::{Severity, severity};
use crate::baseline::TextPlace;
use crate::commands::check_compat::{Check, Comparison};

pub(super) fn comparison(comparison: &Comparison) -> String {
    let mut text = String::new();
    for check in &comparison.checks {
        for finding in &check.findings {
            let command = match severity(finding, comparison) {
                Severity::Error => "error",
                Severity::Warning => "warning",
                Severity::Note => "notice",
            };
            writeln!(
                text,
                "::{command} {}::{}",
                properties(finding, check, comparison),
                message(finding, check)
            )
            .expect("a String takes all");
        }
    }
    for check in &comparison.checks {
        let report = &check.report;
        let answer = if check.fits(comparison.asked) { "fits" } else { "does not fit" };
        let command = if check.fits(comparison.asked) { "notice" } else { "error" };
        let told = format!(
            "{} {answer} {}; required bump: {}",
            report.new().id,
            report.old().id,
            report.required_bump()
        );
        let told = match check.omitted() {
            0 => told,
            omitted => format!("{told}; {omitted} more findings are left out"),
        };
        writeln!(text, "::{command} title=check-compat::{}", data(&told)).expect("a String takes all");
    }
    text
}

/// Where it is shown: in the new text, or else in the old one, if either is a file of the
/// repository.
fn properties(finding: &Finding, check: &Check, comparison: &Comparison) -> String {
    let new = finding.new.as_ref().and_then(|part| part.location.as_ref());
    let old = finding.old.as_ref().and_then(|part| part.location.as_ref());
    let places = [new.map(|at| comparison.new.texts.place(at)), old.map(|at| check.old.texts.place(at))];
    let place = places.into_iter().flatten().find(|place: &TextPlace| place.is_file);
    let mut text = String::new();
    if let Some(place) = place {
        let (TextPlace { file, line, .. }, column) = (&place, place.column_in_characters());
        let file = file.strip_prefix("./").unwrap_or(file);
        write!(text, "file={},line={line},col={column},", property(file)).expect("a String takes all");
    }
    let title = format!("{} {}", finding.rule.id, finding.rule.name);
    write!(text, "title={}", property(&title)).expect("a String takes all");
    text
}

fn message(finding: &Finding, check: &Check) -> String {
    let mut lines = vec![finding.message.clone()];
    for (name, part) in [("old", &finding.old), ("new", &finding.new)] {
        if let Some(part) = part {
            lines.push(format!("{name}: {}", part.text));
        }
    }
    lines.push(format!("against: {}", check.old.name));
    lines.push(format!("help: {}", finding.help));
    data(&lines.join("\n"))
}

/// What the runner would take for an end or for an escape.
fn data(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_ends_a_command_early() {
        assert_eq!(data("100 %\r\n::error::x"), "100 %25%0D%0A::error::x");
        assert_eq!(property("a,b:c%"), "a%2Cb%3Ac%25");
    }
}
