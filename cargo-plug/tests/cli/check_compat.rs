use serde_json::Value;

use crate::component::{component, declaring};
use crate::project::{Project, assert_runs};
use crate::schema::assert_valid;

const SCHEMA: &str = "check-compat.v1.json";

/// What a host has.
const OLD: &str = "package acme:images@1.2.0;

interface image-filter {
    record frame { width: u32, height: u32, pixels: list<u8> }
    variant problem { bad-size, other(string) }
    apply: func(frame: frame) -> result<frame, problem>;
}

interface tools {
    /// How bright it is.
    measure: func(pixels: list<u8>) -> u32;
    trace: func(line: string);
}

world filter {
    import tools;
    export image-filter;
}
";

fn new() -> String {
    OLD.replace("{ bad-size, other(string) }", "{ bad-size, too-large, other(string) }")
        .replace("    trace: func(line: string);\n", "")
}

/// Two folders of WIT.
fn pair(old: &str, new: &str) -> Project {
    let project = Project::new();
    project.write("old/images.wit", old).write("new/images.wit", new);
    project
}

fn check(project: &Project, args: &[&str]) -> crate::project::Run {
    project.plug(&[&["check-compat", "new", "--against", "old"], args].concat())
}

fn json(project: &Project, args: &[&str]) -> Value {
    let run = check(project, &[&["--format", "json"], args].concat());
    let document = serde_json::from_str(&run.stdout).unwrap_or_else(|error| panic!("{error}: {run}"));
    assert_valid(SCHEMA, &document);
    document
}

#[test]
fn each_change_is_told_with_its_places_and_a_way_out() {
    let project = pair(OLD, &new());
    assert_runs!(
        project,
        check(&project, &[]),
        check(&project, &["--direction", "host-upgrade", "-q"]),
        check(&project, &["--format", "json"]),
        check(&project, &["--format", "github"]),
    );
    assert_eq!(check(&project, &[]).stdout, check(&project, &[]).stdout);
}

#[test]
fn what_fits_is_told_shortly() {
    let grown = OLD.replace("1.2.0", "1.3.0").replace("trace: func", "flush: func();\n    trace: func");
    let project = pair(OLD, &grown);
    project.write("documented/images.wit", OLD.replace("How bright", "Says how bright"));
    assert_runs!(
        project,
        check(&project, &[]),
        check(&project, &["--direction", "host-upgrade"]),
        check(&project, &["--direction", "plugin-upgrade"]),
        project.plug(&["check-compat", "old", "--against", "old"]),
        project.plug(&["check-compat", "documented", "--against", "old"]),
        project.plug(&["check-compat", "documented", "--against", "old", "-v"]),
    );
}

#[test]
fn hazards_are_allowed_or_not() {
    let project = pair(OLD, &OLD.replace("line: string", "text: string"));
    assert_runs!(
        project,
        check(&project, &["--linker", "plug"]),
        check(&project, &["--deny", "hazard"]),
        check(&project, &["--linker", "spec", "-q"]),
    );
    let verdict = |args: &[&str]| json(&project, args)["verdict"]["old_plugin_on_new_host"].clone();
    assert_eq!(verdict(&[]), "hazard");
    assert_eq!(verdict(&["--linker", "spec"]), "breaking");
}

#[test]
fn unstable_exports_are_demanded_by_hosts_made_with_bindgen() {
    let gated = OLD.replace("apply: func", "@unstable(feature = blur)\n    blur: func();\n    apply: func");
    let project = pair(OLD, &gated);
    let verdict = |args: &[&str]| json(&project, args)["verdict"]["old_plugin_on_new_host"].clone();
    assert_eq!(verdict(&[]), "breaking");
    assert_eq!(verdict(&["--linker", "plug"]), "identical");
    assert_eq!(verdict(&["--linker", "plug", "--features", "blur"]), "breaking");
    assert_eq!(verdict(&["--linker", "plug", "--all-features"]), "breaking");
    // One that both have is no change, and fits as little.
    let project = pair(&gated, &gated);
    assert_runs!(project, check(&project, &[]), check(&project, &["--linker", "plug"]));
}

