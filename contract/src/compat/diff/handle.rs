//! Handles of resources: wasmtime tells resources apart by who defines them, but neither `own` from
//! `borrow`, nor one resource of the plugin from another.

use super::change::Position;
use super::types::Spot;
use super::walk::Walk;
use crate::compat::verdict::Verdict;
use crate::model::{ResourceId, Type};

impl Walk<'_> {
    pub(super) fn handles(
        &mut self,
        old: &Type,
        new: &Type,
        a: &ResourceId,
        b: &ResourceId,
        spot: &Spot<'_>,
    ) -> Vec<(usize, bool)> {
        let is_same = a == b || self.renamed.get(a) == Some(b);
        let (by_old, by_new) = self.are_exported(a, b, spot.optional);
        let is_export = spot.position == Position::Export;
        // what the plugin defines is just any resource to the host
        let is_any = is_export && if self.host_is_old() { by_old } else { by_new };
        let verdict = if is_any { Verdict::Hazard } else { Verdict::Breaking };
        let (rule, verdict) = if is_export && by_old != by_new && is_same {
            (if by_new { "W25" } else { "W39" }, Some(verdict))
        } else if !is_same {
            let is_moved = a.name == b.name && !(by_old && by_new);
            (if is_moved { "T12" } else { "S21" }, is_export.then_some(verdict))
        } else {
            match (old, new) {
                (Type::Own(_), Type::Borrow(_)) => ("S19", None),
                (Type::Borrow(_), Type::Own(_)) => ("S20", None),
                _ => return Vec::new(),
            }
        };
        vec![(self.replaced(rule, old, new, verdict, spot), true)]
    }
}
