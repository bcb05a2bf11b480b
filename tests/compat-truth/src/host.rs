//! Hosts made of a world, as generated bindings would be.

use std::sync::{Arc, LazyLock};

use tokio::runtime::Runtime;
use wasmtime::component::types::ComponentItem;
use wasmtime::component::{InstancePre, Linker, LinkerInstance};
use wasmtime::{Store, bail, format_err};
use wit_parser::{Function, Resolve, TypeId, WorldId, WorldItem};

use crate::concurrent;
use crate::engine::engine;
use crate::error::Error;
use crate::expected::{Arguments, Returned, expecting_signature};
use crate::outcome::{Outcome, Stage};
use crate::plugin::Plugin;
use crate::shape::{Numbers, Shapes, Signature};
use crate::world::World;

/// A host that serves the imports of a world and calls its exports.
pub struct Host {
    /// Serves functions of any type under the names of the world's imports.
    linker: Linker<()>,
    imports: Vec<Import>,
    exports: Vec<Export>,
}

/// A function that the host serves.
struct Import {
    interface: Option<String>,
    function: Callable,
}

/// What the host demands, or uses where it is there.
enum Export {
    Function(Callable),
    Interface { name: String, functions: Vec<Callable>, is_optional: bool },
}

struct Callable {
    name: String,
    is_async: bool,
    signature: Arc<Signature>,
}

impl Host {
    /// Makes it of a world as wasmtime's `bindgen!` does: it demands even exports that are
    /// `@unstable`, and knows of no optional ones.
    ///
    /// # Errors
    /// When no host can be written for the world.
    pub fn new(world: &World) -> Result<Host, Error> {
        Host::of(world.gated_resolve(&[])?, world.all_resolve()?, &[])
    }

    /// Makes it of a world as `plug_host::world!` does: without anything that is `@unstable`, and
    /// with optional exports, which are looked up and not demanded.
    ///
    /// # Errors
    /// When no host can be written for the world.
    pub fn of_plug_host(world: &World) -> Result<Host, Error> {
        let optional = world.optional_exports()?;
        let merged = world.gated_resolve(&optional)?;
        Host::of(merged.clone(), merged, &optional)
    }

    fn of(
        served: (Resolve, WorldId),
        demanded: (Resolve, WorldId),
        optional: &[String],
    ) -> Result<Host, Error> {
        let ((mut gated, gated_world), (mut all, all_world)) = (served, demanded);
        gated.generate_nominal_type_ids(gated_world);
        all.generate_nominal_type_ids(all_world);

        let mut numbers = Numbers::default();
        let shapes = &mut Shapes::new(&all, all_world, &mut numbers);
        let exports = exports(&all, all_world, shapes, optional)?;
        let shapes = Shapes::new(&gated, gated_world, &mut numbers);
        let mut served =
            Served { resolve: &gated, shapes, linker: Linker::new(engine()), imports: Vec::new() };
        served.world(gated_world)?;
        let Served { mut linker, imports, .. } = served;
        linker.allow_shadowing(true);
        Ok(Host { linker, imports, exports })
    }

    /// Links the plugin to it.
    ///
    /// # Errors
    /// When the engine fails otherwise than by refusing to link.
    pub fn link(&self, plugin: &Plugin) -> Result<Outcome, Error> {
        let fails = |stage, why: wasmtime::Error| Outcome::Fails { stage, message: format!("{why:#}") };
        let pre = match self.check_imports(plugin) {
            Ok(pre) => pre,
            Err(Refusal::Linker(why)) => return Ok(fails(Stage::Import, why)),
            Err(Refusal::Harness(why)) => return Err(why),
        };
        if let Err(why) = self.check_exports(&pre) {
            return Ok(fails(Stage::ExportMissing, why));
        }
        match self.check_instance(&pre) {
            Ok(()) => Ok(Outcome::Links),
            Err(Refusal::Linker(why)) => Ok(fails(Stage::ExportType, why)),
            Err(Refusal::Harness(why)) => Err(why),
        }
    }

    /// Links once for each imported function, with all others of any type: a check knows the type
    /// that is expected, but not the function that it is for.
    fn check_imports(&self, plugin: &Plugin) -> Result<InstancePre<()>, Refusal> {
        let pre = self.linker.instantiate_pre(plugin.component()).map_err(Refusal::Linker)?;
        for Import { interface, function } in &self.imports {
            let mut linker = self.linker.clone();
            let mut instance = match interface {
                Some(interface) => linker.instance(interface).map_err(engine_error)?,
                None => linker.root(),
            };
            typed(&mut instance, function).map_err(engine_error)?;
            expecting_signature(&function.signature, || linker.instantiate_pre(plugin.component()))
                .map_err(Refusal::Linker)?;
        }
        Ok(pre)
    }

    /// What generated code does in `…Pre::new`.
    fn check_exports(&self, pre: &InstancePre<()>) -> wasmtime::Result<()> {
        let component = pre.component();
        for export in &self.exports {
            match export {
                Export::Function(Callable { name, signature, .. }) => {
                    let Some((item, _)) = component.get_export(None, name.as_str()) else {
                        bail!("no export `{name}` found");
                    };
                    let ComponentItem::ComponentFunc(function) = item else {
                        bail!("export `{name}` is not a function");
                    };
                    let types = pre.instance_type();
                    expecting_signature(signature, || function.typecheck::<Arguments, Returned>(&types))
                        .map_err(|why| why.context(format!("type-checking export func `{name}`")))?;
                }
                Export::Interface { name, functions, is_optional } => {
                    let Some(instance) = component.get_export_index(None, name.as_str()) else {
                        if *is_optional {
                            continue;
                        }
                        bail!("no exported instance named `{name}`");
                    };
                    for function in functions {
                        if component.get_export_index(Some(&instance), function.name.as_str()).is_none() {
                            bail!("instance export `{name}` does not have export `{}`", function.name);
                        }
                    }
                }
            }
        }
        Ok(())
    }

