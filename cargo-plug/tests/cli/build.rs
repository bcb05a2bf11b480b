//! Plugins here are written without the SDK, for a contract that asks for nothing: they compile in
//! a moment. Real ones are built in `new.rs`.

use crate::project::{Project, assert_runs};

const EMPTY_WORLD: &str = "package acme:empty@1.0.0; world empty { }";

fn manifest(name: &str, rest: &str) -> String {
    format!(
        "[package]\nname = \"{name}\"\nversion = \"0.3.0\"\nedition = \"2024\"\ndescription = \"Does \
         nothing\"\n\n\
         [lib]\ncrate-type = [\"cdylib\"]\n\n[package.metadata.plug]\n\
         contract = {{ path = \"wit\", world = \"empty\" }}\n{rest}"
    )
}

/// One plugin.
fn plugin() -> Project {
    let project = Project::new();
    project.write("Cargo.toml", manifest("idle", ""));
    project.write(
        "src/lib.rs",
        "#![no_std]\n#[cfg(target_arch = \"wasm32\")]\n#[panic_handler]\nfn \
                                 panic(_: &core::panic::PanicInfo<'_>) -> ! { loop {} }\n",
    );
    project.write("wit/empty.wit", EMPTY_WORLD);
    project
}

/// Two plugins and a library.
fn workspace() -> Project {
    let project = Project::new();
    project.write("Cargo.toml", "[workspace]\nresolver = \"3\"\nmembers = [\"*\"]\nexclude = [\"target\"]\n");
    for name in ["one", "two"] {
        project.write(&format!("{name}/Cargo.toml"), manifest(name, ""));
        project.write(&format!("{name}/src/lib.rs"), "");
        project.write(&format!("{name}/wit/empty.wit"), EMPTY_WORLD);
    }
    project.write("lib/Cargo.toml", "[package]\nname = \"lib\"\nversion = \"0.1.0\"\nedition = \"2024\"\n");
    project.write("lib/src/lib.rs", "");
    project
}

#[test]
fn a_plugin_is_built_checked_and_packed() {
    let project = plugin();
    project.write(
        "Cargo.toml",
        manifest(
            "idle",
            "instance-policy = \"resident\"\nlimits = { memory = \"8MiB\", deadline = \"50ms\" }\n\
             [package.metadata.plug.capabilities]\n\"fs:read\" = \"reads a list\"\n\
             net = { reason = \"asks a server\", optional = true }\n",
        ),
    );
    assert_runs!(project, project.plug(&["build", "-q", "--release"]));
    assert!(!project.files().iter().any(|file| file.contains(".plug-")), "no temporary file is left");
}

#[test]
fn a_contract_that_changed_since_the_last_build_is_told() {
    let project = plugin();
    let told = || {
        let run = project.plug(&["build"]);
        assert_eq!(run.code, Some(0), "{run}");
        let lines = run.stderr.lines().skip_while(|line| !line.contains("Changed the contract"));
        lines.take_while(|line| !line.contains("Wrote")).map(str::to_owned).collect::<Vec<_>>()
    };
    assert!(told().is_empty(), "there was no build before");
    assert!(told().is_empty(), "nothing changed");
    project.write(
        "wit/empty.wit",
        "package acme:empty@1.1.0; interface log { say: func(line: string); } world empty { import log; }",
    );
    let lines = told();
    assert!(lines[0].contains("of idle since the last build: acme:empty/empty@1.0.0 wit1-"), "{lines:?}");
    assert!(lines[0].contains(" -> acme:empty/empty@1.1.0 wit1-"), "{lines:?}");
    assert!(lines.iter().any(|line| line.trim_start().starts_with("acme:empty/log@1 [W")), "{lines:?}");
    // A failed build forgets nothing.
    project.write("wit/empty.wit", "package acme:empty@2.0.0; world empty { export run: func(); }");
    assert_eq!(project.plug(&["build", "-q"]).code, Some(100));
    project.write("wit/empty.wit", EMPTY_WORLD);
    assert!(told()[0].contains(": acme:empty/empty@1.1.0 wit1-"));
}

