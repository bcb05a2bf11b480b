//! The WIT behind a world, found and checked.

use std::path::{Path, PathBuf};

use plug_contract::wit_parser::{Resolve, WorldId, WorldItem, WorldKey};
use plug_contract::{Contract, EngineFeature, EngineNeed, Wit, WitError};
use syn::{Error, LitStr};

use crate::args::WorldArgs;
use crate::named;

/// A world of plugins, with the package it stands in.
pub(crate) struct Source {
    wit: Wit,
    /// The package, with the optional interfaces among the exports of the world.
    resolve: Resolve,
    pub(crate) world: WorldId,
    /// The names of the optional interfaces.
    pub(crate) optional: Vec<String>,
    /// The full names of the imports that capabilities serve.
    pub(crate) capabilities: Vec<String>,
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
    /// A capability of the application.
    Capability,
}

/// The packages of WASI that the host links.
const WASI: [&str; 7] = ["cli", "clocks", "filesystem", "http", "io", "random", "sockets"];

impl Source {
    pub(crate) fn load(args: &WorldArgs) -> Result<Source, Error> {
        let (mut wit, files) = match &args.folder {
            None => (Wit::standard(), Vec::new()),
            Some(folder) => {
                let root = std::env::var_os("CARGO_MANIFEST_DIR").map(PathBuf::from).unwrap_or_default();
                read(&root.join(folder.value())).map_err(|why| Error::new(folder.span(), why))?
            }
        };
        let name = args.world.as_ref().map(syn::LitStr::value);
        let world =
            wit.select_world(name.as_deref()).map_err(|why| Error::new(args.world_span(), told(&why)))?;
        let named = named::interfaces(wit.resolve(), world, &args.optional)?;
        wit.add_optional_exports(world, &named);
        let contract = Contract::from_resolve(wit.resolve(), world)
            .map_err(|why| Error::new(args.world_span(), told(&why)))?;
        let optional = wit.optional_exports(world);
        let merged = optional.and_then(|optional| {
            let resolve = wit.with_optional_exports(world, &optional)?;
            Ok((optional, resolve))
        });
        let (optional, resolve) =
            merged.map_err(|why| Error::new(args.world_span(), format!("{why} [PLG0518]")))?;
        let capabilities = Vec::new();
        let mut source = Source { wit, resolve, world, optional, capabilities, contract, files };
        source.capabilities = source.named_capabilities(args)?;
        source.check(args)?;
        Ok(source)
    }

    /// The imports that are said to be served by capabilities, by their full names.
    fn named_capabilities(&self, args: &WorldArgs) -> Result<Vec<String>, Error> {
        let imports = self.imports();
        let own = imports.iter().filter(|import| import.linked && import.provider == Provider::Application);
        let own: Vec<&str> = own.map(|import| import.name.as_str()).collect();
        let found = |name: &LitStr| {
            let text = name.value();
            let is_meant = |own: &&&str| **own == text || own.split('@').next() == Some(text.as_str());
            own.iter().find(is_meant).map(|name| (*name).to_owned()).ok_or_else(|| {
                let there = match own.is_empty() {
                    true => "none".to_owned(),
                    false => own.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", "),
                };
                let what = format!("the world imports no functions from `{text}`");
                Error::new(
                    name.span(),
                    format!("{what}; of its imports a capability can serve {there} [PLG0516]"),
                )
            })
        };
        args.capabilities.iter().map(found).collect()
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
        if let Some(need) = self.first_unserved() {
            let place = need.interface.as_ref().map_or_else(String::new, |name| format!("{name}#"));
            return Err(Error::new(
                span,
                format!(
                    "`{place}{}` in the world `{id}` {}, which the host cannot call or serve yet; make it a plain `func` of plain types [PLG0514]",
                    need.name,
                    need.reason()
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

    /// The whole WIT as one text, with all packages that it depends on: what the host reads again.
    pub(crate) fn text(&self) -> Result<String, String> {
        let text = self.wit.to_text().map_err(|why| told(&why))?;
        let id = self.contract.id();
        let read = Wit::from_text("world.wit", &text).and_then(|wit| wit.contract(Some(&id)));
        match read {
            Ok(_) => Ok(text),
            Err(why) => Err(format!(
                "the world `{id}` cannot be embedded as one text: {why}; put it into the package of the folder"
            )),
        }
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
            _ if self.capabilities.contains(&resolve.name_world_key(key)) => Provider::Capability,
            _ => Provider::Application,
        }
    }

    /// The first function or type that the engine is made without. What the host provides by itself is
    /// its own affair.
    fn first_unserved(&self) -> Option<EngineNeed> {
        let imports = self.imports().into_iter();
        let provided: Vec<String> = imports
            .filter(|import| matches!(import.provider, Provider::HostApi | Provider::Wasi))
            .map(|import| import.name)
            .collect();
        let is_unserved = |need: &EngineNeed| {
            let is_provided = need.interface.as_ref().is_some_and(|name| provided.contains(name));
            !EngineFeature::OF_PLUG_HOST.contains(&need.feature) && (need.is_exported || !is_provided)
        };
        self.contract.engine_needs().into_iter().find(is_unserved)
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
