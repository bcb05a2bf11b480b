//! A whole world.

use std::collections::BTreeSet;
use std::fmt;
use std::sync::Arc;

use super::{Function, Interface, NodeHashes, ResourceId, Type, TypeOrigin};
use crate::canonical;
use crate::hash::ContractHash;

/// The track name of the export that makes a world a contract for plugins.
pub const BASE_EXPORT: &str = "plug:plugin/lifecycle@1";

/// A world as a normalised value: the whole of what a plugin may import and must export.
///
/// Cheap to clone. Two contracts with the same [`hash`](Contract::hash) differ in nothing but
/// documentation, order, file layout and exact versions on one track.
#[derive(Clone)]
pub struct Contract(Arc<Parts>);

/// What a contract is made of, before it has digests.
#[derive(Debug)]
pub(crate) struct Parts {
    pub(crate) package: String,
    pub(crate) version: Option<semver::Version>,
    pub(crate) world: String,
    pub(crate) features: Vec<String>,
    /// Sorted by key, then by exact version: a host may serve several versions of one track.
    pub(crate) imports: Vec<(String, Item)>,
    pub(crate) exports: Vec<(String, Item)>,
    /// What a host uses if a plugin exports it; sorted as the others are, and no part of the hash.
    pub(crate) optional: Vec<(String, Interface)>,
    /// What those import that the world itself does not: the host serves it for them.
    pub(crate) optional_imports: Vec<(String, Item)>,
    pub(crate) types: Vec<(String, TypeOrigin)>,
    pub(crate) hashes: NodeHashes,
}

/// Which side of a world.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Side {
    Import,
    Export,
}

/// Something that a world imports or exports.
#[derive(Debug, Clone)]
pub enum Item {
    /// A function of the world itself.
    Function(Function),
    /// An interface.
    Interface(Interface),
    /// A resource of the world itself.
    Resource(ResourceId),
    /// A value type of the world itself.
    Type(Type),
}

impl Contract {
    pub(crate) fn new(mut parts: Parts) -> Contract {
        parts.hashes = canonical::world(&parts);
        Contract(Arc::new(parts))
    }

    /// Package, world and exact version: `acme:images/filter@1.2.0`.
    ///
    /// A contract read from a finished component is `root:component/root`: the binary form does
    /// not keep the world's name.
    #[must_use]
    pub fn id(&self) -> String {
        let version = self.0.version.as_ref().map_or_else(String::new, |v| format!("@{v}"));
        format!("{}/{}{version}", self.0.package, self.0.world)
    }

    /// The package's name without version: `acme:images`.
    #[must_use]
    pub fn package(&self) -> &str {
        &self.0.package
    }

    /// The package's exact version.
    #[must_use]
    pub fn version(&self) -> Option<&semver::Version> {
        self.0.version.as_ref()
    }

    /// The world's name.
    #[must_use]
    pub fn world(&self) -> &str {
        &self.0.world
    }

    /// The features that were on when the text was read; where all were, those that it has.
    #[must_use]
    pub fn features(&self) -> &[String] {
        &self.0.features
    }

    /// The contract hash: the API digest of the world. It does not depend on the world's name.
    #[must_use]
    pub fn hash(&self) -> ContractHash {
        self.0.hashes.api
    }

    /// The ABI digest of the world: equal ones link with each other on wasmtime 48.
    #[must_use]
    pub fn abi_hash(&self) -> ContractHash {
        self.0.hashes.abi
    }

    /// What the world imports, by track name (`plug:plugin/host-api@1`) or plain name, in order.
    pub fn imports(&self) -> impl Iterator<Item = (&str, &Item)> {
        self.0.imports.iter().map(|(key, item)| (key.as_str(), item))
    }

    /// What the world exports, by track name or plain name, in order.
    pub fn exports(&self) -> impl Iterator<Item = (&str, &Item)> {
        self.0.exports.iter().map(|(key, item)| (key.as_str(), item))
    }

    /// The import of that track name or plain name; of several versions on the track, the highest.
    #[must_use]
    pub fn import(&self, key: &str) -> Option<&Item> {
        last_of(&self.0.imports, key)
    }

    /// The export of that track name or plain name; of several versions on the track, the highest.
    #[must_use]
    pub fn export(&self, key: &str) -> Option<&Item> {
        last_of(&self.0.exports, key)
    }

