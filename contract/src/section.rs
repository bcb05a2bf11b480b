//! The custom section `wit-contract`: what a component says it was built for.
//!
//! JSON, so that any tool in any language reads it; unknown fields are ignored, so that an older
//! host reads what a newer tool wrote. It is a claim to be verified, never a reason to skip a
//! check (`docs/decisions/0001`).

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt;

use serde::{Deserialize, Serialize};
use wasm_encoder::{ComponentSection as _, CustomSection, Encode as _};
use wasmparser::{BinaryReaderError, Encoding, Parser, Payload};

use crate::artifact::{ArtifactError, sniff};
use crate::hash::ContractHash;
use crate::load::{Wit, WitError, WitOptions};
use crate::manifest::Manifest;
use crate::model::{Contract, Item, NodeHashes};
use crate::printable;

/// The section's name.
pub const SECTION_NAME: &str = "wit-contract";
/// The version of the section's format that is written here.
pub const SECTION_FORMAT: u32 = 1;
/// The largest section that is read: a world of 2,000 functions has some 400 kB.
pub const MAX_SECTION_BYTES: usize = 1 << 20;

/// What a component declares of itself.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub struct Section {
    /// The version of this format; a reader refuses one that it does not know.
    pub format: u32,
    /// The scheme of all hashes here.
    pub scheme: String,
    /// Package, world and exact version that the plugin was written for.
    pub world: String,
    /// The WIT features that were on.
    #[serde(default)]
    pub features: Vec<String>,
    /// Digests of the whole declared world, before trimming.
    pub contract: Digests,
    /// The declared world with all that it refers to, as WIT text without documentation.
    #[serde(default)]
    pub wit: String,
    /// The interfaces of the declared world.
    #[serde(default)]
    pub parts: Vec<Part>,
    /// Each imported function that is used, and each exported one.
    #[serde(default)]
    pub functions: Vec<FunctionDigest>,
    /// Tools that had a hand in it, with their versions.
    #[serde(default)]
    pub tools: BTreeMap<String, String>,
    /// The plugin's manifest.
    #[serde(default)]
    pub manifest: Manifest,
}

/// A pair of digests, as text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Digests {
    /// The API digest.
    #[serde(with = "hash_text")]
    pub api: ContractHash,
    /// The ABI digest.
    #[serde(with = "hash_text")]
    pub abi: ContractHash,
}

/// Which side of the world an item is on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Role {
    /// The plugin uses it.
    Import,
    /// The plugin provides it.
    Export,
}

/// An interface of the declared world.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Part {
    /// Its name with the version track.
    pub name: String,
    /// Its name with the exact version.
    pub exact: String,
    /// Imported or exported.
    pub role: Role,
    /// Its digests.
    #[serde(flatten)]
    pub digests: Digests,
}

/// A function that the component really has.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct FunctionDigest {
    /// `plug:plugin/host-api@1#log-message`, or a plain name.
    pub name: String,
    /// Imported or exported.
    pub role: Role,
    /// Its digests.
    #[serde(flatten)]
    pub digests: Digests,
}

/// A section that cannot be read or written.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum SectionError {
    /// The bytes are no component.
    #[error(transparent)]
    Artifact(#[from] ArtifactError),
    /// More than one section of the name.
    #[error("more than one `{SECTION_NAME}` section; a component has one at most")]
    Duplicate,
    /// Larger than [`MAX_SECTION_BYTES`].
    #[error("a `{SECTION_NAME}` section of {size} bytes, more than {MAX_SECTION_BYTES}")]
    TooLarge {
        /// Its size in bytes.
        size: usize,
    },
    /// Written by a newer tool in a format that is not known here.
    #[error("a `{SECTION_NAME}` section of format {format}; this version reads format {SECTION_FORMAT}")]
    UnknownFormat {
        /// The format it says it has.
        format: u32,
    },
    /// Its WIT cannot be read.
    #[error("a `{SECTION_NAME}` section whose WIT cannot be read")]
    Wit {
        /// What is wrong with it.
        #[source]
        source: WitError,
    },
    /// Its WIT has another hash than it claims.
    #[error("a `{SECTION_NAME}` section that claims the contract {claimed}, but its WIT has {actual}")]
    FalseHash {
        /// The hash it claims.
        claimed: ContractHash,
        /// The hash of its WIT.
        actual: ContractHash,
    },
    /// A part of its WIT or a function of its component has other hashes than it claims.
    #[error("a `{SECTION_NAME}` section that is wrong about {}", printable::line(.name))]
    FalsePart {
        /// The interface or function.
        name: String,
    },
    /// Not what this format is.
    #[error("a `{SECTION_NAME}` section that cannot be read")]
    Malformed {
        /// What is wrong with it.
        #[source]
        source: InvalidJson,
    },
}

