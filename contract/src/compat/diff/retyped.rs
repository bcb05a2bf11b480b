//! Which rule a change from one type to another falls under.

use super::change::Position;
use super::types::{Callee, Owner, Site, Spot};
use crate::model::Type;

/// The rule for two types that have nothing in common at their top.
pub(super) fn rule(old: &Type, new: &Type, spot: &Spot<'_>) -> &'static str {
    let is_constructor = matches!(spot.owner, Owner::Function { callee: Callee::Constructor, .. });
    of_kind(old, new)
        .filter(|_| !is_constructor)
        .or_else(|| of_callee(new, spot))
        .or_else(|| of_site(old, new, spot))
        .unwrap_or_else(|| other(spot))
}

/// A signature of a function of the world itself.
pub(super) fn world_signature(position: Position) -> &'static str {
    match position {
        Position::Import => "W07",
        Position::Export => "W08",
    }
}

/// Changes of kind, which have a rule wherever they are.
fn of_kind(old: &Type, new: &Type) -> Option<&'static str> {
    use Type::{
        Borrow, FixedList, Future, List, Map, Named, Option as Opt, Own, Primitive, Result, Stream, Tuple,
    };
    let keyword = |ty: &Type| match ty {
        Named(named) => named.definition().keyword(),
        _ => "",
    };
    Some(match (old, new) {
        (List(_), Stream(_)) => "A05",
        (Stream(_), List(_)) => "A13",
        (Stream(None), Stream(_)) => "A07",
        (Stream(_), Stream(None)) => "A14",
        (Stream(_), Future(_)) => "A08",
        (Future(_), Stream(_)) => "A15",
        (Future(None), Future(_)) => "A16",
        (Future(_), Future(None)) => "A17",
        (_, Future(Some(value))) if **value == *old => "A18",
        (Future(Some(value)), _) if **value == *new => "A23",
        (Tuple(_), Tuple(_)) => "C04",
        (Tuple(_), List(_)) => "C05",
        (List(_), Tuple(_)) => "C21",
        (List(_), Opt(_)) => "C10",
        (List(pairs), Map(_)) if is_pair(pairs) => "C11",
        (Map(_), List(pairs)) if is_pair(pairs) => "C22",
        (List(_), FixedList(..)) => "C12",
        (FixedList(..), List(_)) => "C23",
        (FixedList(..), FixedList(..)) => "C13",
        (Named(a), Own(b) | Borrow(b)) if keyword(old) == "record" || a.name() != b.name => {
            if keyword(old) == "record" { "R12" } else { "S31" }
        }
        (Named(_), Own(_) | Borrow(_)) => "T19",
        (Own(a) | Borrow(a), Named(b)) if a.name == b.name() && keyword(new) != "record" => "T14",
        (Own(_) | Borrow(_), Named(_)) if keyword(new) == "record" => "R22",
        (Own(_) | Borrow(_), _) => "S22",
        (_, Own(_) | Borrow(_)) => "S31",
        (Named(_), Tuple(_)) if keyword(old) == "record" => "R11",
        (Tuple(_), Named(_)) if keyword(new) == "record" => "R21",
        (Named(_), Opt(_)) if keyword(old) == "variant" => "V11",
        (Named(_), Result(..)) if keyword(old) == "variant" => "V12",
        (Opt(_) | Result(..), Named(_)) if keyword(new) == "variant" => "V17",
        (Named(_), Primitive(_)) if keyword(old) == "flags" => "L07",
        (Primitive(_), Named(_)) if keyword(new) == "flags" => "L12",
        (Named(_), Opt(value)) if **value == *old => return None,
        (Named(_), Result(Some(value), _)) if **value == *old => return None,
        (Named(_), _) if keyword(old) == "variant" => "V13",
        (Named(_), _) if keyword(old) == "enum" => "E10",
        (Named(_), _) if keyword(old) == "flags" => "L08",
        _ => return None,
    })
}

fn is_pair(ty: &Type) -> bool {
    matches!(ty, Type::Tuple(parts) if parts.len() == 2)
}

