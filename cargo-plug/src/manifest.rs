//! `[package.metadata.plug]`: what a plugin says of itself, as written by its author.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use plug_contract::{InstancePolicy, Manifest, Want, WantedLimits};
use plug_policy::{LimitKind, LimitsPatch};
use serde::Deserialize;

use crate::failure::Explained;
use crate::nearest::nearest;
use crate::quantity::{Bytes, Millis};

/// The table, read.
#[derive(Debug, Default)]
pub(crate) struct PluginTable {
    /// The contract; that of the standard world unless given.
    pub(crate) contract: Option<ContractSource>,
    capabilities: Vec<Want>,
    limits: WantedLimits,
    instance_policy: Option<InstancePolicy>,
}

/// Where the contract of a plugin is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct ContractSource {
    /// The WIT folder, relative to the package.
    pub(crate) path: PathBuf,
    pub(crate) world: Option<String>,
}

/// Something in the table that cannot be.
#[derive(Debug, thiserror::Error)]
#[error("the table `[package.metadata.plug]` of `{package}` is wrong: {objection}")]
pub(crate) struct ManifestError {
    package: String,
    manifest: PathBuf,
    objection: String,
    help: String,
}

impl Explained for ManifestError {
    fn code(&self) -> &'static str {
        "PLG0012"
    }

    fn place(&self) -> Option<String> {
        Some(self.manifest.display().to_string())
    }

    fn help(&self) -> Vec<String> {
        vec![self.help.clone()]
    }
}

/// What a value of the table should be, and is not.
struct Objection {
    what: String,
    help: String,
}

impl Objection {
    fn new(what: impl Into<String>, help: impl Into<String>) -> Self {
        Self { what: what.into(), help: help.into() }
    }
}

const KEYS: [&str; 4] = ["contract", "instance-policy", "capabilities", "limits"];
const CONTRACT_KEYS: [&str; 2] = ["path", "world"];
const WANT_KEYS: [&str; 2] = ["reason", "optional"];
const POLICIES: [(&str, InstancePolicy); 3] = [
    ("ephemeral", InstancePolicy::Ephemeral),
    ("warm", InstancePolicy::Warm),
    ("resident", InstancePolicy::Resident),
];

impl PluginTable {
    /// Reads the table out of the metadata of a package, as `cargo metadata` gives it.
    pub(crate) fn read(
        package: &str,
        manifest: &Path,
        metadata: &serde_json::Value,
    ) -> Result<Self, ManifestError> {
        let Some(table) = metadata.get("plug") else { return Ok(Self::default()) };
        parse(table).map_err(|objection| ManifestError {
            package: package.to_owned(),
            manifest: manifest.to_owned(),
            objection: objection.what,
            help: objection.help,
        })
    }

    /// As the section of a component holds it.
    pub(crate) fn to_manifest(&self, name: &str, version: &str, description: &str) -> Manifest {
        let mut manifest = Manifest::default();
        manifest.name = name.to_owned();
        manifest.version = version.to_owned();
        manifest.description = description.to_owned();
        manifest.capabilities = self.capabilities.clone();
        manifest.limits = self.limits.clone();
        manifest.instance_policy = self.instance_policy;
        manifest
    }
}

fn parse(table: &serde_json::Value) -> Result<PluginTable, Objection> {
    let entries = entries("plug", table, &KEYS)?;
    let mut read = PluginTable::default();
    for (key, value) in entries {
        match key.as_str() {
            "contract" => read.contract = Some(contract(value)?),
            "instance-policy" => read.instance_policy = Some(policy(value)?),
            "capabilities" => read.capabilities = capabilities(value)?,
            _ => read.limits = limits(value)?,
        }
    }
    Ok(read)
}

