//! Verdicts against what wasmtime 48 was measured to do, and the report that a person reads.

use plug_contract::Verdict::{self, Breaking, Compatible, Hazard, Identical};
use plug_contract::{Contract, Linker, Report, Wit, judge, judge_on};

mod support;

fn contract(text: &str, world: &str) -> Contract {
    Wit::from_text("test.wit", text).unwrap().contract(Some(world)).unwrap()
}

/// One interface with this body, imported or exported.
fn worlds(body: &str) -> (Contract, Contract) {
    let text = format!(
        "package t:c@0.1.0; interface i {{ {body} }} world imp {{ import i; }} world exp {{ export i; }}"
    );
    (contract(&text, "imp"), contract(&text, "exp"))
}

/// Old body, new body, and the verdicts: imported old plugin on new host, imported new on old,
/// exported old on new, exported new on old. Each row was measured on wasmtime 48.0.8.
const MEASURED: &[(&str, &str, [Verdict; 4])] = &[
    ("f: func();", "f: func(); g: func();", [Compatible, Breaking, Breaking, Compatible]),
    ("f: func();", "g: func();", [Breaking; 4]),
    ("f: func(); g: func();", "g: func(); f: func();", [Identical; 4]),
    ("f: func(a: u32);", "f: func(a: u32, b: u32);", [Breaking; 4]),
    ("f: func(a: u32);", "f: func(a: u32, b: option<u32>);", [Breaking; 4]),
    ("f: func(a: u32);", "f: func(b: u32);", [Hazard; 4]),
    ("f: func(a: u32, b: u32);", "f: func(b: u32, a: u32);", [Hazard; 4]),
    ("f: func(a: u32);", "f: func(a: u64);", [Breaking; 4]),
    ("f: func();", "f: func() -> u8;", [Breaking; 4]),
    ("f: func() -> result<u8>;", "f: func() -> result<u8, string>;", [Breaking; 4]),
    ("f: func();", "f: async func();", [Breaking, Breaking, Hazard, Hazard]),
    ("f: func(a: list<u8>);", "f: func(a: string);", [Breaking; 4]),
    ("f: func(a: list<u8>);", "f: func(a: stream<u8>);", [Breaking; 4]),
    ("record r { a: u8 } f: func(r: r);", "record r { a: u8, b: u8 } f: func(r: r);", [Breaking; 4]),
    ("record r { a: u8 } f: func(r: r);", "record r { b: u8 } f: func(r: r);", [Breaking; 4]),
    ("record r { a: u8, b: u8 } f: func(r: r);", "record r { b: u8, a: u8 } f: func(r: r);", [Breaking; 4]),
    ("record r { a: u8 } f: func(r: r);", "record s { a: u8 } f: func(r: s);", [Compatible; 4]),
    ("record r { a: u8 } f: func();", "record r { a: u8, b: u8 } f: func();", [Compatible; 4]),
    ("f: func();", "record r { a: u8 } f: func();", [Compatible; 4]),
    ("variant v { a } f: func() -> v;", "variant v { a, b } f: func() -> v;", [Breaking; 4]),
    ("variant v { a } f: func() -> v;", "variant v { a(u8) } f: func() -> v;", [Breaking; 4]),
    ("variant v { a, b } f: func() -> v;", "enum v { a, b } f: func() -> v;", [Breaking; 4]),
    ("enum e { a } f: func(e: e);", "enum e { a, b } f: func(e: e);", [Breaking; 4]),
    ("flags g { a } f: func(g: g);", "flags g { a, b } f: func(g: g);", [Breaking; 4]),
    ("type t = u8; f: func(t: t);", "f: func(t: u8);", [Compatible; 4]),
    ("type t = u8; f: func(t: t);", "type t = u16; f: func(t: t);", [Breaking; 4]),
    ("f: func();", "resource r; f: func();", [Compatible, Breaking, Compatible, Compatible]),
    ("f: func();", "resource r { m: func(); } f: func();", [Compatible, Breaking, Breaking, Compatible]),
    ("resource r; f: func(r: r);", "resource r; f: func(r: borrow<r>);", [Hazard; 4]),
    (
        "resource r; resource s; f: func(r: borrow<r>);",
        "resource r; resource s; f: func(r: borrow<s>);",
        [Breaking, Breaking, Hazard, Hazard],
    ),
    ("resource r { m: func(); }", "resource r { m: static func(); }", [Breaking; 4]),
];

#[test]
fn verdicts_are_the_measured_ones() {
    for (old, new, expected) in MEASURED {
        let ((old_imp, old_exp), (new_imp, new_exp)) = (worlds(old), worlds(new));
        let got = [
            judge(&new_imp, &old_imp),
            judge(&old_imp, &new_imp),
            judge(&new_exp, &old_exp),
            judge(&old_exp, &new_exp),
        ]
        .map(|report| report.verdict());
        assert_eq!(got, *expected, "{old}  ->  {new}");
    }
}