#[test]
fn what_the_engine_of_hosts_lacks_is_told() {
    let mapped = OLD.replace(
        "    apply: func",
        "    type tags = map<string, string>;\n    tag: func() -> tags;\n    apply: func",
    );
    let project = pair(OLD, &mapped);
    project.write("plugin.wasm", declaring(&component(&mapped, "filter"), &mapped, "filter"));
    project.write("bare.wasm", component(&mapped, "filter"));
    let plugin = |file: &str, args: &[&str]| {
        project.plug(&[&["check-compat", file, "--against", "old"], args].concat())
    };
    assert_runs!(
        project,
        check(&project, &["--linker", "plug"]),
        project.plug(&["check-compat", "new", "--against", "new", "--linker", "plug"]),
        plugin("plugin.wasm", &["--linker", "plug"]),
        plugin("bare.wasm", &["--linker", "plug"]),
        plugin("bare.wasm", &[]),
        plugin("bare.wasm", &["--linker", "spec", "-q"]),
        project.plug(&["explain", "H01"]),
    );
    assert_eq!(project.plug(&["check-compat", "new", "--against", "new"]).code, Some(0));
}

#[test]
fn optional_interfaces_that_need_each_other_are_told() {
    let tied = |optional: &str| {
        OLD.replace("@1.2.0", if optional.is_empty() { "@1.2.0" } else { "@1.3.0" })
            + "interface preview {\n    resource sketch;\n    draw: func() -> sketch;\n}\n\
               interface tags {\n    use preview.{sketch};\n    tag: func(of: borrow<sketch>);\n}\n"
            + optional
    };
    let new = tied("world filter-optional {\n    export preview;\n    export tags;\n}\n");
    let project = pair(&tied(""), &new);
    let one = |exports: &str| {
        let world = format!("    export image-filter;\n{exports}");
        component(&new.replace("    export image-filter;\n", &world), "filter")
    };
    project.write("tags.wasm", one("    export tags;\n"));
    project.write("both.wasm", one("    export preview;\n    export tags;\n"));
    assert_runs!(
        project,
        check(&project, &[]),
        project.plug(&["check-compat", "tags.wasm", "--against", "new", "--linker", "plug"]),
        project.plug(&["check-compat", "both.wasm", "--against", "new", "--linker", "plug", "-q"]),
        project.plug(&["contract", "freeze", "new"]),
    );
}

#[test]
fn what_will_be_a_trouble_is_warned_of() {
    let odd = "package a:b@0.0.3;\n\ninterface i {\n    f: func();\n    @unstable(feature = x)\n    g: func();\n}\n\n\
               world w {\n    export i;\n}\n";
    let project = pair(odd, odd);
    assert_runs!(
        project,
        check(&project, &["--linker", "plug"]),
        project.plug(&["contract", "freeze", "new"]),
        // What is said about the contract is no part of the report.
        check(&project, &["--linker", "plug", "--format", "github"]),
    );
}

/// A plugin that does not call all that the contract offers.
fn plugin(wit: &str) -> Vec<u8> {
    let uses_less = wit.replace("    measure: func(pixels: list<u8>) -> u32;\n", "");
    declaring(&component(&uses_less, "filter"), wit, "filter")
}

#[test]
fn a_plugin_is_judged_by_what_it_uses() {
    let project = Project::new();
    let unused = OLD.replace("measure: func(pixels: list<u8>)", "measure: func(pixels: list<u16>)");
    project
        .write("same/images.wit", OLD)
        .write("unused/images.wit", &unused)
        .write("other/images.wit", new());
    project.write("plugin.wasm", plugin(OLD)).write("bare.wasm", component(OLD, "filter"));
    assert_runs!(
        project,
        project.plug(&["check-compat", "plugin.wasm", "--against", "same"]),
        project.plug(&["check-compat", "plugin.wasm", "--against", "unused"]),
        project.plug(&["check-compat", "plugin.wasm", "--against", "unused", "-v"]),
        project.plug(&["check-compat", "plugin.wasm", "--against", "other"]),
        project.plug(&["check-compat", "bare.wasm", "--against", "other"]),
        project.plug(&["check-compat", "plugin.wasm", "--against", "other", "--direction", "both"]),
    );
    let run = project.plug(&["check-compat", "plugin.wasm", "--against", "other", "--format", "json"]);
    let document: Value = serde_json::from_str(&run.stdout).unwrap();
    assert_valid(SCHEMA, &document);
    assert_eq!(document["subject"], "component");
    assert_eq!(document["verdict"]["old_plugin_on_new_host"], Value::Null);
    assert_eq!(document["verdict"]["new_plugin_on_old_host"], "breaking");
}

