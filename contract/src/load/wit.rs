//! WIT text.

use std::fmt;
use std::path::{Path, PathBuf};

use wit_component::WitPrinter;
use wit_parser::{PackageId, Resolve, SourceMap, UnresolvedPackageGroup, WorldId};

use super::lines::Lines;
use super::resolve::ModelError;
use super::source::{self, SourceError, SourceGroup};
use crate::model::{Contract, Location};
use crate::package::PLUGIN_WIT;
use crate::printable;

/// A parsed WIT package with everything that it depends on.
///
/// Our own package `plug:plugin` need not be among the dependencies: it is supplied when no file
/// defines it.
#[derive(Debug, Clone)]
pub struct Wit {
    resolve: Resolve,
    package: PackageId,
    files: Vec<PathBuf>,
    lines: Lines,
}

/// How WIT is read: which `@unstable` items count.
#[derive(Debug, Clone, Default)]
pub struct WitOptions {
    features: Vec<String>,
    all_features: bool,
}

impl WitOptions {
    /// Keeps the items of these features.
    #[must_use]
    pub fn features(mut self, features: impl IntoIterator<Item = impl Into<String>>) -> WitOptions {
        self.features.extend(features.into_iter().map(Into::into));
        self
    }

    /// Keeps the items of every feature, as wasmtime's `bindgen!` does on the host's side.
    #[must_use]
    pub fn all_features(mut self) -> WitOptions {
        self.all_features = true;
        self
    }

    fn resolve(&self) -> Resolve {
        let mut resolve = Resolve::new();
        resolve.features.extend(self.features.iter().cloned());
        resolve.all_features = self.all_features;
        resolve
    }

    /// As [`Wit::from_dir`].
    ///
    /// # Errors
    /// As [`Wit::from_dir`].
    pub fn read_dir(&self, dir: &Path) -> Result<Wit, WitError> {
        let (main, deps) = source::read_folder(dir)?;
        let mut files: Vec<PathBuf> = main.files.iter().map(|f| f.path.clone()).collect();
        files.extend(deps.iter().flat_map(|group| &group.files).map(|f| f.path.clone()));

        let mut resolve = self.resolve();
        let mut lines = Lines::default();
        let main = parse_group(&main, &mut lines)?;
        let mut groups = Vec::new();
        for group in &deps {
            if let [file] = group.files.as_slice()
                && wasmparser::Parser::is_component(&file.bytes)
            {
                let package = super::component::decode_package(&file.bytes).map_err(|why| {
                    WitError::new(
                        WitErrorKind::Syntax,
                        format!("{} is not a WIT package: {why}", file.path.display()),
                    )
                })?;
                resolve.merge(package).map_err(|why| {
                    WitError::new(
                        WitErrorKind::Syntax,
                        format!("cannot use {}: {why:#}", file.path.display()),
                    )
                })?;
            } else {
                groups.push(parse_group(group, &mut lines)?);
            }
        }
        Wit::resolve_groups(resolve, main, groups, files, lines)
    }

    /// As [`Wit::from_text`].
    ///
    /// # Errors
    /// As [`Wit::from_text`].
    pub fn read_text(&self, name: &str, text: &str) -> Result<Wit, WitError> {
        if text.len() as u64 > source::MAX_WIT_BYTES {
            return Err(SourceError::TooLarge(name.into()).into());
        }
        let mut lines = Lines::default();
        let main = parse(&[(name, text)], &mut lines)?;
        Wit::resolve_groups(self.resolve(), main, Vec::new(), Vec::new(), lines)
    }
}

/// WIT that cannot be read. [`kind`](WitError::kind) says why, `Display` says it with the place.
#[derive(Debug, thiserror::Error)]
#[error("{}", printable::lines(message))]
pub struct WitError {
    kind: WitErrorKind,
    message: String,
    location: Option<Location>,
    #[source]
    source: Option<std::io::Error>,
}

