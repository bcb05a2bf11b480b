//! `cargo plug new`

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::Stdio;

use plug_contract::{Contract, Wit};

use crate::cargo::Cargo;
use crate::cli::{New, Scaffold, TemplateName};
use crate::commands::Outcome;
use crate::env::Place;
use crate::failure::Failure;
use crate::report::{Event, Origin, Reporter};
use crate::scaffold::{
    ContractCopy, Enclosing, PROVENANCE_FILE, PluginName, RustImpl, ScaffoldError, Sdk, Staging, Template,
    Values,
};

/// The folder of the new plugin.
pub(crate) enum Target {
    /// It is made, and must not be there.
    Fresh { folder: PathBuf, shown: String },
    /// It is there.
    Existing { folder: PathBuf, shown: String },
}

/// Files of a folder that `init` leaves as they are.
const KEPT: [&str; 2] = [".gitignore", "README.md"];

/// The names that the SDK's prelude and macro bring into scope of a plugin for the standard world.
const IN_SCOPE: [&str; 8] =
    ["Box", "Option", "Plugin", "ProcessRequest", "ProcessResponse", "Result", "String", "Vec"];

const PROFILE: &str = "
[profile.release]
# Small and fast: optimised as a whole. `strip = true` saves another 10 kB or so, and the names of
# functions in backtraces.
codegen-units = 1
lto = true
strip = \"debuginfo\"
";

pub(crate) fn run(args: &New, place: &Place, reporter: &mut Reporter) -> Result<Outcome, Failure> {
    let name = PluginName::parse(&args.name)?;
    let given = args.path.clone().unwrap_or_else(|| PathBuf::from(name.as_str()));
    let shown = given.display().to_string();
    let folder = place.resolve(&given);
    // A link to nothing counts as being there.
    if folder.symlink_metadata().is_ok() {
        return Err(ScaffoldError::Exists { folder: shown, init: false, files: Vec::new() }.into());
    }
    scaffold(&name, &Target::Fresh { folder: real(&folder), shown }, &args.scaffold, place, reporter)?;
    Ok(Outcome::Done)
}

/// `path` without links, as far as it exists.
fn real(path: &Path) -> PathBuf {
    for ancestor in path.ancestors() {
        if let Ok(real) = ancestor.canonicalize() {
            return real.join(path.strip_prefix(ancestor).unwrap_or(Path::new("")));
        }
    }
    path.to_owned()
}

impl Target {
    fn folder(&self) -> &Path {
        match self {
            Self::Fresh { folder, .. } | Self::Existing { folder, .. } => folder,
        }
    }

    fn shown(&self) -> &str {
        match self {
            Self::Fresh { shown, .. } | Self::Existing { shown, .. } => shown,
        }
    }

    /// Where the files are written first: on the same file system as the folder itself.
    fn staging_folder(&self) -> &Path {
        match self {
            Self::Fresh { folder, .. } => folder.parent().unwrap_or(folder),
            Self::Existing { folder, .. } => folder,
        }
    }
}

/// Renders everything, writes it aside, and moves it into place.
pub(crate) fn scaffold(
    name: &PluginName,
    target: &Target,
    args: &Scaffold,
    place: &Place,
    reporter: &mut Reporter,
) -> Result<(), Failure> {
    let sdk = match &args.sdk_path {
        Some(given) => Sdk::at(given, &place.resolve(given), target.folder())?,
        None => Sdk::around(target.folder()).unwrap_or_else(Sdk::published),
    };
    let enclosing = Enclosing::of(target.folder())?;
    if let Some(enclosing) = &enclosing {
        has_no_other(enclosing, name, place)?;
    }
    let values = Values::default()
        .with("name", name.as_str())
        .with("sdk", sdk.to_toml())
        .with("profile", if enclosing.is_some() { "" } else { PROFILE })
        .with("target", target_folder(enclosing.as_ref(), target.folder()));

    let staging = Staging::in_folder(target.staging_folder(), name.as_str())?;
    let origin = match &args.contract {
        None => {
            let template = match args.template {
                TemplateName::Processor => Template::Processor,
                TemplateName::Custom => Template::Custom,
            };
            let taken = |name: &str| {
                IN_SCOPE.contains(&name) || ["BTreeMap", "Failure", "Word", "WordCounter"].contains(&name)
            };
            let values = values.with("type", name.type_name(&taken));
            write(&staging, template, &values, place)?;
            Origin::Template(template.name())
        }
        Some(folder) => {
            let copied = copy_contract(&staging, folder, args.world.as_deref(), target, place)?;
            let implementation = RustImpl::of(copied.wit.resolve(), copied.world, name)
                .map_err(|source| ScaffoldError::Impl { world: copied.contract.id(), source })?;
            let values = values
                .with("world", copied.contract.id())
                .with("world-path", format!("{}/{}", copied.contract.package(), copied.contract.world()))
                .with("impl", implementation.text);
            write(&staging, Template::Contract, &values, place)?;
            reporter.event(Event::ContractCopied {
                source: folder.display().to_string(),
                world: copied.contract.id(),
                files: copied.files,
                functions: implementation.functions,
            });
            Origin::Contract(copied.contract.id())
        }
    };

    let kept = match target {
        Target::Fresh { folder, .. } => {
            staging.place(folder)?;
            Vec::new()
        }
        Target::Existing { folder, .. } => staging.merge(folder, &KEPT)?,
    };
    let joined = enclosing.map(Enclosing::join).transpose().inspect_err(|_| {
        // The plugin would not build inside a workspace that does not know it.
        if let Target::Fresh { folder, .. } = target {
            drop(std::fs::remove_dir_all(folder));
        }
    })?;

    reporter.event(Event::Created {
        name: name.as_str().to_owned(),
        folder: target.shown().to_owned(),
        from: origin,
    });
    for path in kept {
        reporter.event(Event::Kept { path: path.display().to_string() });
    }
    if let Some(joined) = joined {
        reporter.event(Event::JoinedWorkspace {
            manifest: place.show(&joined.manifest),
            needs_profile: !joined.has_profile,
        });
    }
    reporter.event(Event::NextSteps { folder: target.shown().to_owned() });
    Ok(())
}

