//! A difference, and the collection that keeps one for many places.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use crate::compat::edition::Linker;
use crate::compat::report::Part;
use crate::compat::rules::{self, Bump, Cells, Hazard, Outcome, Rule};
use crate::compat::verdict::{Direction, Verdict};

/// Which way calls go.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(in crate::compat) enum Position {
    /// The plugin calls it.
    Import,
    /// The host calls it.
    Export,
}

impl Position {
    pub(in crate::compat) fn word(self) -> &'static str {
        match self {
            Position::Import => "import",
            Position::Export => "export",
        }
    }
}

/// Which rule a difference falls under. Some have several, by where the changed type is used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Choice {
    Rule(&'static str),
    FieldAdded { is_option: bool },
    CaseAdded { at_end: bool },
    EnumCaseAdded,
    FlagAdded,
}

/// Where the types of a signature lead to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Contexts {
    /// In a parameter.
    pub(super) param: bool,
    /// In a result, other than its error.
    pub(super) result: bool,
    /// In the error of a result.
    pub(super) error: bool,
    /// Not only through another named type.
    pub(super) direct: bool,
    /// Not only through a stream or future.
    pub(super) plain: bool,
}

impl Contexts {
    fn add(&mut self, other: Contexts) {
        self.param |= other.param;
        self.result |= other.result;
        self.error |= other.error;
        self.direct |= other.direct;
        self.plain |= other.plain;
    }
}

impl Choice {
    fn rule(self, seen: Contexts) -> &'static Rule {
        let id = match self {
            Choice::Rule(id) => id,
            Choice::FieldAdded { is_option: true } => "R03",
            Choice::FieldAdded { .. } if !seen.plain => "A10",
            Choice::FieldAdded { .. } if !seen.direct => "R10",
            Choice::FieldAdded { .. } if seen.param => "R01",
            Choice::FieldAdded { .. } => "R02",
            Choice::CaseAdded { .. } if !seen.plain => "A11",
            Choice::CaseAdded { .. } if seen.error && !seen.param && !seen.result => "V09",
            Choice::CaseAdded { at_end: false } => "V03",
            Choice::CaseAdded { .. } if seen.param => "V02",
            Choice::CaseAdded { .. } => "V01",
            Choice::EnumCaseAdded if seen.param => "E02",
            Choice::EnumCaseAdded => "E01",
            Choice::FlagAdded if seen.param => "L02",
            Choice::FlagAdded => "L01",
        };
        rules::rule(id).expect("the table has every id that is given out here")
    }
}

/// What is known of a difference when it is met.
#[derive(Clone)]
pub(super) struct Draft {
    pub(super) choice: Choice,
    /// What changed, at its definition.
    pub(super) path: String,
    pub(super) message: String,
    pub(super) old: Option<Part>,
    pub(super) new: Option<Part>,
    /// What it really does there, when that is not what the rule says of the position.
    pub(super) verdict: Option<Verdict>,
}

/// A difference with all places that reach it.
pub(in crate::compat) struct Change {
    pub(in crate::compat) rule: &'static Rule,
    pub(in crate::compat) path: String,
    pub(in crate::compat) message: String,
    pub(in crate::compat) old: Option<Part>,
    pub(in crate::compat) new: Option<Part>,
    pub(in crate::compat) uses: BTreeSet<(Position, String)>,
    /// Where it does something else than the rule says.
    exceptions: BTreeMap<Position, Verdict>,
}

impl Change {
    /// The worst of what it does at all its places, and the bump that it needs.
    pub(in crate::compat) fn outcome(&self, direction: Direction, linker: Linker) -> (Verdict, Bump) {
        let positions: BTreeSet<Position> = self.uses.iter().map(|(position, _)| *position).collect();
        let (mut verdict, mut bump) = (Verdict::Identical, Bump::None);
        for position in positions {
            let Some(cells) = self.cells(position) else { continue };
            bump = bump.max(cells.bump);
            let told = match (cells.outcome(direction), linker) {
                (Outcome::Breaks(_), _) | (Outcome::Hazard(_), Linker::Spec) => Verdict::Breaking,
                // composition finds imports and exports by their whole name
                (Outcome::Links, Linker::Spec) if is_version(self.rule.id) => Verdict::Breaking,
                (Outcome::Hazard(_), Linker::Wasmtime | Linker::Plug) => Verdict::Hazard,
                (Outcome::Links, _) if cells.bump <= Bump::Patch => Verdict::Identical,
                (Outcome::Links, _) => Verdict::Compatible,
            };
            verdict = verdict.max(match (self.exceptions.get(&position), linker) {
                (None, _) => told,
                (Some(exception), Linker::Wasmtime | Linker::Plug) => *exception,
                (Some(_), Linker::Spec) => Verdict::Breaking,
            });
        }
        (verdict, bump)
    }