/// What is wrong with the text of a section, with the place.
///
/// serde's words name what is in the text, so they are shown with control characters escaped.
#[derive(Debug)]
pub struct InvalidJson(serde_json::Error);

impl From<serde_json::Error> for InvalidJson {
    fn from(error: serde_json::Error) -> InvalidJson {
        InvalidJson(error)
    }
}

impl fmt::Display for InvalidJson {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&printable::line(&self.0.to_string()))
    }
}

impl std::error::Error for InvalidJson {}

impl SectionError {
    /// The code of its page under `docs/errors`.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            SectionError::Artifact(error) => error.code(),
            SectionError::Duplicate => "PLG0208",
            SectionError::TooLarge { .. }
            | SectionError::UnknownFormat { .. }
            | SectionError::Malformed { .. }
            | SectionError::Wit { .. }
            | SectionError::FalseHash { .. }
            | SectionError::FalsePart { .. } => "PLG0207",
        }
    }
}

impl Section {
    /// What a component with the surface `actual`, built for `world` of `wit`, has to say.
    ///
    /// # Errors
    /// As [`Wit::contract`] and [`Wit::to_text`].
    pub fn declare(
        wit: &Wit,
        world: Option<&str>,
        actual: &Contract,
        tools: BTreeMap<String, String>,
        manifest: Manifest,
    ) -> Result<Section, WitError> {
        let declared = &wit.contract(world)?;
        Ok(Section {
            format: SECTION_FORMAT,
            scheme: "wit1".to_owned(),
            world: declared.id(),
            features: declared.features().to_vec(),
            contract: Digests { api: declared.hash(), abi: declared.abi_hash() },
            wit: wit.to_text()?,
            parts: parts(declared),
            functions: functions(actual),
            tools,
            manifest,
        })
    }

    /// The declared contract, read from the section's own text.
    ///
    /// # Errors
    /// When the text does not parse, or it is not the one whose hashes the section claims, as a
    /// whole or in a part.
    pub fn declared(&self) -> Result<Contract, SectionError> {
        let options = WitOptions::default().features(&self.features);
        let wit = options
            .read_text("the section's WIT", &self.wit)
            .map_err(|source| SectionError::Wit { source })?;
        let contract = wit.contract(Some(&self.world)).map_err(|source| SectionError::Wit { source })?;
        if contract.hash() != self.contract.api || contract.abi_hash() != self.contract.abi {
            return Err(SectionError::FalseHash { claimed: self.contract.api, actual: contract.hash() });
        }
        match parts(&contract).into_iter().find(|part| !self.parts.contains(part)) {
            Some(part) => Err(SectionError::FalsePart { name: part.name }),
            None if self.parts.len() != parts(&contract).len() => {
                Err(SectionError::FalsePart { name: contract.id() })
            }
            None => Ok(contract),
        }
    }

    /// As [`declared`](Section::declared), for the section of a component with the surface
    /// `actual`: the functions that it lists have to be that component's.
    ///
    /// Whether the component fits what it declares is another question: see
    /// [`judge`](crate::judge).
    ///
    /// # Errors
    /// As [`declared`](Section::declared), and when the functions or their digests differ.
    pub fn verify(&self, actual: &Contract) -> Result<Contract, SectionError> {
        let declared = self.declared()?;
        let there = functions(actual);
        match there.iter().find(|function| !self.functions.contains(function)) {
            Some(function) => Err(SectionError::FalsePart { name: function.name.clone() }),
            None if self.functions.len() != there.len() => {
                Err(SectionError::FalsePart { name: "functions that the component does not have".to_owned() })
            }
            None => Ok(declared),
        }
    }

    /// Reads the section of a component, if it has one.
    ///
    /// # Errors
    /// When the bytes are no component, or the section is duplicated, too large, of an unknown
    /// format, or garbled.
    pub fn read(component: &[u8]) -> Result<Option<Section>, SectionError> {
        sniff(component)?;
        let mut found = None;
        for_each_top_level(component, |name, data, _| {
            if name == SECTION_NAME {
                if found.is_some() {
                    return Err(SectionError::Duplicate);
                }
                found = Some(data);
            }
            Ok(())
        })?;
        found.map(Section::parse).transpose()
    }

    fn parse(data: &[u8]) -> Result<Section, SectionError> {
        if data.len() > MAX_SECTION_BYTES {
            return Err(SectionError::TooLarge { size: data.len() });
        }
        #[derive(Deserialize)]
        struct Format {
            format: u32,
        }
        let malformed = |error: serde_json::Error| SectionError::Malformed { source: error.into() };
        let Format { format } = serde_json::from_slice(data).map_err(malformed)?;
        if format != SECTION_FORMAT {
            return Err(SectionError::UnknownFormat { format });
        }
        serde_json::from_slice(data).map_err(malformed)
    }

