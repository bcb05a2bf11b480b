//! What is no change, but better mended before the contract is published.

use plug_contract::{Edition, Lint, lint};

use super::Check;
use crate::baseline::{Side, Texts};
use crate::cli::LinkerName;
use crate::report::{Event, Reporter};

/// Warns of what is odd in the new contract, by itself or after each of the old ones.
pub(super) fn warn(new: &Side, checks: &[Check], linker: LinkerName, reporter: &mut Reporter) {
    let edition = new.edition(linker);
    let mut told: Vec<Lint> = Vec::new();
    for check in checks {
        for odd in lint(&edition, Some(&check.old.edition(linker))) {
            if !told.contains(&odd) {
                reporter.event(event(&odd, &new.texts));
                told.push(odd);
            }
        }
    }
}

/// Warns of what is odd in a contract by itself.
pub(crate) fn warn_of_one(edition: &Edition, texts: &Texts, reporter: &mut Reporter) {
    for odd in lint(edition, None) {
        reporter.event(event(&odd, texts));
    }
}

fn event(odd: &Lint, texts: &Texts) -> Event {
    let place = odd.location.as_ref().map(|location| texts.place(location));
    let place = place
        .map_or_else(String::new, |place| format!("\n  --> {}:{}:{}", place.file, place.line, place.column));
    Event::Warning {
        message: format!("{} [{}]{place}", odd.message, odd.name),
        help: Some(odd.help.to_owned()),
    }
}