/// Signatures of functions that are no plain ones of an interface.
fn of_callee(new: &Type, spot: &Spot<'_>) -> Option<&'static str> {
    let Owner::Function { callee, old, .. } = spot.owner else { return None };
    if !matches!(spot.site, Site::Param | Site::Result | Site::Ok | Site::Error) {
        return None;
    }
    let was_fallible = matches!(old.result(), Some(Type::Result(..)));
    match callee {
        Callee::Function => None,
        Callee::Method => Some("S11"),
        Callee::Static => Some("S13"),
        Callee::Constructor
            if spot.site == Site::Result && matches!(new, Type::Result(..)) && !was_fallible =>
        {
            Some("S17")
        }
        Callee::Constructor if spot.site == Site::Result && was_fallible => Some("S29"),
        Callee::Constructor => Some("S16"),
        Callee::WorldFunction => Some(world_signature(spot.position)),
    }
}

/// Changes that have a rule at one sort of place.
fn of_site(old: &Type, new: &Type, spot: &Spot<'_>) -> Option<&'static str> {
    use Type::{Option as Opt, Result};
    let gains_option = matches!(new, Opt(value) if **value == *old);
    let loses_option = matches!(old, Opt(value) if **value == *new);
    let in_signature = matches!(spot.site, Site::Param | Site::Result);
    match spot.site {
        Site::Param if gains_option => return Some("F13"),
        Site::Param if loses_option => return Some("F28"),
        Site::Result if gains_option => return Some("F18"),
        Site::Result if loses_option => return Some("F30"),
        Site::Field if gains_option => return Some("R09"),
        Site::Field if loses_option => return Some("R20"),
        Site::OptionValue if gains_option => return Some("C06"),
        _ if gains_option => return Some("C26"),
        _ if loses_option => return Some("C19"),
        _ => {}
    }
    if let (Result(a_ok, a_err), Result(b_ok, b_err)) = (old, new) {
        if spot.site != Site::Result {
            return Some("C24");
        }
        return Some(match (a_ok.is_some(), a_err.is_some(), b_ok.is_some(), b_err.is_some()) {
            (a, false, b, true) if a == b => "F20",
            (a, true, b, false) if a == b => "F32",
            (false, false, true, false) => "F23",
            (false, _, true, _) => "F22",
            (true, _, false, _) => "F33",
            _ => "F17",
        });
    }
    match (spot.site, old, new) {
        (Site::Result, _, Result(Some(ok), _)) if **ok == *old => return Some("F19"),
        (Site::Result, Result(Some(ok), _), _) if **ok == *new => return Some("F31"),
        _ => {}
    }
    if in_signature { primitives(old, new, spot.site) } else { None }
}

fn primitives(old: &Type, new: &Type, site: Site) -> Option<&'static str> {
    use Type::{List, Primitive};
    Some(match (old, new) {
        (Primitive("f32"), Primitive("f64")) => "C07",
        (Primitive("f64"), Primitive("f32")) => "C25",
        (Primitive("bool"), Primitive("u8")) => "C08",
        (Primitive("char"), Primitive("u32")) => "C09",
        (List(element), Primitive("string")) if **element == Primitive("u8") => "C01",
        (Primitive("string"), List(element)) if **element == Primitive("u8") => "C17",
        (Primitive("string"), List(element)) if **element == Primitive("char") => "C03",
        (Primitive(a), Primitive(b)) if site == Site::Param => match (integer(a)?, integer(b)?) {
            ((signed, _), (now_signed, _)) if signed != now_signed => "F12",
            ((_, bits), (_, now_bits)) if bits < now_bits => "F11",
            _ => "F27",
        },
        _ => return None,
    })
}

/// Whether an integer type has a sign, and its bits.
fn integer(name: &str) -> Option<(bool, u8)> {
    Some(match name {
        "u8" => (false, 8),
        "u16" => (false, 16),
        "u32" => (false, 32),
        "u64" => (false, 64),
        "s8" => (true, 8),
        "s16" => (true, 16),
        "s32" => (true, 32),
        "s64" => (true, 64),
        _ => return None,
    })
}

/// Any other change of a type.
fn other(spot: &Spot<'_>) -> &'static str {
    match spot.site {
        Site::Param => "F24",
        Site::Result => "F17",
        Site::Ok => "F25",
        Site::Error => "F21",
        Site::Field => "R08",
        Site::Payload => "V08",
        Site::ListElement => "C02",
        Site::StreamElement if spot.seen.param => "A12",
        Site::StreamElement => "A06",
        Site::FuturePayload => "A09",
        Site::MapKey => "C15",
        Site::MapValue => "C14",
        Site::OptionValue => "C18",
        Site::TupleElement => "C20",
        Site::ResultPart => "C24",
    }
}