    /// The component with this section appended, and an older one of its own removed.
    ///
    /// # Errors
    /// When the bytes are no component, or the section would be larger than
    /// [`MAX_SECTION_BYTES`].
    pub fn embed(&self, component: &[u8]) -> Result<Vec<u8>, SectionError> {
        sniff(component)?;
        let data =
            serde_json::to_vec(self).map_err(|error| SectionError::Malformed { source: error.into() })?;
        if data.len() > MAX_SECTION_BYTES {
            return Err(SectionError::TooLarge { size: data.len() });
        }
        let mut out = Vec::with_capacity(component.len() + data.len() + 32);
        let mut copied = 0;
        for_each_top_level(component, |name, _, range| {
            if name == SECTION_NAME {
                out.extend_from_slice(&component[copied..range.start]);
                copied = range.end;
            }
            Ok(())
        })?;
        out.extend_from_slice(&component[copied..]);
        let section = CustomSection { name: Cow::Borrowed(SECTION_NAME), data: Cow::Owned(data) };
        out.push(section.id());
        section.encode(&mut out);
        Ok(out)
    }
}

/// The interfaces of a declared world.
fn parts(declared: &Contract) -> Vec<Part> {
    let mut parts = Vec::new();
    for role in [Role::Import, Role::Export] {
        for (key, item) in role.items(declared) {
            if let Item::Interface(interface) = item {
                parts.push(Part {
                    name: key.to_owned(),
                    exact: interface.exact_id().to_owned(),
                    role,
                    digests: interface.hashes().into(),
                });
            }
        }
    }
    parts
}

/// The functions that a component really has.
fn functions(actual: &Contract) -> Vec<FunctionDigest> {
    let mut functions = Vec::new();
    for role in [Role::Import, Role::Export] {
        for (key, item) in role.items(actual) {
            let mut push = |name: String, hashes: NodeHashes| {
                functions.push(FunctionDigest { name, role, digests: hashes.into() });
            };
            match item {
                Item::Interface(interface) => {
                    for (name, function) in interface.functions() {
                        push(format!("{key}#{name}"), function.hashes());
                    }
                }
                Item::Function(function) => push(key.to_owned(), function.hashes()),
                Item::Resource(_) | Item::Type(_) => {}
            }
        }
    }
    functions
}

impl Role {
    fn items(self, contract: &Contract) -> Box<dyn Iterator<Item = (&str, &Item)> + '_> {
        match self {
            Role::Import => Box::new(contract.imports()),
            Role::Export => Box::new(contract.exports()),
        }
    }
}

impl From<NodeHashes> for Digests {
    fn from(hashes: NodeHashes) -> Self {
        Digests { api: hashes.api, abi: hashes.abi }
    }
}

/// Calls `visit` with each custom section of the outermost component: name, data, and the range
/// of the whole section with its header.
fn for_each_top_level<'a>(
    component: &'a [u8],
    mut visit: impl FnMut(&str, &'a [u8], std::ops::Range<usize>) -> Result<(), SectionError>,
) -> Result<(), SectionError> {
    let invalid =
        |why: BinaryReaderError| SectionError::Artifact(ArtifactError::Invalid { source: why.into() });
    let mut depth = 0usize;
    let mut end_of_previous = 8;
    for payload in Parser::new(0).parse_all(component) {
        let payload = payload.map_err(invalid)?;
        match &payload {
            Payload::Version { encoding, .. } => {
                if depth == 0 && *encoding == Encoding::Module {
                    return Err(ArtifactError::CoreModule.into());
                }
                depth += 1;
            }
            Payload::End(_) => depth -= 1,
            Payload::CustomSection(section) if depth == 1 => {
                visit(section.name(), section.data(), end_of_previous..section.range().end)?;
            }
            _ => {}
        }
        if depth == 1 {
            // nested modules and components end where their own `End` stands
            end_of_previous = match &payload {
                Payload::End(offset) => *offset,
                other => other.as_section().map_or(end_of_previous, |(_, range)| range.end),
            };
        }
    }
    Ok(())
}

mod hash_text {
    use serde::{Deserialize as _, Deserializer, Serializer, de::Error as _};

    use crate::hash::ContractHash;

    pub(super) fn serialize<S: Serializer>(hash: &ContractHash, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(hash)
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<ContractHash, D::Error> {
        let text = std::borrow::Cow::<str>::deserialize(deserializer)?;
        text.parse().map_err(D::Error::custom)
    }
}
