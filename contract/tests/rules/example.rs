//! The fixtures of a rule, and their difference as a page shows it.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use plug_contract::Rule;
use plug_contract::wit_parser::{PackageId, Resolve, UnresolvedPackageGroup};
use wit_component::WitPrinter;

use crate::repository;

/// Lines that are shown around a change.
const CONTEXT: usize = 3;

/// One side of a fixture.
pub(crate) struct Side {
    pub(crate) text: String,
    resolve: Resolve,
    package: PackageId,
}

/// Old and new, for each case of the rule or for its own fixture.
pub(crate) fn fixtures(rule: &Rule) -> Vec<(Side, Side)> {
    let own = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/rules").join(rule.id);
    let pairs: Vec<[PathBuf; 2]> = if rule.cases.is_empty() {
        vec![[own.join("old.wit"), own.join("new.wit")]]
    } else {
        let case = |name| repository("tests/compat-cases/cases").join(name);
        let files = |name| ["old", "new"].map(|side| case(name).join(side).join("root.wit"));
        rule.cases.iter().map(files).collect()
    };
    pairs.iter().map(|[old, new]| (Side::read(old), Side::read(new))).collect()
}

impl Side {
    fn read(path: &Path) -> Side {
        let text = fs::read_to_string(path).unwrap_or_else(|why| panic!("{}: {why}", path.display()));
        let (resolve, package) = parse(&text).unwrap_or_else(|why| panic!("{}: {why}", path.display()));
        Side { text, resolve, package }
    }

    pub(crate) fn worlds(&self) -> BTreeSet<&str> {
        self.resolve.packages[self.package].worlds.keys().map(String::as_str).collect()
    }

    /// In the printer's layout, with everything in it that the text says.
    fn printed(&self) -> String {
        let nested: Vec<PackageId> =
            self.resolve.packages.iter().map(|(id, _)| id).filter(|id| *id != self.package).collect();
        let mut printer = WitPrinter::default();
        printer.print(&self.resolve, self.package, &nested).unwrap();
        printer.output.to_string()
    }
}

/// All features on, so that nothing gets lost.
fn parse(text: &str) -> Result<(Resolve, PackageId), String> {
    let mut resolve = Resolve::new();
    resolve.all_features = true;
    let group = UnresolvedPackageGroup::parse("fixture.wit", text).map_err(|(map, why)| why.render(&map))?;
    match resolve.push_group(group) {
        Ok(package) => Ok((resolve, package)),
        Err(why) => Err(why.render(&resolve.source_map)),
    }
}

/// Whether the WIT of a page can stand as it is: a file, items of a package, of an interface or of a
/// world.
pub(crate) fn check_snippet(text: &str) -> Result<(), String> {
    const PACKAGE: &str = "package acme:images@1.3.0;";
    if text.starts_with("package ") {
        return parse(text).map(drop);
    }
    if text.lines().any(|line| line.starts_with("interface ") || line.starts_with("world ")) {
        return parse(&format!("{PACKAGE}\n{text}")).map(drop);
    }
    parse(&format!("{PACKAGE}\ninterface filter {{\n{text}\n}}")).map(drop)
}

/// The difference of the rule's first fixture, as a block.
pub(crate) fn block(rule: &Rule) -> String {
    let (old, new) = fixtures(rule).swap_remove(0);
    // measured texts are terse, ours are not; and some changes are gone once printed
    let (mut before, mut after) = (old.printed(), new.printed());
    if rule.cases.is_empty() || before == after {
        (before, after) = (old.text, new.text);
    }
    let before: Vec<&str> = before.trim_end().lines().collect();
    let after: Vec<&str> = after.trim_end().lines().collect();
    format!("```diff\n{}```\n", diff(&before, &after))
}

/// A unified difference; `…` stands for lines that are left out.
fn diff(old: &[&str], new: &[&str]) -> String {
    let lines = edits(old, new);
    let mut out = String::new();
    let mut skipped = false;
    for (at, (mark, line)) in lines.iter().enumerate() {
        let near = lines[at.saturating_sub(CONTEXT)..(at + CONTEXT + 1).min(lines.len())]
            .iter()
            .any(|(mark, _)| *mark != ' ');
        if near {
            if skipped {
                out.push_str(" …\n");
                skipped = false;
            }
            out.push_str(format!("{mark}{line}").trim_end());
            out.push('\n');
        } else {
            skipped = true;
        }
    }
    if skipped {
        out.push_str(" …\n");
    }
    out
}

/// The shortest way from old to new, line by line.
fn edits<'a>(old: &[&'a str], new: &[&'a str]) -> Vec<(char, &'a str)> {
    let mut common = vec![vec![0usize; new.len() + 1]; old.len() + 1];
    for i in (0..old.len()).rev() {
        for j in (0..new.len()).rev() {
            common[i][j] = if old[i] == new[j] {
                common[i + 1][j + 1] + 1
            } else {
                common[i + 1][j].max(common[i][j + 1])
            };
        }
    }
    let (mut i, mut j, mut out) = (0, 0, Vec::new());
    while i < old.len() || j < new.len() {
        if i < old.len() && j < new.len() && old[i] == new[j] {
            out.push((' ', old[i]));
            (i, j) = (i + 1, j + 1);
        } else if i < old.len() && (j == new.len() || common[i + 1][j] >= common[i][j + 1]) {
            out.push(('-', old[i]));
            i += 1;
        } else {
            out.push(('+', new[j]));
            j += 1;
        }
    }
    out
}