#[test]
fn of_several_hosts_those_that_accept_are_named() {
    let project = Project::new();
    let next = new().replace("1.2.0", "2.0.0");
    project.write("v1/images.wit", OLD).write("v2/images.wit", next).write("plugin.wasm", plugin(OLD));
    let against = ["check-compat", "plugin.wasm", "--against", "v2", "--against", "v1"];
    assert_runs!(
        project,
        project.plug(&against),
        project.plug(&[&against[..], &["--any", "-q"]].concat()),
        project.plug(&[&against[..], &["--any", "--format", "json"]].concat()),
        project.plug(&[&against[..], &["--format", "github"]].concat()),
    );
}

#[test]
fn a_component_is_a_host_by_what_it_declares() {
    let project = pair(OLD, &new());
    project.write("plugin.wasm", plugin(OLD));
    let wit = plug_contract::Wit::from_text("a.wit", OLD).unwrap();
    project.write("package.wasm", wit_component::encode(wit.resolve(), wit.package()).unwrap());
    let told = |old: &str| {
        let run = project.plug(&["check-compat", "new", "--against", old, "--format", "json"]);
        let document: Value = serde_json::from_str(&run.stdout).unwrap_or_else(|_| panic!("{run}"));
        let rules = document["findings"].as_array().unwrap().iter().map(|finding| finding["rule"].clone());
        (document["verdict"].clone(), rules.collect::<Vec<_>>())
    };
    let expected = told("old");
    assert_eq!(expected.1.len(), 2);
    for other in ["plugin.wasm", "package.wasm", "old/images.wit"] {
        assert_eq!(told(other), expected, "{other}");
    }
}

#[test]
fn the_past_is_had_from_git() {
    let project = Project::new();
    project.write("host/wit/images.wit", OLD).write("README.md", "");
    project.git(&["init", "-q"]);
    project.git(&["add", "."]);
    project.git(&["commit", "-qm", "one"]);
    project.git(&["tag", "v1.2.0"]);
    project.write("host/wit/images.wit", new());
    let told = |folder: &str, args: &[&str]| {
        let run = project.plug_in(folder, &[&["check-compat"], args, &["--format", "json"]].concat());
        let document: Value = serde_json::from_str(&run.stdout).unwrap_or_else(|_| panic!("{run}"));
        document["findings"][0]["old"]["file"].as_str().map(str::to_owned)
    };
    let file = |rev: &str| Some(format!("git:{rev}:host/wit/images.wit"));
    // Without a path, it is the one of the working tree.
    assert_eq!(told(".", &["host/wit", "--against", "git:v1.2.0"]), file("v1.2.0"));
    assert_eq!(told("host", &["wit", "--against", "git:HEAD"]), file("HEAD"));
    assert_eq!(told("host", &["wit", "--against", "git:HEAD:host/wit"]), file("HEAD"));
    assert_eq!(told("host", &["wit", "--against", "git:HEAD:./wit"]), file("HEAD"));
    assert_eq!(told(".", &["host/wit/images.wit", "--against", "git:main"]), file("main"));
    assert_runs!(
        project,
        project.plug(&["check-compat", "host/wit", "--against", "git:v1.2.0", "--direction", "host-upgrade"]),
        project.plug(&["check-compat", "host/wit", "--against", "git:v9"]),
        project.plug(&["check-compat", "host/wit", "--against", "git:--output=x"]),
        project.plug(&["check-compat", "host/wit", "--against", "git:HEAD:wit"]),
        project.plug(&["check-compat", "host/wit", "--against", "git:HEAD:../wit"]),
        project.plug(&["check-compat", "host/wit", "--against", "git:HEAD:README.md"]),
        project.plug(&["check-compat", "host/wit", "--against", "git:"]),
        project.plug(&["check-compat", "host/wit", "--against", ""]),
        project.plug(&["check-compat", "host/wit", "--against", "git:HEAD:"]),
        project.plug(&["check-compat", "host/wit", "--against", "git:HEAD:."]),
        project.plug(&["check-compat", "host/wit", "--against", "git:HEAD:/wit"]),
        project.plug(&["check-compat", "host/wit", "--against", "git:HEAD:.."]),
    );
}

