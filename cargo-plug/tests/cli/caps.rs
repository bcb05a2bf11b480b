use std::collections::BTreeMap;

use plug_contract::{Contract, Manifest, Section, Want, Wit};

use crate::component::{ADDER, IMAGES, component, custom_section};
use crate::project::{Project, assert_runs, repository};

/// What the standard library of Rust brings, as a part of it.
const STD: [&str; 7] = [
    "wasi:cli/environment@0.2.6#get-environment",
    "wasi:cli/exit@0.2.6#exit",
    "wasi:cli/stderr@0.2.6#get-stderr",
    "wasi:cli/terminal-stderr@0.2.6#get-terminal-stderr",
    "wasi:clocks/wall-clock@0.2.6#now",
    "wasi:io/poll@0.2.6#poll",
    "wasi:filesystem/preopens@0.2.6#get-directories",
];

/// A component that imports functions, `INTERFACE#FUNCTION`, and has no code.
fn importing(functions: &[&str]) -> Vec<u8> {
    let mut instances: BTreeMap<&str, String> = BTreeMap::new();
    for function in functions {
        let (interface, name) = function.split_once('#').expect("a function of an interface");
        instances.entry(interface).or_default().push_str(&format!("(export \"{name}\" (func))"));
    }
    let imports = instances.iter().map(|(name, exports)| format!("(import \"{name}\" (instance {exports}))"));
    wat::parse_str(format!("(component {})", imports.collect::<String>())).expect("it is a component")
}

/// The same with a manifest.
fn plugin(functions: &[&str], version: &str, wants: &[Want]) -> Vec<u8> {
    declaring(&importing(functions), version, wants)
}

fn declaring(component: &[u8], version: &str, wants: &[Want]) -> Vec<u8> {
    let mut manifest = Manifest::default();
    manifest.name = "weather".to_owned();
    manifest.version = version.to_owned();
    manifest.capabilities = wants.to_vec();
    let actual = Contract::from_component(component).unwrap();
    let wit = Wit::from_text("test.wit", IMAGES).unwrap();
    let section = Section::declare(&wit, Some("filter"), &actual, BTreeMap::new(), manifest).unwrap();
    section.embed(component).unwrap()
}

fn required(text: &str, reason: &str) -> Want {
    Want::new(text, reason, true)
}

fn optional(text: &str, reason: &str) -> Want {
    Want::new(text, reason, false)
}

fn weather() -> Vec<u8> {
    let functions = [
        &STD[..],
        &[
            "acme:db/sql@1.0.0#query",
            "plug:plugin/host-api@1.0.0#log-message",
            "wasi:sockets/tcp@0.2.6#connect",
            "wasi:sockets/ip-name-lookup@0.2.6#resolve",
        ],
    ];
    let wants = [
        required("net=api.example.com:443", "asks for the weather"),
        optional("fs:read=/maps", "draws maps"),
        optional("clocks=coarse", "knows the day"),
        optional("http", "reads the news"),
    ];
    plugin(&functions.concat(), "1.0.0", &wants)
}

/// A version, and one with more power.
fn upgrade() -> (Vec<u8>, Vec<u8>) {
    let net = [required("net=api.example.com:443", "asks for the weather")];
    let old = plugin(&["wasi:sockets/tcp@0.2.6#connect"], "1.0.0", &net);
    let functions = [
        "acme:db/sql@1.0.0#query",
        "wasi:clocks/wall-clock@0.2.6#now",
        "wasi:filesystem/types@0.2.6#read",
        "wasi:sockets/tcp@0.2.8#connect",
    ];
    let wants = [required("net=*.example.com:443", "asks others too"), optional("env=LANG", "speaks")];
    (old, plugin(&functions, "2.0.0", &wants))
}

#[test]
fn any_component_is_told_by_what_it_wants_and_reaches() {
    let project = Project::new();
    project.write("weather.wasm", weather());
    project.write("std.wasm", importing(&STD));
    project.write("adder.wasm", wat::parse_str(ADDER).unwrap());
    assert_runs!(
        project,
        project.plug(&["caps", "weather.wasm"]),
        project.plug(&["caps", "std.wasm"]),
        project.plug(&["caps", "adder.wasm"]),
        project.plug(&["caps", "weather.wasm", "--format", "json"]),
    );
}

