//! The features of a text.

use std::collections::BTreeSet;

use wit_parser::{Resolve, Stability};

/// Those that were on when it was read: where all were, those that it has, by name. Whoever reads it
/// again with these gets the same.
pub(super) fn features(resolve: &Resolve) -> Vec<String> {
    if !resolve.all_features {
        return resolve.features.iter().cloned().collect();
    }
    let worlds = resolve.worlds.iter().flat_map(|(_, world)| {
        let items = world.imports.values().chain(world.exports.values());
        items.map(|item| item.stability(resolve)).chain([&world.stability])
    });
    let interfaces = resolve.interfaces.iter().flat_map(|(_, interface)| {
        let functions = interface.functions.values().map(|function| &function.stability);
        functions.chain([&interface.stability])
    });
    let types = resolve.types.iter().map(|(_, definition)| &definition.stability);
    let names = worlds.chain(interfaces).chain(types).filter_map(|stability| match stability {
        Stability::Unstable { feature, .. } => Some(feature),
        Stability::Stable { .. } | Stability::Unknown => None,
    });
    let names: BTreeSet<&String> = names.chain(&resolve.features).collect();
    names.into_iter().cloned().collect()
}
