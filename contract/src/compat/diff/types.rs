//! Two types at one place of a signature or of another type.

use std::collections::HashMap;

use super::change::{Choice, Contexts, Draft, Position};
use super::walk::{Optional, Walk};
use super::{retyped, text};
use crate::compat::report::Part;
use crate::compat::verdict::Verdict;
use crate::model::{Function, NamedType, Type};

/// What was found below a pair of named types, so that each pair is compared once. By address: the
/// contracts outlive the walk. Each index with whether it is in the pair itself.
pub(super) type Memo = HashMap<(*const NamedType, *const NamedType, Position, Optional), Vec<(usize, bool)>>;

/// What sort of function a signature belongs to: their changes have rules of their own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Callee {
    Function,
    Method,
    Static,
    Constructor,
    WorldFunction,
}

/// Whose part a type is.
#[derive(Clone, Copy)]
pub(super) enum Owner<'a> {
    Function { callee: Callee, old: &'a Function, new: &'a Function },
    Type { old: &'a NamedType, new: &'a NamedType },
}

impl Owner<'_> {
    fn parts(self) -> (Part, Part) {
        match self {
            Owner::Function { old, new, .. } => (text::signature(old), text::signature(new)),
            Owner::Type { old, new } => (text::definition_part(old), text::definition_part(new)),
        }
    }
}

/// Which part.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Site {
    Param,
    Result,
    Field,
    Payload,
    /// The value of a function's `result` when it is ok.
    Ok,
    /// The error of a function's `result`.
    Error,
    ListElement,
    StreamElement,
    FuturePayload,
    MapKey,
    MapValue,
    OptionValue,
    TupleElement,
    /// In a `result` that is part of another type.
    ResultPart,
}

/// Where two types stand.
#[derive(Clone)]
pub(super) struct Spot<'a> {
    pub(super) position: Position,
    /// Whether it is in an optional export.
    pub(super) optional: Optional,
    /// The import or export that leads here.
    pub(super) place: &'a str,
    pub(super) owner: Owner<'a>,
    /// The path of the owner.
    pub(super) path: String,
    pub(super) site: Site,
    /// The site in words: parameter `a`.
    pub(super) words: String,
    pub(super) seen: Contexts,
}

impl Spot<'_> {
    fn at(&self, site: Site) -> Self {
        Spot { site, ..self.clone() }
    }

    fn streamed(&self, site: Site) -> Self {
        Spot { site, seen: Contexts { plain: false, ..self.seen }, ..self.clone() }
    }
}

