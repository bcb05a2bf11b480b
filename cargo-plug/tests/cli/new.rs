use std::fs;

use crate::project::{Project, assert_runs, repository, target_dir};

const HOST: &str = "package acme:images@1.2.0;

interface types {
    record frame { width: u32, height: u32, pixels: list<u8>, kind: kind }
    enum kind { rgb, rgba }
    type guest = u32;
}
interface image-filter {
    use types.{frame};
    flags options { fast, very-slow }
    variant problem { too-large(u64), other(string), none }
    /// Applies the filter.
    ///
    /// To one frame.
    apply: func(frame: frame, options: options, params: list<tuple<string, option<f64>>>) -> result<frame, problem>;
    check: func(%type: string) -> result<_, string>;
    reset: func();
}
interface store {
    record problem { why: string, at: tuple<s8, char> }
    resource counter {
        constructor(start: u32);
        next: func(by: option<u8>) -> result<u32, problem>;
        merge: static func(a: borrow<counter>, b: counter) -> result<counter, string>;
    }
    total: func(counters: list<borrow<counter>>) -> u64;
    fails: func(bytes: list<u8, 4>) -> result;
}
world filter { include plug:plugin/base@1.0.0; export image-filter; }
world everything {
    include plug:plugin/base@1.0.0;
    import types;
    export plug:plugin/health@1.0.0;
    export image-filter;
    export store;
    export run: func(a: u32, bytes: list<u8>) -> result<string, string>;
}
world idle { include plug:plugin/base@1.0.0; }
world bare { export image-filter; }
world later { include plug:plugin/base@1.0.0; export run: async func(); }
";

fn host() -> Project {
    let project = Project::new();
    project.write("host/wit/host.wit", HOST);
    project.write("host/wit/deps/other/o.wit", "package acme:other@1.0.0; interface i { type t = u8; }");
    project.write("host/wit/notes.txt", "not WIT");
    project
}

#[test]
fn a_plugin_is_made() {
    let project = Project::new();
    assert_runs!(
        project,
        project.plug(&["new", "hello"]),
        project.plug(&["new", "words", "--template", "custom", "--path", "plugins/words"]),
        project.plug(&["new", "silent", "-q"]),
    );
    let files: Vec<_> = project.files();
    insta::assert_snapshot!("files_of_a_plugin", files.join("\n"));
    for file in files {
        let text = project.read(&file);
        assert!(!text.contains("{{") || text.contains("format!"), "{file}: {text}");
        assert!(text.ends_with('\n') && !text.ends_with("\n\n"), "{file} ends with one line end");
    }
    insta::assert_snapshot!("manifest_of_a_plugin", project.read("hello/Cargo.toml"));
    insta::assert_snapshot!("source_of_a_plugin", project.read("hello/src/lib.rs"));
}

#[test]
fn a_contract_is_copied_and_written_out() {
    let project = host();
    assert_runs!(
        project,
        project.plug(&["new", "sepia", "--contract", "host/wit", "--world", "filter"]),
        project.plug(&["new", "all", "--contract", "host/wit", "--world", "acme:images/everything@1.2.0"]),
        project.plug(&["new", "idle", "--contract", "host/wit", "--world", "idle"]),
    );
    assert_eq!(project.read("sepia/wit/host.wit"), HOST);
    assert!(project.join("sepia/wit/deps/other/o.wit").is_file());
    assert!(!project.join("sepia/wit/notes.txt").exists());
    let filters = project.filters();
    insta::with_settings!({ filters => filters.iter().map(|(a, b)| (a.as_str(), *b)) }, {
        insta::assert_snapshot!("provenance_of_a_contract", project.read("sepia/wit/plug-contract.toml"));
    });
    insta::assert_snapshot!("impl_of_one_interface", project.read("sepia/src/lib.rs"));
    insta::assert_snapshot!("impl_of_everything", project.read("all/src/lib.rs"));
    insta::assert_snapshot!("impl_of_nothing", project.read("idle/src/lib.rs"));
}