/// What kind of mistake a [`WitError`] is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum WitErrorKind {
    /// The text does not parse, or names something that is not there.
    Syntax,
    /// The folder or a file is missing or cannot be read, or has no `.wit` file in it.
    Unreadable,
    /// A package that is used is not among the dependencies.
    MissingPackage,
    /// No such world, or several and none was named.
    World,
    /// The world of the optional exports has something else than interfaces.
    Optional,
    /// More text, files or nesting than any contract has.
    TooLarge,
}

impl WitError {
    fn new(kind: WitErrorKind, message: impl Into<String>) -> WitError {
        WitError { kind, message: message.into(), location: None, source: None }
    }

    fn syntax(kind: WitErrorKind, rendered: String) -> WitError {
        // wit-parser renders "message\n     --> file:line:column\n  …"; the place is worth having apart
        let location = rendered
            .lines()
            .find_map(|line| line.trim_start().strip_prefix("--> "))
            .and_then(|place| source::location(place.trim()));
        WitError { kind, message: rendered, location, source: None }
    }

    /// What kind of mistake it is.
    #[must_use]
    pub fn kind(&self) -> WitErrorKind {
        self.kind
    }

    /// Where in the text it is.
    #[must_use]
    pub fn location(&self) -> Option<&Location> {
        self.location.as_ref()
    }

    /// The code of its page under `docs/errors`.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self.kind {
            WitErrorKind::Syntax => "PLG0101",
            WitErrorKind::Unreadable => "PLG0102",
            WitErrorKind::World => "PLG0103",
            WitErrorKind::MissingPackage => "PLG0105",
            WitErrorKind::TooLarge => "PLG0106",
            WitErrorKind::Optional => "PLG0518",
        }
    }
}

impl From<SourceError> for WitError {
    fn from(error: SourceError) -> Self {
        match error {
            SourceError::Io(path, source) => WitError {
                kind: WitErrorKind::Unreadable,
                message: format!("cannot read {}", path.display()),
                location: None,
                source: Some(source),
            },
            SourceError::Empty(dir) => {
                WitError::new(WitErrorKind::Unreadable, format!("no .wit file in {}", dir.display()))
            }
            SourceError::TooLarge(path) => WitError::new(
                WitErrorKind::TooLarge,
                format!(
                    "more than {} MiB of WIT or {} files, reached at {}",
                    source::MAX_WIT_BYTES >> 20,
                    source::MAX_WIT_FILES,
                    path.display()
                ),
            ),
        }
    }
}

impl Wit {
    /// Reads the package in `dir`: all its `*.wit` files, and its dependencies under `deps/`
    /// (folders of WIT, single `.wit` files, or WIT packages in binary form).
    ///
    /// # Errors
    /// When the folder cannot be read, the text does not parse, or a package it uses is missing.
    pub fn from_dir(dir: &Path) -> Result<Wit, WitError> {
        WitOptions::default().read_dir(dir)
    }

    /// Parses one text, which may hold several nested packages. `name` stands for the file in
    /// messages.
    ///
    /// # Errors
    /// When the text does not parse or a package it uses is missing.
    pub fn from_text(name: &str, text: &str) -> Result<Wit, WitError> {
        WitOptions::default().read_text(name, text)
    }

    /// Our own package, `plug:plugin`.
    ///
    /// # Panics
    /// Never: the text is part of this crate, and tested.
    #[must_use]
    pub fn standard() -> Wit {
        Wit::from_text("plug-plugin.wit", PLUGIN_WIT).expect("our own package parses")
    }

