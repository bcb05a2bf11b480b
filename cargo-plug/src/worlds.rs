//! Which world of a package is meant.

use plug_contract::{Wit, WitError};

/// The worlds that are contracts of their own: not those that name the optional exports of another.
pub(crate) fn worlds(wit: &Wit) -> Vec<String> {
    let all = wit.world_names();
    all.iter()
        .filter(|name| {
            name.strip_suffix("-optional").is_none_or(|main| !all.iter().any(|other| other == main))
        })
        .cloned()
        .collect()
}

/// The world that was asked for; else the only one; else the one that the other side has.
pub(crate) fn choose(wit: &Wit, asked: Option<&str>, other: Option<&str>) -> Result<String, WitError> {
    if let Some(asked) = asked {
        wit.select_world(Some(asked))?;
        return Ok(asked.to_owned());
    }
    let worlds = worlds(wit);
    match (worlds.as_slice(), other) {
        ([only], _) => Ok(only.clone()),
        (several, Some(other)) if several.iter().any(|world| world == other) => Ok(other.to_owned()),
        // Says which there are.
        _ => wit.select_world(None).map(|world| wit.resolve().worlds[world].name.clone()),
    }
}

/// The plain name in `acme:images/filter@1.2.0`.
pub(crate) fn plain_name(world: &str) -> &str {
    let tail = world.rsplit_once('/').map_or(world, |(_, tail)| tail);
    tail.split_once('@').map_or(tail, |(name, _)| name)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wit(worlds: &str) -> Wit {
        Wit::from_text("a.wit", &format!("package a:b; {worlds}")).unwrap()
    }

    #[test]
    fn the_only_world_needs_no_name() {
        let one = wit("world w { } world w-optional { }");
        assert_eq!(worlds(&one), ["w"]);
        assert_eq!(choose(&one, None, Some("x")).unwrap(), "w");
        assert_eq!(choose(&wit("world x-optional { }"), None, None).unwrap(), "x-optional");
    }

    #[test]
    fn one_of_several_is_named_by_somebody() {
        let two = wit("world w { } world x { }");
        assert_eq!(choose(&two, Some("a:b/x"), None).unwrap(), "a:b/x");
        assert_eq!(choose(&two, None, Some("x")).unwrap(), "x");
        assert!(choose(&two, None, Some("y")).unwrap_err().to_string().contains("`w`, `x`"));
        assert!(choose(&two, Some("y"), Some("x")).is_err());
    }

    #[test]
    fn names_lose_package_and_version() {
        for name in ["filter", "acme:images/filter", "acme:images/filter@1.2.0"] {
            assert_eq!(plain_name(name), "filter");
        }
    }
}