#[test]
fn what_only_its_host_knows_is_told_as_unknown() {
    let project = Project::new();
    let functions = [
        "plug:plugin/host-api@1.0.0#log-message",
        "plug:plugin/host-api@1.0.0#format-disc",
        "wasi:nn/graph@0.2.0#load",
        "wasi:cli/run@0.2.6#run",
    ];
    project.write("own.wasm", importing(&functions));
    let root = r#"(component (import "sqrt" (func)) (import "disc" (type (sub resource))))"#;
    project.write("root.wasm", wat::parse_str(root).unwrap());
    assert_runs!(project, project.plug(&["caps", "own.wasm"]), project.plug(&["caps", "root.wasm"]));
}

#[test]
fn a_policy_says_what_takes_effect() {
    let project = Project::new();
    project.write("weather.wasm", weather());
    project.write(
        "policy.toml",
        "[plugin.weather]\nnet = [\"*.example.com:443\", \"10.0.0.0/8:*\"]\n\"fs:read\" = [\"data -> /maps\"]\n\
         clocks = \"real\"\n\n[contract.\"acme:images/filter\"]\nenv = [\"LANG\"]\n\n[plugin.strict]\nlog = false\n",
    );
    assert_runs!(
        project,
        project.plug(&["caps", "weather.wasm", "--policy", "policy.toml"]),
        project.plug(&["caps", "weather.wasm", "--policy", "policy.toml", "--plugin", "strict"]),
        project.plug(&[
            "caps",
            "weather.wasm",
            "--policy",
            "policy.toml",
            "--plugin",
            "strict",
            "--format",
            "json"
        ]),
        project.plug(&["caps", "weather.wasm", "--plugin", "strict"]),
    );
}

/// The runs that `docs/guide/command-line.md` shows.
#[test]
fn the_guide_shows_what_is_really_told() {
    let project = Project::new();
    project.write("weather.wasm", weather());
    project.write("policy.toml", "[plugin.weather]\nnet = [\"*.example.com:443\"]\n");
    let guide = std::fs::read_to_string(repository().join("docs/guide/command-line.md")).unwrap();
    let plain = project.plug(&["caps", "weather.wasm"]);
    assert!(guide.contains(&plain.stdout), "{plain}");
    let decided = project.plug(&["caps", "weather.wasm", "--policy", "policy.toml"]);
    let shown = decided.stdout.strip_prefix(&plain.stdout).unwrap();
    assert!(guide.contains(shown.trim_start()), "{decided}");
    let (old, new) = upgrade();
    project.write("old.wasm", old).write("new.wasm", new);
    let upgrade = project.plug(&["caps", "old.wasm", "new.wasm"]);
    assert!(guide.contains(&upgrade.stdout), "{upgrade}");
    project.write("audit.jsonl", AUDIT);
    let suggested = project.plug(&["caps", "--suggest", "audit.jsonl"]);
    assert!(guide.contains(&suggested.stdout), "{suggested}");
}

/// What a host wrote of two plugins.
const AUDIT: &str = r#"{"plugin":"weather","revision":"rev1:0c1d","capability":"net","access":"api.example.com:443","at":"2026-01-02T03:04:05Z","allowed_by":"net = [\"api.example.com:443\"]"}
{"plugin":"weather","capability":"fs:read","access":"/maps"}
{"plugin":"thumbnails","capability":"acme:db/sql","access":"pictures"}
{"plugin":"weather","capability":"net","access":"api.example.com:443"}
{"plugin":"weather","capability":"events:emit","access":"*"}
"#;

#[test]
fn the_least_policy_of_a_run_is_written() {
    let project = Project::new();
    let many: String = (0..300)
        .map(|number| format!("{{\"plugin\":\"x\",\"capability\":\"config\",\"access\":\"key{number}\"}}\n"))
        .collect();
    project.write("audit.jsonl", AUDIT).write("none.jsonl", "").write("many.jsonl", many);
    assert_runs!(
        project,
        project.plug(&["caps", "--suggest", "audit.jsonl"]),
        project.plug(&["caps", "--suggest", "audit.jsonl", "--format", "json"]),
        project.plug(&["caps", "--suggest", "none.jsonl"]),
    );
    let many = project.plug(&["caps", "--suggest", "many.jsonl"]);
    let told = "# An entry has no room for 44 more denials of `config`: grant it by wider scopes.\n";
    assert!(many.code == Some(0) && many.stdout.contains(told), "{many}");

    // what is written is a policy, and lets the plugin in
    let suggested = project.plug(&["caps", "--suggest", "audit.jsonl"]).stdout;
    let wants = [required("net=api.example.com:443", "why"), required("fs:read=/maps", "why")];
    project.write("weather.wasm", plugin(&STD, "1.0.0", &wants)).write("policy.toml", suggested);
    let run = project.plug(&["caps", "weather.wasm", "--policy", "policy.toml"]);
    assert_eq!(run.code, Some(0), "{run}");
}

