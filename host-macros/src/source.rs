//! The WIT behind a world, found and checked.

use std::collections::HashSet;
use std::path::{Path, PathBuf};

use plug_contract::wit_parser::{
    Function, FunctionKind, Resolve, Type, TypeDefKind, TypeId, WorldId, WorldItem, WorldKey,
};
use plug_contract::{Contract, Wit, WitError};
use syn::Error;

use crate::args::WorldArgs;

/// A world of plugins, with the package it stands in.
pub(crate) struct Source {
    wit: Wit,
    /// The package, with the optional interfaces among the exports of the world.
    resolve: Resolve,
    pub(crate) world: WorldId,
    /// The names of the optional interfaces.
    pub(crate) optional: Vec<String>,
    pub(crate) contract: Contract,
    /// The files that were read: a change in one rebuilds the crate.
    pub(crate) files: Vec<PathBuf>,
}

/// An interface that the world imports.
pub(crate) struct Import {
    /// Its full name: `acme:images/stock@1.2.0`, or a plain one.
    pub(crate) name: String,
    pub(crate) provider: Provider,
    /// Whether the linker has anything to link: an interface of types alone is never linked.
    pub(crate) linked: bool,
}

/// Who serves an import.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Provider {
    /// `plug:plugin/host-api`: the host itself.
    HostApi,
    /// An interface of WASI that the host links, denying by default.
    Wasi,
    /// The application.
    Application,
}

/// The packages of WASI that the host links.
const WASI: [&str; 6] = ["cli", "clocks", "filesystem", "io", "random", "sockets"];

impl Source {
    pub(crate) fn load(args: &WorldArgs) -> Result<Source, Error> {
        let (wit, files) = match &args.folder {
            None => (Wit::standard(), Vec::new()),
            Some(folder) => {
                let root = std::env::var_os("CARGO_MANIFEST_DIR").map(PathBuf::from).unwrap_or_default();
                read(&root.join(folder.value())).map_err(|why| Error::new(folder.span(), why))?
            }
        };
        let name = args.world.as_ref().map(syn::LitStr::value);
        let world =
            wit.select_world(name.as_deref()).map_err(|why| Error::new(args.world_span(), told(&why)))?;
        let contract = Contract::from_resolve(wit.resolve(), world)
            .map_err(|why| Error::new(args.world_span(), told(&why)))?;
        let optional = wit.optional_exports(world);
        let merged = optional.and_then(|optional| {
            let resolve = wit.with_optional_exports(world, &optional)?;
            Ok((optional, resolve))
        });
        let (optional, resolve) =
            merged.map_err(|why| Error::new(args.world_span(), format!("{why} [PLG0518]")))?;
        let source = Source { wit, resolve, world, optional, contract, files };
        source.check(args)?;
        Ok(source)
    }

    fn check(&self, args: &WorldArgs) -> Result<(), Error> {
        let span = args.world_span();
        let id = self.contract.id();
        if !self.contract.includes_base() {
            return Err(Error::new(
                span,
                format!(
                    "the world `{id}` is no contract for plugins: it has to `include plug:plugin/base@1.0.0;` [PLG0104]"
                ),
            ));
        }
        if let Some((function, what)) = self.first_unserved() {
            return Err(Error::new(
                span,
                format!(
                    "`{function}` in the world `{id}` {what}, which the host cannot call or serve yet; make it a plain `func` of plain types [PLG0514]"
                ),
            ));
        }
        let own: Vec<String> = self
            .imports()
            .into_iter()
            .filter(|import| import.linked && import.provider == Provider::Application)
            .map(|import| format!("`{}`", import.name))
            .chain(self.has_own_functions().then(|| "functions of its own".to_owned()))
            .collect();
        match (&args.app, own.is_empty()) {
            (None, false) => Err(Error::new(
                span,
                format!(
                    "the world `{id}` imports {}: name the type that serves them, `app = YourType` [PLG0515]",
                    own.join(", ")
                ),
            )),
            _ => Ok(()),
        }
    }

    /// The whole WIT as one text, with all packages that it depends on.
    pub(crate) fn text(&self) -> Result<String, String> {
        self.wit.to_text().map_err(|why| told(&why))
    }

    pub(crate) fn resolve(&self) -> &Resolve {
        &self.resolve
    }

    /// The interfaces that the world imports, in the order of the text.
    pub(crate) fn imports(&self) -> Vec<Import> {
        let resolve = self.resolve();
        let world = &resolve.worlds[self.world];
        world
            .imports
            .iter()
            .filter_map(|(key, item)| match item {
                WorldItem::Interface { id, .. } => {
                    let interface = &resolve.interfaces[*id];
                    let resources = interface.types.values().any(|ty| {
                        matches!(resolve.types[*ty].kind, plug_contract::wit_parser::TypeDefKind::Resource)
                    });
                    Some(Import {
                        name: resolve.name_world_key(key),
                        provider: self.provider(key),
                        linked: resources || !interface.functions.is_empty(),
                    })
                }
                _ => None,
            })
            .collect()
    }