#[cfg(unix)]
#[test]
fn links_in_git_are_followed_inside_the_revision() {
    use std::os::unix::fs::symlink;

    let project = Project::new();
    project.write("wit/images.wit", OLD).write("next/images.wit", new());
    std::fs::create_dir(project.join("host")).unwrap();
    symlink("../wit", project.join("host/wit")).unwrap();
    symlink("..", project.join("host/up")).unwrap();
    symlink("/etc", project.join("host/out")).unwrap();
    symlink("round", project.join("host/round")).unwrap();
    project.git(&["init", "-q"]);
    project.git(&["add", "."]);
    project.git(&["commit", "-qm", "one"]);
    let run =
        |path: &str| project.plug(&["check-compat", "next", "--against", &format!("git:HEAD:host/{path}")]);
    assert_eq!(run("wit").code, Some(100));
    for path in ["out", "round"] {
        let run = run(path);
        assert_eq!(run.code, Some(101), "{run}");
        assert!(run.stderr.contains("leads out of the repository"), "{run}");
    }
}

#[cfg(unix)]
#[test]
fn links_that_fan_out_are_not_followed_for_ever() {
    use std::os::unix::fs::symlink;

    let project = Project::new();
    project.write("wit/images.wit", OLD).write("next/images.wit", OLD).write("f7/a.wit", "");
    for depth in 0..7 {
        std::fs::create_dir_all(project.join(&format!("f{depth}"))).unwrap();
        for link in 0..8 {
            symlink(format!("../f{}", depth + 1), project.join(&format!("f{depth}/{link}"))).unwrap();
        }
    }
    symlink("../f0", project.join("wit/deps")).unwrap();
    project.git(&["init", "-q"]);
    project.git(&["add", "."]);
    project.git(&["commit", "-qm", "one"]);
    let run = project.plug(&["check-compat", "next", "--against", "git:HEAD:wit"]);
    assert_eq!(run.code, Some(101), "{run}");
    assert!(run.stderr.contains("more than 256 links"), "{run}");
}

#[test]
fn in_git_only_what_is_of_the_contract_counts() {
    let project = Project::new();
    project.write("wit/images.wit", OLD);
    for index in 0..4200 {
        project.write(&format!("wit/frozen/1.0.0/deps/{index}.wit"), "");
    }
    #[cfg(unix)]
    std::os::unix::fs::symlink("/etc", project.join("wit/out")).unwrap();
    project.git(&["init", "-q"]);
    project.git(&["add", "."]);
    project.git(&["commit", "-qm", "one"]);
    let run = project.plug(&["check-compat", "wit", "--against", "git:HEAD:wit"]);
    assert_eq!(run.code, Some(0), "{run}");
}

#[test]
fn of_very_many_findings_the_worst_are_told() {
    let many = |ty: &str| {
        let functions: String = (0..600).map(|index| format!("    go{index}: func() -> {ty};\n")).collect();
        format!("package a:b@0.1.0;\n\ninterface i {{\n{functions}}}\n\nworld w {{\n    import i;\n}}\n")
    };
    let project = pair(&many("u32"), &many("u64"));
    let run = check(&project, &[]);
    let titles = run.stdout.lines().filter(|line| line.starts_with("error[")).count();
    assert_eq!((titles, run.stdout.matches(" = help: ").count()), (500, 50), "{run}");
    assert!(run.stdout.contains("\nand 100 more (`--format json` has all)\n"), "{run}");
    let document = json(&project, &[]);
    assert_eq!(document["findings"].as_array().unwrap().len(), 600);
    assert_eq!(document["against"][0]["omitted"], 0);

    // Of a component, only the worst are kept.
    project.write("plugin.wasm", component(&many("u64"), "w"));
    let against = ["check-compat", "plugin.wasm", "--against", "old"];
    let run = project.plug(&against);
    assert!(run.stdout.contains("note: 344 findings more about the component are left out"), "{run}");
    let run = project.plug(&[&against[..], &["--format", "json"]].concat());
    let document: Value = serde_json::from_str(&run.stdout).unwrap_or_else(|_| panic!("{run}"));
    assert_valid(SCHEMA, &document);
    assert_eq!(document["against"][0]["omitted"], 344);
    let run = project.plug(&[&against[..], &["--format", "github"]].concat());
    assert!(run.stdout.contains("344 more findings are left out"), "{run}");
}

