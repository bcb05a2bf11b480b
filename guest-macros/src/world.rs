//! The world that a plugin is written for: which interfaces it may implement, with which functions.

use std::path::PathBuf;

use heck::ToUpperCamelCase;
use plug_contract::wit_parser::{InterfaceId, Resolve, TypeDefKind, TypeId, WorldId, WorldItem, WorldKey};
use plug_contract::{OptionalError, Wit};
use wit_bindgen_rust::to_rust_ident;

use crate::obstacle::{self, Obstacle};
use crate::ours::{Ours, our_interface};
use crate::rust_type::{RustType, Types, camel};

/// A world with all that the other stages ask of it.
pub(crate) struct World {
    /// The package that it stands in.
    wit: Wit,
    id: WorldId,
    /// Where it was read; empty for the standard world.
    pub(crate) files: Vec<PathBuf>,
    /// What bindings are generated for: without our own exports, and with those optional ones that
    /// are there. None for the standard world, whose bindings are in the SDK.
    pub(crate) application: Option<(Resolve, WorldId)>,
    /// `acme:images/filter@1.2.0`
    pub(crate) name: String,
    /// What can be implemented: the application's interfaces first, then ours.
    pub(crate) interfaces: Vec<Interface>,
    /// Reasons why the SDK cannot serve this world.
    pub(crate) obstacles: Vec<Obstacle>,
}

/// How much a plugin must do about an interface.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Need {
    /// Has to be implemented.
    Required,
    /// What is not implemented has a default.
    Defaulted,
    /// Exported when implemented.
    Optional,
}

/// Where the bindings of an interface are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Home {
    /// In the SDK, in the module of that name.
    Sdk(String),
    /// In the module `bindings` of the plugin, below these modules.
    Application(Vec<String>),
}

/// Something that a plugin implements as a trait.
#[derive(Debug, Clone)]
pub(crate) struct Interface {
    /// The trait's name: `ImageFilter`.
    pub(crate) trait_name: String,
    /// `["acme", "images"]`, to tell interfaces of one name apart.
    pub(crate) package: Vec<String>,
    /// `acme:images/image-filter@1.2.0`
    pub(crate) name: String,
    pub(crate) home: Home,
    pub(crate) need: Need,
    pub(crate) functions: Vec<Function>,
    /// Resources that the plugin implements, by their Rust names.
    pub(crate) resources: Vec<String>,
}

/// A function as it is written in Rust.
#[derive(Debug, Clone)]
pub(crate) struct Function {
    pub(crate) name: String,
    pub(crate) params: Vec<(String, RustType)>,
    pub(crate) result: RustType,
}

impl Function {
    /// `fn process(req: ProcessRequest) -> ProcessResponse`
    pub(crate) fn signature(&self) -> String {
        let params: Vec<String> = self.params.iter().map(|(name, ty)| format!("{name}: {ty}")).collect();
        let result = match &self.result {
            RustType::Unit => String::new(),
            ty => format!(" -> {ty}"),
        };
        format!("fn {}({}){result}", self.name, params.join(", "))
    }
}

/// Our interfaces, in the order in which they are looked at, with what a plugin must do about them
/// when the world does not export them by name.
const OURS: [(&str, Option<Need>); 5] = [
    ("processor", None),
    ("lifecycle", None),
    ("health", Some(Need::Optional)),
    ("state", Some(Need::Optional)),
    ("event-handler", Some(Need::Optional)),
];

impl World {
    /// `plug:plugin/plugin`, which needs no WIT of the application's.
    pub(crate) fn standard() -> World {
        let wit = Wit::standard();
        let world = wit.select_world(Some("plugin")).expect("the standard world is part of our package");
        let mut standard = World::new(&wit, world).expect("our package has no optional world");
        standard.application = None;
        standard
    }

