//! `plug-compat.toml`: verdicts that somebody overrules, with the reason.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use plug_contract::{Report, Verdict, rule, rules};

use crate::env::Place;
use crate::exit_code::ExitCode;
use crate::failure::Explained;
use crate::nearest::nearest;
use crate::report::{Event, Reporter};

/// The name of the file.
const FILE: &str = "plug-compat.toml";

/// What the file says.
#[derive(Debug, Default)]
pub(crate) struct Overrides {
    entries: Vec<Override>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct Override {
    rule: &'static str,
    /// Everywhere unless given.
    path: Option<String>,
    verdict: Verdict,
    reason: String,
    /// How many findings it overruled so far.
    used: usize,
}

/// A file that cannot be read, or says what cannot be.
#[derive(Debug, thiserror::Error)]
pub(super) enum ConfigError {
    #[error("the overrides cannot be read")]
    Unreadable { file: String, source: io::Error },
    #[error("the overrides are no TOML")]
    Syntax { file: String, source: Box<toml::de::Error> },
    #[error("the overrides are wrong: {what}")]
    Wrong { file: String, what: String, help: String },
}

impl Explained for ConfigError {
    fn code(&self) -> &'static str {
        "PLG0904"
    }

    fn place(&self) -> Option<String> {
        let (Self::Unreadable { file, .. } | Self::Syntax { file, .. } | Self::Wrong { file, .. }) = self;
        Some(file.clone())
    }

    fn help(&self) -> Vec<String> {
        match self {
            Self::Unreadable { .. } => vec!["name the file by `--config`".to_owned()],
            Self::Syntax { .. } => vec!["correct the text there".to_owned()],
            Self::Wrong { help, .. } => vec![help.clone()],
        }
    }

    fn exit_code(&self) -> ExitCode {
        ExitCode::Undecided
    }
}

impl Overrides {
    /// The file that was named; else the one in `beside` or in the folder above it, if there is one.
    pub(super) fn find(
        named: Option<&Path>,
        beside: Option<&Path>,
        place: &Place,
    ) -> Result<Self, ConfigError> {
        let path = match (named, beside) {
            (Some(named), _) => named.to_owned(),
            (None, Some(folder)) => {
                let above = folder.parent().filter(|above| *above != folder);
                let candidates = [Some(folder), above].into_iter().flatten().map(|folder| folder.join(FILE));
                match candidates.into_iter().find(|file| place.resolve(file).is_file()) {
                    Some(file) => file,
                    None => return Ok(Self::default()),
                }
            }
            (None, None) => return Ok(Self::default()),
        };
        let file = path.display().to_string();
        let text = fs::read_to_string(place.resolve(&path))
            .map_err(|source| ConfigError::Unreadable { file: file.clone(), source })?;
        let table: toml::Table = text
            .parse()
            .map_err(|source| ConfigError::Syntax { file: file.clone(), source: Box::new(source) })?;
        match parse(&table) {
            Ok(entries) => Ok(Self { entries }),
            Err(Objection { what, help }) => Err(ConfigError::Wrong { file, what, help }),
        }
    }

    pub(super) fn apply(&mut self, report: &mut Report) {
        for entry in &mut self.entries {
            entry.used += report.overrule(entry.rule, entry.path.as_deref(), entry.verdict, &entry.reason);
        }
    }

    /// An override that does nothing is either too late or wrong.
    pub(super) fn warn_of_unused(&self, reporter: &mut Reporter) {
        for entry in self.entries.iter().filter(|entry| entry.used == 0) {
            let at = entry.path.as_ref().map_or_else(String::new, |path| format!(" at `{path}`"));
            reporter.event(Event::Warning {
                message: format!("the override of {}{at} matches nothing", entry.rule),
                help: Some(format!("take it out of {FILE} if the change is history by now")),
            });
        }
    }
}

struct Objection {
    what: String,
    help: String,
}

fn object<T>(what: impl Into<String>, help: impl Into<String>) -> Result<T, Objection> {
    Err(Objection { what: what.into(), help: help.into() })
}

const KEYS: [&str; 4] = ["rule", "path", "verdict", "reason"];
const EXAMPLE: &str =
    "write `[[override]]` and below it `rule = \"R13\"`, `verdict = \"compatible\"`, `reason = \"…\"`";

fn known(name: &str, table: &toml::Table, keys: &[&str]) -> Result<(), Objection> {
    let Some(odd) = table.keys().find(|key| !keys.contains(&key.as_str())) else { return Ok(()) };
    let help = match nearest(odd, keys.iter().copied()) {
        Some(meant) => format!("did you mean `{meant}`?"),
        None => format!("it may have: {}", keys.join(", ")),
    };
    object(format!("{name} has no key `{odd}`"), help)
}

fn parse(table: &toml::Table) -> Result<Vec<Override>, Objection> {
    known("the file", table, &["override"])?;
    let Some(entries) = table.get("override") else { return Ok(Vec::new()) };
    let Some(entries) = entries.as_array() else { return object("`override` is no list of tables", EXAMPLE) };
    entries.iter().map(entry).collect()
}

