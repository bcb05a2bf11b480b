//! What two contracts need of an engine that it is made without.

use std::collections::BTreeMap;

use super::diff::{Position, part};
use super::edition::Linker;
use super::report::{Finding, Scope};
use super::rules::{self, Bump};
use super::verdict::{Direction, Verdict, Verdicts};
use crate::model::{Contract, EngineFeature, EngineNeed};

/// The rule of such findings.
pub(super) const RULE: &str = "H01";

impl Linker {
    /// What its engine has.
    fn engine(self) -> &'static [EngineFeature] {
        match self {
            Linker::Plug => EngineFeature::OF_PLUG_HOST,
            Linker::Wasmtime | Linker::Spec => EngineFeature::ALL,
        }
    }
}

/// One need, by the contracts that have it.
#[derive(Default)]
struct Needed {
    old: Option<EngineNeed>,
    new: Option<EngineNeed>,
    uses: Vec<String>,
}

/// A finding for each function and feature. Of a contract that needs it neither a host can be made nor a
/// plugin be loaded, so it breaks whoever moves on.
pub(super) fn findings(
    linker: Linker,
    scope: Scope,
    directions: &[Direction],
    old: &Contract,
    new: &Contract,
) -> Vec<Finding> {
    let engine = linker.engine();
    let mut needed: BTreeMap<(String, EngineFeature), Needed> = BTreeMap::new();
    for (contract, is_old) in [(old, true), (new, false)] {
        for need in contract.engine_needs().into_iter().filter(|need| !engine.contains(&need.feature)) {
            let entry = needed.entry((need.path.clone(), need.feature)).or_default();
            let position = if need.is_exported { Position::Export } else { Position::Import };
            let place = format!("{} {}", position.word(), need.path);
            if let Err(index) = entry.uses.binary_search(&place) {
                entry.uses.insert(index, place);
            }
            *(if is_old { &mut entry.old } else { &mut entry.new }) = Some(need);
        }
    }
    let mut verdicts = Verdicts::default();
    directions.iter().for_each(|direction| verdicts.raise(*direction, Verdict::Breaking));
    let rule = rules::rule(RULE).expect("the table has it");
    let finding = |((path, feature), Needed { old, new, uses }): ((String, EngineFeature), Needed)| {
        let need = new.as_ref().or(old.as_ref())?;
        let message = message(scope, need, new.is_some());
        let help = help(scope, feature, new.is_some());
        let shown = |need: &Option<EngineNeed>| {
            need.as_ref().map(|need| part(need.text.clone(), need.location.as_ref()))
        };
        Some(Finding {
            rule,
            path,
            message,
            help,
            verdicts,
            plugin: None,
            bump: if old.is_none() { Bump::Major } else { Bump::None },
            old: shown(&old),
            new: shown(&new),
            uses,
            overruled: None,
        })
    };
    needed.into_iter().filter_map(finding).collect()
}

fn message(scope: Scope, need: &EngineNeed, is_in_new: bool) -> String {
    let name = need.name.split_once(']').map_or(need.name.as_str(), |(_, plain)| plain);
    let whose = match (scope, is_in_new) {
        (Scope::Contracts, true) => "",
        (Scope::Contracts, false) => " of the old contract",
        (Scope::Component, true) => " of the plugin",
        (Scope::Component, false) => " of the host's contract",
    };
    format!("`{name}`{whose} {}, and the engine of the host is made without {}", need.reason(), need.feature)
}

fn help(scope: Scope, feature: EngineFeature, is_in_new: bool) -> String {
    let instead = feature.instead();
    match (scope, is_in_new) {
        (Scope::Contracts, true) => {
            let (first, rest) = instead.split_at(1);
            format!("{}{rest}.", first.to_uppercase())
        }
        (Scope::Contracts, false) => {
            "Nothing more: no host of `plug_host::world!` could be made of the old contract.".to_owned()
        }
        (Scope::Component, true) => {
            format!("build the plugin for a contract without it ({instead}), or run it on wasmtime itself")
        }
        (Scope::Component, false) => {
            format!("no host can be made of this contract: {instead}")
        }
    }
}
