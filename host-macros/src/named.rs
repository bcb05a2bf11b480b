//! The interfaces that the option `optional` names.

use plug_contract::wit_parser::{Interface, InterfaceId, Resolve, WorldId, WorldKey};
use syn::{Error, LitStr};

/// What `names` stand for beside `world`, each once: `acme:images/preview@1.2.0`, the same without
/// its version, or `preview` for one of the world's own package.
pub(crate) fn interfaces(
    resolve: &Resolve,
    world: WorldId,
    names: &[LitStr],
) -> Result<Vec<InterfaceId>, Error> {
    let mut found = Vec::new();
    for name in names {
        let id = interface(resolve, world, &name.value())
            .map_err(|why| Error::new(name.span(), format!("{why} [PLG0516]")))?;
        if !found.contains(&id) {
            found.push(id);
        }
    }
    Ok(found)
}

fn interface(resolve: &Resolve, world: WorldId, name: &str) -> Result<InterfaceId, String> {
    let candidates: Vec<(InterfaceId, [String; 3])> = resolve
        .interfaces
        .iter()
        .filter_map(|(id, interface)| Some((id, spellings(resolve, world, interface)?)))
        .collect();
    let found: Vec<&(InterfaceId, [String; 3])> =
        candidates.iter().filter(|(_, spellings)| spellings.iter().any(|known| known == name)).collect();
    match found[..] {
        [(id, [full, ..])] => {
            let track = resolve.name_canonicalized_world_key(&WorldKey::Interface(*id));
            let mut exports = resolve.worlds[world].exports.keys();
            match exports.find(|key| resolve.name_canonicalized_world_key(key) == track) {
                None => Ok(*id),
                Some(_) => Err(format!(
                    "the world `{}` exports `{full}`, so every plugin has to have it: take the name out here, or the export out of the world",
                    resolve.worlds[world].name
                )),
            }
        }
        [] => {
            let distance = |(_, spellings): &&(InterfaceId, [String; 3])| {
                spellings.iter().map(|known| strsim::damerau_levenshtein(name, known)).min()
            };
            let nearest = candidates.iter().min_by_key(distance);
            let nearest =
                nearest.map_or_else(String::new, |(_, [full, ..])| format!(": `{full}` is the nearest"));
            Err(format!("no interface `{name}` among the packages of the world{nearest}"))
        }
        _ => {
            let names: Vec<String> = found.iter().map(|(_, [full, ..])| format!("`{full}`")).collect();
            Err(format!("several interfaces `{name}`, name the version of one: {}", names.join(", ")))
        }
    }
}

/// In full, without the version, and by itself where that is enough.
fn spellings(resolve: &Resolve, world: WorldId, interface: &Interface) -> Option<[String; 3]> {
    let (name, package) = (interface.name.as_ref()?, interface.package?);
    let full = resolve.id_of_name(package, name);
    let id = &resolve.packages[package].name;
    let plain = format!("{}:{}/{name}", id.namespace, id.name);
    let own = resolve.worlds[world].package == Some(package);
    let short = if own { name.clone() } else { plain.clone() };
    Some([full, plain, short])
}
