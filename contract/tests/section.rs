//! The custom section, read and written.

use std::collections::BTreeMap;
use std::error::Error;

use plug_contract::{
    Contract, MAX_SECTION_BYTES, Manifest, SECTION_NAME, Section, SectionError, Want, Wit, WitOptions,
};
use wasm_encoder::{ComponentSection, CustomSection, Encode};

mod support;

fn plugin() -> (Wit, Vec<u8>) {
    let wit = Wit::standard();
    let bytes = support::component(&wit, "plugin");
    (wit, bytes)
}

fn declare(wit: &Wit, bytes: &[u8]) -> Section {
    let mut manifest = Manifest::default();
    manifest.name = "upper".to_owned();
    manifest.capabilities.push(Want::new("fs:read", "reads its dictionary", true));
    let tools = BTreeMap::from([("cargo-plug".to_owned(), "0.1.0".to_owned())]);
    Section::declare(wit, Some("plugin"), &Contract::from_component(bytes).unwrap(), tools, manifest).unwrap()
}

fn append(component: &[u8], data: &[u8]) -> Vec<u8> {
    let mut out = component.to_vec();
    let section = CustomSection { name: SECTION_NAME.into(), data: data.into() };
    out.push(section.id());
    section.encode(&mut out);
    out
}

#[test]
fn what_is_written_is_read() {
    let (wit, bytes) = plugin();
    assert_eq!(Section::read(&bytes).unwrap(), None);
    let section = declare(&wit, &bytes);
    let with = section.embed(&bytes).unwrap();
    assert_eq!(Section::read(&with).unwrap().unwrap(), section);
    assert_eq!(section.world, "plug:plugin/plugin@1.0.0");
    assert_eq!(section.functions.iter().filter(|f| f.name.starts_with("plug:plugin/host-api@1#")).count(), 3);

    // the rest is untouched, the contract too, and it stays a valid component
    assert_eq!(&with[..bytes.len()], &bytes[..]);
    wasmparser::validate(&with).unwrap();
    let contract = wit.contract(Some("plugin")).unwrap();
    assert_eq!(Contract::from_component(&with).unwrap().hash(), contract.hash());
    assert_eq!(section.declared().unwrap().hash(), contract.hash());
}

#[test]
fn a_second_embedding_replaces_the_first() {
    let (wit, bytes) = plugin();
    let mut section = declare(&wit, &bytes);
    let once = section.embed(&bytes).unwrap();
    section.manifest.version = "2.0.0".to_owned();
    let twice = section.embed(&once).unwrap();
    assert_eq!(Section::read(&twice).unwrap().unwrap().manifest.version, "2.0.0");
    assert_eq!(section.embed(&twice).unwrap(), twice);
    assert_eq!(twice, section.embed(&bytes).unwrap());
    wasmparser::validate(&twice).unwrap();
}

#[test]
fn sections_around_it_stay() {
    let (wit, bytes) = plugin();
    let section = declare(&wit, &bytes);
    let mut with = section.embed(&bytes).unwrap();
    let other = CustomSection { name: "other".into(), data: b"kept"[..].into() };
    with.push(other.id());
    other.encode(&mut with);
    let again = section.embed(&with).unwrap();
    wasmparser::validate(&again).unwrap();
    assert!(again.windows(4).any(|w| w == b"kept"));
    assert_eq!(Section::read(&again).unwrap().unwrap(), section);
}

#[test]
fn unknown_fields_are_ignored_and_unknown_formats_refused() {
    let (wit, bytes) = plugin();
    let mut value = serde_json::to_value(declare(&wit, &bytes)).unwrap();
    value["later"] = serde_json::json!({ "more": [1, 2, 3] });
    value["manifest"]["later"] = serde_json::json!(true);
    let read = Section::read(&append(&bytes, &serde_json::to_vec(&value).unwrap()));
    assert_eq!(read.unwrap().unwrap(), declare(&wit, &bytes));

    value["format"] = serde_json::json!(2);
    let read = Section::read(&append(&bytes, &serde_json::to_vec(&value).unwrap()));
    assert!(matches!(read, Err(SectionError::UnknownFormat { format: 2 })));
}

