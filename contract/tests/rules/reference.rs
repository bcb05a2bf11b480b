//! `docs/guide/rules.md`: all rules at a glance.

use std::fmt::Write as _;

use plug_contract::{Cells, Hazard, Outcome, rules};

const HEAD: &str = "\
<!-- Made from the tables in contract/src/compat/rules by PLUG_BLESS=1. -->

# Rules of compatibility

Every kind of change between two versions of a contract has a rule. `cargo plug check-compat` names it, and
`cargo plug explain F06` shows its page.

Each cell says first what becomes of **an old plugin on a new host**, then what becomes of **a new plugin on
an old host**:

- *links*: fine.
- *call*: links, but goes wrong when it is called.
- *rebuild*: links, but source that was written for the old contract does not compile any more.
- *compose*: links, but cannot be composed with other components.
- *breaks*: does not load.

What a plugin imports and never calls is not in it. Where an import *breaks*, a plugin that does not use what
changed still loads; resources of the world itself are the one exception.

The **bump** is how much the version of the package must rise: *patch* and *minor* stay on the track (`1.2.3` to
`1.3.0`, `0.2.3` to `0.2.4`), *major* needs a new one (`2.0.0`, `0.3.0`).
";

fn family(letter: &str) -> &'static str {
    match letter {
        "F" => "Functions",
        "A" => "`async`, streams and futures",
        "C" => "Lists, tuples, options, maps and primitive types",
        "R" => "Records, and types in general",
        "V" => "Variants",
        "E" => "Enums",
        "L" => "Flags",
        "T" => "Aliases and `use`",
        "S" => "Resources",
        "W" => "Worlds",
        "N" => "Names and versions of packages",
        "G" => "Gates",
        "D" => "Documentation",
        "O" => "Optional interfaces",
        "H" => "The engine of the host",
        other => panic!("the family {other} has no title"),
    }
}

pub(crate) fn text() -> String {
    let mut text = HEAD.to_owned();
    let mut last = "";
    for rule in rules() {
        let letter = &rule.id[..1];
        if letter != last {
            let _ = write!(
                text,
                "\n## {letter}: {}\n\n| id | change | imported | exported | bump |\n|---|---|---|---|---|\n",
                family(letter)
            );
            last = letter;
        }
        let _ = writeln!(
            text,
            "| [{}](../../contract/src/compat/rules/{0}.md) | **{}**: {} | {} | {} | {} |",
            rule.id,
            rule.name,
            rule.sentence,
            position(rule.import),
            position(rule.export),
            bump(rule.import, rule.export)
        );
    }
    text
}

fn position(cells: Option<Cells>) -> String {
    cells.map_or_else(String::new, |cells| {
        format!("{}, {}", word(cells.old_plugin_on_new_host), word(cells.new_plugin_on_old_host))
    })
}

fn word(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Links => "links",
        Outcome::Hazard(Hazard::Call) => "call",
        Outcome::Hazard(Hazard::Rebuild) => "rebuild",
        Outcome::Hazard(Hazard::Composition) => "compose",
        Outcome::Breaks(_) => "breaks",
    }
}

/// One for both positions, or the import's and the export's.
fn bump(import: Option<Cells>, export: Option<Cells>) -> String {
    match (import, export) {
        (Some(import), Some(export)) if import.bump != export.bump => {
            format!("{} / {}", import.bump, export.bump)
        }
        (Some(cells), _) | (None, Some(cells)) => cells.bump.to_string(),
        (None, None) => unreachable!("every rule stands in a position"),
    }
}
