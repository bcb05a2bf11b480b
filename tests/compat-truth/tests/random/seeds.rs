//! Worlds to begin with.

use arbitrary::Unstructured;
use plug_compat_truth::World;
use wit_component::{DecodedWasm, WitPrinter};

use crate::noise::Noise;

const WRITTEN: &[&str] = &[
    include_str!("seeds/shop.wit"),
    include_str!("seeds/filters.wit"),
    include_str!("seeds/plain.wit"),
    include_str!("seeds/studio.wit"),
    include_str!("seeds/streams.wit"),
];

/// One that was written by hand, or one that wit-smith makes; none when that made no world.
pub(crate) fn world(noise: &mut Noise) -> Option<World> {
    if noise.below(2) == 0 {
        let text = noise.choose(WRITTEN)?;
        Some(World::from_text(text, "w").unwrap())
    } else {
        smith(noise)
    }
}

fn smith(noise: &mut Noise) -> Option<World> {
    let config = wit_smith::Config {
        max_packages: 3,
        max_type_size: 30,
        max_type_parts: 5,
        async_: true,
        futures: true,
        streams: true,
        error_context: true,
        fixed_length_lists: true,
        ..Default::default()
    };
    let bytes = noise.bytes(8192);
    let package = wit_smith::smith(&config, &mut Unstructured::new(&bytes)).ok()?;
    let DecodedWasm::WitPackage(resolve, package) = wit_component::decode(&package).unwrap() else {
        panic!("wit-smith makes packages");
    };
    let worlds: Vec<&String> = resolve.packages[package]
        .worlds
        .iter()
        .filter(|(_, id)| {
            let world = &resolve.worlds[**id];
            world.imports.len() + world.exports.len() > 1
        })
        .map(|(name, _)| name)
        .collect();
    let name = *noise.choose(&worlds)?;
    let others: Vec<_> = resolve.packages.iter().map(|(id, _)| id).filter(|id| *id != package).collect();
    let mut printer = WitPrinter::default();
    printer.print(&resolve, package, &others).unwrap();
    // gates may leave nothing of a world, or of what it needs
    World::from_text(&printer.output.to_string(), name).ok()
}
