//! Two functions of one name: what wasmtime 48 would check between them, and what it would not.
//!
//! Value types have no subtyping in wasmtime: names, order and number of fields, cases and flags
//! count; names of parameters and of types, and the difference of `own` and `borrow`, do not.

use super::report::Verdict;
use crate::model::{Function, NamedType, ResourceId, Type, TypeDefinition};

/// Which way calls go.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Position {
    Import,
    Export,
}

/// One difference between two signatures.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Difference {
    pub(super) severity: Verdict,
    pub(super) message: String,
    pub(super) expected: String,
    pub(super) found: String,
}

/// Who provides a resource in the world that names it.
pub(super) type Provides<'a> = &'a dyn Fn(&ResourceId) -> bool;

/// Compares the functions of one name.
pub(super) struct Comparison<'a> {
    pub(super) position: Position,
    /// Whether the host's world exports the resource, that is: the plugin defines it.
    pub(super) host_exports: Provides<'a>,
    /// The same for the plugin's actual world.
    pub(super) plugin_exports: Provides<'a>,
}

impl Comparison<'_> {
    /// All differences, the worst first.
    pub(super) fn functions(&self, host: &Function, plugin: &Function) -> Vec<Difference> {
        if host.hashes() == plugin.hashes() && self.position == Position::Import {
            return Vec::new();
        }
        let mut out = Vec::new();
        let mut whole = |severity, message: &str| {
            out.push(Difference {
                severity,
                message: message.to_owned(),
                expected: host.signature(),
                found: plugin.signature(),
            });
        };
        if host.is_async() != plugin.is_async() {
            match self.position {
                Position::Import => whole(Verdict::Breaking, "one is async and the other is not"),
                Position::Export => whole(
                    Verdict::Hazard,
                    "one is async and the other is not; a synchronous call of an async export fails",
                ),
            }
        }
        let (ours, theirs) = (host.params(), plugin.params());
        if ours.len() != theirs.len() {
            whole(Verdict::Breaking, "the number of parameters differs");
        } else if ours.iter().zip(theirs).any(|(a, b)| a.name != b.name) {
            let sorted = |params: &[crate::model::Param]| {
                let mut names: Vec<_> = params.iter().map(|p| p.name.clone()).collect();
                names.sort();
                names
            };
            if sorted(ours) == sorted(theirs) {
                whole(
                    Verdict::Hazard,
                    "the parameters come in another order; the linker goes by position alone",
                );
            } else {
                whole(
                    Verdict::Hazard,
                    "parameters have other names; composition with other components refuses that",
                );
            }
        }
        if host.result().is_some() != plugin.result().is_some() {
            whole(Verdict::Breaking, "one returns a value and the other does not");
        }
        if ours.len() == theirs.len() {
            for (a, b) in ours.iter().zip(theirs) {
                self.types(&a.ty, &b.ty, &format!("parameter `{}`", a.name), &mut out);
            }
        }
        if let (Some(a), Some(b)) = (host.result(), plugin.result()) {
            self.types(a, b, "the result", &mut out);
        }
        out.sort_by_key(|difference| std::cmp::Reverse(difference.severity));
        out
    }

    fn types(&self, host: &Type, plugin: &Type, place: &str, out: &mut Vec<Difference>) {
        match (host, plugin) {
            (Type::Named(a), Type::Named(b)) => self.named(a, b, out),
            (Type::Tuple(a), Type::Tuple(b)) if a.len() == b.len() => {
                for (a, b) in a.iter().zip(b.iter()) {
                    self.types(a, b, place, out);
                }
            }
            (Type::Option(a), Type::Option(b)) | (Type::List(a), Type::List(b)) => {
                self.types(a, b, place, out)
            }
            (Type::FixedList(a, n), Type::FixedList(b, m)) if n == m => self.types(a, b, place, out),
            (Type::Map(a), Type::Map(b)) => {
                self.types(&a.0, &b.0, place, out);
                self.types(&a.1, &b.1, place, out);
            }
            (Type::Result(a_ok, a_err), Type::Result(b_ok, b_err))
                if a_ok.is_some() == b_ok.is_some() && a_err.is_some() == b_err.is_some() =>
            {
                for (a, b) in [(a_ok, b_ok), (a_err, b_err)] {
                    if let (Some(a), Some(b)) = (a, b) {
                        self.types(a, b, place, out);
                    }
                }
            }
            (Type::Future(a), Type::Future(b)) | (Type::Stream(a), Type::Stream(b))
                if a.is_some() == b.is_some() =>
            {
                if let (Some(a), Some(b)) = (a, b) {
                    self.types(a, b, place, out);
                }
            }
            (Type::Own(a) | Type::Borrow(a), Type::Own(b) | Type::Borrow(b)) => {
                self.handles(host, plugin, a, b, place, out);
            }
            (Type::Primitive(a), Type::Primitive(b)) if a == b => {}
            _ => out.push(Difference {
                severity: Verdict::Breaking,
                message: format!("{place} has another type"),
                expected: describe(host),
                found: describe(plugin),
            }),
        }
    }

    /// wasmtime does not tell `own` from `borrow` when linking, and a resource that the plugin
    /// defines is just any resource to the host.
    fn handles(
        &self,
        host: &Type,
        plugin: &Type,
        a: &ResourceId,
        b: &ResourceId,
        place: &str,
        out: &mut Vec<Difference>,
    ) {
        let difference = |severity, message: String| Difference {
            severity,
            message,
            expected: describe(host),
            found: describe(plugin),
        };
        let ours = (self.host_exports)(a);
        let theirs = (self.plugin_exports)(b);
        let both_from_plugin = self.position == Position::Export && ours && theirs;
        if ours != theirs && self.position == Position::Export {
            out.push(difference(
                Verdict::Breaking,
                format!("{place}: the resource is defined on the other side"),
            ));
        } else if a != b && both_from_plugin {
            out.push(difference(
                Verdict::Hazard,
                format!("{place} is a handle of another resource; calls will fail"),
            ));
        } else if a != b {
            out.push(difference(Verdict::Breaking, format!("{place} is a handle of another resource")));
        } else if std::mem::discriminant(host) != std::mem::discriminant(plugin) {
            out.push(difference(
                Verdict::Hazard,
                format!("{place} is owned on one side and borrowed on the other; both drop it, or neither"),
            ));
        }
    }

    fn named(&self, host: &NamedType, plugin: &NamedType, out: &mut Vec<Difference>) {
        if host.hashes().abi == plugin.hashes().abi && self.position == Position::Import {
            return;
        }
        let name = host.name();
        let keyword = host.definition().keyword();
        let mut differs = |message: String| {
            out.push(Difference {
                severity: Verdict::Breaking,
                message,
                expected: definition(host),
                found: definition(plugin),
            });
        };
        match (host.definition(), plugin.definition()) {
            (TypeDefinition::Record(a), TypeDefinition::Record(b)) => {
                match member_difference(a.iter().map(|f| &f.name), b.iter().map(|f| &f.name), "field") {
                    Some(what) => differs(format!("record `{name}`: {what}")),
                    None => {
                        for (a, b) in a.iter().zip(b) {
                            self.types(&a.ty, &b.ty, &format!("field `{}` of record `{name}`", a.name), out);
                        }
                    }
                }
            }
            (TypeDefinition::Variant(a), TypeDefinition::Variant(b)) => {
                match member_difference(a.iter().map(|c| &c.name), b.iter().map(|c| &c.name), "case") {
                    Some(what) => differs(format!("variant `{name}`: {what}")),
                    None => {
                        for (a, b) in a.iter().zip(b) {
                            match (&a.ty, &b.ty) {
                                (Some(x), Some(y)) => {
                                    self.types(x, y, &format!("case `{}` of variant `{name}`", a.name), out);
                                }
                                (None, None) => {}
                                _ => out.push(Difference {
                                    severity: Verdict::Breaking,
                                    message: format!(
                                        "variant `{name}`: the payload of case `{}` differs",
                                        a.name
                                    ),
                                    expected: definition(host),
                                    found: definition(plugin),
                                }),
                            }
                        }
                    }
                }
            }
            (TypeDefinition::Enum(a), TypeDefinition::Enum(b))
            | (TypeDefinition::Flags(a), TypeDefinition::Flags(b)) => {
                let member = if keyword == "enum" { "case" } else { "flag" };
                if let Some(what) = member_difference(a.iter(), b.iter(), member) {
                    differs(format!("{keyword} `{name}`: {what}"));
                }
            }
            (_, other) => differs(format!("{keyword} `{name}` is a {} on the other side", other.keyword())),
        }
    }
}

