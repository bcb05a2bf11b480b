//! The scheme `wit1`: the published vectors, and what a hash depends on.

use std::path::Path;

use plug_contract::{Contract, Wit};

mod support;

fn contract(text: &str, world: &str) -> Contract {
    Wit::from_text("test.wit", text).unwrap().contract(Some(world)).unwrap()
}

const SMALL: &str = "package t:c@0.1.0;
    interface i { f: func(); }
    world imp { import i; }
    world exp { export i; }";

/// A world that imports one interface with this body.
fn body(body: &str) -> Contract {
    contract(&format!("package t:c@0.1.0; interface i {{ {body} }} world w {{ import i; }}"), "w")
}

fn interface_hash(text: &str) -> String {
    body(text).import("t:c/i@0.1").unwrap().hashes().unwrap().api.to_string()
}

fn wasi_http() -> Wit {
    Wit::from_dir(&Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/wit/wasi-http")).unwrap()
}

#[test]
fn published_vectors_hold() {
    let imp = contract(SMALL, "imp");
    let exp = contract(SMALL, "exp");
    assert_eq!(imp.hash().to_string(), "wit1-2qz5bi5nbdpdss23jsplzssg6eptlydinzbhcebjzdybls3x2n6q");
    assert_eq!(imp.abi_hash().to_string(), "wit1-vy3lyaiehkoj3yvn6jdciq5ons3mg3ayrh2j6koeevujyrwdmzya");
    assert_eq!(exp.hash().to_string(), "wit1-z4uln3ksyqyd6majlgmqmdyqhw5xb6edfvmji7b76nsp5ul52eta");
    assert_eq!(exp.abi_hash().to_string(), "wit1-jlgcgcxfsnv6tr3ofv224ry62basuj6tlkasql3o3iz5d4ac65sa");
    assert_eq!(interface_hash("f: func();"), "wit1-26ix2krs3wgcanjnvvgg6mnb5qhhyffpxweolsrnsanxeuyyztcq");
    assert_eq!(
        interface_hash("enum e { a, b } f: func() -> e;"),
        "wit1-334jdjgcptootd4c2zqff2ohcmm4654l23rrwf5vpwximl4akrhq"
    );
    assert_eq!(
        interface_hash("f: func() -> stream<u8>;"),
        "wit1-bfcj3xqyu3tjblh3n2e4zqqewv4kncnkq5kqmuezylghn5t3onrq"
    );
    let proxy = wasi_http().contract(Some("wasi:http/proxy")).unwrap();
    assert_eq!(proxy.hash().to_string(), "wit1-astw3h2oq2x4pbkpmlgggu5pwlkdezpkinop2dvxljzaz7aeqpmq");
}

#[test]
fn the_base_contract_has_not_moved() {
    // Plugins in the field carry these. A change of `wit/plugin.wit` that moves them is a new version.
    let wit = Wit::standard();
    let base = wit.contract(Some("base")).unwrap();
    let plugin = wit.contract(Some("plugin")).unwrap();
    assert_eq!(base.hash().to_string(), "wit1-h4ilehgbejki266eeq6xpvgr27vtma2ckrvzvful3hwzgvmkifka");
    assert_eq!(plugin.hash().to_string(), "wit1-35tgnoo23ua4t4yqxd4vcu4a5vfsaqy6pnvnlnpvh2uquiavcnmq");
    assert!(base.includes_base() && plugin.includes_base());
}

#[test]
fn what_has_no_meaning_does_not_count() {
    let plain = contract(
        "package t:c@0.1.0;
         interface a { record r { x: u8 } f: func(r: r) -> u8; g: func(); }
         interface b { h: func(); }
         world w { import a; import b; export z: func(); }",
        "w",
    );
    for (what, text) in [
        (
            "order",
            "package t:c@0.1.0;
            world w { export z: func(); import b; import a; }
            interface b { h: func(); }
            interface a { g: func(); f: func(r: r) -> u8; record r { x: u8 } }",
        ),
        (
            "documentation",
            "package t:c@0.1.0;
            /// An interface.
            interface a { /// A record.
              record r { x: u8 } // note
              f: func(r: r) -> u8; g: func(); }
            interface b { h: func(); }
            world w { import a; import b; export z: func(); }",
        ),
        (
            "version on one track",
            "package t:c@0.1.7;
            interface a { record r { x: u8 } f: func(r: r) -> u8; g: func(); }
            interface b { h: func(); }
            world w { import a; import b; export z: func(); }",
        ),
        (
            "include",
            "package t:c@0.1.0;
            interface a { record r { x: u8 } f: func(r: r) -> u8; g: func(); }
            interface b { h: func(); }
            world half { import a; }
            world w { include half; import b; export z: func(); }",
        ),
        (
            "stability",
            "package t:c@0.1.0;
            @since(version = 0.1.0)
            interface a { record r { x: u8 } f: func(r: r) -> u8; g: func(); }
            interface b { h: func(); }
            world w { import a; import b; export z: func(); }",
        ),
    ] {
        let other = contract(text, "w");
        assert_eq!(plain.hash(), other.hash(), "{what}");
        assert_eq!(plain.abi_hash(), other.abi_hash(), "{what}");
    }
}

#[test]
fn file_layout_does_not_count() {
    let dir = tempfile::tempdir().unwrap();
    let write = |path: &str, text: &str| {
        let path = dir.path().join(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    };
    write("a.wit", "package acme:images@1.2.0; interface types { type pixel = u8; }");
    write("b.wit", "interface image-filter { use types.{pixel}; apply: func(p: list<pixel>); }");
    write(
        "c.wit",
        "world filter { include plug:plugin/base@1.0.0; import o:ther/thing; export image-filter; }",
    );
    write("deps/other/x.wit", "package o:ther; interface thing { f: func(); }");
    write("deps/.DS_Store", "");
    let folder = Wit::from_dir(dir.path()).unwrap();
    assert_eq!(folder.files().len(), 4);
    let one = contract(
        "package acme:images@1.2.0;
         interface types { type pixel = u8; }
         interface image-filter { use types.{pixel}; apply: func(p: list<pixel>); }
         world filter { include plug:plugin/base@1.0.0; import o:ther/thing; export image-filter; }
         package o:ther { interface thing { f: func(); } }",
        "filter",
    );
    assert_eq!(folder.contract(None).unwrap().hash(), one.hash());
    assert_eq!(folder.contract(Some("acme:images/filter@1.2.0")).unwrap().hash(), one.hash());

    let printed = Wit::from_text("printed.wit", &folder.to_text().unwrap()).unwrap();
    assert_eq!(printed.contract(None).unwrap().hash(), one.hash());
}

#[test]
fn whatever_has_meaning_counts() {
    let all = [
        "f: func(a: u8) -> u8;",
        "f: func(a: u8) -> u16;",
        "f: func(b: u8) -> u8;",
        "f: func(a: u8, b: u8) -> u8;",
        "f: func(a: u8);",
        "f: async func(a: u8) -> u8;",
        "g: func(a: u8) -> u8;",
        "f: func(a: u8) -> u8; g: func();",
        "f: func(a: option<u8>) -> u8;",
        "f: func(a: list<u8>) -> u8;",
        "f: func(a: tuple<u8>) -> u8;",
        "f: func(a: stream<u8>) -> u8;",
        "f: func(a: future<u8>) -> u8;",
        "f: func(a: result<u8>) -> u8;",
        "f: func(a: result<_, u8>) -> u8;",
        "type t = u8; f: func(a: t) -> u8;",
        "record r { x: u8, y: u8 } f: func(r: r);",
        "record r { y: u8, x: u8 } f: func(r: r);",
        "record s { x: u8, y: u8 } f: func(r: s);",
        "enum r { x, y } f: func(r: r);",
        "flags r { x, y } f: func(r: r);",
        "variant r { x, y } f: func(r: r);",
        "variant r { x, y(u8) } f: func(r: r);",
        "resource r; f: func(r: r);",
        "resource r; f: func(r: borrow<r>);",
        "resource r { m: func(); } f: func(r: r);",
        "resource r { m: static func(); } f: func(r: r);",
        "resource r { constructor(); } f: func(r: r);",
    ];
    for (i, a) in all.iter().enumerate() {
        for b in &all[i + 1..] {
            assert_ne!(body(a).hash(), body(b).hash(), "{a}\n{b}");
        }
    }
    for (a, b) in [("1.0.0", "2.0.0"), ("0.1.0", "0.2.0"), ("0.0.1", "0.0.2"), ("1.0.0-rc.1", "1.0.0")] {
        let at = |v: &str| contract(&SMALL.replace("0.1.0", v), "imp").hash();
        assert_ne!(at(a), at(b), "{a} {b}");
    }
    assert_ne!(contract(SMALL, "imp").hash(), contract(SMALL, "exp").hash());
}

#[test]
fn a_component_has_the_hashes_of_its_text() {
    for (wit, world) in [(Wit::standard(), "plugin"), (wasi_http(), "wasi:http/proxy")] {
        let text = wit.contract(Some(world)).unwrap();
        let actual = Contract::from_component(&support::component(&wit, world)).unwrap();
        assert_eq!(text.hash(), actual.hash(), "{world}");
        assert_eq!(text.abi_hash(), actual.abi_hash(), "{world}");
    }
}

#[test]
fn a_binary_package_has_the_hashes_of_its_text() {
    let dir = tempfile::tempdir().unwrap();
    std::fs::create_dir(dir.path().join("deps")).unwrap();
    std::fs::write(dir.path().join("w.wit"), "package t:c; world w { include wasi:http/proxy@0.2.12; }")
        .unwrap();
    let http = wasi_http();
    let package = http.resolve().packages.iter().find(|(_, p)| p.name.name == "http").unwrap().0;
    let bytes = wit_component::encode(http.resolve(), package).unwrap();
    std::fs::write(dir.path().join("deps/http.wasm"), bytes).unwrap();
    let binary = Wit::from_dir(dir.path()).unwrap().contract(Some("w")).unwrap();
    assert_eq!(binary.hash(), http.contract(Some("wasi:http/proxy")).unwrap().hash());
}