#[test]
fn the_same_contract_from_elsewhere_has_the_same_hash() {
    let project = host();
    fs::create_dir(project.join("plugins")).unwrap();
    project.plug(&["new", "a", "--contract", "host/wit", "--world", "filter"]);
    project.plug_in("plugins", &["new", "b", "--contract", "../host/wit", "--world", "filter"]);
    let line = |file: &str, key: &str| {
        let text = project.read(file);
        text.lines().find(|line| line.starts_with(key)).unwrap().to_owned()
    };
    let (a, b) = ("a/wit/plug-contract.toml", "plugins/b/wit/plug-contract.toml");
    assert_eq!(line(a, "contract"), line(b, "contract"));
    assert_eq!(line(a, "source"), "source = \"../host/wit\"");
    assert_eq!(line(b, "source"), "source = \"../../host/wit\"");
    // A copy is as good a contract as the original.
    let run = project.plug(&["new", "c", "--contract", "a/wit", "--world", "filter"]);
    assert_eq!(run.code, Some(0), "{run}");
    assert_eq!(line("c/wit/plug-contract.toml", "contract"), line(a, "contract"));
}

#[test]
fn what_cannot_be_is_told_and_nothing_is_left() {
    let project = host();
    project.write("taken/x", "").write("sdk/Cargo.toml", "[package]\nname = \"other\"\n");
    project.write("syntax/a.wit", "package a:b;\nworld w { export nope; }\n");
    project.write("missing/a.wit", "package a:b;\nworld w { import wasi:http/types@0.2.6; }\n");
    project.write("no-wit/x", "");
    project.write("file", "");
    project.write("ws/Cargo.toml", "[workspace]\nmembers = \"*\"\n").write("ws/y", "");
    let before = project.files();
    let new = |args: &[&str]| project.plug(&[&["new"], args].concat());
    assert_runs!(
        project,
        new(&["Image Filter"]),
        new(&["2d"]),
        new(&["match"]),
        new(&["taken"]),
        new(&["x", "--path", "file/x"]),
        new(&["x", "--sdk-path", "nowhere"]),
        new(&["x", "--sdk-path", "sdk"]),
        new(&["x", "--contract", "nowhere"]),
        new(&["x", "--contract", "no-wit"]),
        new(&["x", "--contract", "host"]),
        new(&["x", "--contract", "syntax"]),
        new(&["x", "--contract", "missing"]),
        new(&["x", "--contract", "host/wit"]),
        new(&["x", "--contract", "host/wit", "--world", "fliter"]),
        new(&["x", "--contract", "host/wit", "--world", "bare"]),
        new(&["x", "--contract", "host/wit", "--world", "later"]),
        project.plug_in("ws", &["new", "x"]),
    );
    assert_eq!(project.files(), before);
}

#[cfg(unix)]
#[test]
fn a_contract_reaches_nothing_outside() {
    let project = host();
    project.write("secret.wit", "secret");
    std::os::unix::fs::symlink("../../secret.wit", project.join("host/wit/secret.wit")).unwrap();
    let before = project.files();
    assert_runs!(project, project.plug(&["new", "x", "--contract", "host/wit", "--world", "filter"]));
    assert_eq!(project.files(), before);
}

#[test]
fn too_much_wit_is_refused() {
    let project = Project::new();
    // Within the bounds of a copy, but nested without end.
    let deep = format!(
        "package a:b; interface i {{ type t = {}u8{}; }}",
        "list<".repeat(300_000),
        ">".repeat(300_000)
    );
    project.write("deep/a.wit", deep);
    let run = project.plug(&["new", "x", "--contract", "deep"]);
    assert_eq!(run.code, Some(1), "{}", run.stderr.chars().take(300).collect::<String>());
    assert!(!project.join("x").exists());
    project.write(
        "doctor/Cargo.toml",
        "[package]\nname = \"a\"\nversion = \"0.1.0\"\nedition = \"2024\"\n\
        [lib]\ncrate-type = [\"cdylib\"]\n[package.metadata.plug]\ncontract = { path = \"wit\" }\n",
    );
    project.write("doctor/src/lib.rs", "");
    let large = fs::create_dir_all(project.join("doctor/wit"))
        .and_then(|()| fs::File::create(project.join("doctor/wit/a.wit")))
        .unwrap();
    large.set_len(20 << 20).unwrap();
    let run = project.plug(&["doctor", "doctor"]);
    let line = run.stdout.lines().find(|line| line.contains("PLG01")).unwrap_or_else(|| panic!("{run}"));
    insta::assert_snapshot!(line.replace(&project.path().display().to_string(), "[PROJECT]"));
}

