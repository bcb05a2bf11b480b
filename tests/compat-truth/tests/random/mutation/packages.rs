//! Changes of versions, gates and documentation.

use wit_parser::{Docs, Stability};

use super::{Named, named};
use crate::draft::{Draft, fresh};
use crate::noise::Noise;

pub(super) const ALL: &[Named] = &named![packages: version, gate, ungate, docs, rename];

fn version(draft: &mut Draft, noise: &mut Noise) -> Option<String> {
    let packages: Vec<_> =
        draft.interfaces().iter().filter_map(|id| draft.resolve.interfaces[*id].package).collect();
    let id = *noise.choose(&packages)?;
    let name = &mut draft.resolve.packages[id].name;
    let old = name.to_string();
    name.version = match name.version.take() {
        None => Some("0.1.0".parse().ok()?),
        Some(mut version) => {
            match noise.below(6) {
                0 | 1 => version.patch += 1,
                2 | 3 => (version.minor, version.patch) = (version.minor + 1, 0),
                4 => (version.major, version.minor, version.patch) = (version.major + 1, 0, 0),
                _ => version.pre = "rc.1".parse().ok()?,
            }
            Some(version)
        }
    };
    let new = name.clone();
    draft.resolve.package_names.retain(|_, package| *package != id);
    draft.resolve.package_names.insert(new.clone(), id);
    Some(format!("package {old} is {new} now"))
}

fn rename(draft: &mut Draft, noise: &mut Noise) -> Option<String> {
    let package = &mut draft.resolve.packages[draft.package];
    package.name.name = fresh(noise, "package");
    let new = package.name.clone();
    draft.resolve.package_names.retain(|_, package| *package != draft.package);
    draft.resolve.package_names.insert(new.clone(), draft.package);
    Some(format!("the package is called {new} now"))
}

/// The gate of a function, a type, or an interface.
fn some<'a>(draft: &'a mut Draft, noise: &mut Noise) -> Option<(String, &'a mut Stability)> {
    match noise.below(4) {
        0 | 1 => {
            let place = noise.choose(&draft.functions())?.clone();
            let function = draft.function(&place);
            Some((function.name.clone(), &mut function.stability))
        }
        2 => {
            let id = *noise.choose(&draft.types())?;
            Some((draft.type_name(id), &mut draft.resolve.types[id].stability))
        }
        _ => {
            let id = draft.some_interface(noise)?;
            let name = draft.interface_name(id);
            Some((name, &mut draft.resolve.interfaces[id].stability))
        }
    }
}

fn gate(draft: &mut Draft, noise: &mut Noise) -> Option<String> {
    let version = draft.resolve.packages[draft.package].name.version.clone();
    let since = noise.below(3) == 0;
    let (name, stability) = some(draft, noise)?;
    *stability = match version {
        Some(since_version) if since => Stability::Stable { since: since_version, deprecated: None },
        _ => Stability::Unstable { feature: "chatty".to_owned(), deprecated: None },
    };
    Some(format!("{name} gated"))
}

fn ungate(draft: &mut Draft, noise: &mut Noise) -> Option<String> {
    let functions: Vec<_> = draft.functions();
    let gated: Vec<_> =
        functions.into_iter().filter(|place| !draft.function(place).stability.is_unknown()).collect();
    let function = draft.function(noise.choose(&gated)?);
    function.stability = Stability::Unknown;
    Some(format!("{} no longer gated", function.name))
}

fn docs(draft: &mut Draft, noise: &mut Noise) -> Option<String> {
    let id = draft.some_interface(noise)?;
    let words = fresh(noise, "about");
    draft.resolve.interfaces[id].docs = Docs { contents: Some(words) };
    Some(format!("documentation of {} changed", draft.interface_name(id)))
}
