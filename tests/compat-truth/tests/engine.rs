//! What engines like those of `plug-host` refuse is what the judge says of it.

use plug_contract::{Contract, EngineFeature, Linker, Verdict, Wit, judge, judge_on};
use wasmtime::component::Component;
use wasmtime::{Config, Engine};
use wit_component::{ComponentEncoder, StringEncoding};
use wit_parser::{LiftLowerAbi, ManglingAndAbi};

/// Set up as `host/src/engine/kind.rs` does it, as far as it concerns what is taken.
fn engine(is_full: bool) -> Engine {
    let mut config = Config::new();
    config.concurrency_support(is_full);
    config.wasm_component_model_map(is_full);
    config.wasm_component_model_fixed_length_lists(is_full);
    Engine::new(&config).expect("a configuration for this machine")
}

fn wit(body: &str) -> (Wit, Contract) {
    let wit = Wit::from_text("w.wit", &format!("package a:b@0.1.0; {body}")).unwrap();
    let contract = wit.contract(Some("w")).unwrap();
    (wit, contract)
}

/// A plugin that calls all that its world imports.
fn component(wit: &Wit) -> Vec<u8> {
    let world = wit.select_world(Some("w")).unwrap();
    let resolve = wit.resolve();
    let abi = ManglingAndAbi::Legacy(LiftLowerAbi::Sync);
    let mut module = wit_component::dummy_module(resolve, world, abi);
    wit_component::embed_component_metadata(&mut module, resolve, world, StringEncoding::UTF8).unwrap();
    ComponentEncoder::default().module(&module).unwrap().validate(false).encode().unwrap()
}

/// A world for each feature and place, and what it needs.
fn worlds() -> Vec<(String, Option<EngineFeature>)> {
    let mut worlds = Vec::new();
    for (feature, ty) in [
        (Some(EngineFeature::Stream), "stream<u8>"),
        (Some(EngineFeature::Future), "future<string>"),
        (Some(EngineFeature::ErrorContext), "error-context"),
        (Some(EngineFeature::Map), "map<string, u8>"),
        (Some(EngineFeature::FixedLengthList), "list<u8, 4>"),
        (None, "list<tuple<string, u8>>"),
    ] {
        for body in [
            "world w { import f: func(a: option<TYPE>); }",
            "world w { export f: func() -> result<TYPE>; }",
            "interface i { record r { a: TYPE } f: func() -> r; } world w { import i; }",
            "interface i { record r { a: TYPE } f: func() -> r; } world w { export i; }",
            // not used by any function, and in the component all the same
            "interface i { record r { a: TYPE } f: func(); } world w { export i; }",
        ] {
            worlds.push((body.replace("TYPE", ty), feature));
        }
        // not used by any function, and so not in the component
        let unused = "interface i { record r { a: TYPE } f: func(); } world w { import i; }";
        worlds.push((unused.replace("TYPE", ty), None));
    }
    for (body, feature) in [
        ("interface i { f: func(); } world w { SIDE i; }", None),
        ("interface i { f: async func(); } world w { SIDE i; }", Some(EngineFeature::AsyncFunction)),
        ("world w { SIDE f: async func(a: u8) -> u8; }", Some(EngineFeature::AsyncFunction)),
    ] {
        worlds.extend(["import", "export"].map(|side| (body.replace("SIDE", side), feature)));
    }
    worlds
}

#[test]
fn the_engines_refuse_what_the_judge_says() {
    let ([lean, full], mut wrong) = ([false, true].map(engine), Vec::new());
    let (_, nothing) = wit("world w { }");
    for (text, feature) in worlds() {
        let (wit, contract) = wit(&text);
        let bytes = component(&wit);
        let actual = Contract::from_component(&bytes).unwrap();
        let needs: Vec<EngineFeature> = contract.engine_needs().iter().map(|need| need.feature).collect();
        if needs != Vec::from_iter(feature) {
            wrong.push(format!("{text}: the contract needs {needs:?}"));
        }
        let is_in_full = feature.is_none_or(|feature| EngineFeature::OF_PLUG_ENGINE.contains(&feature));
        for (engine, takes) in [(&lean, feature.is_none()), (&full, is_in_full)] {
            let refused = Component::new(engine, &bytes).err();
            if refused.is_none() != takes {
                let why = refused.map_or("it is taken".to_owned(), |why| format!("{why:#}"));
                wrong.push(format!("{text}: {why}"));
            }
        }
        // no host is made of it
        let told = judge_on(&contract, &actual, Linker::Plug);
        assert_eq!(told.verdict().links(), feature.is_none(), "{text}: {told}");
        let ids: Vec<&str> = told.findings().iter().map(|finding| finding.rule.id).collect();
        assert_eq!(ids, vec!["H01"; usize::from(feature.is_some())], "{text}: {told}");
        // one that asks for nothing has a plugin with it, if the engine has it
        if !text.contains("import") {
            let told = judge_on(&nothing, &actual, Linker::Plug);
            assert_eq!(told.verdict().links(), is_in_full, "{text}: {told}");
        }
        // without an engine in mind, a contract always fits itself
        assert!(judge(&contract, &actual).verdict() <= Verdict::Compatible, "{text}");
    }
    assert!(wrong.is_empty(), "{} are wrong:\n{}", wrong.len(), wrong.join("\n"));
}
