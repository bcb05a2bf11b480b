//! `cargo plug doctor`

use std::path::Path;

use cargo_metadata::{Metadata, Package};
use plug_contract::Wit;
use plug_toolchain::doctor::{Check, CheckState, examine};

use crate::cargo::Cargo;
use crate::cli::{Doctor, Format};
use crate::env::Place;
use crate::failure::Failure;
use crate::lock_file::LockFile;
use crate::manifest::PluginTable;
use crate::plugin_package::{declares, makes_cdylib, uses_sdk};
use crate::report::Reporter;

/// All that was looked at.
#[derive(Debug)]
pub(crate) struct Examination {
    pub(crate) checks: Vec<Check>,
    pub(crate) form: Format,
}

impl Examination {
    pub(crate) fn is_missing_something(&self) -> bool {
        self.checks.iter().any(|check| check.state == CheckState::Missing)
    }
}

/// The version of wit-bindgen that plug-guest-sdk brings; a second one in a plugin makes types
/// that look the same and are not.
const ONE_OF_A_KIND: &str = "wit-bindgen";

pub(crate) fn run(args: &Doctor, place: &Place, reporter: &mut Reporter) -> Result<Examination, Failure> {
    let folder = place.resolve(&args.path);
    // A compiler asked in a folder that is not there would blame itself.
    let mut checks = examine(if folder.is_dir() { &folder } else { place.cwd() });
    checks.extend(project(&folder, place, reporter));
    Ok(Examination { checks, form: args.format })
}

fn project(folder: &Path, place: &Place, reporter: &mut Reporter) -> Vec<Check> {
    let manifest = folder.join("Cargo.toml");
    if !manifest.is_file() {
        let detail = format!("there is no Cargo.toml in {}", place.show(folder));
        return vec![Check::warning("project", detail, "cargo plug new NAME")];
    }
    let metadata = match Cargo::find(place).metadata(Some(&manifest), reporter) {
        Ok(metadata) => metadata,
        Err(error) => {
            return vec![Check::missing("project", error.to_string(), "mend Cargo.toml as cargo says")];
        }
    };
    let plugins: Vec<_> = metadata
        .workspace_packages()
        .into_iter()
        .filter(|package| declares(package) || uses_sdk(package))
        .collect();
    if plugins.is_empty() {
        let detail = format!("no package in {} uses plug-guest-sdk", place.show(folder));
        return vec![Check::warning("project", detail, "cargo plug new NAME")];
    }
    let mut checks = Vec::new();
    for package in plugins {
        checks.push(crate_type(package));
        checks.push(contract(package));
    }
    checks.extend(versions(&metadata));
    checks
}

fn crate_type(package: &Package) -> Check {
    let name = "crate-type";
    if makes_cdylib(package) {
        Check::ok(name, format!("{}: cdylib", package.name))
    } else if declares(package) {
        Check::missing(
            name,
            format!("{}: no cdylib, so no component comes out", package.name),
            format!("write `crate-type = [\"cdylib\"]` under `[lib]` in {}", package.manifest_path),
        )
    } else {
        Check::ok(name, format!("{}: a library, no plugin of its own", package.name))
    }
}

fn contract(package: &Package) -> Check {
    let name = "contract";
    let table = match PluginTable::read(&package.name, package.manifest_path.as_std_path(), &package.metadata)
    {
        Ok(table) => table,
        Err(error) => {
            use crate::failure::Explained as _;

            return Check::missing(name, error.to_string(), error.help().join("; "));
        }
    };
    let Some(source) = &table.contract else {
        return Check::ok(name, format!("{}: the standard world", package.name));
    };
    let root = package.manifest_path.parent().map_or(Path::new("."), |folder| folder.as_std_path());
    let contract =
        Wit::from_dir(&root.join(&source.path)).and_then(|wit| wit.contract(source.world.as_deref()));
    match contract {
        Ok(contract) if contract.includes_base() => {
            Check::ok(name, format!("{}: {} {}", package.name, contract.id(), contract.hash().short()))
        }
        Ok(contract) => Check::missing(
            name,
            format!("{}: {} does not include our base", package.name, contract.id()),
            "write `include plug:plugin/base@1.0.0;` into the world",
        ),
        Err(error) => {
            let code = error.code();
            Check::missing(
                name,
                format!("{}: {error} [{code}]", package.name),
                format!("cargo plug explain {code}"),
            )
        }
    }
}