#[test]
fn a_workspace_gets_a_member() {
    let project = Project::new();
    project.write("Cargo.toml", "[workspace]\nresolver = \"3\"\nmembers = [\n    \"a\",\n]\n");
    project.write("a/Cargo.toml", "[package]\nname = \"a\"\nversion = \"0.1.0\"\nedition = \"2024\"\n");
    project.write("a/src/lib.rs", "");
    assert_runs!(
        project,
        project.plug(&["new", "hello", "--path", "plugins/hello"]),
        project.plug_in("plugins", &["new", "other", "-q"]),
    );
    insta::assert_snapshot!("manifest_of_a_workspace", project.read("Cargo.toml"));
    assert!(!project.read("plugins/hello/Cargo.toml").contains("[profile"));
    assert!(project.read("plugins/hello/README.md").contains("../../target/plug/hello.wasm"));
    // Cargo takes it so.
    project.cargo(".", &["metadata", "--no-deps", "--offline", "--format-version", "1"]);
}

#[test]
fn two_packages_of_one_name_are_refused() {
    let package =
        |name: &str| format!("[package]\nname = \"{name}\"\nversion = \"0.1.0\"\nedition = \"2024\"\n");
    let project = Project::new();
    project.write("Cargo.toml", "[workspace]\nmembers = [\"a\", \"plugins/*\"]\nresolver = \"3\"\n");
    project.write("a/Cargo.toml", package("mem")).write("a/src/lib.rs", "");
    project.write("plugins/one/Cargo.toml", package("one")).write("plugins/one/src/lib.rs", "");
    project.write("plugins/empty/.gitignore", "");
    let before = (project.files(), project.read("Cargo.toml"));
    assert_runs!(
        project,
        project.plug(&["new", "mem", "--path", "other"]),
        project.plug(&["new", "one", "--path", "plugins/two"]),
        project.plug(&["init", "plugins/empty", "--name", "mem"]),
    );
    assert_eq!((project.files(), project.read("Cargo.toml")), before);
    // The same where cargo reads the workspace, and another name is welcome.
    std::fs::remove_dir_all(project.join("plugins/empty")).unwrap();
    let run = project.plug(&["new", "mem", "--path", "other"]);
    assert!(run.code == Some(1) && run.stderr.contains("[PLG0006]"), "{run}");
    let run = project.plug(&["new", "other"]);
    assert_eq!(run.code, Some(0), "{run}");
}

#[test]
fn a_folder_that_is_there_is_filled() {
    let project = Project::new();
    project
        .write("shout/README.md", "mine")
        .write("full/src/lib.rs", "mine")
        .write("full/Cargo.toml", "mine");
    fs::create_dir(project.join("empty")).unwrap();
    assert_runs!(
        project,
        project.plug_in("shout", &["init"]),
        project.plug(&["init", "empty", "--name", "loud", "--template", "custom"]),
        project.plug(&["init", "full"]),
        project.plug(&["init", "nowhere"]),
        project.plug_in("shout", &["init"]),
    );
    assert_eq!(project.read("shout/README.md"), "mine");
    assert_eq!(project.read("full/Cargo.toml"), "mine");
    assert!(project.read("empty/Cargo.toml").contains("name = \"loud\""));
    insta::assert_snapshot!("files_after_init", project.files().join("\n"));
}

