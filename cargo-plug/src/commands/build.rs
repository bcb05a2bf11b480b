//! `cargo plug build`

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use cargo_metadata::{Metadata, Package};
use plug_contract::{
    ArtifactError, Contract, Digest, Edition, InstancePolicy, Item, Manifest, Report, Section, SectionError,
    Verdict, Wit, WitError, compare, judge,
};

use crate::cargo::{Built, Cargo};
use crate::cli::{self, Build};
use crate::env::Place;
use crate::exit_code::ExitCode;
use crate::failure::{Explained, Failure};
use crate::lock_file::LockFile;
use crate::manifest::PluginTable;
use crate::plugin_package;
use crate::report::{Event, Reporter};

/// What was built.
#[derive(Debug)]
pub(crate) struct BuildReport {
    pub(crate) plugins: Vec<BuiltPlugin>,
}

#[derive(Debug)]
pub(crate) struct BuiltPlugin {
    pub(crate) name: String,
    pub(crate) version: String,
    /// As the user would write it.
    pub(crate) path: String,
    pub(crate) size: u64,
    pub(crate) digest: Digest,
    pub(crate) contract: Contract,
    pub(crate) imports: Vec<Import>,
    pub(crate) exports: Vec<String>,
    pub(crate) manifest: Manifest,
}

#[derive(Debug)]
pub(crate) struct Import {
    pub(crate) name: String,
    pub(crate) origin: ImportOrigin,
}

/// Why a component imports something.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum ImportOrigin {
    /// The contract offers it.
    Contract,
    /// A part of WASI that is no part of the contract: the standard library brings it.
    Std,
}

/// A plugin was compiled, but what came out is none.
#[derive(Debug, thiserror::Error)]
pub(crate) enum BuildError {
    #[error("what cargo made of `{package}` is no component")]
    NotComponent { package: String, path: PathBuf, source: ArtifactError },
    #[error("cargo made no WebAssembly of `{package}`")]
    NoArtifact { package: String },
    #[error("the artifact of `{package}` cannot be read")]
    Unreadable { package: String, path: PathBuf, source: io::Error },
    #[error("the contract of `{package}` cannot be read")]
    Contract { package: String, source: WitError },
    #[error("`{package}` is not what its manifest declares")]
    Differs { package: String, manifest: PathBuf, report: Box<Report> },
    #[error("`{package}` cannot be packed")]
    Section { package: String, source: SectionError },
    #[error("the plugin cannot be written")]
    Write { path: PathBuf, source: io::Error },
}

impl Explained for BuildError {
    fn code(&self) -> &'static str {
        match self {
            Self::NotComponent { .. } => "PLG0013",
            Self::NoArtifact { .. } | Self::Unreadable { .. } => "PLG0014",
            Self::Write { .. } => "PLG0015",
            Self::Differs { .. } => "PLG0302",
            Self::Contract { source, .. } => source.code(),
            Self::Section { source, .. } => source.code(),
        }
    }

    fn place(&self) -> Option<String> {
        match self {
            Self::NotComponent { path, .. } | Self::Unreadable { path, .. } | Self::Write { path, .. } => {
                Some(path.display().to_string())
            }
            Self::Differs { manifest, .. } => Some(manifest.display().to_string()),
            Self::NoArtifact { .. } | Self::Contract { .. } | Self::Section { .. } => None,
        }
    }

    fn details(&self) -> Option<String> {
        match self {
            Self::Differs { report, .. } => Some(report.to_string()),
            _ => None,
        }
    }

    fn help(&self) -> Vec<String> {
        let help = match self {
            Self::NotComponent { .. } => {
                "does the crate depend on plug-guest-sdk and have an impl under `#[plugin]`? `cargo plug doctor` \
                 looks at it"
            }
            Self::NoArtifact { .. } | Self::Unreadable { .. } => {
                "`cargo build --target wasm32-wasip2` shows what cargo makes of it"
            }
            Self::Contract { source, .. } => return Explained::help(source),
            Self::Differs { .. } => {
                "let `contract` in `[package.metadata.plug]` and `#[plugin(path = …, world = …)]` name the same world"
            }
            Self::Section { .. } => "make its contract smaller",
            Self::Write { .. } => "see that the folder can be written, or choose another by `--target-dir`",
        };
        vec![help.to_owned()]
    }

    fn exit_code(&self) -> ExitCode {
        match self {
            Self::Differs { .. } => ExitCode::Incompatible,
            Self::Contract { .. } => ExitCode::Undecided,
            _ => ExitCode::Failed,
        }
    }
}

