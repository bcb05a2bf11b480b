//! Hashes of contracts, and whether they drifted.

use std::fmt::Write as _;

use plug_contract::Bump;

use super::printable::printable_line;
use super::talk::count;
use crate::commands::contract::drift::DriftReport;
use crate::commands::contract::hash::Hashes;
use crate::contract_lock::parts;
use crate::report::style::Style;

pub(in crate::report) fn hashes(hashes: &Hashes, style: Style) -> String {
    let mut text = String::new();
    for (name, contract) in &hashes.contracts {
        writeln!(text, "{}", style.strong(&printable_line(name))).expect("a String takes all");
        let mut line = |what: &str, hash: &str, of: &str| {
            let line = format!("  {} {hash}  {of}", style.note(&format!("{what:<8}")));
            writeln!(text, "{}", line.trim_end()).expect("a String takes all");
        };
        line("contract", &contract.hash().to_string(), "");
        line("abi", &contract.abi_hash().to_string(), "");
        for part in parts(contract) {
            line(&part.role, &part.hash, &part.exact);
        }
    }
    text
}

pub(in crate::report) fn drift(report: &DriftReport, style: Style) -> String {
    let mut text = String::new();
    for problem in &report.problems {
        writeln!(text, "{}: {}", style.error("drift"), printable_line(&problem.message))
            .expect("a String takes all");
        writeln!(text, "  {} {}", style.note("-->"), problem.place).expect("a String takes all");
        writeln!(text, "{}: {}\n", style.note("help"), problem.help).expect("a String takes all");
    }
    let frozen = match report.frozen.as_slice() {
        [] => "nothing is frozen yet: `cargo plug contract freeze` keeps this version".to_owned(),
        frozen => {
            format!("{}: {}", count(frozen.len(), "frozen version", "frozen versions"), frozen.join(", "))
        }
    };
    writeln!(text, "{} {frozen}", style.note("frozen  ")).expect("a String takes all");
    let now = match (&report.against, report.declared) {
        (None, _) => format!("{}; there is no older version to hold it against", report.package),
        (Some(against), _) if report.required == Bump::None => {
            format!("{} has the contract of {against}", report.package)
        }
        (Some(against), declared) => {
            let declared = declared.map_or_else(|| "none".to_owned(), |bump| bump.to_string());
            format!(
                "{} after {against}: {} is needed, {declared} is declared",
                report.package, report.required
            )
        }
    };
    writeln!(text, "{} {now}", style.note("now     ")).expect("a String takes all");
    let verdict = match report.problems.len() {
        0 => style.good("no drift"),
        problems => style.error(&count(problems, "problem", "problems")),
    };
    writeln!(text, "{} {verdict}", style.note("verdict ")).expect("a String takes all");
    text
}
