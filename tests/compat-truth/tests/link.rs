//! What cannot be tried, and a few pairs by hand.

use plug_compat_truth::{Error, Host, Imports, Outcome, Plugin, Stage, World, link};

fn world(text: &str) -> World {
    World::from_text(&format!("package t:c@0.1.0; {text}"), "w").unwrap()
}

fn fails(host: &str, plugin: &str) -> (Stage, String) {
    match link(&world(host), &world(plugin)).unwrap() {
        Outcome::Fails { stage, message } => (stage, message),
        Outcome::Links => panic!("{plugin} links to {host}"),
    }
}

#[test]
fn each_imported_function_is_checked() {
    let host = "interface i { a: func(); b: func(x: list<u8>); c: func(); } world w { import i; }";
    assert!(link(&world(host), &world(host)).unwrap().links());
    for (other, message) in [
        (
            "a: func(); b: func(x: list<u8>); c: func() -> u8;",
            "`c` has the wrong type: type mismatch with results",
        ),
        (
            "a: func(x: u8); b: func(x: list<u8>); c: func();",
            "`a` has the wrong type: type mismatch with parameters",
        ),
        ("a: func(); b: func(x: list<s8>); c: func();", "expected `u8` found `s8`"),
    ] {
        let (stage, said) = fails(host, &format!("interface i {{ {other} }} world w {{ import i; }}"));
        assert_eq!(stage, Stage::Import);
        assert!(said.contains(message), "{said}");
    }
}

#[test]
fn a_plugin_that_calls_nothing_needs_nothing() {
    let old = world("world w { export run: func(); }");
    let new = world("interface i { f: func(); } world w { import i; export run: func(); }");
    let host = Host::new(&old).unwrap();
    assert!(host.link(&Plugin::new(&new, Imports::None).unwrap()).unwrap().links());
    let outcome = host.link(&Plugin::new(&new, Imports::All).unwrap()).unwrap();
    assert_eq!(outcome.stage(), Some(Stage::Import));
}

#[test]
fn resources_are_told_apart() {
    let host = "interface i { resource a; resource b; f: func(x: borrow<a>); } world w { import i; }";
    let plugin = "interface i { resource a; resource b; f: func(x: borrow<b>); } world w { import i; }";
    let (stage, message) = fails(host, plugin);
    assert_eq!(stage, Stage::Import);
    assert!(message.ends_with("resource type mismatch"), "{message}");
}

#[test]
fn what_no_rust_type_stands_for_is_an_error() {
    let tuple = |length: usize| {
        format!("world w {{ export f: func() -> tuple<{}>; }}", vec!["u8"; length].join(", "))
    };
    assert!(link(&world(&tuple(17)), &world(&tuple(17))).unwrap().links());
    assert!(matches!(Host::new(&world(&tuple(18))), Err(Error::Inexpressible(_))));

    let list = |length: usize| format!("world w {{ export f: func() -> list<u8, {length}>; }}");
    assert!(link(&world(&list(32)), &world(&list(32))).unwrap().links());
    assert_eq!(fails(&list(32), &list(31)).0, Stage::ExportMissing);
    assert!(matches!(Host::new(&world(&list(33))), Err(Error::Inexpressible(_))));

    let resources = |count: usize| {
        let all: String = (0..count).map(|number| format!("resource r{number};")).collect();
        format!("interface i {{ {all} }} world w {{ import i; }}")
    };
    assert!(link(&world(&resources(64)), &world(&resources(64))).unwrap().links());
    assert!(matches!(Host::new(&world(&resources(65))), Err(Error::Inexpressible(_))));
}

#[test]
fn concurrency_is_tried() {
    let texts = [
        "world w { import f: async func(); }",
        "world w { export f: func() -> stream<u8>; }",
        "interface i { f: func(x: option<tuple<u8, future>>); } world w { export i; }",
    ];
    for text in texts {
        assert!(link(&world(text), &world(text)).unwrap().links(), "{text}");
    }
}
