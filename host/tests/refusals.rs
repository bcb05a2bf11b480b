//! What does not get in, and what is said about it.

mod support;

use std::collections::BTreeMap;
use std::error::Error as _;

use plug_contract::{Contract, Manifest, Section, Wit};
use plug_host::{Artifact, Host, Limits, LoadError, ProcessRequest, Standard, TrapKind, World as _};
use support::{Guest, standard_host};

#[tokio::test]
async fn another_contract_is_refused_with_a_report() {
    let wit = "package acme:images@1.2.0;
        interface image-filter { apply: func(pixels: list<u8>) -> list<u8>; }
        interface stock { price: func(item: string) -> u32; }
        world filter { include plug:plugin/base@1.0.0; import stock; export image-filter; }";
    let guest = Guest::of(wit, "filter")
        .import(r#"(import "acme:images/stock@1.2.0" "price" (func (param i32 i32) (result i32)))"#)
        .item(r#"(func (export "acme:images/image-filter@1.2.0#apply") (param i32 i32) (result i32) unreachable)"#);
    let error = standard_host().load("filter", guest.artifact()).await.unwrap_err();
    assert!(matches!(error, LoadError::Contract { .. }));
    assert_eq!(error.code(), "PLG0301");
    assert!(error.source().is_none());
    insta::assert_snapshot!(error);
}

#[tokio::test]
async fn a_function_of_another_type_is_refused_with_a_report() {
    let wit = "package plug:plugin@1.0.0;
        interface host-api { log-message: func(text: string); }
        interface lifecycle {
            record plugin-metadata { name: string, version: string, description: string }
            initialize: func(config: list<tuple<string, string>>) -> result<_, string>;
            shutdown: func() -> result<_, string>;
            get-metadata: func() -> plugin-metadata;
        }
        interface processor { process: func(input: string) -> string; }
        world plugin { import host-api; export lifecycle; export processor; }";
    let guest = Guest::of(wit, "plugin")
        .import(r#"(import "plug:plugin/host-api@1.0.0" "log-message" (func (param i32 i32)))"#)
        .item(r#"(func (export "plug:plugin/processor@1.0.0#process") (param i32 i32) (result i32) unreachable)"#);
    let error = standard_host().load("old", guest.artifact()).await.unwrap_err();
    insta::assert_snapshot!(error);
}

/// The echo with a section that declares it to be of that world.
fn declared(wit: &Wit, world: &str, change: impl FnOnce(&mut Section)) -> Artifact {
    let bytes = Guest::echo().build();
    let actual = Contract::from_component(&bytes).unwrap();
    let mut section =
        Section::declare(wit, Some(world), &actual, BTreeMap::new(), Manifest::default()).unwrap();
    change(&mut section);
    Artifact::from_bytes(section.embed(&bytes).unwrap()).unwrap()
}

#[tokio::test]
async fn what_a_plugin_declares_of_itself_has_to_hold() -> anyhow::Result<()> {
    let host = standard_host();
    let honest = declared(&Wit::standard(), "plugin", |_| {});
    let handle = host.load("honest", honest).await?;
    assert_eq!(handle.plugin().section().unwrap().world, "plug:plugin/plugin@1.0.0");

    let forged = declared(&Wit::standard(), "plugin", |section| {
        section.contract.api = Wit::standard().contract(Some("base")).unwrap().hash();
    });
    let error = host.load("forged", forged).await.unwrap_err();
    assert!(matches!(error, LoadError::Declaration { .. }));
    assert_eq!(error.code(), "PLG0207");
    assert!(error.source().is_some());

    // it has all that the host wants, and yet not what it promises
    let wit = Wit::from_text(
        "more.wit",
        "package acme:more@1.0.0;
         interface extra { f: func(); }
         world more { include plug:plugin/plugin@1.0.0; export extra; }",
    )?;
    let error = host.load("boaster", declared(&wit, "more", |_| {})).await.unwrap_err();
    assert!(matches!(error, LoadError::FalseClaim { .. }));
    assert_eq!(error.code(), "PLG0517");
    assert!(error.report().is_some());
    insta::assert_snapshot!(error);
    Ok(())
}

#[tokio::test]
async fn wasi_that_is_not_served_is_named() {
    let wit = "package acme:x;
        world w { include plug:plugin/base@1.0.0; import wasi:http/nothing@0.2.0; export plug:plugin/processor@1.0.0; }
        package wasi:http@0.2.0 { interface nothing { f: func(); } }";
    let guest = Guest::of(wit, "w")
        .import(r#"(import "wasi:http/nothing@0.2.0" "f" (func))"#)
        .process("(call $reply (local.get $input) (local.get $input_len))");
    let error = standard_host().load("net", guest.artifact()).await.unwrap_err();
    assert_eq!(error.code(), "PLG0511");
    assert_eq!(
        error.to_string(),
        "plugin `net` imports what this sandbox does not serve: wasi:http/nothing@0.2.0"
    );
}

#[tokio::test]
async fn what_our_judgement_misses_the_linker_refuses() {
    // an interface of WASI's name but not of its shape is no part of the contract
    let wit = "package acme:x;
        world w { include plug:plugin/base@1.0.0; import wasi:cli/environment@0.2.0; export plug:plugin/processor@1.0.0; }
        package wasi:cli@0.2.0 { interface environment { get-nothing: func(); } }";
    let guest = Guest::of(wit, "w")
        .import(r#"(import "wasi:cli/environment@0.2.0" "get-nothing" (func))"#)
        .process("(call $reply (local.get $input) (local.get $input_len))");
    let error = standard_host().load("odd", guest.artifact()).await.unwrap_err();
    assert!(matches!(error, LoadError::Link { .. }), "{error}");
    assert_eq!(error.code(), "PLG0504");
    assert!(error.report().is_some());
    insta::assert_snapshot!(error);
    let chain = support::chain(&error);
    assert!(chain.contains("wasi:cli/environment@0.2.0"), "{chain}");
}

/// A world whose Rust side asks for other exports than its contract says.
struct Mistaken<const STAGE: u8>;

const PREPARE: u8 = 0;
const BIND: u8 = 1;

impl<const STAGE: u8> plug_host::World for Mistaken<STAGE> {
    type App = ();
    type Indices = ();
    type Bindings = ();

    fn contract() -> &'static plug_host::Contract {
        Standard::contract()
    }

    fn link(
        _: &mut plug_host::wasmtime::component::Linker<plug_host::State<()>>,
    ) -> plug_host::wasmtime::Result<()> {
        Ok(())
    }

    fn prepare(
        pre: &plug_host::wasmtime::component::InstancePre<plug_host::State<()>>,
    ) -> plug_host::wasmtime::Result<()> {
        let found = pre.component().get_export_index(None, "plug:plugin/processor@1.0.0");
        match (STAGE, found) {
            (PREPARE, Some(_)) => Err(plug_host::wasmtime::Error::msg("no exported instance named `x`")),
            _ => Ok(()),
        }
    }

    fn bind(
        (): &(),
        store: &mut plug_host::wasmtime::Store<plug_host::State<()>>,
        instance: &plug_host::wasmtime::component::Instance,
    ) -> plug_host::wasmtime::Result<()> {
        let interface = instance.get_export_index(&mut *store, None, "plug:plugin/processor@1.0.0");
        let process = instance.get_export_index(&mut *store, interface.as_ref(), "process").unwrap();
        // the type is another
        instance.get_typed_func::<(), ()>(store, process).map(drop)
    }
}

/// At each stage at which wasmtime has something to say, our report answers.
#[tokio::test]
async fn every_error_of_the_linker_is_answered_with_the_report() {
    let artifact = Guest::echo().artifact();
    let plugin_hash = artifact.contract().hash();
    let answers = [
        Host::<Mistaken<PREPARE>>::builder().build().unwrap().load("x", artifact.clone()).await.unwrap_err(),
        Host::<Mistaken<BIND>>::builder().build().unwrap().load("x", artifact).await.unwrap_err(),
    ];
    for (error, cause) in answers.iter().zip(["no exported instance named `x`", "expected 0-tuple, found"]) {
        assert!(matches!(error, LoadError::Link { .. }), "{error:?}");
        assert_eq!(error.code(), "PLG0504");
        assert!(error.report().unwrap().findings().is_empty());
        assert_eq!(
            error.to_string(),
            format!(
                "plugin `x` cannot be linked, although we judged it to fit the contract plug:plugin/plugin@1.0.0\n  host:   {}\n  plugin: {plugin_hash}\n  help: this is a defect of Plug; please report it with both hashes",
                Standard::contract().hash()
            )
        );
        let chain = support::chain(error);
        assert!(chain.contains(cause), "{chain}");
    }
}

#[test]
fn a_component_with_canonical_names_is_told_as_such() {
    // as `wasm-tools component new --emit-canonical-names` names them
    let text = |names: &str| format!("(component (import {names} (instance)))");
    let whole = wat::parse_str(text(r#""wasi:cli/exit@0.2.1""#)).unwrap();
    let split = wat::parse_str(text(r#""wasi:cli/exit@0.2" (versionsuffix ".1")"#)).unwrap();
    assert!(Artifact::from_bytes(whole).is_ok());

    // wasmtime's own words
    let engine = plug_host::wasmtime::Engine::default();
    let why = plug_host::wasmtime::component::Component::new(&engine, &split).unwrap_err();
    assert!(format!("{why:#}").contains("the `cm-implements` feature is not active"), "{why:#}");

    let error = Artifact::from_bytes(split).unwrap_err();
    assert_eq!(error.code(), "PLG0210");
    assert_eq!(
        error.to_string(),
        "a component with canonical names, where `wasi:cli/exit@0.2` stands apart from `.1`: wasmtime 48 cannot load it"
    );
}

#[test]
fn what_is_no_component() {
    let dir = tempfile::tempdir().unwrap();
    let file = |name: &str, bytes: &[u8]| {
        let path = dir.path().join(name);
        std::fs::write(&path, bytes).unwrap();
        path
    };
    let component = Guest::echo().build();
    let cases = [
        (file("text.wasm", b"hello"), "PLG0201"),
        (file("core.wasm", &wat::parse_str("(module)").unwrap()), "PLG0202"),
        (file("half.wasm", &component[..component.len() / 2]), "PLG0203"),
        (dir.path().to_owned(), "PLG0204"),
        (dir.path().join("none.wasm"), "PLG0205"),
        (file("empty.wasm", b""), "PLG0201"),
    ];
    for (path, code) in cases {
        let error = Artifact::from_file(&path).unwrap_err();
        assert_eq!(error.code(), code, "{error}");
        assert_eq!(error.path(), Some(path.as_path()));
        assert!(error.to_string().starts_with(&format!("{}: ", path.display())), "{error}");
        assert!(Artifact::from_file(&path).is_err());
    }
    let fine = file("echo.wasm", &component);
    let error = Artifact::from_file_up_to(&fine, 100).unwrap_err();
    assert_eq!(error.code(), "PLG0206");
    assert!(Artifact::from_file_up_to(&fine, component.len() as u64).is_ok());
    assert_eq!(Artifact::from_bytes(*b"hello").unwrap_err().to_string(), "not WebAssembly: a text file");
}

#[tokio::test]
async fn a_plugin_may_refuse_to_start() {
    let guest = Guest::echo()
        .item(r#"(data (i32.const 3072) "no licence")"#)
        .initialize("(call $err (i32.const 3072) (i32.const 10))");
    let host = standard_host();
    let error = host.load("x", guest.artifact()).await.unwrap_err();
    assert!(matches!(error, LoadError::Refused { .. }));
    assert_eq!(error.code(), "PLG0506");
    assert_eq!(error.to_string(), "plugin `x` refused to start: no licence");
    assert!(host.get("x").is_none());
}

#[tokio::test]
async fn a_plugin_may_break_as_it_starts() {
    for guest in [Guest::echo().initialize("unreachable"), Guest::echo().metadata("unreachable")] {
        let error = standard_host().load("x", guest.artifact()).await.unwrap_err();
        assert!(matches!(error, LoadError::Start { .. }), "{error}");
        assert_eq!(error.code(), "PLG0507");
        assert_eq!(error.to_string(), "plugin `x` broke as it started: plugin `x` panicked or aborted");
        assert_eq!(error.as_trap().unwrap().code(), "PLG0601");
    }
}

#[tokio::test]
async fn starting_is_under_the_limits_too() -> anyhow::Result<()> {
    let limits = Limits::default().memory(1 << 20).cpu(std::time::Duration::from_millis(30));
    let host = Host::<Standard>::builder().limits(limits).build()?;

    let error = host.load("x", Guest::echo().memory("17").artifact()).await.unwrap_err();
    assert!(matches!(error, LoadError::Instantiate { .. }), "{error}");
    assert_eq!(error.code(), "PLG0505");
    assert_eq!(error.as_trap().unwrap().code(), "PLG0604");
    assert_eq!(
        error.to_string(),
        "no instance of plugin `x` can be made: plugin `x` ran out of memory: it wanted 1114112 bytes and may have 1048576"
    );

    for guest in [
        Guest::echo().item("(func $spin (loop (br 0))) (start $spin)"),
        Guest::echo().initialize("(loop (br 0)) (call $ok)"),
        Guest::echo().metadata("(loop (br 0)) (call $metadata)"),
    ] {
        let error = host.load("x", guest.artifact()).await.unwrap_err();
        assert_eq!(error.as_trap().unwrap().code(), "PLG0605", "{error}");
    }
    Ok(())
}

#[tokio::test]
async fn a_component_that_wasmtime_does_not_compile() {
    // valid, but with more than this engine is set up for: memories of 64 bits within a component
    let core = Guest::echo().memory("1").item("(func (param (ref null exn)))");
    let error = standard_host().load("x", core.artifact()).await.unwrap_err();
    assert!(matches!(error, LoadError::Compile { .. }), "{error:?}");
    assert_eq!(error.code(), "PLG0503");
    assert!(error.source().is_some());
}

#[tokio::test]
async fn too_many_instances() -> anyhow::Result<()> {
    let host = Host::<Standard>::builder().limits(Limits::default().core_instances(0)).build()?;
    let error = host.load("x", Guest::echo().artifact()).await.unwrap_err();
    assert_eq!(error.code(), "PLG0505");
    let told = "it has more parts than it may: instance count too high at 1".to_owned();
    assert_eq!(error.as_trap().unwrap().kind(), &TrapKind::Other(told));
    let host = standard_host();
    let handle = host.load("x", Guest::echo().artifact()).await?;
    assert_eq!(handle.process(&ProcessRequest::new("x")).await?.output, "x");
    Ok(())
}

/// A world whose own imports collide with what the host links.
struct Collides;

impl plug_host::World for Collides {
    type App = ();
    type Indices = ();
    type Bindings = ();

    fn contract() -> &'static plug_host::Contract {
        Standard::contract()
    }

    fn link(
        linker: &mut plug_host::wasmtime::component::Linker<plug_host::State<()>>,
    ) -> plug_host::wasmtime::Result<()> {
        linker.instance("plug:plugin/host-api@1.0.0")?.func_wrap("get-config", |_, (): ()| Ok(()))
    }

    fn prepare(
        _: &plug_host::wasmtime::component::InstancePre<plug_host::State<()>>,
    ) -> plug_host::wasmtime::Result<()> {
        Ok(())
    }

    fn bind(
        (): &(),
        _: &mut plug_host::wasmtime::Store<plug_host::State<()>>,
        _: &plug_host::wasmtime::component::Instance,
    ) -> plug_host::wasmtime::Result<()> {
        Ok(())
    }
}

#[test]
fn imports_of_the_application_that_collide_with_ours() {
    let error = Host::<Collides>::builder().build().unwrap_err();
    assert_eq!(error.code(), "PLG0512");
    assert_eq!(error.to_string(), "the imports of the world `plug:plugin/plugin@1.0.0` cannot be linked");
    assert!(error.source().is_some());
}
