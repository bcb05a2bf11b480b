//! The page of a rule: the upper part is made from the table, the lower one is written by hand.

use std::fmt::Write as _;

use plug_contract::{Cells, Hazard, Outcome, Rule};

use crate::example;
use crate::verdicts::{Direction, Measured, Position};

/// Stands between the two parts.
pub(crate) const DIVIDER: &str =
    "<!-- Below is written by hand; above is made from the table by PLUG_BLESS=1. -->";

pub(crate) fn whole(rule: &Rule, measured: &[Measured], by_hand: &str) -> String {
    let mut page = format!("# {}: {}\n\n{}\n\n", rule.id, rule.name, rule.sentence);
    page.push_str(&table(rule));
    if !rule.note.is_empty() {
        let _ = write!(page, "\n{}\n", rule.note);
    }
    if !rule.reported {
        let cells = [rule.import, rule.export].into_iter().flatten();
        let harmless = cells.clone().all(|cells| {
            (cells.old_plugin_on_new_host, cells.new_plugin_on_old_host) == (Outcome::Links, Outcome::Links)
        });
        page.push_str(if harmless {
            "\nNever reported, for nobody can notice it.\n"
        } else {
            "\nReported under the rule of the single change, which the finding names.\n"
        });
    }
    let _ = write!(page, "\n## Example\n\n{}", example::block(rule));
    if let Some(said) = said(rule, measured) {
        let _ = write!(page, "\n## What wasmtime says\n\n{said}");
    }
    let _ = write!(page, "\n{DIVIDER}\n");
    if !by_hand.is_empty() {
        let _ = write!(page, "\n{by_hand}\n");
    }
    page
}

fn table(rule: &Rule) -> String {
    let mut table = "| | an old plugin on a new host | a new plugin on an old host | required bump |\n\
                     |---|---|---|---|\n"
        .to_owned();
    for (position, cells) in [("imported", rule.import), ("exported", rule.export)] {
        let Some(Cells { old_plugin_on_new_host, new_plugin_on_old_host, bump }) = cells else { continue };
        let _ = writeln!(
            table,
            "| {position} by the plugin | {} | {} | {bump} |",
            outcome(old_plugin_on_new_host),
            outcome(new_plugin_on_old_host)
        );
    }
    table
}

fn outcome(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Links => "links",
        Outcome::Hazard(Hazard::Call) => "links, but goes wrong when it is called",
        Outcome::Hazard(Hazard::Rebuild) => "links, but its source does not compile any more",
        Outcome::Hazard(Hazard::Composition) => "links, but cannot be composed with other components",
        Outcome::Breaks(_) => "breaks when it is loaded",
    }
}

/// The messages of the rule's first measured case.
fn said(rule: &Rule, measured: &[Measured]) -> Option<String> {
    let mut text = String::new();
    for measured in measured.iter().filter(|measured| rule.cases.first() == Some(&measured.case.as_str())) {
        let position = match measured.position {
            Position::Import => "imported, ",
            Position::Export => "exported, ",
            Position::World => "",
        };
        for (direction, words) in [
            (Direction::OldOnNew, "an old plugin on a new host"),
            (Direction::NewOnOld, "a new plugin on an old host"),
        ] {
            if let Some(message) = measured.message(direction) {
                let _ = writeln!(text, "{position}{words}:\n  {message}");
            }
        }
    }
    if text.is_empty() {
        return None;
    }
    let mut said = format!("```text\n{text}```\n");
    if text.contains("expected ") {
        said.push_str("\nWhat is *expected* is the host's, what is *found* is the plugin's.\n");
    }
    Some(said)
}

/// The contents of the code blocks of a language.
pub(crate) fn blocks<'a>(text: &'a str, language: &str) -> Vec<&'a str> {
    text.split("```")
        .skip(1)
        .step_by(2)
        .filter_map(|block| block.strip_prefix(language)?.strip_prefix('\n'))
        .collect()
}