    /// Whether a component that is built already has nothing to fear from it.
    pub(in crate::compat) fn spares_components(&self) -> bool {
        self.uses.iter().all(|(position, _)| {
            let outcome = self.cells(*position).map(|cells| cells.outcome(Direction::NewPluginOnOldHost));
            let told = matches!(outcome, Some(Outcome::Links | Outcome::Hazard(Hazard::Rebuild)));
            told && !self.exceptions.contains_key(position)
        })
    }

    fn cells(&self, position: Position) -> Option<Cells> {
        match position {
            Position::Import => self.rule.import.or(self.rule.export),
            Position::Export => self.rule.export.or(self.rule.import),
        }
    }
}

/// The rules of another version on the same track.
fn is_version(id: &str) -> bool {
    matches!(id, "N01" | "N03" | "N04" | "N19")
}

struct Entry {
    draft: Draft,
    seen: Contexts,
    uses: BTreeSet<(Position, String)>,
    exceptions: BTreeMap<Position, Verdict>,
}

/// All differences of one walk. One in a type that many functions use is kept once.
#[derive(Default)]
pub(super) struct Changes {
    entries: Vec<Entry>,
    known: HashMap<(Choice, String, String), usize>,
}

impl Changes {
    /// Keeps a difference, or adds a place to one that is kept already. Returns its index.
    pub(super) fn add(&mut self, draft: Draft, seen: Contexts, position: Position, place: &str) -> usize {
        let key = (draft.choice, draft.path.clone(), draft.message.clone());
        let exception = draft.verdict;
        let index = *self.known.entry(key).or_insert_with(|| {
            self.entries.push(Entry { draft, seen, uses: BTreeSet::new(), exceptions: BTreeMap::new() });
            self.entries.len() - 1
        });
        if let Some(verdict) = exception {
            let kept = self.entries[index].exceptions.entry(position).or_insert(verdict);
            *kept = verdict.max(*kept);
        }
        self.reach(index, seen, position, place);
        index
    }

    /// One more place that reaches a difference.
    pub(super) fn reach(&mut self, index: usize, seen: Contexts, position: Position, place: &str) {
        let entry = &mut self.entries[index];
        entry.seen.add(seen);
        entry.uses.insert((position, place.to_owned()));
    }

    /// Puts one difference in place of several that have no use outside `owner`: their common cause.
    /// Returns whether there were any.
    pub(super) fn replace(
        &mut self,
        guilty: &[usize],
        position: Position,
        owner: &str,
        draft: Draft,
    ) -> bool {
        let mut uses = BTreeSet::new();
        let mut seen = Contexts::default();
        for index in guilty {
            let entry = &mut self.entries[*index];
            let own = |(at, path): &(Position, String)| {
                *at == position && path.split_once('#').is_some_and(|(interface, _)| interface == owner)
            };
            if !entry.uses.is_empty() && entry.uses.iter().all(own) {
                uses.append(&mut entry.uses);
                seen.add(entry.seen);
            }
        }
        for (position, place) in &uses {
            self.add(draft.clone(), seen, *position, place);
        }
        !uses.is_empty()
    }

    pub(super) fn finish(self) -> Vec<Change> {
        self.entries
            .into_iter()
            // what was replaced by its cause
            .filter(|entry| !entry.uses.is_empty())
            .map(|entry| {
                let Draft { choice, path, message, old, new, .. } = entry.draft;
                Change {
                    rule: choice.rule(entry.seen),
                    path,
                    message,
                    old,
                    new,
                    uses: entry.uses,
                    exceptions: entry.exceptions,
                }
            })
            .collect()
    }
}
