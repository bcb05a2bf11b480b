//! What a rule is: the kind of a change, and what it does in each position and direction.

use std::fmt;

use crate::compat::verdict::Direction;

use super::cells::Positions;

/// A kind of change between two versions of a contract, and what it does.
#[derive(Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Rule {
    /// A letter for the family and two digits, as `F06`. Never given to another rule.
    pub id: &'static str,
    /// The id in words, as `option-parameter-added`. Unique.
    pub name: &'static str,
    /// The change in one sentence.
    pub sentence: &'static str,
    /// What it does where the plugin imports the changed thing; `None` where it cannot be imported.
    pub import: Option<Cells>,
    /// What it does where the plugin exports the changed thing; `None` where it cannot be exported.
    pub export: Option<Cells>,
    /// What to do, in a sentence or two, for somebody new to WIT.
    pub help: Help,
    /// What else is worth knowing. May be empty.
    pub note: &'static str,
    /// Folders of `tests/compat-cases/cases` that show the change. Where empty, the fixture is
    /// `contract/tests/rules/<id>/{old,new}.wit`.
    pub cases: &'static [&'static str],
    /// Whether the change is a finding of its own. Layout that no one can notice is not, nor is what
    /// is made of several changes with rules of their own.
    pub reported: bool,
    /// The page that explains the rule, in Markdown.
    pub page: &'static str,
}

/// A row of a table begins so; the page is the file of the rule's id.
macro_rules! row {
    ($id:literal, $name:literal, $sentence:literal) => {
        crate::compat::rules::Rule::new($id, $name, $sentence, include_str!(concat!($id, ".md")))
    };
}
pub(super) use row;

impl Rule {
    pub(super) const fn new(
        id: &'static str,
        name: &'static str,
        sentence: &'static str,
        page: &'static str,
    ) -> Self {
        Self {
            id,
            name,
            sentence,
            import: None,
            export: None,
            help: Help::Everywhere(""),
            note: "",
            cases: &[],
            reported: true,
            page,
        }
    }

    pub(super) const fn both(self, positions: Positions) -> Self {
        self.import(positions.import).export(positions.export)
    }

    pub(super) const fn import(mut self, cells: Cells) -> Self {
        self.import = Some(cells);
        self
    }

    pub(super) const fn export(mut self, cells: Cells) -> Self {
        self.export = Some(cells);
        self
    }

    pub(super) const fn help(mut self, help: &'static str) -> Self {
        self.help = Help::Everywhere(help);
        self
    }

    pub(super) const fn help_by_position(mut self, import: &'static str, export: &'static str) -> Self {
        self.help = Help::ByPosition { import, export };
        self
    }

    pub(super) const fn note(mut self, note: &'static str) -> Self {
        self.note = note;
        self
    }

    pub(super) const fn cases(mut self, cases: &'static [&'static str]) -> Self {
        self.cases = cases;
        self
    }

    pub(super) const fn unreported(mut self) -> Self {
        self.reported = false;
        self
    }
}

/// What to do about a change. `Display` is all of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Help {
    /// The same wherever the changed thing is.
    Everywhere(&'static str),
    /// Another thing for what plugins import than for what they export.
    ByPosition {
        /// Where the plugin imports it.
        import: &'static str,
        /// Where the plugin exports it.
        export: &'static str,
    },
}

impl Help {
    /// What concerns a change that is imported, exported, or both.
    #[must_use]
    pub fn at(self, is_imported: bool, is_exported: bool) -> String {
        match (self, is_imported, is_exported) {
            (Self::ByPosition { import, .. }, true, false) => import.to_owned(),
            (Self::ByPosition { export, .. }, false, true) => export.to_owned(),
            (help, ..) => help.to_string(),
        }
    }
}

impl fmt::Display for Help {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Everywhere(help) => f.pad(help),
            Self::ByPosition { import, export } => {
                write!(f, "Where plugins import it: {import} Where they export it: {export}")
            }
        }
    }
}

/// What a change does in one position, for both directions.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cells {
    /// The host moved on, the plugin did not.
    pub old_plugin_on_new_host: Outcome,
    /// The plugin moved on, the host did not. Says what becomes of a plugin that uses the changed thing.
    pub new_plugin_on_old_host: Outcome,
    /// By how much the version of the package must rise.
    pub bump: Bump,
}

impl Cells {
    /// What becomes of a plugin in one direction.
    #[must_use]
    pub fn outcome(&self, direction: Direction) -> Outcome {
        match direction {
            Direction::OldPluginOnNewHost => self.old_plugin_on_new_host,
            Direction::NewPluginOnOldHost => self.new_plugin_on_old_host,
        }
    }
}

/// What becomes of a plugin in one direction. Ordered from harmless to worst.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Outcome {
    /// Links, and works.
    Links,
    /// Links, but something else goes wrong.
    Hazard(Hazard),
    /// Does not link.
    Breaks(Stage),
}

impl Outcome {
    /// Whether wasmtime links the two.
    #[must_use]
    pub fn links(self) -> bool {
        !matches!(self, Self::Breaks(_))
    }
}

/// What goes wrong although the plugin links.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Hazard {
    /// Only composition with other components, which follows the specification, refuses it.
    Composition,
    /// Source code that was written for the old contract does not compile when it is rebuilt.
    Rebuild,
    /// A call goes wrong: an error, a trap, a leak, or a wrong answer.
    Call,
}

/// Where linking fails.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Stage {
    /// The engine of the host is made without what it takes: no host of such a contract can be made,
    /// and no such plugin be compiled.
    Engine,
    /// The linker has not what the plugin imports, or has it with another type.
    Import,
    /// The plugin lacks an export that the host demands. For functions of a world itself, this is
    /// also where their type is checked.
    ExportMissing,
    /// The plugin has the export with another type. Seen only when it is instantiated.
    ExportType,
}

/// By how much a version must rise. Ordered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Bump {
    /// Not at all.
    None,
    /// Same track, and the contract hash is unchanged: 1.2.3 → 1.2.4, 0.2.3 → 0.2.4.
    Patch,
    /// Same track, higher version: 1.2.3 → 1.3.0, 0.2.3 → 0.2.4.
    Minor,
    /// New track: 1.2.3 → 2.0.0, 0.2.3 → 0.3.0.
    Major,
}

impl fmt::Display for Bump {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::None => "none",
            Self::Patch => "patch",
            Self::Minor => "minor",
            Self::Major => "major",
        })
    }
}