    fn resolve_groups(
        mut resolve: Resolve,
        main: UnresolvedPackageGroup,
        mut groups: Vec<UnresolvedPackageGroup>,
        files: Vec<PathBuf>,
        mut lines: Lines,
    ) -> Result<Wit, WitError> {
        let ours = parse(&[("plug-plugin.wit", PLUGIN_WIT)], &mut lines)?;
        let name = &ours.main.name;
        let defined = groups
            .iter()
            .chain([&main])
            .flat_map(|group| group.nested.iter().chain([&group.main]))
            .any(|package| package.name == *name)
            || resolve.package_names.contains_key(name);
        if !defined {
            groups.push(ours);
        }
        let packages =
            groups.iter().chain([&main]).flat_map(|group| group.nested.iter().chain([&group.main]));
        let interfaces: usize = packages.map(|package| package.interfaces.len() + package.worlds.len()).sum();
        if interfaces > source::MAX_INTERFACES {
            return Err(WitError::new(
                WitErrorKind::TooLarge,
                format!("{interfaces} interfaces and worlds, more than {}", source::MAX_INTERFACES),
            ));
        }
        match resolve.push_groups(main, groups) {
            Ok(package) => Ok(Wit { resolve, package, files, lines }),
            Err(error) => {
                let kind = match error.kind() {
                    wit_parser::ResolveErrorKind::PackageNotFound { .. } => WitErrorKind::MissingPackage,
                    _ => WitErrorKind::Syntax,
                };
                Err(WitError::syntax(kind, error.render(&resolve.source_map)))
            }
        }
    }

    /// What wit-parser made of it.
    #[must_use]
    pub fn resolve(&self) -> &Resolve {
        &self.resolve
    }

    pub(super) fn resolve_mut(&mut self) -> &mut Resolve {
        &mut self.resolve
    }

    /// The package that was asked for; the others are its dependencies.
    #[must_use]
    pub fn package(&self) -> PackageId {
        self.package
    }

    /// Name and exact version of the package: `acme:images@1.2.0`.
    #[must_use]
    pub fn package_name(&self) -> String {
        self.resolve.packages[self.package].name.to_string()
    }

    /// The files that were read, for rebuilding when one changes.
    #[must_use]
    pub fn files(&self) -> &[PathBuf] {
        &self.files
    }

    /// The worlds of the package, in the order of the text.
    #[must_use]
    pub fn world_names(&self) -> Vec<String> {
        self.resolve.packages[self.package].worlds.keys().cloned().collect()
    }

    /// The package and all that it depends on as one WIT text, without documentation: the
    /// dependencies stand nested below it.
    ///
    /// # Errors
    /// When a type has no name where text needs one, as a package from a foreign binary may.
    pub fn to_text(&self) -> Result<String, WitError> {
        let mut nested = Vec::new();
        let mut pending = vec![self.package];
        while let Some(package) = pending.pop() {
            for dep in self.resolve.package_direct_deps(package) {
                if dep != self.package && !nested.contains(&dep) {
                    nested.push(dep);
                    pending.push(dep);
                }
            }
        }
        nested.sort_by_key(|id| self.resolve.packages[*id].name.to_string());
        let mut printer = WitPrinter::default();
        printer.emit_docs(false);
        printer.print(&self.resolve, self.package, &nested).map_err(|why| {
            WitError::new(WitErrorKind::Syntax, format!("cannot be written as text: {why:#}"))
        })?;
        Ok(printer.output.to_string())
    }

    /// The world of that name: `filter`, `acme:images/filter` or `acme:images/filter@1.2.0`, in
    /// the package or its dependencies; without a name, the package's only one (one with optional exports goes with another).
    ///
    /// # Errors
    /// When there is no such world, or several and none is named; the message lists them.
    pub fn select_world(&self, world: Option<&str>) -> Result<WorldId, WitError> {
        let own = &self.resolve.packages[self.package];
        let found = match world {
            None => {
                let optional: Vec<_> =
                    own.worlds.values().filter_map(|id| self.optional_world(*id)).collect();
                let mut worlds = own.worlds.values().filter(|id| !optional.contains(id));
                worlds.next().copied().filter(|_| worlds.next().is_none())
            }
            Some(name) => match name.rsplit_once('/') {
                None => own.worlds.get(name).copied(),
                Some((package, tail)) => {
                    let (plain, version) = match tail.split_once('@') {
                        Some((plain, version)) => (plain, Some(version)),
                        None => (tail, None),
                    };
                    let matches = |candidate: &wit_parser::Package| {
                        format!("{}:{}", candidate.name.namespace, candidate.name.name) == package
                            && version.is_none_or(|v| {
                                candidate.name.version.as_ref().is_some_and(|own| own.to_string() == v)
                            })
                    };
                    // the package itself before a dependency of another version
                    let mut packages =
                        std::iter::once(own).chain(self.resolve.packages.iter().map(|(_, p)| p));
                    packages.find(|p| matches(p)).and_then(|p| p.worlds.get(plain).copied())
                }
            },
        };
        found.ok_or_else(|| {
            let package = &own.name;
            let names = own.worlds.keys().map(|w| format!("`{w}`")).collect::<Vec<_>>().join(", ");
            let there =
                if names.is_empty() { "it has no world".to_owned() } else { format!("it has {names}") };
            let message = match world {
                Some(world) => format!("no world `{world}` in {package}: {there}"),
                None if own.worlds.is_empty() => format!("no world in {package}"),
                None => format!("several worlds in {package}, name one of them: {names}"),
            };
            WitError::new(WitErrorKind::World, message)
        })
    }

