//! Every folder of `tests/ui/pass` and `tests/ui/fail` is a plugin crate. All are checked as one
//! cargo workspace; what the compiler says about each is compared with its `expected.txt`.
//!
//! A case is `src/lib.rs`, perhaps `wit/`, and a `Cargo.toml` only where it must be a special one.
//! `PLUG_BLESS=1` writes what is said now into `expected.txt`.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::path::{Path, PathBuf};
use std::process::Command;

use plug_contract::{Contract, Item};

const BLESS: &str = "PLUG_BLESS";

#[test]
fn every_case_says_what_is_expected() {
    let ui = Ui::set_up("said");
    let said = ui.check();
    let mut failures = String::new();
    for case in &ui.cases {
        let said = said.get(&case.name).map_or("", String::as_str);
        let failed = said.lines().any(|line| line.starts_with("error"));
        if case.fails() != failed {
            let _ = writeln!(
                failures,
                "{}: compiles or not, against its folder's name\n{said}",
                case.source.display()
            );
            continue;
        }
        compare(&case.source.join("expected.txt"), said, &mut failures);
    }
    assert!(
        failures.is_empty(),
        "{failures}\nWhen that is what is wanted, run the test again with {BLESS}=1."
    );
}

#[test]
fn valid_plugins_are_clean_and_pass_their_own_tests() {
    let ui = Ui::set_up("valid");
    let valid: Vec<&str> =
        ui.cases.iter().filter(|case| !case.fails()).map(|case| case.name.as_str()).collect();
    let selected = || valid.iter().flat_map(|name| ["--package", name]);
    ui.succeeds(ui.cargo("clippy").args(selected()).args([
        "--all-targets",
        "--",
        "-Dwarnings",
        "-Wclippy::pedantic",
    ]));
    ui.succeeds(ui.cargo("test").args(selected()));
}

/// What a component imports and exports is what its plugin uses and implements, and no more:
/// `component.txt` of each valid case.
#[test]
fn valid_plugins_become_components_of_just_what_they_implement() {
    let ui = Ui::set_up("components");
    let valid = || ui.cases.iter().filter(|case| !case.fails());
    let build = |settings: &[&str], names: &[&str]| {
        let mut build = ui.cargo("build");
        // the settings of a release; `dev` by name, so that the macro is not compiled once more
        for setting in settings {
            build.arg("--config").arg(format!("profile.dev.{setting}"));
        }
        // the target's own libraries: `cargo plug setup` sees to them
        build.args(["--target", "wasm32-wasip2"]).args(names.iter().flat_map(|name| ["--package", name]));
        ui.succeeds(&mut build);
    };
    let component = |name: &str| {
        let file = name.replace('-', "_") + ".wasm";
        std::fs::read(ui.target.join("wasm32-wasip2/debug").join(file)).unwrap()
    };

    let names: Vec<&str> = valid().map(|case| case.name.as_str()).collect();
    build(&["opt-level=3"], &names);
    let mut failures = String::new();
    for case in valid() {
        compare(&case.source.join("component.txt"), &surface(&component(&case.name)), &mut failures);
    }
    assert!(
        failures.is_empty(),
        "{failures}\nWhen that is what is wanted, run the test again with {BLESS}=1."
    );

    build(&["opt-level=\"s\"", "lto=true", "codegen-units=1", "strip=true"], &["standard"]);
    let small = component("standard");
    assert_eq!(
        surface(&small),
        std::fs::read_to_string(valid_case("standard").join("component.txt")).unwrap()
    );
    assert!(small.len() <= 100_000, "a plugin of ten lines has {} bytes", small.len());
}

fn valid_case(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/ui/pass").join(name)
}

/// Imports, without those of the standard library, and exports of a component, with their functions.
fn surface(component: &[u8]) -> String {
    let contract = Contract::from_component(component).unwrap();
    let mut lines = String::new();
    let imports = contract.imports().filter(|(key, _)| !key.starts_with("wasi:")).map(|it| ("import", it));
    for (direction, (key, item)) in imports.chain(contract.exports().map(|it| ("export", it))) {
        let functions = match item {
            Item::Interface(interface) => interface.functions().keys().cloned().collect::<Vec<_>>(),
            _ => Vec::new(),
        };
        let _ = writeln!(
            lines,
            "{}",
            format!("{direction} {key}: {}", functions.join(", ")).trim_end_matches(": ")
        );
    }
    lines
}