    /// Whether the world imports functions or resources outside any interface.
    pub(crate) fn has_own_functions(&self) -> bool {
        let resolve = self.resolve();
        resolve.worlds[self.world].imports.values().any(|item| match item {
            WorldItem::Function(_) => true,
            WorldItem::Type { id, .. } => {
                matches!(resolve.types[*id].kind, plug_contract::wit_parser::TypeDefKind::Resource)
            }
            WorldItem::Interface { .. } => false,
        })
    }

    fn provider(&self, key: &WorldKey) -> Provider {
        let WorldKey::Interface(id) = key else { return Provider::Application };
        let resolve = self.resolve();
        let interface = &resolve.interfaces[*id];
        let Some(package) = interface.package else { return Provider::Application };
        let name = &resolve.packages[package].name;
        match (name.namespace.as_str(), name.name.as_str(), interface.name.as_deref()) {
            ("plug", "plugin", Some("host-api")) => Provider::HostApi,
            ("wasi", package, _) if WASI.contains(&package) => Provider::Wasi,
            _ => Provider::Application,
        }
    }

    /// The first function that the engine is made without, and what it needs.
    fn first_unserved(&self) -> Option<(String, &'static str)> {
        let resolve = self.resolve();
        let world = &resolve.worlds[self.world];
        let mut seen = HashSet::new();
        world.imports.iter().chain(&world.exports).find_map(|(key, item)| match item {
            WorldItem::Function(function) => {
                Some((function.name.clone(), unserved(resolve, function, &mut seen)?))
            }
            WorldItem::Interface { id, .. } if self.provider(key) == Provider::Application => {
                resolve.interfaces[*id].functions.values().find_map(|function| {
                    let what = unserved(resolve, function, &mut seen)?;
                    Some((format!("{}#{}", resolve.name_world_key(key), function.name), what))
                })
            }
            _ => None,
        })
    }
}

/// What a function needs that the engine is made without.
fn unserved(resolve: &Resolve, function: &Function, seen: &mut HashSet<TypeId>) -> Option<&'static str> {
    if matches!(
        function.kind,
        FunctionKind::AsyncFreestanding | FunctionKind::AsyncMethod(_) | FunctionKind::AsyncStatic(_)
    ) {
        return Some("is an async function");
    }
    let types = function.params.iter().map(|param| &param.ty).chain(&function.result);
    types.into_iter().find_map(|ty| unserved_type(resolve, ty, seen))
}

/// The same of a type. One that was seen before has nothing of the kind.
fn unserved_type(resolve: &Resolve, ty: &Type, seen: &mut HashSet<TypeId>) -> Option<&'static str> {
    let id = match ty {
        Type::ErrorContext => return Some("passes an error context"),
        Type::Id(id) if seen.insert(*id) => *id,
        _ => return None,
    };
    let mut of = |ty: &Type| unserved_type(resolve, ty, seen);
    match &resolve.types[id].kind {
        TypeDefKind::Stream(_) => Some("passes a stream"),
        TypeDefKind::Future(_) => Some("passes a future"),
        TypeDefKind::Map(..) => Some("passes a map"),
        TypeDefKind::FixedLengthList(..) => Some("passes a list of fixed length"),
        TypeDefKind::Record(record) => record.fields.iter().find_map(|field| of(&field.ty)),
        TypeDefKind::Tuple(tuple) => tuple.types.iter().find_map(of),
        TypeDefKind::Variant(variant) => {
            variant.cases.iter().filter_map(|case| case.ty.as_ref()).find_map(of)
        }
        TypeDefKind::Result(result) => result.ok.iter().chain(&result.err).find_map(of),
        TypeDefKind::Option(ty) | TypeDefKind::List(ty) | TypeDefKind::Type(ty) => of(ty),
        TypeDefKind::Enum(_)
        | TypeDefKind::Flags(_)
        | TypeDefKind::Handle(_)
        | TypeDefKind::Resource
        | TypeDefKind::Unknown => None,
    }
}

/// A folder, or a single file.
fn read(path: &Path) -> Result<(Wit, Vec<PathBuf>), String> {
    if path.is_file() {
        let text = std::fs::read_to_string(path)
            .map_err(|why| format!("cannot read {}: {why} [PLG0102]", path.display()))?;
        let wit = Wit::from_text(&path.display().to_string(), &text).map_err(|why| told(&why))?;
        return Ok((wit, vec![path.to_owned()]));
    }
    let wit = Wit::from_dir(path).map_err(|why| told(&why))?;
    let files = wit.files().to_vec();
    Ok((wit, files))
}

/// The error with its cause and the code of its page.
fn told(error: &WitError) -> String {
    match std::error::Error::source(error) {
        Some(source) => format!("{error}: {source} [{}]", error.code()),
        None => format!("{error} [{}]", error.code()),
    }
}