/// What is different in two ordered lists of names, the plugin's against the host's.
fn member_difference<'a>(
    host: impl Iterator<Item = &'a String> + Clone,
    plugin: impl Iterator<Item = &'a String> + Clone,
    member: &str,
) -> Option<String> {
    if host.clone().eq(plugin.clone()) {
        return None;
    }
    let list = |names: Vec<&String>| names.iter().map(|n| format!("`{n}`")).collect::<Vec<_>>().join(", ");
    let missing: Vec<_> = host.clone().filter(|name| !plugin.clone().any(|other| other == *name)).collect();
    let extra: Vec<_> = plugin.clone().filter(|name| !host.clone().any(|other| other == *name)).collect();
    Some(match (missing.is_empty(), extra.is_empty()) {
        (true, true) => format!("the {member}s come in another order"),
        (false, true) => format!("the plugin lacks the {member} {}", list(missing)),
        (true, false) => format!("the host lacks the {member} {}", list(extra)),
        (false, false) => {
            format!("the plugin has the {member} {} where the host has {}", list(extra), list(missing))
        }
    })
}

fn describe(ty: &Type) -> String {
    match ty {
        Type::Named(named) => definition(named),
        Type::Own(resource) => format!("own<{}> of {}", resource.name, resource.interface),
        Type::Borrow(resource) => format!("borrow<{}> of {}", resource.name, resource.interface),
        other => other.to_string(),
    }
}

/// A named type in one line, as WIT writes it.
fn definition(ty: &NamedType) -> String {
    let members: Vec<String> = match ty.definition() {
        TypeDefinition::Record(fields) => fields.iter().map(|f| format!("{}: {}", f.name, f.ty)).collect(),
        TypeDefinition::Variant(cases) => cases
            .iter()
            .map(|c| c.ty.as_ref().map_or_else(|| c.name.clone(), |ty| format!("{}({ty})", c.name)))
            .collect(),
        TypeDefinition::Enum(names) | TypeDefinition::Flags(names) => names.clone(),
    };
    format!("{} {} {{ {} }}", ty.definition().keyword(), ty.name(), members.join(", "))
}