    /// A world of an application, with all of its optional interfaces.
    ///
    /// # Errors
    /// When no plugin could export them beside the others.
    pub(crate) fn new(wit: &Wit, id: WorldId) -> Result<World, OptionalError> {
        let ours = Ours::load();
        let optional = wit.optional_exports(id)?;
        let resolve = wit.with_optional_exports(id, &optional)?;
        let mut world = World {
            wit: wit.clone(),
            id,
            files: wit.files().to_vec(),
            name: world_name(&resolve, id),
            application: None,
            interfaces: Vec::new(),
            obstacles: obstacle::find(&ours, &resolve, id),
        };
        let is_optional = |key: &WorldKey| optional.contains(&resolve.name_world_key(key));
        let exports = resolve.worlds[id].exports.clone();
        let (base, applications): (Vec<_>, Vec<_>) =
            exports.iter().partition(|(_, item)| our_interface(&resolve, item).is_some());
        let implemented: Vec<InterfaceId> = applications
            .iter()
            .filter_map(|(_, item)| match item {
                WorldItem::Interface { id, .. } => Some(*id),
                WorldItem::Function(_) | WorldItem::Type { .. } => None,
            })
            .collect();
        let types = Types { resolve: &resolve, exported: &implemented };
        for (key, item) in &applications {
            if let WorldItem::Interface { id, .. } = item {
                let need = if is_optional(key) { Need::Optional } else { Need::Required };
                let interface = application_interface(&types, key, *id, need);
                // one of types alone has no trait
                if !interface.functions.is_empty() || !interface.resources.is_empty() {
                    world.interfaces.push(interface);
                }
            }
        }
        world.interfaces.extend(world_functions(&types, id));
        for (name, when_not_exported) in OURS {
            let export = base.iter().find(|(_, item)| our_interface(&resolve, item) == Some(name));
            let need = match (export, name) {
                (Some(_), "lifecycle") => Some(Need::Defaulted),
                (Some((key, _)), _) if is_optional(key) => Some(Need::Optional),
                (Some(_), _) => Some(Need::Required),
                (None, _) => when_not_exported,
            };
            if let Some(need) = need {
                world.interfaces.push(our_implementation(&ours, name, need));
            }
        }
        world.application = Some((without_ours(resolve, id), id));
        Ok(world)
    }

    /// The world as a plugin exports it that implements just these of the optional interfaces.
    ///
    /// # Errors
    /// When one of them takes types from another that is not among them.
    pub(crate) fn export_optional(&mut self, implemented: &[usize]) -> Result<(), OptionalError> {
        let Some((resolve, _)) = &mut self.application else { return Ok(()) };
        let names: Vec<String> =
            implemented.iter().map(|index| self.interfaces[*index].name.clone()).collect();
        *resolve = without_ours(self.wit.with_optional_exports(self.id, &names)?, self.id);
        Ok(())
    }

    /// The interfaces that go by a trait's name.
    pub(crate) fn find(&self, path: &syn::Path) -> Vec<usize> {
        let mut segments: Vec<String> =
            path.segments.iter().map(|segment| segment.ident.to_string()).collect();
        let Some(name) = segments.pop() else { return Vec::new() };
        (0..self.interfaces.len())
            .filter(|index| {
                let interface = &self.interfaces[*index];
                interface.trait_name == name && interface.package.ends_with(&segments)
            })
            .collect()
    }

    /// Those that have to be implemented.
    pub(crate) fn required(&self) -> impl Iterator<Item = usize> {
        (0..self.interfaces.len()).filter(|index| self.interfaces[*index].need == Need::Required)
    }
}

/// Our own exports have their bindings in the SDK.
fn without_ours(mut resolve: Resolve, id: WorldId) -> Resolve {
    let mut exports = std::mem::take(&mut resolve.worlds[id].exports);
    exports.retain(|_, item| our_interface(&resolve, item).is_none());
    resolve.worlds[id].exports = exports;
    resolve
}

fn world_name(resolve: &Resolve, id: WorldId) -> String {
    let world = &resolve.worlds[id];
    match world.package {
        Some(package) => resolve.packages[package].name.interface_id(&world.name),
        None => world.name.clone(),
    }
}