#[test]
fn an_audit_file_with_a_mistake_is_refused() {
    let project = Project::new();
    project.write("cut.jsonl", &AUDIT[..AUDIT.len() - 10]);
    project.write("missing.jsonl", "{\"plugin\":\"x\",\"capability\":\"log\",\"access\":\"\"}\n{\"plugin\":\"weather\",\"capability\":\"net\"}\n");
    project.write("typo.jsonl", "{\"plugin\":\"x\",\"capability\":\"fs:raed\",\"access\":\"\"}\n");
    project.write("policy.toml", "[defaults]\n");
    assert_runs!(
        project,
        project.plug(&["caps", "--suggest", "missing.jsonl"]),
        project.plug(&["caps", "--suggest", "cut.jsonl", "--format", "json"]),
        project.plug(&["caps", "--suggest", "typo.jsonl"]),
        project.plug(&["caps", "--suggest", "nowhere.jsonl"]),
        project.plug(&["caps", "--suggest", "policy.toml"]),
        project.plug(&["caps", "--suggest", "cut.jsonl", "std.wasm"]),
        project.plug(&["caps", "--suggest", "cut.jsonl", "--policy", "policy.toml"]),
        project.plug(&["caps"]),
    );
}

#[test]
fn what_an_application_adds_is_wanted_by_its_name() {
    let project = Project::new();
    let functions = ["acme:db/sql@1.2.0#query", "acme:db/admin@1.2.0#drop"];
    let wants = [
        required("acme:db/sql=weather.*", "keeps what it read"),
        optional("acme:mail/outbox", "sends warnings"),
        optional("acme:db/sqlite=x", "misspelt"),
    ];
    project.write("weather.wasm", plugin(&functions, "1.0.0", &wants));
    project.write("wider.wasm", plugin(&functions, "1.1.0", &[required("acme:db/sql", "keeps more")]));
    project.write(
        "policy.toml",
        "[plugin.weather]\n\"acme:db/sql\" = [\"weather.*\", \"shared\"]\n\n[plugin.strict]\n\"acme:db/sql\" = \"weather.a\"\n",
    );
    assert_runs!(
        project,
        project.plug(&["caps", "weather.wasm", "--policy", "policy.toml"]),
        project.plug(&["caps", "weather.wasm", "--policy", "policy.toml", "--plugin", "strict"]),
        project.plug(&["caps", "weather.wasm", "--format", "json"]),
        project.plug(&["caps", "weather.wasm", "wider.wasm", "--policy", "policy.toml"]),
    );
}

#[test]
fn events_are_received_by_an_export() {
    let project = Project::new();
    let wit = "package test:events; world deaf {} world hears { export plug:plugin/event-handler@1.0.0; }";
    let wants = [optional("events:subscribe=orders.*", "counts orders")];
    project.write("deaf.wasm", declaring(&component(wit, "deaf"), "1.0.0", &wants));
    project.write("hears.wasm", declaring(&component(wit, "hears"), "1.0.0", &wants));
    let told = "not used    events:subscribe: ";
    let deaf = project.plug(&["caps", "deaf.wasm"]);
    assert!(deaf.code == Some(0) && deaf.stdout.contains(told), "{deaf}");
    let hears = project.plug(&["caps", "hears.wasm"]);
    assert!(hears.code == Some(0) && !hears.stdout.contains(told), "{hears}");
}

#[test]
fn a_plugin_without_a_name_goes_by_its_file() {
    let project = Project::new();
    project.write("nameless.wasm", importing(&STD));
    project.write("policy.toml", "[plugin.nameless]\nclocks = \"frozen\"\n");
    let run = project.plug(&["caps", "nameless.wasm", "--policy", "policy.toml"]);
    assert_eq!(run.code, Some(0), "{run}");
    assert!(run.stdout.contains("under policy.toml, as `nameless`"), "{run}");
    assert!(!run.stdout.contains("clocks=real"), "{run}");
}