    /// The world that names the optional exports of `world`: `<world>-optional` in its package.
    #[must_use]
    pub fn optional_world(&self, world: WorldId) -> Option<WorldId> {
        super::resolve::optional_world(&self.resolve, world)
    }

    /// The contract that a world of the package is.
    ///
    /// # Errors
    /// As [`select_world`](Wit::select_world), and when a type is larger than any component can hold.
    pub fn contract(&self, world: Option<&str>) -> Result<Contract, WitError> {
        self.contract_of(self.select_world(world)?)
    }

    /// The contract that `world` is.
    ///
    /// # Errors
    /// When a type is larger or deeper than any component can hold.
    pub fn contract_of(&self, world: WorldId) -> Result<Contract, WitError> {
        super::resolve::contract(&self.resolve, world, Some(&self.lines)).map_err(unusable)
    }
}

impl Contract {
    /// The contract that `world` is, without places in the text: [`Wit::contract_of`] has them.
    ///
    /// # Errors
    /// When a type is larger or deeper than any component can hold.
    pub fn from_resolve(resolve: &Resolve, world: WorldId) -> Result<Contract, WitError> {
        super::resolve::contract(resolve, world, None).map_err(unusable)
    }
}

fn unusable(why: ModelError) -> WitError {
    let kind = match why {
        ModelError::OptionalItem { .. } => WitErrorKind::Optional,
        _ => WitErrorKind::TooLarge,
    };
    WitError::new(kind, why.to_string())
}

impl fmt::Display for Wit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.package_name())
    }
}

fn parse_group(group: &SourceGroup, lines: &mut Lines) -> Result<UnresolvedPackageGroup, WitError> {
    let mut texts = Vec::with_capacity(group.files.len());
    for file in &group.files {
        let path = file.path.to_string_lossy().into_owned();
        match std::str::from_utf8(&file.bytes) {
            Ok(text) => texts.push((path, text)),
            Err(_) => {
                return Err(WitError::new(WitErrorKind::Syntax, format!("{path} is not UTF-8 text")));
            }
        }
    }
    let texts: Vec<(&str, &str)> = texts.iter().map(|(path, text)| (path.as_str(), *text)).collect();
    parse(&texts, lines)
}

fn parse(texts: &[(&str, &str)], lines: &mut Lines) -> Result<UnresolvedPackageGroup, WitError> {
    let mut map = SourceMap::default();
    for (name, text) in texts {
        if let Some((line, column)) = source::too_deep(text) {
            let location = Location { file: (*name).to_owned(), line, column };
            return Err(WitError {
                kind: WitErrorKind::TooLarge,
                message: format!("types nest deeper than any component can hold\n     --> {location}"),
                location: Some(location),
                source: None,
            });
        }
        lines.add(name, text);
        map.push_str(name, *text);
    }
    map.parse().map_err(|(map, error)| WitError::syntax(WitErrorKind::Syntax, error.render(&map)))
}