#[test]
fn what_std_brings_is_told_apart() {
    let project = plugin();
    project.write("src/lib.rs", "#[unsafe(no_mangle)]\npub fn f() { println!(\"hi\"); }\n");
    let run = project.plug(&["build", "-q", "--message-format", "json"]);
    let report: serde_json::Value = serde_json::from_str(&run.stdout).unwrap_or_else(|_| panic!("{run}"));
    let imports = report["plugins"][0]["imports"].as_array().unwrap();
    assert!(!imports.is_empty());
    for import in imports {
        assert!(import["name"].as_str().unwrap().starts_with("wasi:"), "{import}");
        assert_eq!(import["origin"], "std");
    }
    let run = project.plug(&["build", "-q"]);
    assert!(run.stdout.contains("std imports wasi:cli@0.2."), "{run}");
}

#[test]
fn programs_get_the_report_as_json() {
    let project = plugin();
    assert_runs!(
        project,
        project.plug(&["build", "-q", "--message-format", "json"]),
        project.plug(&["build", "-q", "--message-format", "json", "-p", "other"]),
    );
}

#[test]
fn a_workspace_builds_what_cargo_would() {
    let project = workspace();
    let built = |run: crate::project::Run| {
        assert_eq!(run.code, Some(0), "{run}");
        run.stdout.lines().filter(|line| !line.starts_with(' ')).map(str::to_owned).collect::<Vec<_>>()
    };
    let one = "one 0.3.0  target/plug/one.wasm";
    let two = "two 0.3.0  target/plug/two.wasm";
    assert_eq!(built(project.plug(&["build", "-q"])), [one, two]);
    assert_eq!(built(project.plug(&["build", "-q", "-p", "two"])), [two]);
    assert_eq!(built(project.plug(&["build", "-q", "-p", "two@0.3.0", "-p", "one"])), [two, one]);
    assert_eq!(built(project.plug(&["build", "-q", "--manifest-path", "one/Cargo.toml"])), [one]);
    let inside = built(project.plug_in("one", &["build", "-q"]));
    assert_eq!(inside, [format!("one 0.3.0  {}", project.join("target/plug/one.wasm").display())]);
    assert_eq!(built(project.plug_in("one", &["build", "-q", "--workspace"])).len(), 2);
    assert_eq!(
        built(project.plug_in("two", &["build", "-q", "--target-dir", "own"])),
        ["two 0.3.0  own/plug/two.wasm"]
    );
    assert!(project.join("two/own/plug/two.wasm").is_file());
    assert_runs!(
        project,
        project.plug(&["build", "-p", "tow"]),
        project.plug(&["build", "-p", "lib"]),
        project.plug_in("lib", &["build"]),
    );
}

#[test]
fn profiles_features_and_other_options_reach_cargo() {
    let project = plugin();
    project.write(
        "Cargo.toml",
        manifest(
            "idle",
            "[features]\nloud = []\n[profile.tiny]\ninherits = \"release\"\nopt-level = \"z\"\n",
        ),
    );
    project.write("src/lib.rs", "#[cfg(feature = \"loud\")]\ncompile_error!(\"loud is on\");\n");
    let code = |args: &[&str]| {
        let run = project.plug(&[&["build", "-q"], args].concat());
        (run.code.unwrap(), run.stderr)
    };
    assert_eq!(code(&["--profile", "tiny"]).0, 0);
    assert!(project.join("target/wasm32-wasip2/tiny/idle.wasm").is_file());
    for loud in
        [&["--features", "loud"][..], &["-F", "loud"], &["--all-features"], &["--", "--features", "loud"]]
    {
        let (code, stderr) = code(loud);
        assert!(code == 1 && stderr.contains("loud is on"), "{loud:?}: {stderr}");
    }
    let (locked, stderr) = {
        std::fs::remove_file(project.join("Cargo.lock")).unwrap();
        code(&["--locked", "--offline"])
    };
    assert!(locked == 1 && stderr.contains("--locked"), "{stderr}");
    assert_eq!(code(&["--offline"]).0, 0);
    assert_eq!(code(&["--frozen"]).0, 0);
}