#[test]
fn the_sdk_is_where_it_is_said_to_be() {
    let project = Project::new();
    let dependency = |project: &Project, plugin: &str| {
        let manifest = project.read(&format!("{plugin}/Cargo.toml"));
        manifest.lines().find(|line| line.starts_with("plug-guest-sdk")).unwrap().to_owned()
    };
    project.plug(&["new", "published"]);
    assert_eq!(dependency(&project, "published"), "plug-guest-sdk = \"0.1\"");
    let sdk = repository().join("guest-sdk");
    project.plug(&["new", "absolute", "--sdk-path", sdk.to_str().unwrap()]);
    assert_eq!(
        dependency(&project, "absolute"),
        format!("plug-guest-sdk = {{ path = \"{}\" }}", sdk.display())
    );

    project.write("repo/guest-sdk/Cargo.toml", "[package]\nname = \"plug-guest-sdk\"\n");
    project.plug(&["new", "relative", "--sdk-path", "repo/guest-sdk"]);
    assert_eq!(dependency(&project, "relative"), "plug-guest-sdk = { path = \"../repo/guest-sdk\" }");
    project.plug_in("repo", &["new", "inside"]);
    assert_eq!(dependency(&project, "repo/inside"), "plug-guest-sdk = { path = \"../guest-sdk\" }");
}

/// Every template and every form of impl: formatted, without a warning, tested natively, and built.
#[test]
fn what_is_made_builds_passes_clippy_and_its_own_tests() {
    let project = host().with_var("CARGO_TARGET_DIR", target_dir().to_str().unwrap());
    project.write(
        "Cargo.toml",
        "[workspace]\nresolver = \"3\"\nmembers = []\n\n[profile.release]\ncodegen-units = 1\nlto = true\nstrip = \"debuginfo\"\n",
    );
    let sdk = repository().join("guest-sdk");
    let new = |args: &[&str]| {
        let run = project.plug(&[&["new", "--sdk-path", sdk.to_str().unwrap()], args].concat());
        assert_eq!(run.code, Some(0), "{run}");
    };
    new(&["cli-processor"]);
    new(&["cli-custom-with-a-rather-long-name-as-people-do-have-them", "--template", "custom"]);
    new(&["plugin"]);
    new(&["cli-filter", "--contract", "host/wit", "--world", "filter"]);
    new(&["cli-everything", "--contract", "host/wit", "--world", "everything"]);
    new(&["cli-idle", "--contract", "host/wit", "--world", "idle"]);
    // The guests of the tests have the same dependencies, compiled already.
    fs::copy(repository().join("tests/fixtures/guests/Cargo.lock"), project.join("Cargo.lock")).unwrap();

    for plugin in ["cli-processor", "plugin", "cli-filter", "cli-everything", "cli-idle"] {
        project.cargo(plugin, &["fmt", "--check"]);
    }
    project.cargo(".", &["clippy", "--quiet", "--workspace", "--all-targets", "--", "-D", "warnings"]);
    project.cargo(".", &["test", "--quiet", "--workspace"]);
    let run = project.plug(&["build", "--release", "--message-format", "json", "--workspace"]);
    assert_eq!(run.code, Some(0), "{run}");
    let report: serde_json::Value = serde_json::from_str(&run.stdout).unwrap();
    let plugins = report["plugins"].as_array().unwrap();
    assert_eq!(plugins.len(), 6);
    let hello = plugins.iter().find(|plugin| plugin["manifest"]["name"] == "cli-processor").unwrap();
    assert!(hello["size"].as_u64().unwrap() <= 100_000, "the smallest plugin has at most 100 kB: {hello}");
    for plugin in plugins {
        let path = plugin["path"].as_str().unwrap();
        let inspected = project.plug(&["inspect", path, "--format", "json"]);
        let inspected: serde_json::Value = serde_json::from_str(&inspected.stdout).unwrap();
        assert_eq!(inspected["declared"]["agrees"], true, "{path}");
        assert_eq!(inspected["digest"], plugin["digest"], "{path}");
        assert_eq!(inspected["declared"]["contract"]["hash"], plugin["contract"]["hash"], "{path}");
    }
}