/// An interface of ours, whose bindings are in the SDK.
fn our_implementation(ours: &Ours, name: &str, need: Need) -> Interface {
    let (resolve, id) = ours.interface(name);
    let types = Types { resolve, exported: &[id] };
    Interface {
        trait_name: name.to_upper_camel_case(),
        package: vec!["plug".to_owned(), "plugin".to_owned()],
        name: resolve.id_of(id).unwrap_or_default(),
        home: Home::Sdk(to_rust_ident(name)),
        need,
        functions: functions(&types, resolve.interfaces[id].functions.values()),
        resources: Vec::new(),
    }
}

fn application_interface(types: &Types<'_>, key: &WorldKey, id: InterfaceId, need: Need) -> Interface {
    let resolve = types.resolve;
    let interface = &resolve.interfaces[id];
    let plain = match key {
        WorldKey::Name(name) => name.clone(),
        WorldKey::Interface(_) => interface.name.clone().unwrap_or_default(),
    };
    let package = interface.package.filter(|_| matches!(key, WorldKey::Interface(_)));
    let resources = interface.types.iter().filter(|(_, ty)| is_resource(resolve, **ty));
    Interface {
        trait_name: plain.to_upper_camel_case(),
        package: package.map_or_else(Vec::new, |package| {
            let name = &resolve.packages[package].name;
            vec![to_rust_ident(&name.namespace), to_rust_ident(&name.name)]
        }),
        name: resolve.name_world_key(key),
        home: Home::Application(module_path(resolve, key, true)),
        need,
        functions: functions(types, interface.functions.values()),
        resources: resources.map(|(name, _)| camel(name)).collect(),
    }
}

/// Functions that the world exports without an interface, as a trait that has the world's name.
fn world_functions(types: &Types<'_>, id: WorldId) -> Option<Interface> {
    let world = &types.resolve.worlds[id];
    let found = functions(
        types,
        world.exports.values().filter_map(|item| match item {
            WorldItem::Function(function) => Some(function),
            _ => None,
        }),
    );
    (!found.is_empty()).then(|| Interface {
        trait_name: world.name.to_upper_camel_case(),
        package: Vec::new(),
        name: world_name(types.resolve, id),
        home: Home::Application(Vec::new()),
        need: Need::Required,
        functions: found,
        resources: Vec::new(),
    })
}

/// Functions that stand in the trait itself; those of resources have traits of their own.
fn functions<'a>(
    types: &Types<'_>,
    functions: impl Iterator<Item = &'a plug_contract::wit_parser::Function>,
) -> Vec<Function> {
    functions
        .filter(|function| function.kind.resource().is_none())
        .map(|function| Function {
            name: to_rust_ident(function.item_name()),
            params: function
                .params
                .iter()
                .map(|param| (to_rust_ident(&param.name), types.rust(&param.ty)))
                .collect(),
            result: types.rust_or_unit(function.result.as_ref()),
        })
        .collect()
}

pub(crate) fn is_resource(resolve: &Resolve, ty: TypeId) -> bool {
    matches!(resolve.types[ty].kind, TypeDefKind::Resource)
}

/// The modules below `bindings` where wit-bindgen puts an interface.
pub(crate) fn module_path(resolve: &Resolve, key: &WorldKey, exported: bool) -> Vec<String> {
    let mut path: Vec<String> = exported.then(|| "exports".to_owned()).into_iter().collect();
    match key {
        WorldKey::Name(name) => path.push(to_rust_ident(name)),
        WorldKey::Interface(id) => {
            let interface = &resolve.interfaces[*id];
            if let (Some(package), Some(name)) = (interface.package, &interface.name) {
                path.push(to_rust_ident(&resolve.packages[package].name.namespace));
                path.push(wit_bindgen_core::name_package_module(resolve, package));
                path.push(to_rust_ident(name));
            }
        }
    }
    path
}
