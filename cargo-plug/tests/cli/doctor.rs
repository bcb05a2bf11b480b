use crate::project::{Project, assert_runs};

/// The lines about the project; those about the toolchain tell the machine's paths.
fn about_project(project: &Project, folder: &str) -> String {
    let run = project.plug(&["doctor", folder]);
    let toolchain = ["rustc", "target wasm32-wasip2", "wasi-libc", "wasm-component-ld", "wasm linker"];
    let lines: Vec<_> = run
        .stdout
        .lines()
        .filter(|line| !toolchain.iter().any(|name| line.get(9..).is_some_and(|line| line.starts_with(name))))
        .collect();
    let text = format!("=> {}\n{}\n", run.code.unwrap(), lines.join("\n"));
    project.filters().iter().fold(text, |text, (what, by)| {
        if what.starts_with('/') { text.replace(&what.replace("\\.", "."), by) } else { text }
    })
}

const PLUGIN: &str = "[package]\nname = \"shout\"\nversion = \"0.1.0\"\nedition = \"2024\"\n\
    [lib]\ncrate-type = [\"cdylib\"]\n[package.metadata.plug]\n";

#[test]
fn a_folder_without_a_project_is_a_warning() {
    let project = Project::new();
    project.write("lib/Cargo.toml", "[package]\nname = \"a\"\nversion = \"0.1.0\"\nedition = \"2024\"\n");
    project.write("lib/src/lib.rs", "").write("broken/Cargo.toml", "[package]\n");
    insta::assert_snapshot!(
        ["nowhere", "lib", "broken"].map(|folder| about_project(&project, folder)).join("\n")
    );
}

#[test]
fn each_mistake_of_a_project_has_its_mend() {
    let project = Project::new();
    project.write("src/lib.rs", "");
    let mut examined = Vec::new();
    let mut examine = |what: &str| examined.push(format!("# {what}\n{}", about_project(&project, ".")));
    project.write("Cargo.toml", PLUGIN);
    examine("as it should be, but never built");
    project.write("Cargo.toml", PLUGIN.replace("[lib]\ncrate-type = [\"cdylib\"]\n", ""));
    examine("no cdylib");
    project.write("Cargo.toml", format!("{PLUGIN}contrcat = 1\n"));
    examine("a misspelt key");
    project.write("Cargo.toml", format!("{PLUGIN}contract = {{ path = \"wit\" }}\n"));
    examine("no WIT folder");
    project.write("wit/a.wit", "package a:b; world w { export nope; }");
    examine("WIT that does not parse");
    project.write("wit/a.wit", "package a:b; world w { }");
    examine("no base");
    project.write("wit/a.wit", "package a:b; world w { include plug:plugin/base@1.0.0; }");
    examine("a contract");
    let package =
        |name: &str, version: &str| format!("[[package]]\nname = \"{name}\"\nversion = \"{version}\"\n");
    project.write(
        "Cargo.lock",
        format!(
            "version = 4\n{}{}",
            package("plug-guest-sdk", "7.0.0"),
            package("plug-guest-macros", "7.1.0")
        ),
    );
    examine("SDK and macros out of step");
    insta::assert_snapshot!(examined.join("\n"));
}

#[test]
fn programs_get_the_same_as_json() {
    let project = Project::new();
    project.write("Cargo.toml", PLUGIN).write("src/lib.rs", "");
    let run = project.plug(&["doctor", "--format", "json"]);
    let json: serde_json::Value = serde_json::from_str(&run.stdout).unwrap();
    assert_eq!(json["format"], 1);
    let checks = json["checks"].as_array().unwrap();
    let check = checks.iter().find(|check| check["name"] == "crate-type").unwrap();
    assert_eq!(check["state"], "ok");
    assert_eq!(check["detail"], "shout: cdylib");
    assert!(check["mend"].is_null());
}

#[test]
fn a_broken_manifest_shows_cargos_own_words() {
    let project = Project::new();
    project.write("Cargo.toml", "[package]\n");
    let run = project.plug(&["doctor"]);
    assert!(run.stderr.starts_with("error: failed to parse manifest"), "{run}");
    assert_runs!(Project::new(), project.plug(&["build", "--manifest-path", "nowhere/Cargo.toml"]));
}