pub(crate) fn run(args: &Build, place: &Place, reporter: &mut Reporter) -> Result<BuildReport, Failure> {
    let cargo = Cargo::find(place);
    let manifest = args.manifest_path.as_deref();
    let metadata = cargo.metadata(manifest, reporter)?;
    let located = cargo.locate_project(manifest, reporter)?;
    let packages = plugin_package::select(&metadata, &located, &args.package, args.workspace)?;
    // Mistakes in the manifests come first: they cost no time to find.
    let tables = packages
        .iter()
        .map(|package| {
            PluginTable::read(&package.name, package.manifest_path.as_std_path(), &package.metadata)
        })
        .collect::<Result<Vec<_>, _>>()?;

    let built = cargo.build(manifest, &packages, &options(args, reporter.talk()), reporter)?;
    let target_dir = match &args.target_dir {
        Some(folder) => place.resolve(folder),
        None => metadata.target_directory.clone().into_std_path_buf(),
    };
    let tools = tools(&metadata);
    let mut report = BuildReport { plugins: Vec::new() };
    for (package, table) in packages.iter().zip(&tables) {
        reporter.event(Event::Packing { name: package.name.to_string() });
        let packing = Packing { package, table, place, folder: &target_dir.join("plug"), tools: &tools };
        report.plugins.push(packing.pack(&built, reporter)?);
    }
    Ok(report)
}

/// The options that `cargo build` is given.
fn options(args: &Build, talk: &cli::Talk) -> Vec<OsString> {
    let mut options: Vec<OsString> = Vec::new();
    let mut flag = |on: bool, name: &str| {
        if on {
            options.push(name.into());
        }
    };
    flag(args.release, "--release");
    flag(args.lock.locked, "--locked");
    flag(args.lock.offline, "--offline");
    flag(args.lock.frozen, "--frozen");
    flag(args.features.all_features, "--all-features");
    flag(args.features.no_default_features, "--no-default-features");
    flag(talk.quiet, "--quiet");
    for _ in 0..talk.verbose {
        flag(true, "--verbose");
    }
    let mut option = |name: &str, value: OsString| options.extend([OsString::from(name), value]);
    if talk.color != cli::Color::Auto {
        option("--color", talk.color.as_str().into());
    }
    if let Some(profile) = &args.profile {
        option("--profile", profile.into());
    }
    if args.debug_info {
        // the names of profiles in the configuration: `dev` is not called as its folder is
        let profile = args.profile.as_deref().unwrap_or(if args.release { "release" } else { "dev" });
        for setting in ["debug=\"line-tables-only\"", "strip=\"none\""] {
            option("--config", format!("profile.{profile}.{setting}").into());
        }
    }
    if let Some(folder) = &args.target_dir {
        option("--target-dir", folder.into());
    }
    for features in &args.features.features {
        option("--features", features.into());
    }
    options.extend(args.cargo_options.iter().map(OsString::from));
    options
}

/// The tools that have a hand in every plugin of the project.
fn tools(metadata: &Metadata) -> BTreeMap<String, String> {
    let mut tools = BTreeMap::from([("cargo-plug".to_owned(), env!("CARGO_PKG_VERSION").to_owned())]);
    if let Ok(lock) = LockFile::read(metadata.workspace_root.as_std_path()) {
        for name in ["plug-guest-sdk", "wit-bindgen"] {
            if let [version] = lock.versions(name).as_slice() {
                tools.insert(name.to_owned(), (*version).to_owned());
            }
        }
    }
    tools
}

/// From what cargo made to what a host takes.
struct Packing<'a> {
    package: &'a Package,
    table: &'a PluginTable,
    place: &'a Place,
    folder: &'a Path,
    tools: &'a BTreeMap<String, String>,
}