#[test]
fn github_counts_columns_in_characters() {
    let project = pair(
        "package a:b@1.0.0; world w { /* ßß */ import f: func(); }",
        "package a:b@1.0.0; world w { /* ßß */ import f: func(x: u8); }",
    );
    let column = json(&project, &[])["findings"][0]["new"]["column"].as_u64().unwrap();
    let run = check(&project, &["--format", "github"]);
    assert!(run.stdout.contains(&format!("col={},", column - 2)), "{column}: {run}");
}

#[test]
fn git_may_be_of_no_use() {
    let project = pair(OLD, OLD);
    assert_runs!(project, project.plug(&["check-compat", "new", "--against", "git:HEAD"]));
    let project = pair(OLD, OLD).with_var("PATH", "/nowhere");
    let run = project.plug(&["check-compat", "new", "--against", "git:HEAD"]);
    assert!(run.code == Some(101) && run.stderr.contains("git cannot be run"), "{run}");
}

#[test]
fn verdicts_are_overruled_with_a_reason() {
    let project = pair(OLD, &new());
    let config = "[[override]]\nrule = \"error-variant-extended\"\nverdict = \"compatible\"\n\
                  reason = \"nobody matches on it yet\"\n\n\
                  [[override]]\nrule = \"F02\"\npath = \"acme:images/tools@1#trace\"\nverdict = \"hazard\"\n\
                  reason = \"no plugin in the store calls it\"\n\n\
                  [[override]]\nrule = \"F02\"\npath = \"acme:images/tools@1#nothing\"\nverdict = \
                  \"compatible\"\n\
                  reason = \"left over\"\n";
    project.write("plug-compat.toml", config);
    assert_runs!(project, check(&project, &[]), check(&project, &["--deny", "hazard", "-q"]));
    let document = json(&project, &[]);
    let reasons: Vec<_> =
        document["findings"].as_array().unwrap().iter().map(|finding| finding["overruled"].clone()).collect();
    assert_eq!(reasons, ["nobody matches on it yet", "no plugin in the store calls it"]);
    // Beside the files themselves does as well.
    project.write("new/plug-compat.toml", "");
    assert_eq!(check(&project, &[]).code, Some(100));
    assert_eq!(check(&project, &["--config", "plug-compat.toml"]).code, Some(0));
    project.write("wrong.toml", "[[override]]\nrule = \"F02\"\nverdct = \"hazard\"\n");
    project.write("garbled.toml", "[[override\n");
    project.write("no-rule.toml", "[[override]]\nrule = \"F99\"\nverdict = \"hazard\"\nreason = \"x\"\n");
    assert_runs!(
        project,
        check(&project, &["--config", "wrong.toml"]),
        check(&project, &["--config", "garbled.toml"]),
        check(&project, &["--config", "no-rule.toml"]),
        check(&project, &["--config", "nowhere.toml"]),
    );
}

#[test]
fn worlds_are_named_where_there_are_several() {
    let two = format!("{OLD}world viewer {{ import tools; }}\nworld filter-optional {{ }}\n");
    let project = pair(&two, &two);
    project.write("one/images.wit", OLD).write("plugin.wasm", plugin(OLD));
    assert_runs!(
        project,
        check(&project, &[]),
        check(&project, &["--world", "viewer"]),
        check(&project, &["--world", "acme:images/viewer@1.2.0", "--against-world", "filter", "-q"]),
        check(&project, &["--world", "veiwer"]),
        project.plug(&["check-compat", "one", "--against", "old"]),
        // A plugin says itself for which world it was built.
        project.plug(&["check-compat", "plugin.wasm", "--against", "old"]),
        project.plug(&["check-compat", "plugin.wasm", "--against", "old", "--world", "viewer", "-q"]),
    );
}

