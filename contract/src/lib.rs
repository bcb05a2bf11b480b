//! Contracts between plugins and their hosts.
//!
//! A *contract* is a WIT world as a normalised value: what a plugin may import and must export.
//! It is read from WIT text ([`Wit`]) or from a component's bytes ([`Contract::from_component`]),
//! has a fingerprint ([`Contract::hash`]), and can be judged against another one ([`judge`]).
//! Macro, command line and host all use this one crate, so all give the same answer.
//!
//! ```
//! use plug_contract::Wit;
//!
//! let wit = Wit::from_text(
//!     "filter.wit",
//!     "package acme:images@1.2.0;
//!      interface image-filter { apply: func(pixels: list<u8>) -> result<list<u8>, string>; }
//!      world filter { include plug:plugin/base@1.0.0; export image-filter; }",
//! )?;
//! let contract = wit.contract(Some("filter"))?;
//! assert_eq!(contract.id(), "acme:images/filter@1.2.0");
//! assert!(contract.includes_base());
//! assert!(contract.hash().to_string().starts_with("wit1-"));
//! # Ok::<(), plug_contract::WitError>(())
//! ```
//!
//! The crate does no I/O outside reading WIT folders, never prints, and never panics on foreign
//! bytes.

mod artifact;
mod canonical;
mod compat;
mod hash;
mod load;
mod manifest;
mod model;
mod nesting;
mod package;
pub mod printable;
mod section;

pub use artifact::{
    ArtifactError, ArtifactKind, Digest, DigestParseError, InvalidBytes, MAX_ARTIFACT_BYTES, sniff,
};
pub use compat::{
    Bump, Cells, Direction, Edition, Finding, Hazard, Help, Linker, Lint, Outcome, Part as FindingPart,
    Report, Rule, Scope, Stage, Subject, Tally, Verdict, Verdicts, compare, judge, judge_on, lint, rule,
    rules,
};
pub use hash::{ContractHash, HashParseError};
pub use load::{OptionalError, Wit, WitError, WitErrorKind, WitOptions};
pub use manifest::{InstancePolicy, Manifest, Want, WantedLimits};
pub use model::{
    BASE_EXPORT, Case, Contract, EngineFeature, EngineNeed, Field, Function, Interface, Item, Location,
    NamedType, NodeHashes, Param, Remarks, ResourceId, Type, TypeDefinition, TypeOrigin, TypeSource,
};
pub use nesting::check_nesting;
pub use package::PLUGIN_WIT;
pub use section::{
    Digests, FunctionDigest, InvalidJson, MAX_SECTION_BYTES, Part, Role, SECTION_FORMAT, SECTION_NAME,
    Section, SectionError,
};

/// The parser whose types [`Wit::resolve`] shows.
pub use wit_parser;
