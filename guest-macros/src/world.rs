//! The world that a plugin is written for: which interfaces it may implement, with which functions.

use std::path::PathBuf;

use heck::ToUpperCamelCase;
use plug_contract::wit_parser::{
    FunctionKind, IndexMap, InterfaceId, PackageName, Resolve, TypeDefKind, TypeId, WorldId, WorldItem,
    WorldKey,
};
use plug_contract::{Contract, Wit};
use wit_bindgen_rust::to_rust_ident;

use crate::rust_type::{RustType, camel};

/// A world with all that the other stages ask of it.
pub(crate) struct World {
    /// Where it was read; empty for the standard world.
    pub(crate) files: Vec<PathBuf>,
    /// Without our own exports: what bindings are generated for. None for the standard world,
    /// whose bindings are in the SDK.
    pub(crate) application: Option<(Resolve, WorldId)>,
    /// `acme:images/filter@1.2.0`
    pub(crate) name: String,
    /// What can be implemented: the application's interfaces first, then ours.
    pub(crate) interfaces: Vec<Interface>,
    /// Reasons why the SDK cannot serve this world.
    pub(crate) obstacles: Vec<Obstacle>,
}

/// Why a world cannot be served.
pub(crate) enum Obstacle {
    /// Our base is not included.
    NoBase,
    /// Our base is there in another version.
    OtherBase { found: String, wanted: String },
    /// An interface of our base is not what it is in our package.
    ChangedBase { interface: String },
    /// An interface of the application uses types of one that the SDK implements.
    SharedTypes { interface: String, ours: String },
    /// Asynchronous: the function, and what makes it so.
    Async { function: String, reason: &'static str },
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
        let mut standard = World::new(&wit, world);
        standard.application = None;
        standard
    }

    /// A world of an application.
    pub(crate) fn new(wit: &Wit, id: WorldId) -> World {
        let ours = Ours::load();
        let mut resolve = wit.resolve().clone();
        let mut world = World {
            files: wit.files().to_vec(),
            name: world_name(&resolve, id),
            application: None,
            interfaces: Vec::new(),
            obstacles: Vec::new(),
        };
        world.check_base(&ours, &resolve, id);
        world.find_async(&resolve, id);

        let exports = resolve.worlds[id].exports.clone();
        let (base, applications): (Vec<_>, Vec<_>) =
            exports.iter().partition(|(_, item)| our_interface(&resolve, item).is_some());
        let exported: Vec<&str> = base.iter().filter_map(|(_, item)| our_interface(&resolve, item)).collect();
        for (key, item) in &applications {
            if let WorldItem::Interface { id, .. } = item {
                let interface = application_interface(&resolve, key, *id);
                world.check_shared_types(&resolve, *id, &exported);
                // one of types alone has no trait
                if !interface.functions.is_empty() || !interface.resources.is_empty() {
                    world.interfaces.push(interface);
                }
            }
        }
        world.interfaces.extend(world_functions(&resolve, id, &exports));
        for (name, when_not_exported) in OURS {
            let need = match (exported.contains(&name), name) {
                (true, "lifecycle") => Some(Need::Defaulted),
                (true, _) => Some(Need::Required),
                (false, _) => when_not_exported,
            };
            if let Some(need) = need {
                world.interfaces.push(ours.interface(name, need));
            }
        }

        let own = base.iter().map(|(key, _)| (*key).clone()).collect::<Vec<_>>();
        resolve.worlds[id].exports.retain(|key, _| !own.contains(key));
        world.application = Some((resolve, id));
        world
    }

    /// The base must be there, and be the one that the SDK was built for.
    fn check_base(&mut self, ours: &Ours, resolve: &Resolve, id: WorldId) {
        let contract = Contract::from_resolve(resolve, id).ok();
        let world = &resolve.worlds[id];
        for (_, item) in world.exports.iter().chain(&world.imports) {
            let WorldItem::Interface { id: interface, .. } = item else { continue };
            let Some(name) = our_interface(resolve, item) else { continue };
            let found = resolve.id_of(*interface).unwrap_or_default();
            let wanted = format!("plug:plugin/{name}@{}", ours.version());
            // the first one says it for all
            if found != wanted {
                self.obstacles.push(Obstacle::OtherBase { found, wanted });
                break;
            }
            if !contract.as_ref().is_some_and(|contract| ours.agrees_with(contract, name)) {
                self.obstacles.push(Obstacle::ChangedBase { interface: found });
                break;
            }
        }
        if !world.exports.values().any(|item| our_interface(resolve, item) == Some("lifecycle")) {
            self.obstacles.push(Obstacle::NoBase);
        }
    }

    fn check_shared_types(&mut self, resolve: &Resolve, id: InterfaceId, exported: &[&str]) {
        let imported = |other: InterfaceId| {
            resolve.worlds.iter().any(|(_, world)| {
                world
                    .imports
                    .values()
                    .any(|item| matches!(item, WorldItem::Interface { id, .. } if *id == other))
            })
        };
        for other in resolve.interface_direct_deps(id) {
            let interface = &resolve.interfaces[other];
            let ours = interface.package.is_some_and(|p| is_ours(&resolve.packages[p].name));
            if let Some(name) = interface.name.as_deref()
                && ours
                && exported.contains(&name)
                && !imported(other)
            {
                let interface = resolve.interfaces[id].name.clone().unwrap_or_default();
                let obstacle = Obstacle::SharedTypes { interface, ours: format!("plug:plugin/{name}") };
                self.obstacles.push(obstacle);
                return;
            }
        }
    }