#[test]
fn cargos_own_errors_pass_through() {
    let project = plugin();
    project.write("src/lib.rs", "fn f() -> u32 { \"x\" }\n");
    let own = project.plug(&["build"]);
    let text = own.stderr.clone();
    assert!(text.contains("error[E0308]: mismatched types\n --> src/lib.rs:1:17\n"), "{own}");
    // The toolchain is in order, so there is nothing to add but where to look.
    let end = text.find("error[PLG0010]").unwrap_or_else(|| panic!("{own}"));
    insta::assert_snapshot!(&text[end..]);
    assert_eq!(own.code, Some(1));
    assert!(own.stdout.is_empty() && !project.join("target/plug").exists());
}

#[test]
fn a_failed_build_leaves_the_older_plugin() {
    let project = plugin();
    assert_eq!(project.plug(&["build", "-q"]).code, Some(0));
    let before = std::fs::read(project.join("target/plug/idle.wasm")).unwrap();
    project.write("src/lib.rs", "nonsense");
    assert_eq!(project.plug(&["build", "-q"]).code, Some(1));
    project.write("src/lib.rs", "").write("wit/empty.wit", "package a:b; world empty { export f: func(); }");
    assert_eq!(project.plug(&["build", "-q"]).code, Some(100));
    assert_eq!(std::fs::read(project.join("target/plug/idle.wasm")).unwrap(), before);
}

#[test]
fn a_build_is_repeatable() {
    let project = plugin();
    let build = || {
        assert_eq!(project.plug(&["build", "-q", "--release"]).code, Some(0));
        std::fs::read(project.join("target/plug/idle.wasm")).unwrap()
    };
    assert_eq!(build(), build());
}

#[test]
fn mistakes_in_the_project_are_told_before_anything_is_compiled() {
    let project = plugin();
    let with = |manifest: String| {
        project.write("Cargo.toml", manifest);
        project.plug(&["build"])
    };
    let plain = "[package]\nname = \"idle\"\nversion = \"0.1.0\"\nedition = \"2024\"\n";
    let cdylib = "[lib]\ncrate-type = [\"cdylib\"]\n";
    assert_runs!(
        project,
        with(plain.to_owned()),
        with(format!("{plain}{cdylib}")),
        with(format!("{plain}[package.metadata.plug]\n")),
        with(format!("{plain}[dependencies]\nplug-guest-sdk = \"0.1\"\n")),
        with(format!("{plain}{cdylib}[package.metadata.plug]\nlimits = {{ memroy = \"1MiB\" }}\n")),
        with(format!("{plain}{cdylib}[package.metadata.plug]\ninstance-policy = \"hot\"\n")),
        with(format!("{plain}{cdylib}[package.metadata.plug.capabilities]\nnet = \"\"\n")),
    );
    assert!(!project.join("target").exists());
}

#[test]
fn what_comes_out_is_held_against_what_is_declared() {
    let project = plugin();
    let first =
        project.write("Cargo.toml", manifest("idle", "").replace("contract =", "#")).plug(&["build", "-q"]);
    project.write("Cargo.toml", manifest("idle", ""));
    assert_runs!(
        project,
        first,
        project
            .write("wit/empty.wit", "package a:b; world empty { export f: func() -> u32; }")
            .plug(&["build", "-q"]),
        project.write("wit/empty.wit", "package a:b; world empty { export nope; }").plug(&["build", "-q"]),
        project.write("wit/empty.wit", "package a:b; world other { }").plug(&["build", "-q"]),
    );
}

#[test]
fn a_core_module_is_no_plugin() {
    let project = plugin();
    project.write(".cargo/config.toml", "[target.wasm32-wasip2]\nlinker = \"rust-lld\"\n");
    assert_runs!(project, project.plug(&["build", "-q"]));
}