#[test]
fn an_edit_of_the_wit_is_noticed() {
    let ui = Ui::set_up("edited");
    let check = || {
        let mut check = ui.cargo("check");
        check.args(["--package", "custom-world"]);
        check
    };
    ui.succeeds(&mut check());
    let wit = ui.dir.join("pass/custom-world/wit/world.wit");
    let text = std::fs::read_to_string(&wit).unwrap();
    // older file systems tell times by the second
    std::thread::sleep(std::time::Duration::from_millis(1100));
    std::fs::write(&wit, text.replace("nothing: func();", "nothing: func(); novelty: func();")).unwrap();
    let output = check().output().unwrap();
    let said = String::from_utf8(output.stderr).unwrap();
    assert!(
        !output.status.success() && said.contains("`novelty` of `acme:images/image-filter@1.2.0`"),
        "{said}"
    );
}

#[test]
fn the_expansion_is_written_when_asked_for() {
    let ui = Ui::set_up("expansion");
    let target = ui.dir.join("target-of-the-expansion");
    let mut check = ui.cargo("check");
    check
        .args(["--package", "standard", "--quiet"])
        .env("PLUG_DEBUG_EXPAND", "1")
        .env("CARGO_TARGET_DIR", &target);
    let output = check.output().unwrap();
    assert!(output.status.success());
    assert_eq!(String::from_utf8(output.stderr).unwrap(), "");
    let written = std::fs::read_to_string(target.join("plug-expand/standard.rs")).unwrap();
    assert!(
        written.contains("for Shout {\n    fn process(req: ProcessRequest) -> ProcessResponse {"),
        "{written}"
    );
    assert_eq!(std::fs::read_dir(target.join("plug-expand")).unwrap().count(), 1);
}

/// One crate under `tests/ui`.
struct Case {
    name: String,
    /// `pass` or `fail`.
    kind: &'static str,
    source: PathBuf,
}

impl Case {
    fn fails(&self) -> bool {
        self.kind == "fail"
    }
}

/// Compares with what is written, or writes it.
fn compare(file: &Path, said: &str, failures: &mut String) {
    let expected = std::fs::read_to_string(file).unwrap_or_default();
    if said == expected {
        return;
    }
    if std::env::var_os(BLESS).is_some() {
        std::fs::write(file, said).unwrap();
    } else {
        let _ = writeln!(failures, "{}: expected\n{expected}\nbut it is\n{said}", file.display());
    }
}

/// The workspace of all cases. Each test has one, as they run at the same time; what is compiled
/// is shared.
struct Ui {
    dir: PathBuf,
    target: PathBuf,
    cases: Vec<Case>,
}

impl Ui {
    fn set_up(name: &str) -> Ui {
        let crates = Path::new(env!("CARGO_MANIFEST_DIR"));
        let repository = crates.parent().unwrap();
        let temporary = Path::new(env!("CARGO_TARGET_TMPDIR"));
        let mut cases = Vec::new();
        for kind in ["pass", "fail"] {
            for entry in std::fs::read_dir(crates.join("tests/ui").join(kind)).unwrap() {
                let source = entry.unwrap().path();
                let name = source.file_name().unwrap().to_str().unwrap().to_owned();
                cases.push(Case { name, kind, source });
            }
        }
        cases.sort_by(|a, b| a.name.cmp(&b.name));
        assert!(cases.len() > 30, "only {} cases found", cases.len());

        let dir = temporary.join(format!("ui-{name}"));
        if dir.exists() {
            std::fs::remove_dir_all(&dir).unwrap();
        }
        std::fs::create_dir_all(&dir).unwrap();
        let members: Vec<String> =
            cases.iter().map(|case| format!("\"{}/{}\"", case.kind, case.name)).collect();
        let manifest = format!(
            "[workspace]\nresolver = \"3\"\nmembers = [{}]\n[profile.dev]\ndebug = false\nincremental = false\n",
            members.join(", ")
        );
        std::fs::write(dir.join("Cargo.toml"), manifest).unwrap();
        std::fs::copy(repository.join("Cargo.lock"), dir.join("Cargo.lock")).unwrap();
        for case in &cases {
            let to = dir.join(case.kind).join(&case.name);
            copy(&case.source, &to);
            let manifest = to.join("Cargo.toml");
            let sdk = repository.join("guest-sdk");
            let text = match std::fs::read_to_string(&manifest) {
                Ok(special) => special.replace("$SDK", sdk.to_str().unwrap()),
                Err(_) => default_manifest(&case.name, &sdk),
            };
            std::fs::write(manifest, text).unwrap();
        }
        Ui { dir, target: temporary.parent().unwrap().join("ui"), cases }
    }

