//! Verdicts in words.

use plug_contract::{Cells, Direction, Finding, Hazard, Outcome, Verdict};

use crate::commands::check_compat::Comparison;

/// How bad a finding is for what was asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::report) enum Severity {
    Note,
    Warning,
    Error,
}

pub(in crate::report) fn severity(finding: &Finding, comparison: &Comparison) -> Severity {
    let asked = comparison.asked;
    let verdict = if comparison.is_of_component() {
        Some(finding.plugin.unwrap_or(finding.verdict()))
    } else {
        asked.worst(&finding.verdicts)
    };
    match verdict {
        Some(verdict) if !asked.accepts(verdict) => Severity::Error,
        Some(Verdict::Hazard) => Severity::Warning,
        _ => Severity::Note,
    }
}

/// Who runs where.
pub(super) fn who(direction: Direction, is_of_component: bool) -> &'static str {
    match (direction, is_of_component) {
        (Direction::OldPluginOnNewHost, false) => "an old plugin on the new host",
        (Direction::NewPluginOnOldHost, false) => "a new plugin on the old host",
        (Direction::OldPluginOnNewHost, true) => "a plugin of the host's contract on a host of the plugin's",
        (Direction::NewPluginOnOldHost, true) => "any plugin of its contract on this host",
    }
}

/// What becomes of it.
pub(super) fn fate(finding: &Finding, direction: Direction, verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Identical | Verdict::Compatible => "works",
        Verdict::Breaking => "is refused when it is loaded",
        Verdict::Hazard => match hazard(finding, direction) {
            Some(Hazard::Composition) => "works, but composing it with other components fails",
            Some(Hazard::Rebuild) => "works as it is; its source has to be changed when it is built again",
            Some(Hazard::Call) | None => "is loaded, but a call may go wrong",
        },
    }
}

/// The hazard that the rule names for the positions in which the changed thing is.
fn hazard(finding: &Finding, direction: Direction) -> Option<Hazard> {
    let is_at =
        |role: &str| finding.uses.is_empty() || finding.uses.iter().any(|place| place.starts_with(role));
    let rule = finding.rule;
    let cells = [rule.import.filter(|_| is_at("import")), rule.export.filter(|_| is_at("export"))];
    let outcome = |cells: Cells| match direction {
        Direction::OldPluginOnNewHost => cells.old_plugin_on_new_host,
        Direction::NewPluginOnOldHost => cells.new_plugin_on_old_host,
    };
    cells
        .into_iter()
        .flatten()
        .filter_map(|cells| match outcome(cells) {
            Outcome::Hazard(hazard) => Some(hazard),
            Outcome::Links | Outcome::Breaks(_) => None,
        })
        .max()
}

/// Less room than this for a text makes a column of words of it.
const NARROWEST: usize = 24;

/// `text` behind `lead`, wrapped; further lines stand under the first word of the text, or a little
/// in where that leaves them no room.
pub(super) fn wrapped(lead: &str, text: &str, width: usize) -> String {
    let lead_width = textwrap::core::display_width(lead);
    let indent = if lead_width.saturating_add(NARROWEST) > width {
        lead.len() - lead.trim_start().len() + 4
    } else {
        lead_width
    };
    let indent = " ".repeat(indent);
    let options = textwrap::Options::new(width)
        .initial_indent(lead)
        .subsequent_indent(&indent)
        .break_words(false)
        .word_splitter(textwrap::WordSplitter::NoHyphenation);
    format!("{}\n", textwrap::fill(text, options))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_wrapped_under_their_text() {
        assert_eq!(
            wrapped("  = help: ", "one two three, four five six seven eight nine", 34),
            "  = help: one two three, four five\n          six seven eight nine\n"
        );
        assert_eq!(
            wrapped(" = a new plugin on the old host: ", "works, but composing it fails", 40),
            " = a new plugin on the old host: works,\n     but composing it fails\n"
        );
        // A name is whole on a double click.
        assert_eq!(
            wrapped("= ", "acme:images/image-filter@1#apply", 10),
            "= acme:images/image-filter@1#apply\n"
        );
    }
}