/// SDK, macros and this tool belong together.
fn versions(metadata: &Metadata) -> Vec<Check> {
    let name = "versions";
    let Ok(lock) = LockFile::read(metadata.workspace_root.as_std_path()) else {
        return vec![Check::warning(name, "there is no Cargo.lock yet", "cargo plug build")];
    };
    let mut checks = Vec::new();
    let own = env!("CARGO_PKG_VERSION");
    let (sdk, macros) = (lock.versions("plug-guest-sdk"), lock.versions("plug-guest-macros"));
    checks.push(match (sdk.as_slice(), macros.as_slice()) {
        ([sdk], [macros]) if sdk != macros => Check::missing(
            name,
            format!("plug-guest-sdk {sdk}, but plug-guest-macros {macros}"),
            format!("cargo update -p plug-guest-macros --precise {sdk}"),
        ),
        ([sdk], _) if !in_step(sdk, own) => Check::warning(
            name,
            format!("plug-guest-sdk {sdk}, cargo plug {own}"),
            format!("cargo install cargo-plug --version {sdk}"),
        ),
        ([sdk], _) => Check::ok(name, format!("plug-guest-sdk {sdk}, cargo plug {own}")),
        ([], _) => Check::warning(name, "plug-guest-sdk is not in Cargo.lock yet", "cargo plug build"),
        (several, _) => Check::missing(
            name,
            format!("several versions of plug-guest-sdk: {}", several.join(", ")),
            "let all plugins of the workspace ask for the same version, then `cargo update`",
        ),
    });
    let bindgen = lock.versions(ONE_OF_A_KIND);
    checks.push(match bindgen.as_slice() {
        [] | [_] => Check::ok(ONE_OF_A_KIND, bindgen.first().map_or("none".to_owned(), |v| (*v).to_owned())),
        several => Check::warning(
            ONE_OF_A_KIND,
            format!("several versions: {}", several.join(", ")),
            "let plugins use plug-guest-sdk alone; `cargo tree -i wit-bindgen` shows who brings another",
        ),
    });
    checks
}

/// Versions are compatible as cargo sees it: equal up to the first number that is not 0.
fn in_step(one: &str, other: &str) -> bool {
    let parse = |version: &str| semver::Version::parse(version).ok();
    match (parse(one), parse(other)) {
        (Some(a), Some(b)) if a.major == 0 && b.major == 0 => a.minor == b.minor,
        (Some(a), Some(b)) => a.major == b.major,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_in_step() {
        for (one, other, yes) in [
            ("0.1.0", "0.1.7", true),
            ("0.1.0", "0.2.0", false),
            ("1.2.0", "1.0.0", true),
            ("1.0.0", "0.1.0", false),
            ("x", "0.1.0", false),
        ] {
            assert_eq!(in_step(one, other), yes, "{one} {other}");
        }
    }

    fn locked(text: &str) -> Vec<(CheckState, String)> {
        let temp = tempfile::tempdir().unwrap();
        std::fs::write(temp.path().join("Cargo.lock"), text).unwrap();
        let metadata = serde_json::json!({
            "packages": [], "workspace_members": [], "resolve": null, "version": 1, "metadata": null,
            "workspace_root": temp.path(), "target_directory": temp.path().join("target"),
        });
        let metadata: Metadata = serde_json::from_value(metadata).unwrap();
        versions(&metadata).into_iter().map(|check| (check.state, check.detail)).collect()
    }

    fn package(name: &str, version: &str) -> String {
        format!("[[package]]\nname = \"{name}\"\nversion = \"{version}\"\n")
    }

    #[test]
    fn what_is_out_of_step_is_found() {
        let own = env!("CARGO_PKG_VERSION");
        let good = [package("plug-guest-sdk", own), package("plug-guest-macros", own)].concat();
        assert!(locked(&good).iter().all(|(state, _)| *state == CheckState::Ok));
        let apart = [package("plug-guest-sdk", own), package("plug-guest-macros", "9.0.0")].concat();
        assert_eq!(locked(&apart)[0].0, CheckState::Missing);
        let old = [package("plug-guest-sdk", "9.0.0"), package("plug-guest-macros", "9.0.0")].concat();
        assert_eq!(locked(&old)[0].0, CheckState::Warning);
        let two = [good.clone(), package("plug-guest-sdk", "9.0.0")].concat();
        assert_eq!(locked(&two)[0].0, CheckState::Missing);
        let bindgen = [good, package("wit-bindgen", "0.60.0"), package("wit-bindgen", "0.61.0")].concat();
        assert_eq!(locked(&bindgen)[1], (CheckState::Warning, "several versions: 0.60.0, 0.61.0".to_owned()));
        assert_eq!(locked("version = 4")[0].0, CheckState::Warning);
    }
}
