//! The policy file.

use std::collections::BTreeMap;
use std::ops::Range;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::contract::ContractPattern;
use super::entry::Entry;
use super::error::PolicyError;
use crate::capability::Capability;
use crate::custom_name::CustomName;
use crate::file_mistake::FileMistakes;
use crate::grant::Grant;
use crate::limits::{LIMITS, Limit, LimitsPatch};
use crate::mistake::{MAX_TEXT, Mistake, shown};
use crate::nearest::nearest_key;
use crate::preset::Preset;
use crate::quantity::QuantityError;

/// As many grants as an entry may have of one capability.
pub(crate) const MAX_GRANTS: usize = 256;
/// As many capabilities of applications as an entry may have.
pub(crate) const MAX_CUSTOM: usize = 64;

const SYNTAX: &str = "PLG1004";
const KEY: &str = "PLG1005";
const VALUE: &str = "PLG1006";

pub(crate) const SECTIONS: [&str; 3] = ["defaults", "contract", "plugin"];
pub(crate) const SETTINGS: [&str; 4] = ["preset", "audit", "require-signature", "limits"];

/// What a policy file says.
#[derive(Debug, Default)]
pub(super) struct File {
    pub(super) defaults: Entry,
    pub(super) contracts: BTreeMap<ContractPattern, Entry>,
    pub(super) plugins: BTreeMap<String, Entry>,
}

pub(super) fn parse(file: &str, text: &str) -> Result<File, PolicyError> {
    let mut reader = Reader { mistakes: FileMistakes::new(text) };
    let read = match DeTable::parse(text) {
        Ok(table) => reader.file(table.get_ref()),
        Err(error) => {
            let span = error.span().unwrap_or(text.len()..text.len());
            reader.syntax(error.message(), span);
            File::default()
        }
    };
    PolicyError::of(file, reader.mistakes).map_or(Ok(read), Err)
}

struct Reader<'a> {
    mistakes: FileMistakes<'a>,
}

type Value<'i> = Spanned<DeValue<'i>>;