impl Walk<'_> {
    /// Compares two types. Returns what was found, each with whether it is in this type itself and
    /// not in a named one below.
    pub(super) fn types(&mut self, old: &Type, new: &Type, spot: &Spot<'_>) -> Vec<(usize, bool)> {
        match (old, new) {
            (Type::Named(a), Type::Named(b)) => self.named(a, b, spot),
            (Type::Tuple(a), Type::Tuple(b)) if a.len() == b.len() => {
                let inner = spot.at(Site::TupleElement);
                a.iter().zip(b.iter()).flat_map(|(a, b)| self.types(a, b, &inner)).collect()
            }
            (Type::Option(a), Type::Option(b)) => self.types(a, b, &spot.at(Site::OptionValue)),
            (Type::List(a), Type::List(b)) => self.types(a, b, &spot.at(Site::ListElement)),
            (Type::FixedList(a, n), Type::FixedList(b, m)) if n == m => {
                self.types(a, b, &spot.at(Site::ListElement))
            }
            (Type::Map(a), Type::Map(b)) => {
                let mut found = self.types(&a.0, &b.0, &spot.at(Site::MapKey));
                found.extend(self.types(&a.1, &b.1, &spot.at(Site::MapValue)));
                found
            }
            (Type::Result(a_ok, a_err), Type::Result(b_ok, b_err))
                if a_ok.is_some() == b_ok.is_some() && a_err.is_some() == b_err.is_some() =>
            {
                let in_signature = spot.site == Site::Result;
                let mut found = Vec::new();
                if let (Some(a), Some(b)) = (a_ok, b_ok) {
                    let site = if in_signature { Site::Ok } else { Site::ResultPart };
                    found.extend(self.types(a, b, &spot.at(site)));
                }
                if let (Some(a), Some(b)) = (a_err, b_err) {
                    let mut error = spot.at(if in_signature { Site::Error } else { Site::ResultPart });
                    if in_signature {
                        error.seen = Contexts { error: true, result: false, ..error.seen };
                    }
                    found.extend(self.types(a, b, &error));
                }
                found
            }
            (Type::Future(Some(a)), Type::Future(Some(b))) => {
                self.types(a, b, &spot.streamed(Site::FuturePayload))
            }
            (Type::Stream(Some(a)), Type::Stream(Some(b))) => {
                self.types(a, b, &spot.streamed(Site::StreamElement))
            }
            (Type::Future(None), Type::Future(None)) | (Type::Stream(None), Type::Stream(None)) => Vec::new(),
            (Type::Own(a) | Type::Borrow(a), Type::Own(b) | Type::Borrow(b)) => {
                self.handles(old, new, a, b, spot)
            }
            (Type::Primitive(a), Type::Primitive(b)) if a == b => Vec::new(),
            _ => vec![self.mismatch(old, new, spot)],
        }
    }

    /// Two types that have nothing in common.
    fn mismatch(&mut self, old: &Type, new: &Type, spot: &Spot<'_>) -> (usize, bool) {
        let index = self.replaced(retyped::rule(old, new, spot), old, new, None, spot);
        self.retyped.push((index, old.clone(), new.clone()));
        (index, true)
    }

    /// Keeps that one type stands where another stood.
    pub(super) fn replaced(
        &mut self,
        rule: &'static str,
        old: &Type,
        new: &Type,
        verdict: Option<Verdict>,
        spot: &Spot<'_>,
    ) -> usize {
        let (was, is) = (text::describe(old), text::describe(new));
        let message = self.say(
            || format!("{} was `{was}` and is now `{is}`", spot.words),
            || format!("{} is `{is}` in the plugin and `{was}` on the host", spot.words),
        );
        self.keep_as(verdict, Choice::Rule(rule), message, spot)
    }

    /// Keeps a difference at a spot, with both sides of its owner.
    pub(super) fn keep(&mut self, choice: Choice, message: String, spot: &Spot<'_>) -> usize {
        self.keep_as(None, choice, message, spot)
    }

    fn keep_as(
        &mut self,
        verdict: Option<Verdict>,
        choice: Choice,
        message: String,
        spot: &Spot<'_>,
    ) -> usize {
        let (old, new) = spot.owner.parts();
        let draft =
            Draft { choice, path: spot.path.clone(), message, old: Some(old), new: Some(new), verdict };
        self.changes.add(draft, spot.seen, spot.position, spot.place)
    }
}

/// Whether the linker would take one for the other, names of types apart.
pub(super) fn same_abi(a: &Type, b: &Type) -> bool {
    match (a, b) {
        (Type::Named(a), Type::Named(b)) => {
            a.hashes().abi == b.hashes().abi && a.definition().keyword() == b.definition().keyword()
        }
        (Type::Tuple(a), Type::Tuple(b)) => {
            a.len() == b.len() && a.iter().zip(b.iter()).all(|(a, b)| same_abi(a, b))
        }
        (Type::Option(a), Type::Option(b)) | (Type::List(a), Type::List(b)) => same_abi(a, b),
        (Type::FixedList(a, n), Type::FixedList(b, m)) => n == m && same_abi(a, b),
        (Type::Map(a), Type::Map(b)) => same_abi(&a.0, &b.0) && same_abi(&a.1, &b.1),
        (Type::Result(a, e), Type::Result(b, f)) => same_optional(a, b) && same_optional(e, f),
        (Type::Future(a), Type::Future(b)) | (Type::Stream(a), Type::Stream(b)) => same_optional(a, b),
        _ => a == b,
    }
}

fn same_optional(a: &Option<std::sync::Arc<Type>>, b: &Option<std::sync::Arc<Type>>) -> bool {
    match (a, b) {
        (None, None) => true,
        (Some(a), Some(b)) => same_abi(a, b),
        _ => false,
    }
}