    fn find_async(&mut self, resolve: &Resolve, id: WorldId) {
        let world = &resolve.worlds[id];
        for (key, item) in world.exports.iter().chain(&world.imports) {
            let functions: Vec<_> = match item {
                WorldItem::Function(function) => vec![function],
                WorldItem::Interface { id, .. } => resolve.interfaces[*id].functions.values().collect(),
                WorldItem::Type { .. } => Vec::new(),
            };
            for function in functions {
                let reason = match &function.kind {
                    FunctionKind::AsyncFreestanding
                    | FunctionKind::AsyncMethod(_)
                    | FunctionKind::AsyncStatic(_) => "it is declared `async`",
                    _ if !function.find_futures_and_streams(resolve).is_empty() => {
                        "it passes a `future` or a `stream`"
                    }
                    _ => continue,
                };
                let place = match item {
                    WorldItem::Interface { .. } => format!("{}#", resolve.name_world_key(key)),
                    _ => String::new(),
                };
                let function = format!("{place}{}", function.name);
                self.obstacles.push(Obstacle::Async { function, reason });
            }
        }
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

/// Our own package, for the signatures of what every plugin may export.
struct Ours(Wit);

impl Ours {
    fn load() -> Ours {
        let text = "package plug:sdk;
            world all { import plug:plugin/host-api@1.0.0; export plug:plugin/lifecycle@1.0.0;
            export plug:plugin/processor@1.0.0; export plug:plugin/health@1.0.0;
            export plug:plugin/state@1.0.0; export plug:plugin/event-handler@1.0.0; }";
        Ours(Wit::from_text("sdk.wit", text).expect("our own package parses"))
    }

    /// Whether our interface of that name means the same in `contract` as it does here.
    fn agrees_with(&self, contract: &Contract, name: &str) -> bool {
        let prefix = format!("plug:plugin/{name}@");
        let Ok(ours) = self.0.contract(None) else { return false };
        contract.exports().chain(contract.imports()).filter(|(key, _)| key.starts_with(&prefix)).all(
            |(key, item)| {
                ours.export(key).or_else(|| ours.import(key)).is_some_and(|own| own.hashes() == item.hashes())
            },
        )
    }

    fn package(&self) -> &plug_contract::wit_parser::Package {
        let packages = &self.0.resolve().packages;
        packages
            .iter()
            .map(|(_, package)| package)
            .find(|p| is_ours(&p.name))
            .expect("our package is supplied")
    }

    fn version(&self) -> String {
        self.package().name.version.as_ref().map(ToString::to_string).unwrap_or_default()
    }

    fn interface(&self, name: &str, need: Need) -> Interface {
        let resolve = self.0.resolve();
        let id = self.package().interfaces[name];
        Interface {
            trait_name: name.to_upper_camel_case(),
            package: vec!["plug".to_owned(), "plugin".to_owned()],
            name: resolve.id_of(id).unwrap_or_default(),
            home: Home::Sdk(to_rust_ident(name)),
            need,
            functions: functions(resolve, resolve.interfaces[id].functions.values()),
            resources: Vec::new(),
        }
    }
}

/// The name of the interface if it is one of ours.
fn our_interface<'a>(resolve: &'a Resolve, item: &WorldItem) -> Option<&'a str> {
    let WorldItem::Interface { id, .. } = item else { return None };
    let interface = &resolve.interfaces[*id];
    let package = &resolve.packages[interface.package?].name;
    if is_ours(package) { interface.name.as_deref() } else { None }
}

fn is_ours(package: &PackageName) -> bool {
    package.namespace == "plug" && package.name == "plugin"
}

fn world_name(resolve: &Resolve, id: WorldId) -> String {
    let world = &resolve.worlds[id];
    match world.package {
        Some(package) => resolve.packages[package].name.interface_id(&world.name),
        None => world.name.clone(),
    }
}

fn application_interface(resolve: &Resolve, key: &WorldKey, id: InterfaceId) -> Interface {
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
        need: Need::Required,
        functions: functions(resolve, interface.functions.values()),
        resources: resources.map(|(name, _)| camel(name)).collect(),
    }
}

/// Functions that the world exports without an interface, as a trait that has the world's name.
fn world_functions(
    resolve: &Resolve,
    id: WorldId,
    exports: &IndexMap<WorldKey, WorldItem>,
) -> Option<Interface> {
    let found = functions(
        resolve,
        exports.values().filter_map(|item| match item {
            WorldItem::Function(function) => Some(function),
            _ => None,
        }),
    );
    (!found.is_empty()).then(|| Interface {
        trait_name: resolve.worlds[id].name.to_upper_camel_case(),
        package: Vec::new(),
        name: world_name(resolve, id),
        home: Home::Application(Vec::new()),
        need: Need::Required,
        functions: found,
        resources: Vec::new(),
    })
}

/// Functions that stand in the trait itself; those of resources have traits of their own.
fn functions<'a>(
    resolve: &Resolve,
    functions: impl Iterator<Item = &'a plug_contract::wit_parser::Function>,
) -> Vec<Function> {
    functions
        .filter(|function| function.kind.resource().is_none())
        .map(|function| Function {
            name: to_rust_ident(function.item_name()),
            params: function
                .params
                .iter()
                .map(|param| (to_rust_ident(&param.name), RustType::of(resolve, &param.ty)))
                .collect(),
            result: RustType::of_result(resolve, function.result.as_ref()),
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