/// The entries of a table, all of whose keys are known.
fn entries<'a>(
    name: &str,
    value: &'a serde_json::Value,
    known: &[&str],
) -> Result<&'a serde_json::Map<String, serde_json::Value>, Objection> {
    let Some(entries) = value.as_object() else {
        return Err(Objection::new(
            format!("`{name}` is no table"),
            format!("it may have: {}", known.join(", ")),
        ));
    };
    match entries.keys().find(|key| !known.contains(&key.as_str())) {
        None => Ok(entries),
        Some(odd) => {
            let what = format!("`{name}` has no key `{odd}`");
            let help = match nearest(odd, known.iter().copied()) {
                Some(meant) => format!("did you mean `{meant}`?"),
                None => format!("it may have: {}", known.join(", ")),
            };
            Err(Objection::new(what, help))
        }
    }
}

fn text<'a>(name: &str, value: &'a serde_json::Value, example: &str) -> Result<&'a str, Objection> {
    value.as_str().ok_or_else(|| {
        Objection::new(format!("`{name}` is no text"), format!("write `{name} = \"{example}\"`"))
    })
}

fn contract(value: &serde_json::Value) -> Result<ContractSource, Objection> {
    let entries = entries("contract", value, &CONTRACT_KEYS)?;
    let Some(path) = entries.get("path") else {
        return Err(Objection::new(
            "`contract` has no `path`",
            "write `contract = { path = \"wit\", world = \"…\" }`; leave it out for the standard world",
        ));
    };
    Ok(ContractSource {
        path: PathBuf::from(text("path", path, "wit")?),
        world: entries
            .get("world")
            .map(|world| text("world", world, "acme:images/filter").map(str::to_owned))
            .transpose()?,
    })
}

fn policy(value: &serde_json::Value) -> Result<InstancePolicy, Objection> {
    let given = text("instance-policy", value, "warm")?;
    POLICIES.iter().find(|(name, _)| *name == given).map(|(_, policy)| *policy).ok_or_else(|| {
        Objection::new(
            format!("`instance-policy` cannot be `{given}`"),
            "it is `ephemeral`, `warm` or `resident`",
        )
    })
}

fn limits(value: &serde_json::Value) -> Result<WantedLimits, Objection> {
    let known: Vec<&str> = LimitsPatch::keys().collect();
    let mut limits = WantedLimits::default();
    for (key, value) in entries("limits", value, &known)? {
        let number = match LimitsPatch::kind(key) {
            Some(LimitKind::Size) => {
                let Bytes(bytes) = quantity(key, text(key, value, "32MiB")?)?;
                bytes
            }
            Some(LimitKind::Time) => {
                let Millis(millis) = quantity(key, text(key, value, "50ms")?)?;
                millis
            }
            _ => value.as_u64().ok_or_else(|| {
                Objection::new(format!("`{key}` is no whole number"), format!("write `{key} = 100`"))
            })?,
        };
        match key.as_str() {
            "memory" => limits.memory = Some(number),
            "deadline" => limits.deadline_ms = Some(number),
            _ => drop(limits.more.insert(key.clone(), number)),
        }
    }
    Ok(limits)
}

fn quantity<T: std::str::FromStr<Err = crate::quantity::QuantityError>>(
    name: &str,
    text: &str,
) -> Result<T, Objection> {
    text.parse().map_err(|error: T::Err| {
        let error = error.to_string();
        match error.split_once("; ") {
            Some((what, help)) => Objection::new(format!("`{name}`: {what}"), help),
            None => Objection::new(format!("`{name}`: {error}"), String::new()),
        }
    })
}

