//! A difference, and the collection that keeps one for many places.

use std::collections::{BTreeSet, HashMap};

use crate::compat::report::Part;
use crate::compat::rules::{self, Rule};
use crate::compat::verdict::Verdict;

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
    /// What to do, when something better than the rule's own help is known.
    pub(super) help: Option<String>,
    /// At least this, whatever the rule says of its position.
    pub(super) floor: Option<Verdict>,
}

/// A difference with all places that reach it.
pub(in crate::compat) struct Change {
    pub(in crate::compat) rule: &'static Rule,
    pub(in crate::compat) path: String,
    pub(in crate::compat) message: String,
    pub(in crate::compat) old: Option<Part>,
    pub(in crate::compat) new: Option<Part>,
    pub(in crate::compat) help: Option<String>,
    pub(in crate::compat) floor: Option<Verdict>,
    pub(in crate::compat) uses: BTreeSet<(Position, String)>,
}

struct Entry {
    draft: Draft,
    seen: Contexts,
    uses: BTreeSet<(Position, String)>,
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
        let index = *self.known.entry(key).or_insert_with(|| {
            self.entries.push(Entry { draft, seen, uses: BTreeSet::new() });
            self.entries.len() - 1
        });
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
                let Draft { choice, path, message, old, new, help, floor } = entry.draft;
                Change {
                    rule: choice.rule(entry.seen),
                    path,
                    message,
                    old,
                    new,
                    help,
                    floor,
                    uses: entry.uses,
                }
            })
            .collect()
    }
}
