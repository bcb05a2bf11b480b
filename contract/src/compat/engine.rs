//! What two contracts need of a host or its engine that is made without.

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
    /// What a contract may need, for a host to be made of it.
    fn host(self) -> &'static [EngineFeature] {
        match self {
            Linker::Plug => EngineFeature::OF_PLUG_HOST,
            Linker::Wasmtime | Linker::Spec => EngineFeature::ALL,
        }
    }

    /// What a component may need beside the host's contract, for being loaded.
    fn engine(self) -> &'static [EngineFeature] {
        match self {
            Linker::Plug => EngineFeature::OF_PLUG_ENGINE,
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

/// A finding for each function and feature that is in the way of a direction.
pub(super) fn findings(
    linker: Linker,
    scope: Scope,
    directions: &[Direction],
    old: &Contract,
    new: &Contract,
) -> Vec<Finding> {
    let mut needed: BTreeMap<(String, EngineFeature), Needed> = BTreeMap::new();
    for (contract, is_old) in [(old, true), (new, false)] {
        let missing = |need: &EngineNeed| !linker.host().contains(&need.feature);
        for need in contract.engine_needs().into_iter().filter(missing) {
            let entry = needed.entry((need.path.clone(), need.feature)).or_default();
            let position = if need.is_exported { Position::Export } else { Position::Import };
            let place = format!("{} {}", position.word(), need.path);
            if let Err(index) = entry.uses.binary_search(&place) {
                entry.uses.insert(index, place);
            }
            *(if is_old { &mut entry.old } else { &mut entry.new }) = Some(need);
        }
    }
    let rule = rules::rule(RULE).expect("the table has it");
    let finding = |((path, feature), needed): ((String, EngineFeature), Needed)| {
        let mut verdicts = Verdicts::default();
        for direction in directions {
            let breaks = needed.breaks(linker, *direction);
            verdicts.raise(*direction, if breaks { Verdict::Breaking } else { Verdict::Compatible });
        }
        if !directions.iter().any(|direction| needed.breaks(linker, *direction)) {
            return None;
        }
        let Needed { old, new, uses } = needed;
        // of a component and a host that both have it, the host is the one that cannot be
        let is_in_new = new.is_some() && (scope == Scope::Contracts || old.is_none());
        let need = if is_in_new { new.as_ref() } else { old.as_ref() }?;
        let message = message(linker, scope, need, is_in_new);
        let help = help(scope, feature, is_in_new);
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

impl Needed {
    /// No host can be made of a contract that needs it. A plugin may have it beside its host's contract, if
    /// the engine does; but nobody serves an import that needs it.
    fn breaks(&self, linker: Linker, direction: Direction) -> bool {
        let (host, plugin) = match direction {
            Direction::OldPluginOnNewHost => (&self.new, &self.old),
            Direction::NewPluginOnOldHost => (&self.old, &self.new),
        };
        let is_harmless = |need: &EngineNeed| need.is_exported && linker.engine().contains(&need.feature);
        host.is_some() || !plugin.as_ref().is_none_or(is_harmless)
    }
}

fn message(linker: Linker, scope: Scope, need: &EngineNeed, is_in_new: bool) -> String {
    let name = need.name.split_once(']').map_or(need.name.as_str(), |(_, plain)| plain);
    let whose = match (scope, is_in_new) {
        (Scope::Contracts, true) => "",
        (Scope::Contracts, false) => " of the old contract",
        (Scope::Component, true) => " of the plugin",
        (Scope::Component, false) => " of the host's contract",
    };
    let is_of_engine = scope == Scope::Component && is_in_new && !linker.engine().contains(&need.feature);
    let who = if is_of_engine { "the engine of the host is" } else { "hosts of `plug_host::world!` are" };
    format!("`{name}`{whose} {}, and {who} made without {}", need.reason(), need.feature)
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
