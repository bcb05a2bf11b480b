//! The fixtures of rules that no measured pair shows: each cell of the rule is what wasmtime does.

use std::path::{Path, PathBuf};

use plug_compat_truth::{Error, Host, Imports, Plugin, Stage, World};
use plug_contract::{Outcome, Rule, rules};

fn fixture(rule: &Rule, side: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../../contract/tests/rules")
        .join(rule.id)
        .join(format!("{side}.wit"))
}

fn stage(outcome: Outcome) -> Option<Stage> {
    match outcome {
        Outcome::Breaks(plug_contract::Stage::Engine) => panic!("`tests/engine.rs` has the rules of engines"),
        Outcome::Breaks(plug_contract::Stage::Import) => Some(Stage::Import),
        Outcome::Breaks(plug_contract::Stage::ExportMissing) => Some(Stage::ExportMissing),
        Outcome::Breaks(plug_contract::Stage::ExportType) => Some(Stage::ExportType),
        Outcome::Links | Outcome::Hazard(_) => None,
    }
}

/// What differs from the cells of one position.
fn differences(rule: &Rule, world: &str, cells: plug_contract::Cells) -> Result<Vec<String>, Error> {
    let side = |side| {
        let path = fixture(rule, side);
        let text = std::fs::read_to_string(&path).unwrap_or_else(|why| panic!("{}: {why}", path.display()));
        World::from_text(&text, world)
    };
    let (old, new) = (side("old")?, side("new")?);
    let mut out = Vec::new();
    for (direction, host, plugin, cell) in [
        ("old plugin on new host", &new, &old, cells.old_plugin_on_new_host),
        ("new plugin on old host", &old, &new, cells.new_plugin_on_old_host),
    ] {
        let found = Host::new(host)?.link(&Plugin::new(plugin, Imports::All)?)?;
        if found.stage() != stage(cell) {
            out.push(format!("{} `{world}`, {direction}: {cell:?} in the table, and it {found}", rule.id));
        }
    }
    Ok(out)
}

#[test]
fn cells_are_what_wasmtime_does() {
    let (mut wrong, mut tried) = (Vec::new(), 0);
    let is_of_linker = |rule: &&Rule| {
        let engine = Outcome::Breaks(plug_contract::Stage::Engine);
        [rule.import, rule.export].into_iter().flatten().all(|cells| cells.old_plugin_on_new_host != engine)
    };
    for rule in rules().filter(|rule| rule.cases.is_empty()).filter(is_of_linker) {
        for (world, cells) in [("imp", rule.import), ("exp", rule.export)] {
            let Some(cells) = cells else { continue };
            tried += 1;
            match differences(rule, world, cells) {
                Ok(differences) => wrong.extend(differences),
                Err(why) => wrong.push(format!("{} `{world}`: {why}", rule.id)),
            }
        }
    }
    assert!(wrong.is_empty(), "{} of {tried} differ:\n{}", wrong.len(), wrong.join("\n"));
    assert!(tried > 150, "only {tried} positions of rules were tried");
}