    fn cargo(&self, command: &str) -> Command {
        let mut cargo = Command::new(std::env::var_os("CARGO").unwrap_or("cargo".into()));
        cargo.arg(command).arg("--target-dir").arg(&self.target).current_dir(&self.dir);
        // messages depend on these
        for variable in ["RUSTFLAGS", "CARGO_ENCODED_RUSTFLAGS", "CARGO_BUILD_RUSTFLAGS", "PLUG_DEBUG_EXPAND"]
        {
            cargo.env_remove(variable);
        }
        cargo.env("CARGO_TERM_COLOR", "never");
        cargo
    }

    /// What the compiler says about each case.
    fn check(&self) -> BTreeMap<String, String> {
        let mut cargo = self.cargo("check");
        let output =
            cargo.args(["--workspace", "--keep-going", "--message-format", "json"]).output().unwrap();
        let mut said: BTreeMap<String, String> = BTreeMap::new();
        let mut messages = 0;
        for line in String::from_utf8(output.stdout).unwrap().lines() {
            let message: serde_json::Value = serde_json::from_str(line).unwrap();
            messages += 1;
            let Some(rendered) = message["message"]["rendered"].as_str() else { continue };
            let text = message["message"]["message"].as_str().unwrap();
            if ["aborting due to", "For more information about"].iter().any(|it| text.starts_with(it)) {
                continue;
            }
            let manifest = Path::new(message["manifest_path"].as_str().unwrap());
            let case = manifest.parent().unwrap().file_name().unwrap().to_str().unwrap();
            said.entry(case.to_owned()).or_default().push_str(&self.normal(rendered));
        }
        assert!(
            messages > self.cases.len(),
            "cargo stopped early:\n{}",
            String::from_utf8_lossy(&output.stderr)
        );
        said
    }

    /// Without places that differ from machine to machine.
    fn normal(&self, text: &str) -> String {
        let repository = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
        let mut text = text.replace(&format!("{}/", self.dir.display()), "");
        for case in &self.cases {
            text = text.replace(&format!("{}/{}/", case.kind, case.name), "");
        }
        let text = text.replace(&format!("{}/", repository.display()), "$REPOSITORY/");
        text.lines().map(|line| format!("{}\n", line.trim_end())).collect()
    }

    fn succeeds(&self, command: &mut Command) {
        let output = command.output().unwrap();
        assert!(
            output.status.success(),
            "{command:?}\n{}{}",
            String::from_utf8_lossy(&output.stdout),
            String::from_utf8_lossy(&output.stderr)
        );
    }
}

/// Strict lints: what the macro writes must not trip over any of them.
fn default_manifest(name: &str, sdk: &Path) -> String {
    format!(
        "[package]\nname = \"{name}\"\nversion = \"0.3.0\"\nedition = \"2024\"\npublish = false\n\
         [lib]\ncrate-type = [\"cdylib\"]\n\
         [dependencies]\nplug-guest-sdk = {{ path = \"{}\" }}\n\
         [lints.rust]\nunsafe_code = \"deny\"\nunreachable_pub = \"warn\"\nunused_qualifications = \"warn\"\n",
        sdk.display()
    )
}

fn copy(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let to = to.join(entry.file_name());
        if entry.file_type().unwrap().is_dir() {
            copy(&entry.path(), &to);
        } else {
            std::fs::copy(entry.path(), to).unwrap();
        }
    }
}