#[test]
fn what_cannot_be_compared_is_told() {
    let project = pair(OLD, OLD);
    project.write("host/wit/images.wit", OLD).write("empty/x", "").write("text.txt", "hello");
    project.write("broken/a.wit", "package a:b; world w { import nothing }");
    project
        .write("deep/a.wit", format!("package a:b; interface i {{ f: func() -> {}; }}", "list<".repeat(200)));
    project.write("no-world/a.wit", "package a:b; interface i { }");
    project.write("core.wasm", b"\0asm\x01\0\0\0").write("text.wasm", "hello");
    // A custom section of twelve bytes of name and three of garbage behind a component.
    let garbled = [component(OLD, "filter").as_slice(), b"\0\x10\x0cwit-contract{{{"].concat();
    project.write("garbled.wasm", garbled);
    let against = |old: &str| project.plug(&["check-compat", "new", "--against", old]);
    assert_runs!(
        project,
        against("nowhere"),
        against("empty"),
        against("host"),
        against("text.txt"),
        against("broken"),
        against("deep"),
        against("no-world"),
        against("core.wasm"),
        against("text.wasm"),
        project.plug(&["check-compat", "nowhere.wasm", "--against", "old"]),
        project.plug(&["check-compat", "garbled.wasm", "--against", "old"]),
        project.plug(&["check-compat", "new", "--against", "nowhere", "--format", "json"]),
    );
}

#[test]
fn a_project_knows_what_it_is_about() {
    let project = Project::new();
    assert_runs!(project, project.plug(&["check-compat"]), project.plug(&["check-compat", "--against", "x"]));
    project.write("wit/images.wit", OLD);
    assert_runs!(
        project,
        project.plug(&["check-compat"]),
        project.plug(&["check-compat", "wit", "--frozen", "all"]),
        project.plug(&["contract", "freeze"]),
        project.plug(&["check-compat"]),
    );
    project.write("wit/images.wit", new().replace("1.2.0", "1.3.0"));
    project.plug(&["contract", "freeze"]);
    project.write("wit/images.wit", new().replace("1.2.0", "1.3.1"));
    assert_runs!(
        project,
        project.plug(&["check-compat"]),
        project.plug(&["check-compat", "--frozen", "all", "--direction", "host-upgrade"]),
        project.plug(&["check-compat", "--frozen", "1.2.0", "--format", "json", "-q"]),
        project.plug(&["check-compat", "--frozen", "1.2.1"]),
        project.plug(&["check-compat", "wit/images.wit", "--frozen", "all"]),
    );
}

#[test]
fn a_plugin_is_held_against_the_contract_it_was_made_for() {
    let project = Project::new();
    project.write("app/wit/images.wit", OLD);
    project.write("plugin/wit/images.wit", OLD);
    project.write("plugin/src/lib.rs", "");
    project.write(
        "plugin/Cargo.toml",
        "[package]\nname = \"sepia\"\nversion = \"0.1.0\"\nedition = \"2024\"\n\n[lib]\ncrate-type = \
         [\"cdylib\"]\n\n\
         [package.metadata.plug]\ncontract = { path = \"wit\", world = \"acme:images/filter\" \
         }\n\n[workspace]\n",
    );
    project.write(
        "plugin/wit/plug-contract.toml",
        "format = 1\nsource = \"../app/wit\"\nworld = \"acme:images/filter@1.2.0\"\ncontract = \"\"\nabi = \
         \"\"\n\
         tool = \"\"\n[files]\n",
    );
    assert_runs!(project, project.plug_in("plugin", &["check-compat"]));
    project.write("plugin/target/plug/sepia.wasm", plugin(OLD));
    assert_runs!(project, project.plug_in("plugin", &["check-compat"]));
    // The host moved on.
    project.write("app/wit/images.wit", new());
    assert_runs!(project, project.plug_in("plugin", &["check-compat", "-q"]));
    std::fs::remove_dir_all(project.join("app")).unwrap();
    assert_runs!(project, project.plug_in("plugin", &["check-compat"]));
}