fn entry(value: &toml::Value) -> Result<Override, Objection> {
    let Some(table) = value.as_table() else { return object("`override` is no list of tables", EXAMPLE) };
    known("an override", table, &KEYS)?;
    let text = |key: &str| match table.get(key) {
        None => Ok(None),
        Some(value) => match value.as_str() {
            Some(text) => Ok(Some(text)),
            None => object(format!("`{key}` is no text"), EXAMPLE),
        },
    };
    let Some(given) = text("rule")? else { return object("an override has no `rule`", EXAMPLE) };
    let Some(known) = rule(given).or_else(|| rules().find(|rule| rule.name == given)) else {
        let ids = rules().flat_map(|rule| [rule.id, rule.name]);
        let help = match nearest(given, ids)
            .or_else(|| nearest(&given.to_ascii_uppercase(), rules().map(|r| r.id)))
        {
            Some(meant) => format!("did you mean `{meant}`?"),
            None => "`cargo plug explain --rules` lists all rules".to_owned(),
        };
        return object(format!("there is no rule `{given}`"), help);
    };
    let verdict = match text("verdict")? {
        Some("compatible") => Verdict::Compatible,
        Some("hazard") => Verdict::Hazard,
        Some("breaking") => Verdict::Breaking,
        Some(other) => {
            return object(
                format!("`verdict` cannot be `{other}`"),
                "it is `compatible`, `hazard` or `breaking`",
            );
        }
        None => return object(format!("the override of {} has no `verdict`", known.id), EXAMPLE),
    };
    let reason = text("reason")?.unwrap_or_default().trim();
    if reason.is_empty() {
        return object(
            format!("the override of {} has no `reason`", known.id),
            "write `reason = \"…\"`, for those who read the report",
        );
    }
    Ok(Override {
        rule: known.id,
        path: text("path")?.map(str::to_owned),
        verdict,
        reason: reason.to_owned(),
        used: 0,
    })
}

/// Where overrides are looked for, for a contract in `path`.
pub(super) fn folder_of(path: &Path, place: &Place) -> PathBuf {
    if place.resolve(path).is_dir() {
        return path.to_owned();
    }
    match path.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent.to_owned(),
        _ => PathBuf::from("."),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<Vec<Override>, String> {
        parse(&text.parse().unwrap()).map_err(|Objection { what, help }| format!("{what}; {help}"))
    }

    #[test]
    fn an_override_is_read() {
        let entries = read(
            "[[override]]\nrule = \"f01\"\npath = \"a:b/c@1#d\"\nverdict = \"compatible\"\nreason = \
             \"nobody has it\"\n\
             [[override]]\nrule = \"function-removed\"\nverdict = \"hazard\"\nreason = \"they were told\"\n",
        )
        .unwrap();
        let expected = |rule, path: Option<&str>, verdict, reason: &str| Override {
            rule,
            path: path.map(str::to_owned),
            verdict,
            reason: reason.to_owned(),
            used: 0,
        };
        assert_eq!(
            entries,
            [
                expected("F01", Some("a:b/c@1#d"), Verdict::Compatible, "nobody has it"),
                expected("F02", None, Verdict::Hazard, "they were told")
            ]
        );
        assert!(read("").unwrap().is_empty());
    }

    #[test]
    fn mistakes_are_told_with_the_mend() {
        let start = "[[override]]\nrule = \"F01\"\n";
        for (text, told) in [
            ("overide = 1".to_owned(), "the file has no key `overide`; did you mean `override`?".to_owned()),
            ("override = 1".to_owned(), format!("`override` is no list of tables; {EXAMPLE}")),
            (
                format!("{start}verdit = \"x\""),
                "an override has no key `verdit`; did you mean `verdict`?".to_owned(),
            ),
            (format!("{start}verdict = 1"), format!("`verdict` is no text; {EXAMPLE}")),
            (
                format!("{start}verdict = \"fine\"\nreason = \"x\""),
                "`verdict` cannot be `fine`; it is `compatible`, `hazard` or `breaking`".to_owned(),
            ),
            (format!("{start}reason = \"x\""), format!("the override of F01 has no `verdict`; {EXAMPLE}")),
            (
                format!("{start}verdict = \"hazard\"\nreason = \" \""),
                "the override of F01 has no `reason`; write `reason = \"…\"`, for those who read the report"
                    .to_owned(),
            ),
            (
                "[[override]]\nverdict = \"hazard\"".to_owned(),
                format!("an override has no `rule`; {EXAMPLE}"),
            ),
            (
                "[[override]]\nrule = \"function-aded\"".to_owned(),
                "there is no rule `function-aded`; did you mean `function-added`?".to_owned(),
            ),
            (
                "[[override]]\nrule = \"nonsense of mine\"".to_owned(),
                "there is no rule `nonsense of mine`; `cargo plug explain --rules` lists all rules"
                    .to_owned(),
            ),
        ] {
            assert_eq!(read(&text).unwrap_err(), told);
        }
    }
}