#[test]
fn hostile_sections_are_refused() {
    let (wit, bytes) = plugin();
    let good = serde_json::to_vec(&declare(&wit, &bytes)).unwrap();
    let twice = append(&append(&bytes, &good), &good);
    assert!(matches!(Section::read(&twice), Err(SectionError::Duplicate)));
    let large = append(&bytes, &vec![b' '; MAX_SECTION_BYTES + 1]);
    assert!(matches!(Section::read(&large), Err(SectionError::TooLarge { .. })));
    for garbled in [&b""[..], b"null", b"{}", b"\xff\xfe", &good[..good.len() - 1], b"{\"format\":1}"] {
        let error = Section::read(&append(&bytes, garbled)).unwrap_err();
        assert!(matches!(error, SectionError::Malformed { .. }), "{garbled:?}: {error}");
        assert_eq!(error.code(), "PLG0207");
    }
    let deep = format!("{}{}", "[".repeat(200_000), "]".repeat(200_000));
    assert!(matches!(Section::read(&append(&bytes, deep.as_bytes())), Err(SectionError::Malformed { .. })));
}

#[test]
fn a_section_tells_a_terminal_nothing() {
    let (_, bytes) = plugin();
    let hash = "wit1-aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa";
    let data = format!(
        r#"{{"format": 1, "scheme": "wit1", "world": "a:b/c", "contract": {{"api": "{hash}", "abi": "{hash}"}},
            "functions": [{{"name": "f", "role": "\u001b[2J\nerror: none", "api": "{hash}", "abi": "{hash}"}}]}}"#
    );
    let error = Section::read(&append(&bytes, data.as_bytes())).unwrap_err();
    let cause = error.source().unwrap().to_string();
    assert!(cause.contains(r"unknown variant `\u{1b}[2J\nerror: none`"), "{cause}");
}

#[test]
fn a_claim_is_verified() {
    let (wit, bytes) = plugin();
    let mut section = declare(&wit, &bytes);
    section.contract.api = wit.contract(Some("base")).unwrap().hash();
    assert!(matches!(section.declared(), Err(SectionError::FalseHash { .. })));
    let mut section = declare(&wit, &bytes);
    let other = section.parts[1].digests.clone();
    section.parts[0].digests = other;
    assert!(matches!(section.declared(), Err(SectionError::FalsePart { .. })));
    let mut section = declare(&wit, &bytes);
    section.parts.pop();
    assert!(matches!(section.declared(), Err(SectionError::FalsePart { .. })));
    let mut section = declare(&wit, &bytes);
    let actual = Contract::from_component(&bytes).unwrap();
    assert!(section.verify(&actual).is_ok());
    section.functions.pop();
    assert!(matches!(section.verify(&actual), Err(SectionError::FalsePart { .. })));
    section.functions.clear();
    assert!(matches!(section.verify(&actual), Err(SectionError::FalsePart { .. })));
    let mut section = declare(&wit, &bytes);
    section.functions.push(section.functions[0].clone());
    assert!(matches!(section.verify(&actual), Err(SectionError::FalsePart { .. })));
    let mut section = declare(&wit, &bytes);
    section.wit = "package".to_owned();
    assert!(matches!(section.declared(), Err(SectionError::Wit { .. })));
}

#[test]
fn what_is_declared_with_all_features_is_true() {
    let text = "package a:b@1.0.0;
        interface i { f: func(); @unstable(feature = early) g: func(); }
        interface j { @unstable(feature = typed) type t = u8; }
        interface k { h: func(); }
        world w { import i; import j; @unstable(feature = late) import k; }";
    let wit = WitOptions::default().all_features().read_text("a.wit", text).unwrap();
    let bytes = support::component(&wit, "w");
    let actual = Contract::from_component(&bytes).unwrap();
    let section = Section::declare(&wit, None, &actual, BTreeMap::new(), Manifest::default()).unwrap();
    assert_eq!(section.features, ["early", "late", "typed"]);
    assert_eq!(section.verify(&actual).unwrap().hash(), wit.contract(None).unwrap().hash());
}

#[test]
fn a_section_of_a_nested_component_is_not_ours() {
    let (wit, bytes) = plugin();
    let inner = declare(&wit, &bytes).embed(&bytes).unwrap();
    let mut outer = wasm_encoder::Component::new();
    outer.section(&wasm_encoder::RawSection { id: 4, data: &inner });
    assert_eq!(Section::read(&outer.finish()).unwrap(), None);
}
