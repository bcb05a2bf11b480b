//! A world together with its optional exports: what bindings are made of.

use wit_parser::{
    CloneMaps, Docs, IndexMap, InterfaceId, Resolve, Span, Stability, World, WorldId, WorldItem, WorldKey,
};

use super::Wit;

/// The optional exports of a world cannot stand beside its own.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum OptionalError {
    /// Something that is no interface.
    #[error("the world `{world}` exports `{item}`, and only an interface can be optional: put it into one")]
    NoInterface {
        /// The world of the optional exports.
        world: String,
        /// What it exports.
        item: String,
    },
    /// One of them would change what the world itself means.
    #[error("the optional exports of `{world}` cannot stand beside its own: {reason}")]
    Conflict {
        /// The world itself.
        world: String,
        /// Where they meet.
        reason: String,
    },
}

impl Wit {
    /// The names of the interfaces that a plugin of `world` may export but need not, in the order
    /// of the text: `acme:images/preview@1.1.0`.
    ///
    /// # Errors
    /// When the world that names them exports anything else.
    pub fn optional_exports(&self, world: WorldId) -> Result<Vec<String>, OptionalError> {
        let resolve = self.resolve();
        let Some(optional) = self.optional_world(world) else { return Ok(Vec::new()) };
        let own = &resolve.worlds[world].exports;
        let mut names = Vec::new();
        for (key, item) in &resolve.worlds[optional].exports {
            match item {
                WorldItem::Interface { .. } if own.contains_key(key) => {}
                WorldItem::Interface { .. } => names.push(resolve.name_world_key(key)),
                WorldItem::Function(_) | WorldItem::Type { .. } => {
                    return Err(OptionalError::NoInterface {
                        world: resolve.worlds[optional].name.clone(),
                        item: resolve.name_world_key(key),
                    });
                }
            }
        }
        Ok(names)
    }

    /// Makes `interfaces` optional exports of `world`, beside those that it has: as if its text had
    /// an `export` of each of them in the world that names the optional ones.
    pub fn add_optional_exports(&mut self, world: WorldId, interfaces: &[InterfaceId]) {
        let Some(optional) = self.optional_world(world).or_else(|| self.add_optional_world(world)) else {
            return;
        };
        let resolve = self.resolve_mut();
        let mut exports = resolve.worlds[optional].exports.clone();
        let mut imports = resolve.worlds[optional].imports.clone();
        for id in interfaces {
            let (key, item) = interface(*id);
            exports.entry(key).or_insert(item);
        }
        // wit-parser's order: each behind those that it takes types from
        let mut ordered = IndexMap::new();
        for (key, item) in &exports {
            if let WorldItem::Interface { id, .. } = item {
                for dep in needed(resolve, *id, &|_| false) {
                    let (dep, import) = interface(dep);
                    if let Some(item) = exports.get(&dep) {
                        ordered.insert(dep, item.clone());
                    } else {
                        imports.entry(dep).or_insert(import);
                    }
                }
            }
            ordered.insert(key.clone(), item.clone());
        }
        let definition = &mut resolve.worlds[optional];
        definition.exports = ordered;
        definition.imports = imports;
    }

    /// An empty world for the optional exports of `world`; none for a world outside any package.
    fn add_optional_world(&mut self, world: WorldId) -> Option<WorldId> {
        let resolve = self.resolve_mut();
        let package = resolve.worlds[world].package?;
        let name = super::resolve::optional_name(resolve, world);
        let optional = resolve.worlds.alloc(World {
            name: name.clone(),
            imports: IndexMap::new(),
            exports: IndexMap::new(),
            package: Some(package),
            docs: Docs::default(),
            stability: Stability::default(),
            includes: Vec::new(),
            span: Span::default(),
        });
        resolve.packages[package].worlds.insert(name, optional);
        Some(optional)
    }

