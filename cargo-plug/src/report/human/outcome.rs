use std::fmt::Write as _;

use plug_contract::{Manifest, SectionError};
use plug_policy::{LimitKind, LimitsPatch};
use plug_toolchain::doctor::CheckState;

use super::printable::{printable, short_line};
use super::sheet::{Sheet, by_package};
use super::talk::count;
use crate::anatomy::Producer;
use crate::commands::build::{BuildReport, ImportOrigin, policy_name};
use crate::commands::call::{Answer, Functions, Value};
use crate::commands::doctor::Examination;
use crate::commands::explain::Code;
use crate::commands::inspect::{Agreement, Declared, Group, Inspection, Kind};
use crate::component_file::section_help;
use crate::quantity::{Bytes, FileSize, Millis};
use crate::report::style::Style;

pub(in crate::report) fn build(report: &BuildReport, style: Style) -> String {
    let mut text = String::new();
    for plugin in &report.plugins {
        let mut sheet = Sheet::new(&format!("{} {}  {}", plugin.name, plugin.version, plugin.path), style);
        sheet.line("size", &exact_size(plugin.size));
        sheet.line("digest", &plugin.digest.to_string());
        sheet.line("contract", &plugin.contract.id());
        sheet.line("", &plugin.contract.hash().to_string());
        sheet.lines("exports", plugin.exports.iter().cloned());
        let from = |origin| {
            plugin
                .imports
                .iter()
                .filter(move |import| import.origin == origin)
                .map(|import| import.name.as_str())
        };
        sheet.lines("imports", from(ImportOrigin::Contract).map(str::to_owned));
        sheet.lines("std imports", by_package(from(ImportOrigin::Std)));
        manifest(&mut sheet, &plugin.manifest);
        text.push_str(&sheet.text);
    }
    text
}

fn manifest(sheet: &mut Sheet, manifest: &Manifest) {
    sheet.lines(
        "wants",
        manifest.capabilities.iter().map(|want| {
            let optional = if want.required { "" } else { " (optional)" };
            format!("{}{optional}: {}", short_line(&want.capability), short_line(&want.reason))
        }),
    );
    if manifest.capabilities.is_empty() {
        sheet.line("wants", "no capability");
    }
    let memory = manifest.limits.memory.map(|bytes| format!("memory {}", Bytes(bytes)));
    let deadline = manifest.limits.deadline_ms.map(|millis| format!("deadline {}", Millis(millis)));
    let more = manifest.limits.more.iter().map(|(key, number)| match LimitsPatch::kind(key) {
        Some(LimitKind::Size) => format!("{key} {}", Bytes(*number)),
        Some(LimitKind::Time) => format!("{key} {}", Millis(*number)),
        _ => format!("{key} {number}"),
    });
    let limits: Vec<_> = memory.into_iter().chain(deadline).chain(more).collect();
    if !limits.is_empty() {
        sheet.line("limits", &limits.join(", "));
    }
    if let Some(policy) = manifest.instance_policy {
        sheet.line("instances", policy_name(policy));
    }
}

/// `65.3 kB (65312 bytes)`
fn exact_size(size: u64) -> String {
    let short = FileSize(size).to_string();
    if size < 1_000 { short } else { format!("{short} ({size} bytes)") }
}

pub(in crate::report) fn inspection(inspection: &Inspection, style: Style) -> String {
    let mut sheet = Sheet::new(&inspection.file, style);
    match &inspection.kind {
        Kind::WitPackage => sheet.line("kind", "WIT package in binary form: types, no code"),
        Kind::Component(surface) => {
            let modules = count(inspection.anatomy.modules as usize, "core module", "core modules");
            sheet.line("kind", &format!("component with {modules}"));
            match &surface.declared {
                Ok(Some(declared)) => declared_contract(&mut sheet, declared),
                Ok(None) => sheet.line("declares", "no contract: it was not built by `cargo plug build`"),
                Err(error) => {
                    sheet.styled_line("declares", &sheet.style.error("what cannot be read"));
                    sheet.line("", &section_error(error));
                    sheet.line("", &format!("help: {}", section_help(error)));
                }
            }
            sheet.line("surface", &surface.actual.hash().to_string());
        }
    }
    sheet.line("digest", &inspection.digest.to_string());
    sizes(&mut sheet, inspection);
    sheet.lines("made by", inspection.producers().iter().map(producer_line));
    match &inspection.kind {
        Kind::WitPackage => {
            sheet.text.push('\n');
            sheet.text.push_str(&wit(&inspection.wit));
        }
        Kind::Component(surface) => {
            groups(&mut sheet, "exports", &surface.exports);
            groups(&mut sheet, "imports", &surface.imports);
        }
    }
    sheet.text
}

pub(in crate::report) fn wit(text: &str) -> String {
    printable(text)
}

fn producer_line(producer: &Producer) -> String {
    let Producer { field, name, version } = producer;
    let [field, name, version] = [field, name, version].map(|text| short_line(text));
    if version.is_empty() { format!("{name} ({field})") } else { format!("{name} {version} ({field})") }
}