/// Two packages of one name would break the whole workspace.
fn has_no_other(enclosing: &Enclosing, name: &PluginName, place: &Place) -> Result<(), ScaffoldError> {
    let other = match Cargo::find(place).quiet_metadata(enclosing.manifest()) {
        Some(metadata) => {
            let mut packages = metadata.packages.into_iter();
            packages
                .find(|package| package.name.as_str() == name.as_str())
                .map(|package| package.manifest_path.into())
        }
        // Cargo refuses the whole for one wrong member, such as the very folder of `init`.
        None => enclosing.member_named(name.as_str()),
    };
    match other {
        None => Ok(()),
        Some(manifest) => Err(ScaffoldError::NameTaken { name: name.as_str().to_owned(), manifest }),
    }
}

/// The target folder as the README names it: with a slash at its end.
fn target_folder(enclosing: Option<&Enclosing>, plugin: &Path) -> String {
    let up = enclosing.map_or(0, |enclosing| {
        plugin.strip_prefix(enclosing.root()).map_or(0, |below| below.components().count())
    });
    format!("{}target/", "../".repeat(up))
}

fn write(staging: &Staging, template: Template, values: &Values, place: &Place) -> Result<(), ScaffoldError> {
    for (path, text) in template.render(values) {
        let text = if path.extension().is_some_and(|ending| ending == "rs") {
            formatted(&text, staging.path(), place).unwrap_or(text)
        } else {
            text
        };
        staging.write(&path, text.as_bytes())?;
    }
    Ok(())
}

/// `text` as rustfmt writes it, if there is a rustfmt: names of any length make lines of any length.
fn formatted(text: &str, folder: &Path, place: &Place) -> Option<String> {
    let program = place.var("RUSTFMT").unwrap_or_else(|| "rustfmt".as_ref());
    let mut command = place.command(program);
    command.args(["--edition", "2024", "--emit", "stdout", "--quiet"]).current_dir(folder);
    let mut child =
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null()).spawn().ok()?;
    // rustfmt reads all before it writes: neither pipe can fill up while the other waits.
    child.stdin.take()?.write_all(text.as_bytes()).ok()?;
    let output = child.wait_with_output().ok()?;
    let formatted = String::from_utf8(output.stdout).ok()?;
    (output.status.success() && !formatted.is_empty()).then_some(formatted)
}

/// A contract that was copied into the new plugin.
struct Copied {
    wit: Wit,
    world: plug_contract::wit_parser::WorldId,
    contract: Contract,
    files: usize,
}

fn copy_contract(
    staging: &Staging,
    given: &Path,
    world: Option<&str>,
    target: &Target,
    place: &Place,
) -> Result<Copied, ScaffoldError> {
    let shown = given.display().to_string();
    let folder = place.input(given);
    let copy = ContractCopy::read(&folder, &shown)?;
    let unreadable = |error| ScaffoldError::Wit { folder: shown.clone(), error };
    let wit = Wit::from_dir(&folder).map_err(unreadable)?;
    let id = wit.select_world(world).map_err(unreadable)?;
    let contract = Contract::from_resolve(wit.resolve(), id).map_err(unreadable)?;
    if !contract.includes_base() {
        let others = wit
            .world_names()
            .into_iter()
            .filter(|name| wit.contract(Some(name)).is_ok_and(|contract| contract.includes_base()))
            .collect();
        return Err(ScaffoldError::NoBase { world: contract.id(), folder: shown, others });
    }
    for (path, bytes) in copy.files() {
        staging.write(&Path::new("wit").join(path), bytes)?;
    }
    let source = if given.is_absolute() {
        given.display().to_string()
    } else {
        // As seen from the plugin, so that it stays true when both move together.
        crate::scaffold::relative_path(target.folder(), &real(&place.resolve(given))).display().to_string()
    };
    let provenance = copy.provenance(&source.replace('\\', "/"), &contract);
    staging.write(&Path::new("wit").join(PROVENANCE_FILE), provenance.as_bytes())?;
    Ok(Copied { wit, world: id, contract, files: copy.files().len() })
}