    /// What wit-parser would have made of it, had `world` exported the `chosen` ones of its
    /// optional interfaces by itself. They stand behind its own exports,
    /// each after those that it takes types from.
    ///
    /// # Errors
    /// When `world` already imports for its own exports what would be exported.
    pub fn with_optional_exports(&self, world: WorldId, chosen: &[String]) -> Result<Resolve, OptionalError> {
        let mut resolve = self.resolve().clone();
        let Some(optional) = self.optional_world(world) else { return Ok(resolve) };
        let items: Vec<(WorldKey, WorldItem)> = resolve.worlds[optional]
            .exports
            .iter()
            .filter(|(key, item)| {
                matches!(item, WorldItem::Interface { .. })
                    && chosen.contains(&resolve.name_world_key(key))
                    && !resolve.worlds[world].exports.contains_key(*key)
            })
            .map(|(key, item)| (key.clone(), item.clone()))
            .collect();
        let mut maps = CloneMaps::default();
        // one by one, each after those that it depends on: that is wit-parser's order
        for (key, item) in items {
            let WorldItem::Interface { id, .. } = item else { continue };
            let own: Vec<WorldKey> = resolve.worlds[world].imports.keys().cloned().collect();
            let exported = resolve.worlds[world].exports.clone();
            let beside = needed(&resolve, id, &|id| exported.contains_key(&WorldKey::Interface(id)));
            // by itself, that world imports what the other one exports
            let alone = needed(&resolve, id, &|_| false);
            let definition = &mut resolve.worlds[optional];
            definition.imports = alone.into_iter().map(interface).collect();
            definition.exports = IndexMap::from_iter([(key, item)]);
            resolve.merge_worlds(optional, world, &mut maps).map_err(|why| OptionalError::Conflict {
                world: resolve.worlds[world].name.clone(),
                reason: format!("{why:#}"),
            })?;
            resolve.worlds[world].imports.retain(|key, _| {
                own.contains(key) || matches!(key, WorldKey::Interface(id) if beside.contains(id))
            });
        }
        Ok(resolve)
    }
}

/// The interfaces that one takes types from, unless they are `there`: each after those that it
/// depends on itself.
pub(super) fn needed(
    resolve: &Resolve,
    id: InterfaceId,
    there: &dyn Fn(InterfaceId) -> bool,
) -> Vec<InterfaceId> {
    fn add(
        resolve: &Resolve,
        id: InterfaceId,
        there: &dyn Fn(InterfaceId) -> bool,
        out: &mut Vec<InterfaceId>,
    ) {
        for dep in resolve.interface_direct_deps(id) {
            if !there(dep) && !out.contains(&dep) {
                add(resolve, dep, there, out);
                out.push(dep);
            }
        }
    }
    let mut out = Vec::new();
    add(resolve, id, there, &mut out);
    out
}