#[test]
fn versions_link_on_their_track_only() {
    let at = |version: &str, world: &str| {
        let text = format!(
            "package t:c@{version}; interface i {{ f: func(); }} world imp {{ import i; }} world exp {{ export i; }}"
        );
        contract(&text, world)
    };
    for (a, b, expected) in [
        ("0.1.0", "0.1.1", Identical),
        ("1.0.0", "1.9.3", Identical),
        ("0.1.0", "0.2.0", Breaking),
        ("0.0.1", "0.0.2", Breaking),
        ("1.0.0", "2.0.0", Breaking),
        ("1.0.0-rc.1", "1.0.0-rc.2", Breaking),
        ("1.0.0-rc.1", "1.0.0", Breaking),
        ("1.0.0", "1.0.0+build", Identical),
    ] {
        for world in ["imp", "exp"] {
            assert_eq!(judge(&at(a, world), &at(b, world)).verdict(), expected, "{a} {b} {world}");
            assert_eq!(judge(&at(b, world), &at(a, world)).verdict(), expected, "{b} {a} {world}");
        }
    }
}

#[test]
fn a_host_may_serve_two_tracks_and_two_versions_of_one() {
    let text = |host: &str| {
        format!(
            "package h:h; world w {{ {host} }}
             package t:c@0.1.0 {{ interface i {{ f: func(); }} world p {{ import i; }} }}
             package t:c@0.1.1 {{ interface i {{ f: func(); g: func(); }} world p {{ import i; }} }}
             package t:c@0.2.0 {{ interface i {{ h: func(); }} world p {{ import i; }} }}"
        )
    };
    let host = contract(&text("import t:c/i@0.1.0; import t:c/i@0.1.1; import t:c/i@0.2.0;"), "w");
    for version in ["0.1.0", "0.1.1", "0.2.0"] {
        let plugin = contract(&text(""), &format!("t:c/p@{version}"));
        assert_eq!(judge(&host, &plugin).verdict(), Compatible, "{version}");
    }
    // exactly the wanted version is there, so it is taken although a higher one has more
    let old_only = contract(&text("import t:c/i@0.1.0; import t:c/i@0.2.0;"), "w");
    assert_eq!(judge(&old_only, &contract(&text(""), "t:c/p@0.1.1")).verdict(), Breaking);
}

#[test]
fn what_a_plugin_does_not_use_cannot_break_it() {
    let host = contract(
        "package t:c@0.1.0; interface i { f: func(); } world w { import i; export run: func(); }",
        "w",
    );
    let text = "package t:c@0.1.0; interface i { f: func(); } interface extra { g: func(); }
        world frugal { export run: func(); }
        world generous { import i; export run: func(); export extra; }
        world typed { import types; export run: func(); }
        interface types { record r { a: u8 } }";
    for world in ["frugal", "generous", "typed"] {
        assert!(judge(&host, &contract(text, world)).verdict() <= Compatible, "{world}");
    }
}

#[test]
fn wasi_is_a_question_of_capabilities() {
    let host = Wit::standard().contract(Some("plugin")).unwrap();
    let wit = Wit::from_text(
        "p.wit",
        "package a:b; world w { include plug:plugin/plugin@1.0.0; import wasi:clocks/now@0.2.6; import other:ns/thing; }
         package wasi:clocks@0.2.6 { interface now { get: func() -> u64; } }
         package other:ns { interface thing { f: func(); } }",
    )
    .unwrap();
    let plugin = Contract::from_component(&support::component(&wit, "w")).unwrap();
    let report = judge(&host, &plugin);
    assert_eq!(report.environment(), ["wasi:clocks/now@0.2.6"]);
    assert_eq!(report.findings().len(), 1);
    assert_eq!(report.findings()[0].uses, ["import other:ns/thing"]);
}

fn images(version: &str, body: &str) -> String {
    format!(
        "package acme:images@{version};
         interface image-filter {{ {body} }}
         world filter {{ include plug:plugin/base@1.0.0; export image-filter; }}"
    )
}

fn report(host: &str, plugin: &str) -> Report {
    let actual = support::component(&Wit::from_text("p.wit", plugin).unwrap(), "filter");
    judge(&contract(host, "filter"), &Contract::from_component(&actual).unwrap())
}

#[test]
fn the_report_says_what_where_and_what_to_do() {
    let old = images(
        "1.2.0",
        "enum format { rgb, rgba }
         record image { width: u32, height: u32, format: format, pixels: list<u8> }
         apply: func(image: image) -> result<image, string>;
         preview: func(image: image, size: u32) -> image;",
    );
    let new = images(
        "1.3.0",
        "enum format { rgb, rgba, gray }
         record image { width: u32, height: u32, format: format, pixels: list<u8> }
         record settings { quality: u8 }
         apply: func(image: image, settings: settings) -> result<image, string>;
         preview: func(image: image, size: u64) -> image;
         describe: func() -> string;",
    );
    insta::assert_snapshot!("old_plugin_on_new_host", report(&new, &old));
    insta::assert_snapshot!(
        "other_track",
        report(&images("2.0.0", "f: func();"), &images("1.2.0", "f: func();"))
    );
    insta::assert_snapshot!(
        "hazard",
        report(
            &images("1.0.0", "sub: func(a: u32, b: u32) -> u32;"),
            &images("1.0.0", "sub: func(b: u32, a: u32) -> u32;")
        )
    );
    insta::assert_snapshot!("fits", report(&images("1.0.0", "f: func();"), &images("1.0.9", "f: func();")));
}

