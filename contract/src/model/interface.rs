//! Functions, and the interfaces that group them.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use super::{Remarks, Type, TypeOrigin};
use crate::hash::ContractHash;

/// A place in WIT text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Location {
    /// The file, as it was named when it was read.
    pub file: String,
    /// Line, from 1.
    pub line: u32,
    /// Column in bytes, from 1.
    pub column: u32,
}

impl fmt::Display for Location {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}:{}", self.file, self.line, self.column)
    }
}

/// The two digests of a node (`docs/decisions/0001`).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NodeHashes {
    /// All that a binding generator or the specification can see: *the* contract hash.
    pub api: ContractHash,
    /// What wasmtime's linker sees.
    pub abi: ContractHash,
}

/// A parameter of a function.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Param {
    /// Its name.
    pub name: String,
    /// Its type.
    pub ty: Type,
}

/// A function of an interface or of a world.
#[derive(Debug, Clone)]
pub struct Function {
    pub(crate) name: String,
    pub(crate) is_async: bool,
    pub(crate) params: Vec<Param>,
    pub(crate) result: Option<Type>,
    pub(crate) location: Option<Location>,
    pub(crate) remarks: Remarks,
    pub(crate) hashes: NodeHashes,
}

impl Function {
    /// Its name as an extern: `process`, `[method]counter.next`, `[constructor]counter`.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Whether it is declared `async`.
    #[must_use]
    pub fn is_async(&self) -> bool {
        self.is_async
    }

    /// Its parameters in order; a method's first one is `self`.
    #[must_use]
    pub fn params(&self) -> &[Param] {
        &self.params
    }

    /// What it returns.
    #[must_use]
    pub fn result(&self) -> Option<&Type> {
        self.result.as_ref()
    }

    /// Where it was declared, when it was read from text.
    #[must_use]
    pub fn location(&self) -> Option<&Location> {
        self.location.as_ref()
    }

    /// What is said about it beyond its meaning.
    #[must_use]
    pub fn remarks(&self) -> &Remarks {
        &self.remarks
    }

    /// Its digests.
    #[must_use]
    pub fn hashes(&self) -> NodeHashes {
        self.hashes
    }

    /// The signature as WIT writes it, without the name: `func(a: u32) -> string`.
    #[must_use]
    pub fn signature(&self) -> String {
        let params: Vec<_> = self.params.iter().map(|p| format!("{}: {}", p.name, p.ty)).collect();
        let result = self.result.as_ref().map_or_else(String::new, |ty| format!(" -> {ty}"));
        let keyword = if self.is_async { "async func" } else { "func" };
        format!("{keyword}({}){result}", params.join(", "))
    }
}

/// A named set of functions, resources and types.
#[derive(Debug, Clone)]
pub struct Interface {
    pub(crate) exact_id: String,
    pub(crate) track_id: String,
    pub(crate) version: Option<semver::Version>,
    pub(crate) functions: BTreeMap<String, Function>,
    pub(crate) resources: BTreeSet<String>,
    pub(crate) types: BTreeMap<String, Type>,
    pub(crate) origins: BTreeMap<String, TypeOrigin>,
    pub(crate) location: Option<Location>,
    pub(crate) remarks: Remarks,
    pub(crate) hashes: NodeHashes,
}

impl Interface {
    /// With its exact version: `wasi:io/streams@0.2.6`.
    #[must_use]
    pub fn exact_id(&self) -> &str {
        &self.exact_id
    }

    /// With its version track: `wasi:io/streams@0.2`. Versions on one track link with each other.
    #[must_use]
    pub fn track_id(&self) -> &str {
        &self.track_id
    }

    /// The exact version of its package.
    #[must_use]
    pub fn version(&self) -> Option<&semver::Version> {
        self.version.as_ref()
    }

    /// Its functions by extern name, those of resources included.
    #[must_use]
    pub fn functions(&self) -> &BTreeMap<String, Function> {
        &self.functions
    }

    /// The resources that it defines.
    #[must_use]
    pub fn resources(&self) -> &BTreeSet<String> {
        &self.resources
    }

    /// The value types that it names, aliases included.
    #[must_use]
    pub fn types(&self) -> &BTreeMap<String, Type> {
        &self.types
    }

    /// Where each of its types and resources comes from, by name.
    #[must_use]
    pub fn type_origins(&self) -> &BTreeMap<String, TypeOrigin> {
        &self.origins
    }

    /// Where it was declared, when it was read from text.
    #[must_use]
    pub fn location(&self) -> Option<&Location> {
        self.location.as_ref()
    }

    /// What is said about it beyond its meaning.
    #[must_use]
    pub fn remarks(&self) -> &Remarks {
        &self.remarks
    }

    /// Its digests.
    #[must_use]
    pub fn hashes(&self) -> NodeHashes {
        self.hashes
    }

    /// Whether the linker ever looks at it: it has a function or a resource.
    #[must_use]
    pub fn is_linked(&self) -> bool {
        !self.functions.is_empty() || !self.resources.is_empty()
    }
}