/// An interface as a world imports or exports it.
fn interface(id: InterfaceId) -> (WorldKey, WorldItem) {
    let item = WorldItem::Interface {
        id,
        stability: Stability::default(),
        docs: Docs::default(),
        span: Span::default(),
        external_id: None,
    };
    (WorldKey::Interface(id), item)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Contract;

    const TEXT: &str = "package acme:images@1.1.0;
        interface types { type pixels = list<u8>; }
        interface sizes { type size = u32; }
        interface image-filter { use types.{pixels}; record image { pixels: pixels } apply: func(i: image); }
        interface preview { use image-filter.{image}; use sizes.{size}; preview: func(i: image) -> size; }
        interface tags { use preview.{image}; tags: func(of: image); }
        world filter { include plug:plugin/base@1.0.0; export image-filter; }
        world filter-optional { export tags; export preview; export image-filter; }";

    fn wit(text: &str) -> (Wit, WorldId) {
        let wit = Wit::from_text("w.wit", text).unwrap();
        let world = wit.select_world(Some("filter")).unwrap();
        (wit, world)
    }

    fn names(resolve: &Resolve, world: WorldId) -> (Vec<String>, Vec<String>) {
        let world = &resolve.worlds[world];
        let names = |key: &WorldKey| resolve.name_world_key(key);
        (world.imports.keys().map(names).collect(), world.exports.keys().map(names).collect())
    }

    #[test]
    fn the_chosen_ones_are_exported_with_what_they_need() {
        let (wit, world) = wit(TEXT);
        let optional = wit.optional_exports(world).unwrap();
        assert_eq!(optional, ["acme:images/preview@1.1.0", "acme:images/tags@1.1.0"]);
        let [preview, tags] = [&optional[..1], &optional[1..]];
        let (imports, exports) = names(wit.resolve(), world);
        for (chosen, import) in [(&[][..], None), (preview, Some("acme:images/sizes@1.1.0"))] {
            let (merged_imports, merged_exports) =
                names(&wit.with_optional_exports(world, chosen).unwrap(), world);
            assert_eq!(merged_imports[..imports.len()], imports);
            assert_eq!(merged_imports[imports.len()..], Vec::from_iter(import));
            assert_eq!(merged_exports[..exports.len()], exports);
            assert_eq!(&merged_exports[exports.len()..], chosen);
        }
        let (_, merged_exports) = names(&wit.with_optional_exports(world, &optional).unwrap(), world);
        assert_eq!(merged_exports[exports.len()..], optional);
        // an image of the filter that is exported, and one of a preview that is not
        let why = wit.with_optional_exports(world, tags).unwrap_err().to_string();
        assert!(why.contains("acme:images/preview@1.1.0"), "{why}");
    }

    #[test]
    fn added_ones_are_those_of_a_text_that_says_so() {
        let bare = TEXT.rsplit_once("world filter-optional").unwrap().0;
        for start in [
            bare.to_owned(),
            format!("{bare} world filter-optional {{ }}"),
            format!("{bare} world filter-optional {{ export tags; export image-filter; export preview; }}"),
            format!("{bare} world filter-optional {{ export preview; }}"),
        ] {
            let (mut added, world) = wit(&start);
            let package = &added.resolve().packages[added.package()];
            // one that takes types from the other is named first, and one is named twice
            let ids = ["tags", "preview", "tags"].map(|name| package.interfaces[name]);
            added.add_optional_exports(world, &ids);
            let (said, said_world) = wit(TEXT);
            assert_eq!(added.optional_exports(world), said.optional_exports(said_world), "{start}");
            let optional = said.optional_exports(said_world).unwrap();
            assert_eq!(
                names(&added.with_optional_exports(world, &optional).unwrap(), world),
                names(&said.with_optional_exports(said_world, &optional).unwrap(), said_world),
            );
            // what a host embeds says it too
            let (read, read_world) = wit(&added.to_text().unwrap());
            assert_eq!(read.optional_exports(read_world).unwrap(), optional);
            let contract = |wit: &Wit, world| wit.contract_of(world).unwrap();
            let names = |contract: Contract| -> Vec<String> {
                contract.optional_exports().map(|(name, _)| name.to_owned()).collect()
            };
            assert_eq!(names(contract(&added, world)), names(contract(&said, said_world)));
            assert_eq!(contract(&read, read_world).hash(), contract(&said, said_world).hash());
        }
    }

    #[test]
    fn without_a_second_world_nothing_is_optional() {
        let (wit, world) = wit("package a:b; world filter { include plug:plugin/base@1.0.0; }");
        assert_eq!(wit.optional_exports(world), Ok(Vec::new()));
        let merged = wit.with_optional_exports(world, &["a:b/c".to_owned()]).unwrap();
        assert_eq!(names(&merged, world), names(wit.resolve(), world));
    }

    #[test]
    fn the_world_that_has_them_needs_no_name() {
        let (wit, world) = wit(TEXT);
        assert_eq!(wit.select_world(None).unwrap(), world);
    }

    #[test]
    fn what_cannot_be_optional_is_told() {
        let (wit, world) = wit("package a:b; world filter { } world filter-optional { export run: func(); }");
        assert_eq!(
            wit.optional_exports(world).unwrap_err().to_string(),
            "the world `filter-optional` exports `run`, and only an interface can be optional: put it into one"
        );
    }

    #[test]
    fn an_export_that_the_world_imports_for_another_one_is_told() {
        let (wit, world) = wit("package a:b;
             interface types { resource r; }
             interface work { use types.{r}; work: func(r: r); }
             world filter { export work; } world filter-optional { export types; }");
        let optional = wit.optional_exports(world).unwrap();
        let why = wit.with_optional_exports(world, &optional).unwrap_err().to_string();
        assert!(why.starts_with("the optional exports of `filter` cannot stand beside its own: "), "{why}");
        assert!(why.contains("a:b/types"), "{why}");
    }
}