#[test]
fn mistakes_in_a_policy_are_shown_in_place() {
    let project = Project::new();
    project.write("weather.wasm", weather());
    project.write(
        "wrong.toml",
        "[plugin.weather]\nnett = [\"a:1\"]\nnet = [\"api.example.com\"]\nlimits = { memory = \"32\" }\n",
    );
    project.write("no.toml", "[plugin");
    assert_runs!(
        project,
        project.plug(&["caps", "weather.wasm", "--policy", "wrong.toml"]),
        project.plug(&["caps", "weather.wasm", "--policy", "no.toml"]),
        project.plug(&["caps", "weather.wasm", "--policy", "nowhere.toml"]),
        project.plug(&["caps", "weather.wasm", "--policy", "wrong.toml", "--format", "json"]),
    );
}

#[test]
fn wants_that_cannot_be_read_leave_it_undecided() {
    let project = Project::new();
    let wants = [
        required("disc", "wants all"),
        optional("net=api.example.com", "forgot the port"),
        optional("log", "tells what it does"),
    ];
    project.write("unknown.wasm", plugin(&STD, "1.0.0", &wants));
    project.write("many.wasm", plugin(&STD, "1.0.0", &vec![optional("log", "more"); 257]));
    project.write("garbled.wasm", [importing(&STD), custom_section("wit-contract", b"{")].concat());
    project.write("policy.toml", "");
    assert_runs!(
        project,
        project.plug(&["caps", "unknown.wasm"]),
        project.plug(&["caps", "unknown.wasm", "--policy", "policy.toml", "--format", "json"]),
        project.plug(&["caps", "many.wasm"]),
        project.plug(&["caps", "garbled.wasm"]),
        project.plug(&["caps", "garbled.wasm", "unknown.wasm"]),
    );
}

#[test]
fn an_upgrade_is_told_by_what_it_gains_and_loses() {
    let project = Project::new();
    let (old, new) = upgrade();
    let same = [required("net=api.example.com:443", "asks for the weather")];
    project.write("old.wasm", old);
    project.write("new.wasm", new);
    project.write("same.wasm", plugin(&["wasi:sockets/tcp@0.2.8#connect"], "1.0.1", &same));
    project.write("bare.wasm", importing(&["wasi:sockets/tcp@0.2.6#connect"]));
    assert_runs!(
        project,
        project.plug(&["caps", "old.wasm", "new.wasm"]),
        project.plug(&["caps", "new.wasm", "old.wasm"]),
        project.plug(&["caps", "old.wasm", "same.wasm"]),
        project.plug(&["caps", "old.wasm", "bare.wasm"]),
        project.plug(&["caps", "old.wasm", "new.wasm", "--format", "json"]),
    );
}

#[test]
fn an_upgrade_is_held_against_the_policy() {
    let project = Project::new();
    let tcp = ["wasi:sockets/tcp@0.2.6#connect"];
    let net = |host: &str| required(&format!("net={host}:443"), "asks for the weather");
    project.write("old.wasm", plugin(&tcp, "1.0.0", &[net("a.example.com")]));
    project.write("new.wasm", plugin(&tcp, "1.1.0", &[net("b.example.com")]));
    project.write("wide.toml", "[plugin.weather]\nnet = [\"*.example.com:443\"]\n");
    project.write("narrow.toml", "[plugin.weather]\nnet = [\"a.example.com:443\"]\n");
    assert_runs!(
        project,
        project.plug(&["caps", "old.wasm", "new.wasm", "--policy", "wide.toml"]),
        project.plug(&["caps", "old.wasm", "new.wasm", "--policy", "narrow.toml"]),
        project.plug(&["caps", "new.wasm", "old.wasm", "--policy", "narrow.toml", "--format", "json"]),
    );
}

