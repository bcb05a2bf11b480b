use std::fmt::Write as _;

use plug_policy::{Audit, Capability, WantError};

use super::outcome::section_error;
use super::printable::{printable_line, short_line};
use super::sheet::{Sheet, by_package};
use crate::commands::caps::{
    CapsReport, Changes, Decision, Examined, Kind, Pair, Power, Standing, Subject, Upgrade, Want, Wants,
    want_help,
};
use crate::component_file::section_help;
use crate::report::style::Style;

pub(in crate::report) fn caps(report: &CapsReport, style: Style) -> String {
    let mut sheet;
    let judged = match &report.kind {
        Kind::Suggested(audit) => return suggestions(audit),
        Kind::One(examined) => {
            let Examined { subject, decision } = &**examined;
            sheet = Sheet::new(&subject.file, style);
            identity(&mut sheet, subject);
            wants(&mut sheet, &subject.wants);
            reach(&mut sheet, subject);
            decision
        }
        Kind::Upgrade(pair) => {
            let Pair { old, new, upgrade } = &**pair;
            sheet = Sheet::new(&format!("{} -> {}", old.subject.file, new.subject.file), style);
            self::upgrade(&mut sheet, &old.subject, &new.subject, upgrade);
            &new.decision
        }
    };
    if let (Some(decision), Some(policy)) = (judged, &report.policy) {
        self::decision(&mut sheet, decision, policy);
    }
    sheet.text
}

/// A policy, to be kept in a file.
fn suggestions(audit: &Audit) -> String {
    let tables: Vec<String> = audit.suggestions().map(ToString::to_string).collect();
    if tables.is_empty() { "# Nothing was denied.\n".to_owned() } else { tables.join("\n") }
}

fn identity(sheet: &mut Sheet, subject: &Subject) {
    if let Some((name, version)) = &subject.identity {
        sheet.line("plugin", format!("{} {}", short_line(name), short_line(version)).trim_end());
    }
    if let Some(contract) = &subject.contract {
        sheet.line("contract", &short_line(contract));
    }
}

fn wants(sheet: &mut Sheet, wants: &Wants) {
    match wants {
        Wants::Undeclared => sheet.line("wants", "nothing: it has no manifest"),
        Wants::Listed(wants) if wants.is_empty() => sheet.line("wants", "nothing"),
        Wants::Listed(wants) => {
            let mut name = "wants";
            for want in wants {
                sheet.line(std::mem::take(&mut name), &want_line(want));
                if let Err(error) = &want.scope {
                    want_error(sheet, error);
                }
            }
        }
        Wants::TooMany(_) | Wants::Unreadable(_) => unreadable(sheet, "wants", wants),
    }
}

fn want_line(want: &Want) -> String {
    let optional = if want.required { "" } else { " (optional)" };
    format!("{}{optional}: {}", short_line(&want.text), short_line(&want.reason))
}

fn want_error(sheet: &mut Sheet, error: &WantError) {
    let code = sheet.style.error(&format!("error[{}]", error.code()));
    let what = match error {
        WantError::Text(error) => error.what().to_owned(),
        error => error.to_string(),
    };
    sheet.styled_line("", &format!("  {code}: {}", printable_line(&what)));
    sheet.line("", &format!("  help: {}", want_help(error)));
}

/// Why the wants cannot be read, if they cannot.
fn unreadable(sheet: &mut Sheet, name: &str, wants: &Wants) {
    let told = sheet.style.error("what cannot be read");
    match wants {
        Wants::Undeclared => {}
        Wants::Listed(wants) => {
            let mut name = name;
            for want in wants {
                if let Err(error) = &want.scope {
                    sheet.line(std::mem::take(&mut name), &want_line(want));
                    want_error(sheet, error);
                }
            }
        }
        Wants::TooMany(error) => {
            sheet.styled_line(name, &told);
            want_error(sheet, error);
        }
        Wants::Unreadable(error) => {
            sheet.styled_line(name, &told);
            sheet.line("", &format!("  {}", section_error(error)));
            sheet.line("", &format!("  help: {}", section_help(error)));
        }
    }
}

