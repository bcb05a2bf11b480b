//! Bytes that are not what they say.

use plug_contract::{Contract, MAX_SECTION_BYTES, Manifest, SECTION_NAME, Section, Wit};
use wasm_encoder::{ComponentSection as _, CustomSection};

use crate::case::{Case, Deed};
use crate::guest::echo;

fn with_section(name: &str, data: Vec<u8>) -> Vec<u8> {
    let mut bytes = echo().build();
    CustomSection { name: name.into(), data: data.into() }.append_to_component(&mut bytes);
    bytes
}

fn declared(change: impl FnOnce(&mut Section)) -> Vec<u8> {
    let bytes = crate::support::Guest::echo().build();
    let actual = Contract::from_component(&bytes).unwrap();
    let (wit, manifest) = (Wit::standard(), Manifest::default());
    let mut section = Section::declare(&wit, Some("plugin"), &actual, Default::default(), manifest).unwrap();
    change(&mut section);
    section.embed(&bytes).unwrap()
}

/// The first section of code says that it holds so many functions.
fn lying_about_functions() -> Vec<u8> {
    let mut bytes = b"\0asm\x0d\0\x01\0".to_vec();
    let module =
        [b"\0asm\x01\0\0\0".as_slice(), &[1, 4, 1, 0x60, 0, 0], &[3, 6, 0xff, 0xff, 0xff, 0xff, 0x0f, 0]]
            .concat();
    bytes.push(1);
    bytes.push(u8::try_from(module.len()).unwrap());
    bytes.extend(module);
    bytes
}

pub fn cases() -> Vec<Case> {
    vec![
        Case::no_artifact("is no WebAssembly", || b"hello".to_vec(), "PLG0201", "not WebAssembly: a text file"),
        Case::no_artifact(
            "is a core module",
            || wat::parse_str("(module)").unwrap(),
            "PLG0202",
            "a core module, not a component; build it for the target wasm32-wasip2",
        ),
        Case::no_artifact(
            "is cut off in the middle",
            || {
                let bytes = echo().build();
                bytes[..bytes.len() / 2].to_vec()
            },
            "PLG0203",
            "not a valid component: unexpected end-of-file",
        )
        .begins(),
        Case::no_artifact(
            "has a section that says it is four gigabytes long",
            || [echo().build(), vec![0, 0xff, 0xff, 0xff, 0xff, 0x0f, 0]].concat(),
            "PLG0203",
            "not a valid component: unexpected end-of-file",
        )
        .begins(),
        Case::no_artifact(
            "has a module that says it has four billion functions",
            lying_about_functions,
            "PLG0203",
            "not a valid component: ",
        )
        .begins(),
        Case::no_artifact(
            "declares itself in more than a megabyte",
            || with_section(SECTION_NAME, vec![b' '; MAX_SECTION_BYTES + 1]),
            "PLG0207",
            "a `wit-contract` section of 1048577 bytes, more than 1048576",
        ),
        Case::no_artifact(
            "declares itself in what is no JSON",
            || with_section(SECTION_NAME, b"{{{{".to_vec()),
            "PLG0207",
            "a `wit-contract` section that cannot be read: ",
        )
        .begins(),
        Case::no_artifact(
            "declares itself in a hundred thousand brackets",
            || with_section(SECTION_NAME, vec![b'['; 100_000]),
            "PLG0207",
            "a `wit-contract` section that cannot be read: ",
        )
        .begins(),
        Case::no_artifact(
            "declares itself twice",
            || {
                let mut bytes = declared(|_| {});
                CustomSection { name: SECTION_NAME.into(), data: b"{}".as_slice().into() }.append_to_component(&mut bytes);
                bytes
            },
            "PLG0208",
            "more than one `wit-contract` section; a component has one at most",
        ),
        Case::refused(
            "declares the hash of another contract",
            || declared(|section| section.contract.api = Wit::standard().contract(Some("base")).unwrap().hash()),
            "PLG0207",
            "plugin `x` declares a contract that cannot be believed: a `wit-contract` section that claims the contract wit1-",
        )
        .begins(),
        Case::refused(
            "declares its contract in a text that never ends a comment",
            || declared(|section| section.wit = "/*".repeat(100_000)),
            "PLG0207",
            "plugin `x` declares a contract that cannot be believed: a `wit-contract` section whose WIT cannot be read",
        )
        .begins(),
        Case::refused(
            "is valid but for the code of its last function, and is called without a contract",
            || {
                let text = "(component (core module (func) (func (block) (block))))";
                let mut bytes = wat::parse_str(text).unwrap();
                // the second block becomes an instruction that there is not
                let at = bytes.windows(2).rposition(|pair| pair == [0x02, 0x40]).unwrap();
                bytes[at] = 0xff;
                bytes
            },
            "PLG0503",
            "plugin `x` cannot be compiled: illegal opcode: 0xff",
        )
        .begins()
        .by(Deed::ByName("none")),
    ]
}