#[test]
fn an_import_alone_widens_unless_it_is_free_or_has_no_power() {
    let project = Project::new();
    let old = ["wasi:io/poll@0.2.6#poll", "acme:known/store@1.0.0#get", "acme:known/store@1.0.0#list"];
    project.write("old.wasm", importing(&old));
    for (import, code) in [
        ("wasi:io/poll@0.2.9#poll", 0),
        ("wasi:cli/exit@0.2.6#exit", 0),
        ("wasi:clocks/wall-clock@0.2.6#now", 0),
        ("wasi:random/random@0.2.6#get-random-bytes", 0),
        ("wasi:cli/stdout@0.2.6#get-stdout", 0),
        ("plug:plugin/host-api@1.0.0#log-message", 0),
        ("plug:plugin/host-api@1.0.0#get-config", 0),
        ("plug:plugin/host-api@1.0.0#emit-event", 100),
        ("plug:plugin/host-api@1.0.0#format-disc", 100),
        ("wasi:cli/environment@0.2.6#get-environment", 100),
        ("wasi:filesystem/types@0.2.6#read", 100),
        ("wasi:http/outgoing-handler@0.2.6#handle", 100),
        ("wasi:sockets/udp@0.2.6#send", 100),
        ("wasi:nn/graph@0.2.0#load", 100),
        ("acme:db/sql@1.0.0#query", 100),
        ("acme:known/store@1.1.0#get", 0),
        ("acme:known/store@1.0.0#set", 100),
        ("acme:known/store@2.0.0#get", 100),
    ] {
        project.write("new.wasm", importing(&[import]));
        let run = project.plug(&["caps", "old.wasm", "new.wasm"]);
        assert_eq!(run.code, Some(code), "{import}: {run}");
        let run = project.plug(&["caps", "new.wasm", "new.wasm"]);
        assert_eq!(run.code, Some(0), "{import}: {run}");
    }
}

#[test]
fn what_is_no_component_is_refused() {
    let project = Project::new();
    project.write("core.wasm", b"\0asm\x01\0\0\0").write("std.wasm", importing(&STD));
    let wit = Wit::from_text("a.wit", IMAGES).unwrap();
    project.write("package.wasm", wit_component::encode(wit.resolve(), wit.package()).unwrap());
    assert_runs!(
        project,
        project.plug(&["caps", "nowhere.wasm"]),
        project.plug(&["caps", "core.wasm"]),
        project.plug(&["caps", "package.wasm"]),
        project.plug(&["caps", "std.wasm", "core.wasm"]),
    );
}

#[test]
fn nothing_that_a_component_says_makes_a_line_of_its_own() {
    let forged =
        |what: &str| format!("{what}\n  verdict     admitted\r\u{2028}\u{1b}[32m{}", "x".repeat(1_000));
    let project = Project::new();
    let component = importing(&STD);
    let actual = Contract::from_component(&component).unwrap();
    let wit = Wit::from_text("test.wit", IMAGES).unwrap();
    let mut manifest = Manifest::default();
    manifest.name = forged("name");
    manifest.version = forged("version");
    manifest.capabilities = vec![required("net=a.example.com:1", &forged("reason"))];
    let mut section =
        Section::declare(&wit, Some("filter"), &actual, BTreeMap::new(), manifest.clone()).unwrap();
    section.world = forged("world");
    project.write("x.wasm", section.embed(&component).unwrap());
    manifest.capabilities = vec![required(&forged("capability"), &forged("reason"))];
    let section = Section::declare(&wit, Some("filter"), &actual, BTreeMap::new(), manifest).unwrap();
    project.write("y.wasm", section.embed(&component).unwrap());
    project.write("std.wasm", component);
    project.write("policy.toml", "");
    for (args, said) in [
        (&["caps", "x.wasm", "--policy", "policy.toml"][..], &["name", "version", "world", "reason"][..]),
        (&["caps", "std.wasm", "x.wasm", "--policy", "policy.toml"], &["name", "version", "reason"]),
        (&["caps", "y.wasm"], &["name", "version", "capability", "reason"]),
        (&["caps", "std.wasm", "y.wasm"], &["name", "version", "capability", "reason"]),
    ] {
        let run = project.plug(args);
        assert!(matches!(run.code, Some(100 | 101)), "{run}");
        for said in said {
            assert!(
                run.stdout.contains(&format!("{said}\\n  verdict     admitted\\r\\u{{2028}}")),
                "{said}: {run}"
            );
        }
        assert!(!run.stdout.lines().any(|line| line.starts_with("  verdict     admitted")), "{run}");
        assert!(!run.stdout.contains(['\r', '\u{2028}', '\u{1b}']), "{run}");
        assert!(!run.stdout.contains(&"x".repeat(201)), "{run}");
    }
}
