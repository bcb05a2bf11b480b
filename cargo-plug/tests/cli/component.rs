//! Components made here, without a guest toolchain.

use std::collections::BTreeMap;

use plug_contract::{Contract, Manifest, Section, Want, Wit};
use wit_component::{ComponentEncoder, StringEncoding, dummy_module, embed_component_metadata};
use wit_parser::ManglingAndAbi;

pub(crate) const IMAGES: &str = "package acme:images@1.2.0;
    interface image-filter {
        record frame { width: u32, pixels: list<u8> }
        apply: func(frame: frame) -> result<frame, string>;
    }
    interface store { resource counter { constructor(start: u32); next: func() -> u32; } make: func() -> counter; }
    world filter { include plug:plugin/base@1.0.0; export image-filter; }
    world bare { export image-filter; export store; export run: func(times: u32); }";

/// A component with the surface of a world, all of whose functions trap.
pub(crate) fn component(wit: &str, world: &str) -> Vec<u8> {
    let wit = Wit::from_text("test.wit", wit).unwrap();
    let id = wit.select_world(Some(world)).unwrap();
    let mut module = dummy_module(wit.resolve(), id, ManglingAndAbi::Standard32);
    embed_component_metadata(&mut module, wit.resolve(), id, StringEncoding::UTF8).unwrap();
    ComponentEncoder::default().module(&module).unwrap().encode().unwrap()
}

/// A component whose functions do what a core module does.
#[cfg(feature = "run")]
pub(crate) fn with_core(wit: &str, world: &str, core: &str) -> Vec<u8> {
    let wit = Wit::from_text("test.wit", wit).unwrap();
    let id = wit.select_world(Some(world)).unwrap();
    let mut module = wat::parse_str(core).unwrap();
    embed_component_metadata(&mut module, wit.resolve(), id, StringEncoding::UTF8).unwrap();
    ComponentEncoder::default().validate(true).module(&module).unwrap().encode().unwrap()
}

/// The same as [`component`] with a section in which it declares itself to be built for `declared`.
pub(crate) fn declaring(component: &[u8], wit: &str, declared: &str) -> Vec<u8> {
    let actual = Contract::from_component(component).unwrap();
    let mut manifest = Manifest::default();
    manifest.name = "sepia".to_owned();
    manifest.version = "2.1.0".to_owned();
    manifest.description = "Old photographs\u{1b}[31m".to_owned();
    manifest.capabilities = vec![Want::new("fs:read", "reads colour tables", false)];
    manifest.limits.memory = Some(16 << 20);
    let tools = BTreeMap::from([("cargo-plug".to_owned(), "9.9.9".to_owned())]);
    let wit = Wit::from_text("test.wit", wit).unwrap();
    Section::declare(&wit, Some(declared), &actual, tools, manifest).unwrap().embed(component).unwrap()
}

/// A whole custom section.
pub(crate) fn custom_section(name: &str, data: &[u8]) -> Vec<u8> {
    let leb = |mut number: usize| {
        let mut bytes = Vec::new();
        loop {
            let byte = (number & 0x7f) as u8;
            number >>= 7;
            if number == 0 {
                bytes.push(byte);
                return bytes;
            }
            bytes.push(byte | 0x80);
        }
    };
    let body = [leb(name.len()), name.as_bytes().to_vec(), data.to_vec()].concat();
    [vec![0], leb(body.len()), body].concat()
}

/// Nothing but the first eight bytes of a component.
pub(crate) const EMPTY: &[u8] = b"\0asm\x0d\0\x01\0";

/// Adds two numbers, and does nothing else.
pub(crate) const ADDER: &str = r#"(component
    (core module $m
        (func (export "add") (param i32 i32) (result i32) local.get 0 local.get 1 i32.add)
        (func (export "nothing"))
        (func (export "trap") unreachable))
    (core instance $i (instantiate $m))
    (func (export "add") (param "a" u32) (param "b" u32) (result u32) (canon lift (core func $i "add")))
    (func (export "nothing") (canon lift (core func $i "nothing")))
    (func (export "trap") (canon lift (core func $i "trap"))))"#;
