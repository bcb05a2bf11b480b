//! Whether the crate is built as a component at all.

use std::path::{Path, PathBuf};

use proc_macro2::Span;

use crate::problem::{Code, Problems};

/// What cargo says about the crate that is being compiled.
pub(crate) struct Crate {
    /// The folder of `Cargo.toml`.
    pub(crate) dir: PathBuf,
    /// The crate's name in Rust.
    pub(crate) name: Option<String>,
    /// Whether it is a program.
    pub(crate) binary: bool,
    /// Whether it is an example in documentation.
    pub(crate) doctest: bool,
}

impl Crate {
    /// The one in whose compilation the macro runs.
    pub(crate) fn current() -> Crate {
        Crate {
            dir: std::env::var_os("CARGO_MANIFEST_DIR").map_or_else(PathBuf::new, PathBuf::from),
            name: std::env::var("CARGO_CRATE_NAME").ok(),
            binary: std::env::var_os("CARGO_BIN_NAME").is_some(),
            doctest: std::env::var_os("UNSTABLE_RUSTDOC_TEST_PATH").is_some(),
        }
    }

    /// A plugin becomes a component only as a `cdylib`. Tests and examples that hold a plugin are
    /// crates of their own and not asked.
    pub(crate) fn check(&self, problems: &mut Problems) {
        const HELP: &str = "write in Cargo.toml\n\n    [lib]\n    crate-type = [\"cdylib\"]";
        if self.doctest {
            return;
        }
        if self.binary {
            let what = "a plugin is a library, this is a program";
            let help = "move it to src/lib.rs and ".to_owned() + HELP;
            problems.add_at(Code::CrateType, Span::call_site(), what, &help);
            return;
        }
        let Some(library) = Library::read(&self.dir.join("Cargo.toml")) else { return };
        if self.name.as_ref() == Some(&library.name) && !library.types.iter().any(|ty| ty == "cdylib") {
            let what = "this crate is not built as a component: its `crate-type` lacks `cdylib`";
            problems.add_at(Code::CrateType, Span::call_site(), what, HELP);
        }
    }
}

/// The `[lib]` of a manifest.
struct Library {
    name: String,
    types: Vec<String>,
}

impl Library {
    /// None when there is no manifest that can be read: rustc may be run without cargo.
    fn read(path: &Path) -> Option<Library> {
        let manifest: toml::Table = std::fs::read_to_string(path).ok()?.parse().ok()?;
        let lib = manifest.get("lib").and_then(toml::Value::as_table);
        let text = |table: Option<&toml::Table>, key: &str| {
            table.and_then(|table| table.get(key)).and_then(toml::Value::as_str).map(str::to_owned)
        };
        let package = manifest.get("package").and_then(toml::Value::as_table);
        let name = text(lib, "name").or_else(|| text(package, "name"))?.replace('-', "_");
        let types = lib.and_then(|lib| lib.get("crate-type").or_else(|| lib.get("crate_type")));
        let types = types.and_then(toml::Value::as_array).into_iter().flatten();
        Some(Library { name, types: types.filter_map(toml::Value::as_str).map(str::to_owned).collect() })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn problems(manifest: &str, change: impl FnOnce(&mut Crate)) -> String {
        let dir = tempfile::tempdir().unwrap();
        std::fs::write(dir.path().join("Cargo.toml"), manifest).unwrap();
        let name = Some("my_plugin".to_owned());
        let mut krate = Crate { dir: dir.path().to_owned(), name, binary: false, doctest: false };
        change(&mut krate);
        let mut problems = Problems::default();
        krate.check(&mut problems);
        problems.into_tokens().to_string()
    }

    const WITHOUT: &str = "[package]\nname = \"my-plugin\"\n";
    const WITH: &str = "[package]\nname = \"my-plugin\"\n[lib]\ncrate-type = [\"rlib\", \"cdylib\"]\n";

    #[test]
    fn a_cdylib_is_wanted() {
        assert!(problems(WITHOUT, |_| ()).contains("PLG0816"));
        assert_eq!(problems(WITH, |_| ()), "");
    }

    #[test]
    fn a_program_is_no_plugin() {
        assert!(problems(WITH, |krate| krate.binary = true).contains("src/lib.rs"));
    }

    #[test]
    fn tests_and_doctests_are_left_alone() {
        assert_eq!(problems(WITHOUT, |krate| krate.name = Some("a_test".into())), "");
        assert_eq!(problems(WITHOUT, |krate| krate.doctest = true), "");
    }

    #[test]
    fn an_unreadable_manifest_is_for_cargo_to_tell() {
        assert_eq!(problems("[package", |_| ()), "");
    }
}