fn reach(sheet: &mut Sheet, subject: &Subject) {
    let idle = subject.idle();
    if !idle.is_empty() {
        sheet.line("not used", &format!("{}: wanted, and no known import is for it", listed(&idle)));
    }
    title(sheet, "what its imports could reach at most");
    if subject.imports.is_empty() {
        sheet.text.push_str("  nothing: it imports nothing\n");
    }
    let reach = subject.reach();
    for (standing, name) in
        [(Standing::Wanted, "wanted"), (Standing::Unwanted, "not wanted"), (Standing::Free, "free")]
    {
        let of_it = reach.iter().filter(|reach| reach.standing == standing);
        sheet.lines(
            name,
            of_it.flat_map(|reach| {
                let head = listed(&reach.capabilities);
                let imports = by_package(reach.imports.iter().map(String::as_str));
                std::iter::once(head).chain(imports.into_iter().map(|import| format!("  {import}")))
            }),
        );
    }
    sheet.lines("nothing", by_package(subject.imports_of(&Power::Nothing)));
    sheet.lines("unknown", subject.unknown().map(str::to_owned));
}

fn decision(sheet: &mut Sheet, decision: &Decision, policy: &str) {
    title(sheet, &format!("under {policy}, as `{}`", short_line(&decision.plugin)));
    let lines = decision.effective.lines();
    if lines.is_empty() {
        sheet.line("effective", "nothing");
    }
    sheet.lines("effective", lines);
    let table = decision.table();
    sheet.lines(
        "denied",
        decision.denied().iter().flat_map(|denied| {
            let optional = if denied.wanted.required { "" } else { " (optional)" };
            let scope = short_line(&denied.wanted.scope.to_string());
            [
                format!("{scope}{optional}: {}", short_line(&denied.wanted.reason)),
                format!("  to grant it, write `{}` below `{}`", denied.line, short_line(&table)),
            ]
        }),
    );
    let verdict = match &decision.refused {
        None => sheet.style.good("admitted"),
        Some(refused) => format!(
            "{} [{}]: it cannot do without what is denied and not optional",
            sheet.style.error("refused"),
            refused.code()
        ),
    };
    sheet.styled_line("verdict", &verdict);
}

fn upgrade(sheet: &mut Sheet, old: &Subject, new: &Subject, upgrade: &Upgrade) {
    let named = |subject: &Subject| match &subject.identity {
        Some((name, version)) => format!("{} {}", short_line(name), short_line(version)),
        None => "no manifest".to_owned(),
    };
    sheet.line("plugin", &format!("{} -> {}", named(old), named(new)));
    unreadable(sheet, "old wants", &old.wants);
    unreadable(sheet, "new wants", &new.wants);
    let is_whole = old.wants.error().is_none() && new.wants.error().is_none();
    changes(sheet, "gains", &upgrade.gained, is_whole);
    changes(sheet, "loses", &upgrade.lost, is_whole);
    let verdict = if !is_whole {
        sheet.style.error("could not decide")
    } else if upgrade.widens() {
        sheet.style.error("wider: somebody has to agree")
    } else if upgrade.narrows() {
        sheet.style.good("narrower")
    } else {
        sheet.style.good("neither wider nor narrower")
    };
    sheet.styled_line("upgrade", &verdict);
}

fn changes(sheet: &mut Sheet, name: &str, changes: &Changes, is_whole: bool) {
    let Changes { wants, reach, unknown, effect } = changes;
    let wants = wants.iter().map(|(gain, reason)| match reason {
        Some(reason) => format!("wants {}: {}", gain.text, short_line(reason)),
        None => format!("wants {}", gain.text),
    });
    let reach = reach.iter().map(|capability| {
        let free = if capability.is_free() { ", which is free" } else { "" };
        format!("imports what could reach {capability}{free}")
    });
    let unknown = unknown.iter().map(|import| format!("imports {import}, whose power is not known"));
    let effect = effect.iter().map(|gain| format!("has under the policy {}", gain.text));
    let lines: Vec<String> = wants.chain(reach).chain(unknown).chain(effect).collect();
    // what cannot be read may hold more
    if lines.is_empty() && is_whole {
        sheet.line(name, "nothing");
    }
    sheet.lines(name, lines);
}

fn title(sheet: &mut Sheet, title: &str) {
    let title = sheet.style.strong(&printable_line(title));
    writeln!(sheet.text, "\n{title}").expect("a String takes all");
}

fn listed(capabilities: &[Capability]) -> String {
    capabilities.iter().map(Capability::as_str).collect::<Vec<_>>().join(", ")
}