    /// What generated code does in `…Pre::instantiate`.
    fn check_instance(&self, pre: &InstancePre<()>) -> Result<(), Refusal> {
        static RUNTIME: LazyLock<Runtime> = LazyLock::new(|| {
            tokio::runtime::Builder::new_current_thread().build().expect("a runtime without drivers")
        });
        let mut store = Store::new(engine(), ());
        // a dummy does nothing when it starts: what fails here is no matter of types
        let instance = RUNTIME.block_on(pre.instantiate_async(&mut store)).map_err(engine_error)?;
        for export in &self.exports {
            let Export::Interface { name: interface, functions, .. } = export else { continue };
            let component = pre.component();
            // one that is demanded was looked for before
            let Some(index) = component.get_export_index(None, interface.as_str()) else { continue };
            for Callable { name, signature, .. } in functions {
                let found = component.get_export_index(Some(&index), name.as_str());
                let function = found.and_then(|index| instance.get_func(&mut store, index));
                let Some(function) = function else {
                    let why = format_err!("export `{name}` of `{interface}` is not a function");
                    return Err(Refusal::Linker(why));
                };
                expecting_signature(signature, || function.typed::<Arguments, Returned>(&store)).map_err(
                    |why| {
                        Refusal::Linker(why.context(format!(
                            "failed to convert function `{interface}#{name}` to given type"
                        )))
                    },
                )?;
            }
        }
        Ok(())
    }
}

/// Why a plugin was not linked.
enum Refusal {
    Linker(wasmtime::Error),
    Harness(Error),
}

fn engine_error(why: wasmtime::Error) -> Refusal {
    Refusal::Harness(Error::Engine(format!("{why:#}")))
}

/// What a host serves, while it is put together.
struct Served<'a> {
    resolve: &'a Resolve,
    shapes: Shapes<'a>,
    linker: Linker<()>,
    imports: Vec<Import>,
}

impl Served<'_> {
    fn world(&mut self, world: WorldId) -> Result<(), Error> {
        for (key, item) in &self.resolve.worlds[world].imports {
            match item {
                WorldItem::Function(function) => self.items(None, [], [function])?,
                WorldItem::Type { id, .. } => self.items(None, [*id], [])?,
                WorldItem::Interface { id, .. } => {
                    let interface = &self.resolve.interfaces[*id];
                    let types = interface.types.values().copied();
                    self.items(Some(&self.resolve.name_world_key(key)), types, interface.functions.values())?;
                }
            }
        }
        Ok(())
    }

    /// Resources and functions of an interface, or of the world itself.
    fn items<'f>(
        &mut self,
        interface: Option<&str>,
        types: impl IntoIterator<Item = TypeId>,
        functions: impl IntoIterator<Item = &'f Function>,
    ) -> Result<(), Error> {
        let failed = |why: wasmtime::Error| Error::Engine(format!("{why:#}"));
        let mut instance = match interface {
            Some(interface) => self.linker.instance(interface).map_err(failed)?,
            None => self.linker.root(),
        };
        for id in types {
            if let (Some(resource), Some(name)) = (self.shapes.defined(id)?, &self.resolve.types[id].name) {
                instance.resource(name, resource.ty(), |_, _| Ok(())).map_err(failed)?;
            }
        }
        for function in functions {
            let function = callable(&mut self.shapes, function)?;
            dynamic(&mut instance, &function).map_err(failed)?;
            self.imports.push(Import { interface: interface.map(str::to_owned), function });
        }
        Ok(())
    }
}

fn exports(
    resolve: &Resolve,
    world: WorldId,
    shapes: &mut Shapes<'_>,
    optional: &[String],
) -> Result<Vec<Export>, Error> {
    let mut exports = Vec::new();
    for (key, item) in &resolve.worlds[world].exports {
        exports.push(match item {
            WorldItem::Function(function) => Export::Function(callable(shapes, function)?),
            WorldItem::Interface { id, .. } => {
                let functions = resolve.interfaces[*id].functions.values();
                let functions =
                    functions.map(|function| callable(shapes, function)).collect::<Result<_, _>>()?;
                let name = resolve.name_world_key(key);
                Export::Interface { is_optional: optional.contains(&name), name, functions }
            }
            WorldItem::Type { .. } => return Err(Error::Inexpressible("an exported type".to_owned())),
        });
    }
    Ok(exports)
}

fn callable(shapes: &mut Shapes<'_>, function: &Function) -> Result<Callable, Error> {
    Ok(Callable {
        name: function.name.clone(),
        is_async: function.kind.is_async(),
        signature: shapes.signature(function)?,
    })
}

/// A function of any type.
fn dynamic(linker: &mut LinkerInstance<'_, ()>, function: &Callable) -> wasmtime::Result<()> {
    if function.is_async {
        concurrent::dynamic(linker, &function.name)
    } else {
        linker.func_new(&function.name, |_, _, _, _| bail!("it is never called"))
    }
}

/// A function of the expected type.
fn typed(linker: &mut LinkerInstance<'_, ()>, function: &Callable) -> wasmtime::Result<()> {
    if function.is_async {
        concurrent::typed(linker, &function.name)
    } else {
        linker.func_wrap(&function.name, |_, _: Arguments| -> wasmtime::Result<Returned> {
            bail!("it is never called")
        })
    }
}