#[cfg(unix)]
#[test]
fn files_that_cannot_be_written_are_told() {
    let project = plugin();
    project.write("target/plug", "a file where the folder should be");
    assert_runs!(project, project.plug(&["build", "-q"]));
}

#[cfg(unix)]
#[test]
fn another_program_in_the_place_of_cargo_is_told() {
    use std::os::unix::fs::PermissionsExt;

    let project = plugin();
    project.write("my-cargo", "#!/bin/sh\ncase \"$1\" in build) ;; *) exec cargo \"$@\";; esac\n");
    std::fs::set_permissions(project.join("my-cargo"), std::fs::Permissions::from_mode(0o755)).unwrap();
    let mine = project.join("my-cargo").display().to_string();
    let project = project.with_var("CARGO", mine);
    let silent = project.plug(&["build"]);
    let project = project.with_var("CARGO", "/nowhere/cargo");
    assert_runs!(project, silent, project.plug(&["build"]));
}

/// What the linker says is passed on, and told again in words.
#[test]
fn a_symbol_that_nothing_defines_is_named() {
    let project = plugin();
    let source = project.read("src/lib.rs");
    project.write(
        "src/lib.rs",
        format!(
            "{source}\nunsafe extern \"C\" {{ fn compress2(level: i32) -> i32; }}\n\
             #[unsafe(no_mangle)]\npub extern \"C\" fn shrink() -> i32 {{ unsafe {{ compress2(9) }} }}\n"
        ),
    );
    let run = project.plug(&["build"]);
    assert_eq!(run.code, Some(1), "{run}");
    let (passed_on, own) = run.stderr.split_at(run.stderr.find("error[").unwrap_or_else(|| panic!("{run}")));
    assert!(passed_on.contains("linking with `wasm-component-ld` failed"), "{run}");
    assert!(passed_on.contains("could not compile `idle`"), "{run}");
    insta::assert_snapshot!(own);
}

/// Warnings and errors of the compiler look as they do without us.
#[test]
fn what_the_compiler_says_is_passed_on() {
    let project = plugin();
    let source = project.read("src/lib.rs");
    project.write("src/lib.rs", format!("{source}\nfn unused() {{}}\n"));
    let run = project.plug(&["build"]);
    assert_eq!(run.code, Some(0), "{run}");
    assert!(run.stderr.contains("warning: function `unused` is never used\n --> src/lib.rs:"), "{run}");
    project.write("src/lib.rs", format!("{source}\nfn wrong() {{ 1 }}\n"));
    let run = project.plug(&["build"]);
    assert_eq!(run.code, Some(1), "{run}");
    assert!(run.stderr.contains("error[E0308]: mismatched types\n --> src/lib.rs:"), "{run}");
    assert_eq!(run.stdout, "", "{run}");
    let coloured = project.plug(&["build", "--color", "always"]);
    assert!(
        coloured.stderr.contains("\u{1b}[38;5;9merror[E0308]")
            || coloured.stderr.contains("\u{1b}[1m\u{1b}[91merror[E0308]"),
        "{coloured}"
    );
}

#[test]
fn debug_info_is_kept_when_it_is_asked_for() {
    let project = plugin();
    let release = "\n[profile.release]\nstrip = \"debuginfo\"\ndebug = false\n";
    project.write("Cargo.toml", project.read("Cargo.toml") + release);
    let has_lines = |options: &[&str]| {
        let run = project.plug(&[&["build"], options].concat());
        assert_eq!(run.code, Some(0), "{run}");
        let bytes = std::fs::read(project.join("target/plug/idle.wasm")).unwrap();
        bytes.windows(11).any(|window| window == b".debug_line")
    };
    assert!(!has_lines(&["--release"]));
    assert!(has_lines(&["--release", "--debug-info"]));
    assert!(!has_lines(&["--release"]));
    assert!(has_lines(&["--debug-info"]));
}