impl Reader<'_> {
    fn syntax(&mut self, message: &str, span: Range<usize>) {
        let message = message.lines().next().unwrap_or_default();
        let colon = self.mistakes.text().get(span.clone()).is_some_and(|part| part.starts_with(':'))
            || self.mistakes.text()[..span.start.min(self.mistakes.text().len())].ends_with(':');
        let help = if colon {
            "put quotes around a key with a colon: `\"fs:read\" = [\"data -> /data\"]`"
        } else {
            "a policy is written in TOML: `net = [\"api.example.com:443\"]`"
        };
        self.mistakes.note(SYNTAX, span, format!("this is no TOML: {message}"), help);
    }

    fn wrong(&mut self, span: Range<usize>, what: impl Into<String>, help: impl Into<String>) {
        self.mistakes.note(VALUE, span, what, help);
    }

    fn unknown<'k>(
        &mut self,
        span: Range<usize>,
        key: &str,
        place: &str,
        known: impl Iterator<Item = &'k str>,
    ) {
        let known: Vec<&str> = known.collect();
        let help = match nearest_key(key, known.iter().copied()) {
            Some(meant) if meant.contains(':') => format!("did you mean `\"{meant}\"`?"),
            Some(meant) => format!("did you mean `{meant}`?"),
            None => format!("it may have: {}", known.join(", ")),
        };
        self.mistakes.note(KEY, span, format!("{place} has no key `{}`", shown(key)), help);
    }

    fn table<'t, 'i>(&mut self, name: &str, value: &'t Value<'i>) -> Option<&'t DeTable<'i>> {
        let table = value.get_ref().as_table();
        if table.is_none() {
            self.wrong(
                value.span(),
                format!("`{name}` is no table"),
                format!("write `[{name}]` and its keys below"),
            );
        }
        table
    }

    fn file(&mut self, table: &DeTable<'_>) -> File {
        let mut file = File::default();
        for (key, value) in table {
            match key.get_ref().as_ref() {
                "defaults" => file.defaults = self.entry("defaults", value),
                "contract" => {
                    let Some(contracts) = self.table("contract.\"acme:images@1\"", value) else { continue };
                    for (name, value) in contracts {
                        let entry = self.entry("contract.\"acme:images@1\"", value);
                        match ContractPattern::parse(name.get_ref()) {
                            Ok(pattern) => drop(file.contracts.insert(pattern, entry)),
                            Err(mistake) => {
                                self.mistakes.note(VALUE, name.span(), mistake.what, mistake.help);
                            }
                        }
                    }
                }
                "plugin" => {
                    let Some(plugins) = self.table("plugin.\"NAME\"", value) else { continue };
                    for (name, value) in plugins {
                        let entry = self.entry("plugin.\"NAME\"", value);
                        file.plugins.insert(name.get_ref().to_string(), entry);
                    }
                }
                other => self.unknown(key.span(), other, "a policy", SECTIONS.into_iter()),
            }
        }
        file
    }

    fn entry(&mut self, name: &str, value: &Value<'_>) -> Entry {
        let mut entry = Entry::new();
        let Some(table) = self.table(name, value) else { return entry };
        let mut custom = 0;
        for (key, value) in table {
            match key.get_ref().as_ref() {
                "preset" => entry.preset = self.choice("preset", value, &Preset::NAMES),
                "audit" => entry.audit = self.flag("audit", value),
                "require-signature" => entry.require_signature = self.flag("require-signature", value),
                "limits" => entry.limits = self.limits(value),
                name => match Capability::parse(name) {
                    Ok(capability) => {
                        custom += usize::from(matches!(capability, Capability::Custom(_)));
                        if custom > MAX_CUSTOM {
                            let what = "an entry of a policy names too many capabilities of applications";
                            self.wrong(key.span(), what, format!("it may name {MAX_CUSTOM}"));
                            break;
                        }
                        let grants = self.grants(&capability, value);
                        entry.grants.insert(capability, grants);
                    }
                    Err(mistake) if CustomName::looks_like(name) => {
                        self.mistakes.note(KEY, key.span(), mistake.what, mistake.help);
                    }
                    Err(_) => {
                        let known = SETTINGS.into_iter().chain(Capability::names());
                        self.unknown(key.span(), name, "an entry of a policy", known);
                    }
                },
            }
        }
        self.no_two_folders_at_one_path(table, &entry);
        entry
    }

    fn choice<T: Copy>(&mut self, name: &str, value: &Value<'_>, known: &[(&str, T)]) -> Option<T> {
        let names: Vec<String> = known.iter().map(|(name, _)| format!("`\"{name}\"`")).collect();
        let found = value.get_ref().as_str().and_then(|text| known.iter().find(|(name, _)| *name == text));
        if found.is_none() {
            let what = format!("`{name}` cannot be {}", self.quoted(value));
            self.wrong(value.span(), what, format!("it is {}", names.join(" or ")));
        }
        found.map(|(_, value)| *value)
    }

    fn flag(&mut self, name: &str, value: &Value<'_>) -> Option<bool> {
        let flag = value.get_ref().as_bool();
        if flag.is_none() {
            let what = format!("`{name}` cannot be {}", self.quoted(value));
            self.wrong(value.span(), what, "it is `true` or `false`");
        }
        flag
    }

    /// A value as it is written, or its kind if that is long.
    fn quoted(&self, value: &Value<'_>) -> String {
        match self.mistakes.text().get(value.span()) {
            Some(text) if text.len() <= 40 => format!("`{}`", shown(text)),
            _ => format!("this {}", value.get_ref().type_str()),
        }
    }

    fn limits(&mut self, value: &Value<'_>) -> LimitsPatch {
        let mut limits = LimitsPatch::default();
        let Some(table) = self.table("limits", value) else { return limits };
        for (key, value) in table {
            let name = key.get_ref().as_ref();
            let Some((_, limit)) = LIMITS.iter().find(|(known, _)| *known == name) else {
                self.unknown(key.span(), name, "`limits`", LIMITS.iter().map(|(known, _)| *known));
                continue;
            };
            match limit {
                Limit::Size(set) => {
                    if let Some(size) = self.quantity(name, value, "32MiB", crate::quantity::parse_size) {
                        set(&mut limits, size);
                    }
                }
                Limit::Time(set) => {
                    if let Some(time) = self.quantity(name, value, "50ms", crate::quantity::parse_time) {
                        set(&mut limits, time);
                    }
                }
                Limit::Units(set) => match units(value.get_ref()) {
                    Some(units) => set(&mut limits, units),
                    None => {
                        let what = format!("`{name}` cannot be {}", self.quoted(value));
                        self.wrong(
                            value.span(),
                            what,
                            format!("write a whole number: `{name} = 5000000000`"),
                        );
                    }
                },
                Limit::Count(set) => match count(value.get_ref()) {
                    Some(count) => set(&mut limits, count),
                    None => {
                        let what = format!("`{name}` cannot be {}", self.quoted(value));
                        let help = format!("write a number from 0 to {}: `{name} = 100`", u32::MAX);
                        self.wrong(value.span(), what, help);
                    }
                },
            }
        }
        limits
    }

    fn quantity<T>(
        &mut self,
        name: &str,
        value: &Value<'_>,
        example: &str,
        parse: fn(&str) -> Result<T, QuantityError>,
    ) -> Option<T> {
        let Some(text) = value.get_ref().as_str() else {
            let what = format!("`{name}` cannot be {}", self.quoted(value));
            self.wrong(value.span(), what, format!("write `{name} = \"{example}\"`"));
            return None;
        };
        let within = |error: QuantityError| Mistake::new(0..text.len(), error.what(), error.help());
        parse(text).map_err(|error| self.within(value, text, within(error))).ok()
    }

    /// Notes a mistake in a string, at its place in it if the string is written as it is meant.
    fn within(&mut self, value: &Value<'_>, text: &str, mistake: Mistake) {
        let span = value.span();
        let inner = span.start + 1..span.end.saturating_sub(1);
        let verbatim = self.mistakes.text().get(inner.clone()) == Some(text);
        let mistake = match verbatim && !mistake.span.is_empty() {
            true => mistake.shifted(inner.start),
            false => Mistake { span, ..mistake },
        };
        self.mistakes.note(VALUE, mistake.span, mistake.what, mistake.help);
    }

    fn grants(&mut self, capability: &Capability, value: &Value<'_>) -> Vec<Grant> {
        if *capability == Capability::Log {
            return self.flag("log", value).filter(|log| *log).map(|_| Grant::Log).into_iter().collect();
        }
        let one_only = matches!(capability, Capability::Clocks | Capability::Random | Capability::Stdio);
        match value.get_ref() {
            DeValue::String(text) => self.grant(capability, value, text).into_iter().collect(),
            DeValue::Array(items) if !one_only => {
                if items.len() > MAX_GRANTS {
                    let what = format!("`{capability}` has {} grants", items.len());
                    self.wrong(value.span(), what, format!("it may have {MAX_GRANTS}"));
                    return Vec::new();
                }
                let mut grants = Vec::new();
                for item in items.iter() {
                    match item.get_ref().as_str() {
                        Some(text) => grants.extend(self.grant(capability, item, text)),
                        None => self.no_text(capability, item, one_only),
                    }
                }
                grants
            }
            _ => {
                self.no_text(capability, value, one_only);
                Vec::new()
            }
        }
    }

    fn no_text(&mut self, capability: &Capability, value: &Value<'_>, one_only: bool) {
        let what = format!("`{capability}` cannot be {}", self.quoted(value));
        let key = match capability.as_str() {
            name if name.contains(':') => format!("\"{name}\""),
            name => name.to_owned(),
        };
        let example = capability.example();
        let help = match one_only {
            true => format!("write `{key} = \"{example}\"`"),
            false => format!("write `{key} = [\"{example}\"]`, or `[]` for nothing"),
        };
        self.wrong(value.span(), what, help);
    }

    fn grant(&mut self, capability: &Capability, value: &Value<'_>, text: &str) -> Option<Grant> {
        if text.len() > MAX_TEXT {
            self.wrong(value.span(), "the text is too long", format!("it may have {MAX_TEXT} bytes"));
            return None;
        }
        Grant::parse_scope(capability, text).map_err(|mistake| self.within(value, text, mistake)).ok()
    }

    fn no_two_folders_at_one_path(&mut self, table: &DeTable<'_>, entry: &Entry) {
        let mut seen: BTreeMap<&str, Capability> = BTreeMap::new();
        for grant in entry.grants.values().flatten() {
            let Grant::Fs(fs) = grant else { continue };
            let capability = grant.capability();
            if let Some(other) = seen.insert(fs.guest.as_str(), capability.clone()) {
                let value = table.iter().find(|(key, _)| key.get_ref() == capability.as_str());
                let span = value.map_or(0..0, |(_, value)| value.span());
                let what = format!("two folders are to be seen at `{}`", fs.guest);
                let help = match other == capability {
                    true => "give one of them another path after the arrow".to_owned(),
                    false => "keep one of the two: `fs:write` includes reading".to_owned(),
                };
                self.wrong(span, what, help);
            }
        }
    }
}

fn units(value: &DeValue<'_>) -> Option<u64> {
    let integer = value.as_integer()?;
    u64::from_str_radix(integer.as_str(), integer.radix()).ok()
}

fn count(value: &DeValue<'_>) -> Option<u32> {
    let integer = value.as_integer()?;
    u32::from_str_radix(integer.as_str(), integer.radix()).ok()
}