#[test]
fn sarif_has_what_code_scanning_needs() {
    let project = Project::new();
    project.write("old/a b.wit", OLD).write("new/a b.wit", new());
    project.write(
        "plug-compat.toml",
        "[[override]]\nrule = \"F02\"\nverdict = \"compatible\"\nreason = \"unused\"\n",
    );
    let run = check(&project, &["--format", "sarif"]);
    assert_eq!((run.code, run.stderr.as_str()), (Some(100), ""), "{run}");
    let mut log: Value = serde_json::from_str(&run.stdout).unwrap();
    for rule in log["runs"][0]["tool"]["driver"]["rules"].as_array_mut().unwrap() {
        let id = rule["id"].as_str().unwrap().to_owned();
        let page = rule["help"]["markdown"].take();
        assert_eq!(page, plug_contract::rule(&id).unwrap().page);
    }
    log["runs"][0]["tool"]["driver"]["semanticVersion"].take();
    insta::with_settings!({ prepend_module_to_snapshot => true, omit_expression => true }, {
        insta::assert_snapshot!(format!("{log:#}"));
    });
    let run = &log["runs"][0];
    let rules = run["tool"]["driver"]["rules"].as_array().unwrap();
    for result in run["results"].as_array().unwrap() {
        let index = result["ruleIndex"].as_u64().unwrap() as usize;
        assert_eq!(rules[index]["id"], result["ruleId"]);
    }
}

#[test]
fn colour_changes_no_word_of_a_report() {
    let project = pair(OLD, &new());
    let coloured = check(&project, &["--color", "always"]).stdout;
    assert!(coloured.contains("\u{1b}[1;31m"), "{coloured}");
    let mut plain = String::new();
    for part in coloured.split("\u{1b}[") {
        plain.push_str(
            part.split_once('m').filter(|_| !plain.is_empty() || coloured.starts_with('\u{1b}')).map_or(
                part,
                |(code, rest)| if code.chars().all(|c| c.is_ascii_digit() || c == ';') { rest } else { part },
            ),
        );
    }
    assert_eq!(plain, check(&project, &[]).stdout);
}

#[test]
fn many_uses_are_cut_and_listed_with_v() {
    let functions: String = (0..40).map(|index| format!("    go-{index}: func(level: level);\n")).collect();
    let many = |cases: &str| {
        format!(
            "package a:b@0.1.0;\n\ninterface i {{\n    enum level {{ {cases} }}\n{functions}}}\n\nworld w \
             {{\n    import i;\n}}\n"
        )
    };
    let project = pair(&many("low, high"), &many("low, mid, high"));
    let run = check(&project, &["--direction", "host-upgrade"]);
    assert!(run.stdout.contains("and 35 more (-v lists them)"), "{run}");
    let run = check(&project, &["--direction", "host-upgrade", "-v"]);
    assert!(run.stdout.contains("a:b/i@0.1#go-39") && !run.stdout.contains("more (-v"), "{run}");
    assert_eq!(run.stdout.matches("[E").count(), 1, "one change is one finding: {run}");
}

#[test]
fn of_several_plugins_one_is_named() {
    let project = Project::new();
    project.write("Cargo.toml", "[workspace]\nresolver = \"3\"\nmembers = [\"one\", \"two\"]\n");
    for name in ["one", "two"] {
        let manifest = format!(
            "[package]\nname = \"{name}\"\nversion = \"0.1.0\"\nedition = \"2024\"\n\n\
             [lib]\ncrate-type = [\"cdylib\"]\n\n[package.metadata.plug]\n"
        );
        project.write(&format!("{name}/Cargo.toml"), manifest).write(&format!("{name}/src/lib.rs"), "");
    }
    // For the standard world, nothing else has to be named.
    project.write("target/plug/one.wasm", component(plug_contract::PLUGIN_WIT, "plugin"));
    assert_runs!(
        project,
        project.plug(&["check-compat"]),
        project.plug_in("one", &["check-compat"]),
        project.plug_in("two", &["check-compat"]),
    );
}
