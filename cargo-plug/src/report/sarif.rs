//! SARIF 2.1.0, for code scanning.
//!
//! <https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html>

use std::collections::BTreeMap;

use plug_contract::{Finding, Rule, rules};
use serde::Serialize;

use super::human::{Severity, severity};
use crate::baseline::TextPlace;
use crate::commands::check_compat::{Check, Comparison};

const SCHEMA: &str =
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json";

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Log<'a> {
    #[serde(rename = "$schema")]
    schema: &'static str,
    version: &'static str,
    runs: [Run<'a>; 1],
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Run<'a> {
    tool: Tool,
    /// Columns are counted in characters, not in UTF-16.
    column_kind: &'static str,
    results: Vec<ResultOf<'a>>,
}

#[derive(Serialize)]
struct Tool {
    driver: Driver,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Driver {
    name: &'static str,
    semantic_version: &'static str,
    rules: Vec<Descriptor>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Descriptor {
    id: &'static str,
    name: &'static str,
    short_description: Text<'static>,
    help: HelpText,
}

#[derive(Serialize)]
struct HelpText {
    text: String,
    markdown: &'static str,
}

#[derive(Serialize)]
struct Text<'a> {
    text: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    markdown: Option<&'a str>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct ResultOf<'a> {
    rule_id: &'static str,
    rule_index: usize,
    level: &'static str,
    message: Text<'a>,
    locations: Vec<Location>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    related_locations: Vec<Location>,
    /// What makes it the same result in the next run.
    partial_fingerprints: BTreeMap<&'static str, String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    suppressions: Vec<Suppression<'a>>,
    properties: Properties<'a>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Suppression<'a> {
    kind: &'static str,
    justification: &'a str,
}

#[derive(Serialize)]
struct Properties<'a> {
    against: &'a str,
    path: &'a str,
    help: &'a str,
    old_plugin_on_new_host: Option<&'static str>,
    new_plugin_on_old_host: Option<&'static str>,
    required_bump: String,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Location {
    physical_location: PhysicalLocation,
    #[serde(skip_serializing_if = "Option::is_none")]
    message: Option<Text<'static>>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct PhysicalLocation {
    artifact_location: ArtifactLocation,
    region: Region,
}

#[derive(Serialize)]
struct ArtifactLocation {
    uri: String,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Region {
    start_line: u32,
    start_column: u32,
}

pub(super) fn comparison(comparison: &Comparison) -> String {
    let mut used: Vec<&'static Rule> = Vec::new();
    for rule in rules() {
        if comparison.checks.iter().any(|check| check.findings.iter().any(|found| found.rule.id == rule.id)) {
            used.push(rule);
        }
    }
    let mut results = Vec::new();
    for check in &comparison.checks {
        for finding in &check.findings {
            let index = used.iter().position(|rule| rule.id == finding.rule.id);
            results.push(result(finding, index.unwrap_or_default(), check, comparison));
        }
    }
    let log = Log {
        schema: SCHEMA,
        version: "2.1.0",
        runs: [Run {
            tool: Tool {
                driver: Driver {
                    name: "cargo-plug",
                    semantic_version: env!("CARGO_PKG_VERSION"),
                    rules: used.into_iter().map(descriptor).collect(),
                },
            },
            column_kind: "unicodeCodePoints",
            results,
        }],
    };
    let text = serde_json::to_string_pretty(&log);
    format!("{}\n", text.expect("structs of text and numbers are always JSON"))
}

fn descriptor(rule: &'static Rule) -> Descriptor {
    Descriptor {
        id: rule.id,
        name: rule.name,
        short_description: Text { text: rule.sentence, markdown: None },
        help: HelpText { text: rule.help.to_string(), markdown: rule.page },
    }
}

fn result<'a>(
    finding: &'a Finding,
    rule_index: usize,
    check: &'a Check,
    comparison: &'a Comparison,
) -> ResultOf<'a> {
    let new = finding.new.as_ref().and_then(|part| part.location.as_ref());
    let old = finding.old.as_ref().and_then(|part| part.location.as_ref());
    let mut places: Vec<Location> =
        [new.map(|at| comparison.new.texts.place(at)), old.map(|at| check.old.texts.place(at))]
            .into_iter()
            .zip([None, Some("the old contract")])
            .filter_map(|(place, message)| Some(location(place.filter(|place| place.is_file)?, message)))
            .collect();
    let related = if places.len() > 1 { places.split_off(1) } else { Vec::new() };
    ResultOf {
        rule_id: finding.rule.id,
        rule_index,
        level: match severity(finding, comparison) {
            Severity::Error => "error",
            Severity::Warning => "warning",
            Severity::Note => "note",
        },
        message: Text { text: &finding.message, markdown: None },
        locations: places,
        related_locations: related,
        partial_fingerprints: BTreeMap::from([(
            "ruleAndPath/v1",
            format!("{} {} {}", finding.rule.id, finding.path, check.old.name),
        )]),
        suppressions: finding
            .overruled
            .iter()
            .map(|reason| Suppression { kind: "external", justification: reason })
            .collect(),
        properties: Properties {
            against: &check.old.name,
            path: &finding.path,
            help: &finding.help,
            old_plugin_on_new_host: finding
                .verdicts
                .old_plugin_on_new_host
                .map(plug_contract::Verdict::as_str),
            new_plugin_on_old_host: finding
                .verdicts
                .new_plugin_on_old_host
                .map(plug_contract::Verdict::as_str),
            required_bump: finding.bump.to_string(),
        },
    }
}

fn location(place: TextPlace, message: Option<&'static str>) -> Location {
    let column = place.column_in_characters();
    Location {
        physical_location: PhysicalLocation {
            artifact_location: ArtifactLocation { uri: uri(&place.file) },
            region: Region { start_line: place.line, start_column: column },
        },
        message: message.map(|text| Text { text, markdown: None }),
    }
}

/// A relative path, with what a URI does not hold escaped.
fn uri(path: &str) -> String {
    let path = path.strip_prefix("./").unwrap_or(path).replace('\\', "/");
    let mut uri = String::new();
    for byte in path.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' | b'/' | b'@' | b'+' => {
                uri.push(byte as char)
            }
            _ => uri.push_str(&format!("%{byte:02X}")),
        }
    }
    uri
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_uris() {
        assert_eq!(uri("./wit/a b.wit"), "wit/a%20b.wit");
        assert_eq!(uri("wit/frozen/1.0.0/ß.wit"), "wit/frozen/1.0.0/%C3%9F.wit");
    }
}