/// A filter that calls the one before it imports and exports one interface, and need not call all
/// of it.
#[test]
fn of_an_interface_that_is_imported_and_exported_only_what_is_called_counts() {
    let host = contract("package t:p; interface n { sum: func(); } world w { import n; export n; }", "w");
    let plugin = wat::parse_str(
        r#"(component
            (import "t:p/n" (instance $n (export "sum" (func))))
            (core module $m (func (export "f")))
            (core instance $i (instantiate $m))
            (func $f (canon lift (core func $i "f")))
            (instance $out (export "sum" (func $f)) (export "half" (func $f)))
            (export "t:p/n" (instance $out)))"#,
    )
    .unwrap();
    let actual = Contract::from_component(&plugin).unwrap();
    let report = judge(&host, &actual);
    assert!(report.verdict() <= Compatible, "{report}");
}

/// A resource that the plugin only exports is none that it needs of the host.
#[test]
fn of_an_interface_on_both_sides_a_resource_counts_where_it_is() {
    let host = contract("package t:p; interface n { sum: func(); } world w { import n; export n; }", "w");
    let plugin = wat::parse_str(
        r#"(component
            (import "t:p/n" (instance $n (export "sum" (func))))
            (core module $m (func (export "f")))
            (core instance $i (instantiate $m))
            (func $f (canon lift (core func $i "f")))
            (type $shelf (resource (rep i32)))
            (instance $out (export "sum" (func $f)) (export "shelf" (type $shelf)))
            (export "t:p/n" (instance $out)))"#,
    )
    .unwrap();
    let actual = Contract::from_component(&plugin).unwrap();
    let report = judge(&host, &actual);
    assert!(report.verdict() <= Compatible, "{report}");
}

#[test]
fn what_hosts_are_made_without_is_told() {
    let text = |body: &str| format!("package t:c@1.0.0; interface i {{ {body} }} world w {{ export i; }}");
    let plain = contract(&text("f: func();"), "w");
    let mapped = contract(&text("f: func(); g: func(a: map<string, u8>);"), "w");
    let blamed = contract(&text("f: func(); g: func(a: error-context);"), "w");
    assert!(judge(&plain, &blamed).verdict().links());
    // what a plugin has beside its contract is the engine's matter
    assert_eq!(judge_on(&plain, &mapped, Linker::Plug).findings().len(), 0);
    let report = judge_on(&plain, &blamed, Linker::Plug);
    let [finding] = report.findings() else { panic!("{report}") };
    assert_eq!((finding.rule.id, finding.path.as_str()), ("H01", "t:c/i@1#g"));
    assert_eq!(
        finding.message,
        "`g` of the plugin passes an error context, and the engine of the host is made without error contexts"
    );
    assert_eq!(
        finding.help,
        "build the plugin for a contract without it (pass an error type of your own, or a `string`), or run it on wasmtime itself"
    );
    assert_eq!(finding.uses, ["export t:c/i@1#g"]);
    // of such a contract no host can be made, whatever the plugin does
    for plugin in [&plain, &mapped] {
        let report = judge_on(&mapped, plugin, Linker::Plug);
        let finding = report.findings().iter().find(|finding| finding.rule.id == "H01").unwrap();
        assert_eq!(
            finding.message,
            "`g` of the host's contract passes a map, and hosts of `plug_host::world!` are made without maps"
        );
        assert!(finding.help.starts_with("no host can be made"), "{report}");
    }
    // nobody serves what it imports of them
    let imports = contract("package t:c@1.0.0; world w { import f: func(a: list<u8, 4>); }", "w");
    let report = judge_on(&contract("package t:c@1.0.0; world w { }", "w"), &imports, Linker::Plug);
    assert!(report.findings().iter().any(|finding| finding.rule.id == "H01"), "{report}");
}

#[test]
fn an_optional_interface_that_is_imported_is_to_be_exported() {
    let text = "package t:c@1.0.0; interface job { run: func(); }
         interface preview { resource sketch { draw: func(); } }
         interface tags { use preview.{sketch}; tag: func(of: borrow<sketch>); }";
    let host = contract(
        &format!("{text} world w {{ export job; }} world w-optional {{ export preview; export tags; }}"),
        "w",
    );
    assert_eq!(host.tied_optional_exports(&["t:c/tags@1"]), ["t:c/preview@1"]);
    assert_eq!(host.tied_optional_exports(&["t:c/preview@1"]), [""; 0]);
    let alone = contract(&format!("{text} world w {{ export job; export tags; }}"), "w");
    let report = judge(&host, &alone);
    assert_eq!(report.verdict(), Breaking);
    let told = report.findings().iter().find(|finding| finding.path == "t:c/preview@1").unwrap();
    assert_eq!(
        told.help,
        "let the plugin export it too: the host uses it where it is, and does not provide it"
    );
    let both = contract(&format!("{text} world w {{ export job; export preview; export tags; }}"), "w");
    assert!(judge(&host, &both).verdict().links());
}
