//! What a text says about a node beyond its meaning: none of it counts in a hash.

use super::Location;

/// The gates of a node.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Remarks {
    pub(crate) since: Option<semver::Version>,
    pub(crate) deprecated: Option<semver::Version>,
    pub(crate) feature: Option<String>,
}

impl Remarks {
    /// The version of `@since`.
    #[must_use]
    pub fn since(&self) -> Option<&semver::Version> {
        self.since.as_ref()
    }

    /// The version of `@deprecated`.
    #[must_use]
    pub fn deprecated(&self) -> Option<&semver::Version> {
        self.deprecated.as_ref()
    }

    /// The feature of `@unstable`.
    #[must_use]
    pub fn feature(&self) -> Option<&str> {
        self.feature.as_deref()
    }
}

/// Where the name of a type comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TypeOrigin {
    pub(crate) source: TypeSource,
    pub(crate) location: Option<Location>,
    pub(crate) remarks: Remarks,
}

/// How a name came to stand for a type.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum TypeSource {
    /// Defined here: a record, variant, enum, flags or resource.
    Definition,
    /// `type name = …`
    Alias,
    /// `use` of a type of another interface.
    Use {
        /// The interface, by track name.
        interface: String,
        /// The type's name there.
        name: String,
    },
}

impl TypeOrigin {
    /// How the name came to be.
    #[must_use]
    pub fn source(&self) -> &TypeSource {
        &self.source
    }

    /// Where, when it was read from text.
    #[must_use]
    pub fn location(&self) -> Option<&Location> {
        self.location.as_ref()
    }

    /// What is said about it beyond its meaning.
    #[must_use]
    pub fn remarks(&self) -> &Remarks {
        &self.remarks
    }
}