impl Packing<'_> {
    fn pack(&self, built: &[Built], reporter: &mut Reporter) -> Result<BuiltPlugin, BuildError> {
        let package = || self.package.name.to_string();
        let from = built
            .iter()
            .filter(|built| built.package == self.package.id)
            .flat_map(|built| &built.files)
            .find(|file| file.extension().is_some_and(|ending| ending == "wasm"))
            .ok_or_else(|| BuildError::NoArtifact { package: package() })?;
        let component = fs::read(from).map_err(|source| BuildError::Unreadable {
            package: package(),
            path: from.clone(),
            source,
        })?;
        let actual = Contract::from_component(&component).map_err(|source| BuildError::NotComponent {
            package: package(),
            path: from.clone(),
            source,
        })?;

        let wrong_contract = |source| BuildError::Contract { package: package(), source };
        let (wit, world) = self.declared().map_err(wrong_contract)?;
        let declared = wit.contract(world.as_deref()).map_err(wrong_contract)?;
        let report = judge(&declared, &actual);
        match report.verdict() {
            Verdict::Breaking => {
                return Err(BuildError::Differs {
                    package: package(),
                    manifest: self.package.manifest_path.clone().into(),
                    report: Box::new(report),
                });
            }
            Verdict::Hazard => reporter.event(Event::Warning { message: report.to_string(), help: None }),
            _ => {}
        }

        let manifest = self.table.to_manifest(
            &self.package.name,
            &self.package.version.to_string(),
            self.package.description.as_deref().unwrap_or_default(),
        );
        let section = Section::declare(&wit, world.as_deref(), &actual, self.tools.clone(), manifest.clone())
            .map_err(wrong_contract)?;
        let bytes =
            section.embed(&component).map_err(|source| BuildError::Section { package: package(), source })?;
        let path = self.folder.join(format!("{}.wasm", self.package.name));
        if let Some(event) = self.changed_contract(&path, &declared) {
            reporter.event(event);
        }
        fs::create_dir_all(self.folder)
            .and_then(|()| crate::atomic_file::write(&path, &bytes))
            .map_err(|source| BuildError::Write { path: path.clone(), source })?;
        reporter.event(Event::Wrote { path: self.place.show(&path) });

        Ok(BuiltPlugin {
            name: package(),
            version: self.package.version.to_string(),
            path: self.place.show(&path),
            size: bytes.len() as u64,
            digest: Digest::of(&bytes),
            imports: imports(&actual, &report),
            exports: actual.exports().filter_map(|(key, item)| linked_name(key, item)).collect(),
            contract: declared,
            manifest,
        })
    }

    /// What changed in the contract since the plugin in `path` was built; nothing if there is none,
    /// or it says nothing of its contract.
    fn changed_contract(&self, path: &Path, declared: &Contract) -> Option<Event> {
        let before = Section::read(&fs::read(path).ok()?).ok()??.declared().ok()?;
        if before.hash() == declared.hash() {
            return None;
        }
        let report = compare(
            &Edition::from(before),
            &Edition::from(declared.clone()),
            plug_contract::Linker::Wasmtime,
        );
        Some(Event::ContractChanged {
            name: self.package.name.to_string(),
            old: format!("{} {}", report.old().id, report.old().hash.short()),
            new: format!("{} {}", report.new().id, report.new().hash.short()),
            changes: report
                .findings()
                .iter()
                .map(|finding| {
                    format!(
                        "{} [{} {}] {}",
                        finding.path, finding.rule.id, finding.rule.name, finding.message
                    )
                })
                .collect(),
        })
    }

    /// The declared contract's text, and the world in it.
    fn declared(&self) -> Result<(Wit, Option<String>), WitError> {
        match &self.table.contract {
            None => Ok((Wit::standard(), Some("plugin".to_owned()))),
            Some(source) => {
                let package = self.package.manifest_path.parent().map(|folder| folder.as_std_path());
                let folder = package.unwrap_or(Path::new(".")).join(&source.path);
                Ok((Wit::from_dir(&folder)?, source.world.clone()))
            }
        }
    }
}

fn imports(actual: &Contract, report: &Report) -> Vec<Import> {
    actual
        .imports()
        .filter_map(|(key, item)| linked_name(key, item))
        .map(|name| {
            let origin =
                if report.environment().contains(&name) { ImportOrigin::Std } else { ImportOrigin::Contract };
            Import { name, origin }
        })
        .collect()
}

/// The exact name of something that code calls; types alone need nothing of a host.
pub(crate) fn linked_name(key: &str, item: &Item) -> Option<String> {
    match item {
        Item::Interface(interface) => interface.is_linked().then(|| interface.exact_id().to_owned()),
        Item::Function(_) | Item::Resource(_) => Some(key.to_owned()),
        Item::Type(_) => None,
    }
}

/// The name of a policy as a manifest has it.
pub(crate) fn policy_name(policy: InstancePolicy) -> &'static str {
    match policy {
        InstancePolicy::Ephemeral => "ephemeral",
        InstancePolicy::Warm => "warm",
        InstancePolicy::Resident => "resident",
        _ => "unknown",
    }
}