/// `"fs:read" = "why"`, or `"fs:read" = { reason = "why", optional = true }`.
fn capabilities(value: &serde_json::Value) -> Result<Vec<Want>, Objection> {
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum Entry {
        Reason(String),
        Table {
            reason: String,
            #[serde(default)]
            optional: bool,
        },
    }

    let Some(table) = value.as_object() else {
        return Err(Objection::new("`capabilities` is no table", "write `\"fs:read\" = \"why\"` into it"));
    };
    let table: BTreeMap<_, _> = table.iter().collect();
    table
        .into_iter()
        .map(|(capability, value)| {
            if value.is_object() {
                entries(capability, value, &WANT_KEYS)?;
            }
            let example = format!("write `\"{capability}\" = \"why\"`, for the people who grant it");
            let (reason, optional) = match serde_json::from_value(value.clone()) {
                Ok(Entry::Reason(reason)) => (reason, false),
                Ok(Entry::Table { reason, optional }) => (reason, optional),
                Err(_) => {
                    return Err(Objection::new(
                        format!("the capability `{capability}` has no reason"),
                        example,
                    ));
                }
            };
            if reason.trim().is_empty() {
                return Err(Objection::new(format!("the capability `{capability}` has no reason"), example));
            }
            Ok(Want::new(capability.clone(), reason, !optional))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(table: &str) -> Result<PluginTable, String> {
        let table: toml::Table = format!("[plug]\n{table}").parse().unwrap();
        let metadata = serde_json::to_value(table).unwrap();
        PluginTable::read("x", Path::new("Cargo.toml"), &metadata)
            .map_err(|e| format!("{}; {}", e.objection, e.help))
    }

    #[test]
    fn a_whole_table_is_read() {
        let table = read(
            r#"
            contract = { path = "wit", world = "a:b/c" }
            instance-policy = "resident"
            limits = { memory = "32MiB", deadline = "50ms" }
            [plug.capabilities]
            "net" = { reason = "asks a server", optional = true }
            "fs:read" = "reads a list"
            "#,
        )
        .unwrap();
        assert_eq!(
            table.contract,
            Some(ContractSource { path: PathBuf::from("wit"), world: Some("a:b/c".to_owned()) })
        );
        let manifest = table.to_manifest("x", "1.0.0", "does x");
        assert_eq!(manifest.instance_policy, Some(InstancePolicy::Resident));
        assert_eq!(manifest.limits.memory, Some(32 << 20));
        assert_eq!(manifest.limits.deadline_ms, Some(50));
        assert_eq!(
            manifest.capabilities,
            [Want::new("fs:read", "reads a list", true), Want::new("net", "asks a server", false)]
        );
    }

    #[test]
    fn no_table_is_the_standard_world() {
        let table = PluginTable::read("x", Path::new("Cargo.toml"), &serde_json::Value::Null).unwrap();
        assert_eq!(table.contract, None);
    }

    #[test]
    fn mistakes_are_told_with_the_mend() {
        for (table, told) in [
            ("contrakt = 1", "`plug` has no key `contrakt`; did you mean `contract`?"),
            (
                "xyz = 1",
                "`plug` has no key `xyz`; it may have: contract, instance-policy, capabilities, limits",
            ),
            ("contract = \"wit\"", "`contract` is no table; it may have: path, world"),
            (
                "contract = { world = \"a\" }",
                "`contract` has no `path`; write `contract = { path = \"wit\", world = \"…\" }`; leave it out for \
                 the standard world",
            ),
            ("contract = { path = 1 }", "`path` is no text; write `path = \"wit\"`"),
            (
                "instance-policy = \"hot\"",
                "`instance-policy` cannot be `hot`; it is `ephemeral`, `warm` or `resident`",
            ),
            ("limits = { memory = 32 }", "`memory` is no text; write `memory = \"32MiB\"`"),
            (
                "limits = { memory = \"32\" }",
                "`memory`: `32` is not a size; write a number and B, kB, MB, GB, KiB, MiB or GiB, such as `32MiB`",
            ),
            (
                "limits = { deadline = \"1h\" }",
                "`deadline`: `1h` is not a time; write a number and ms, s or min, such as `50ms`",
            ),
            ("limits = { memroy = \"1MiB\" }", "`limits` has no key `memroy`; did you mean `memory`?"),
            (
                "capabilities = { net = true }",
                "the capability `net` has no reason; write `\"net\" = \"why\"`, for the people who grant it",
            ),
            (
                "capabilities = { net = \" \" }",
                "the capability `net` has no reason; write `\"net\" = \"why\"`, for the people who grant it",
            ),
            (
                "capabilities = { net = { reasn = \"x\" } }",
                "`net` has no key `reasn`; did you mean `reason`?",
            ),
            ("capabilities = []", "`capabilities` is no table; write `\"fs:read\" = \"why\"` into it"),
        ] {
            assert_eq!(read(table).unwrap_err(), told);
        }
    }
}