fn declared_contract(sheet: &mut Sheet, declared: &Declared) {
    let section = &declared.section;
    let identity = &section.manifest;
    let [name, version, description] =
        [&identity.name, &identity.version, &identity.description].map(|text| short_line(text));
    sheet.line("plugin", format!("{name} {version}  {description}").trim_end());
    sheet.line("contract", &short_line(&section.world));
    sheet.line("", &section.contract.api.to_string());
    match &declared.agreement {
        Agreement::Agrees => sheet.line(
            "agrees",
            "yes: it has what the contract asks for, and asks for nothing beyond it and WASI",
        ),
        Agreement::Differs(report) => {
            sheet.styled_line("agrees", &sheet.style.error("no"));
            sheet.lines("", report.to_string().lines().map(str::to_owned));
        }
        Agreement::Unreadable(error) => {
            sheet.styled_line("agrees", &sheet.style.error("no"));
            sheet.line("", &section_error(error));
        }
    }
    manifest(sheet, identity);
    sheet.lines(
        "tools",
        section.tools.iter().map(|(name, version)| format!("{} {}", short_line(name), short_line(version))),
    );
}

/// The whole chain: what the section's text is made of is quoted in it.
pub(super) fn section_error(error: &SectionError) -> String {
    let mut text = error.to_string();
    let mut next = std::error::Error::source(error);
    while let Some(cause) = next {
        text.push_str(&format!(": {cause}"));
        next = cause.source();
    }
    format!("{} [{}]", short_line(&text), error.code())
}

fn sizes(sheet: &mut Sheet, inspection: &Inspection) {
    let anatomy = &inspection.anatomy;
    sheet.line("size", &exact_size(inspection.size));
    let parts = [
        ("code", anatomy.code),
        ("data", anatomy.data),
        ("names", anatomy.names),
        ("debug info", anatomy.debug_info),
        ("contract section", anatomy.contract),
        ("other custom sections", anatomy.custom),
        ("structure", anatomy.structure),
    ];
    sheet.lines(
        "",
        parts.into_iter().filter(|(_, size)| *size > 0).map(|(name, size)| {
            let share = size.saturating_mul(100).checked_div(inspection.size).unwrap_or_default();
            format!("{:>10} {share:>3} %  {name}", FileSize(size).to_string())
        }),
    );
}

fn groups(sheet: &mut Sheet, name: &str, groups: &[Group]) {
    writeln!(sheet.text, "\n{}", sheet.style.strong(name)).expect("a String takes all");
    if groups.is_empty() {
        sheet.text.push_str("  nothing\n");
    }
    for group in groups {
        let indent = if group.is_interface {
            writeln!(sheet.text, "  {}", group.name).expect("a String takes all");
            "    "
        } else {
            "  "
        };
        for (name, signature) in &group.functions {
            writeln!(sheet.text, "{indent}{name}: {signature}").expect("a String takes all");
        }
    }
}

/// The value alone, so that it can be used in a script.
pub(in crate::report) fn answer(answer: &Answer) -> String {
    match &answer.result {
        None => String::new(),
        Some(Value::Wave(text)) => format!("{}\n", printable(text)),
        Some(Value::Json(value)) => format!("{value}\n"),
    }
}

/// The same where each call has a line: an empty one for a function that returns nothing.
pub(in crate::report) fn answer_line(answer: &Answer) -> String {
    match &answer.result {
        None => "\n".to_owned(),
        Some(_) => self::answer(answer),
    }
}

pub(in crate::report) fn functions(functions: &Functions, style: Style) -> String {
    let mut text = String::new();
    for function in &functions.functions {
        let (name, signature) = (style.strong(&function.call_name), &function.signature);
        writeln!(text, "{name}: {signature}").expect("a String takes all");
    }
    text
}

pub(in crate::report) fn examination(examination: &Examination, style: Style) -> String {
    let mut text = String::new();
    let width = examination.checks.iter().map(|check| check.name.len()).max().unwrap_or_default();
    for check in &examination.checks {
        let state = match check.state {
            CheckState::Ok => style.good("ok     "),
            CheckState::Warning => style.warning("warning"),
            CheckState::Missing => style.error("missing"),
        };
        let detail = printable(&check.detail);
        let mut lines = detail.lines();
        writeln!(text, "{state}  {:<width$}  {}", check.name, lines.next().unwrap_or_default())
            .expect("a String takes all");
        for line in lines {
            writeln!(text, "         {:<width$}  {line}", "").expect("a String takes all");
        }
        if let Some(mend) = &check.mend {
            writeln!(text, "         {:<width$}  {} {}", "", style.note("mend:"), printable(mend))
                .expect("a String takes all");
        }
    }
    text
}

pub(in crate::report) fn codes(codes: &[Code]) -> String {
    codes.iter().map(|Code { code, title }| format!("{code}  {title}\n")).collect()
}