    /// The interfaces that a host uses when a plugin exports them: what the world named
    /// `<world>-optional` of the same package exports. They are no part of the
    /// [`hash`](Contract::hash), so that a new one leaves every plugin as it was.
    pub fn optional_exports(&self) -> impl Iterator<Item = (&str, &Interface)> {
        self.0.optional.iter().map(|(key, interface)| (key.as_str(), interface))
    }

    /// What optional exports import that the world itself does not. A host serves it for their sake.
    pub fn optional_imports(&self) -> impl Iterator<Item = (&str, &Item)> {
        self.0.optional_imports.iter().map(|(key, item)| (key.as_str(), item))
    }

    /// The optional interface of that track name.
    #[must_use]
    pub fn optional_export(&self, key: &str) -> Option<&Interface> {
        self.0.optional.iter().rev().find(|(name, _)| name == key).map(|(_, interface)| interface)
    }

    /// The same contract with the exports of another one.
    pub(crate) fn with_exports_of(&self, other: &Contract) -> Contract {
        let parts = &self.0;
        Contract::new(Parts {
            package: parts.package.clone(),
            version: parts.version.clone(),
            world: parts.world.clone(),
            features: parts.features.clone(),
            imports: parts.imports.clone(),
            exports: other.0.exports.clone(),
            optional: other.0.optional.clone(),
            optional_imports: other.0.optional_imports.clone(),
            types: parts.types.clone(),
            hashes: parts.hashes,
        })
    }

    /// The same contract without the functions and resources of imported and exported interfaces that
    /// `is_there` denies. Interfaces that are on one side only are left as they are.
    pub(crate) fn retain(&self, is_there: impl Fn(Side, &str, &str) -> bool) -> Contract {
        let parts = &self.0;
        let is_on_both = |key: &str| self.import(key).is_some() && self.export(key).is_some();
        let retain = |side: Side, items: &[(String, Item)]| -> Vec<(String, Item)> {
            let mut items = items.to_vec();
            for (key, item) in &mut items {
                if let Item::Interface(interface) = item
                    && is_on_both(key)
                {
                    let exact = interface.exact_id.clone();
                    interface.functions.retain(|name, _| is_there(side, &exact, name));
                    let (gone, there): (BTreeSet<String>, BTreeSet<String>) =
                        interface.resources.iter().cloned().partition(|name| !is_there(side, &exact, name));
                    interface.resources = there;
                    interface.origins.retain(|name, _| !gone.contains(name));
                    interface.hashes = canonical::interface(interface);
                }
            }
            items
        };
        Contract::new(Parts {
            package: parts.package.clone(),
            version: parts.version.clone(),
            world: parts.world.clone(),
            features: parts.features.clone(),
            imports: retain(Side::Import, &parts.imports),
            exports: retain(Side::Export, &parts.exports),
            optional: parts.optional.clone(),
            optional_imports: parts.optional_imports.clone(),
            types: parts.types.clone(),
            hashes: parts.hashes,
        })
    }

    /// The names of types that the world itself has, and where each comes from.
    pub fn type_origins(&self) -> impl Iterator<Item = (&str, &TypeOrigin)> {
        self.0.types.iter().map(|(name, origin)| (name.as_str(), origin))
    }

    /// Whether the world includes our base: it exports `plug:plugin/lifecycle`.
    #[must_use]
    pub fn includes_base(&self) -> bool {
        self.export(BASE_EXPORT).is_some()
    }
}

fn last_of<'a>(items: &'a [(String, Item)], key: &str) -> Option<&'a Item> {
    items.iter().rev().find(|(name, _)| name == key).map(|(_, item)| item)
}

impl Item {
    /// The digests of the node.
    #[must_use]
    pub fn hashes(&self) -> Option<NodeHashes> {
        match self {
            Item::Function(function) => Some(function.hashes),
            Item::Interface(interface) => Some(interface.hashes),
            Item::Resource(_) | Item::Type(_) => None,
        }
    }
}

impl fmt::Debug for Contract {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Contract").field("id", &self.id()).field("hash", &self.hash()).finish_non_exhaustive()
    }
}

/// Equal by contract hash.
impl PartialEq for Contract {
    fn eq(&self, other: &Self) -> bool {
        self.hash() == other.hash()
    }
}

impl Eq for Contract {}
