//! What is read of an artifact, before any engine: `cargo fuzz run artifact`.
//!
//! Bytes that begin like WebAssembly are taken as they are. Of all others a component is made, with
//! wit-smith's random types, whose section and contract have to be what they were made from; then
//! some of its bytes are changed.
#![no_main]

use std::sync::LazyLock;

use arbitrary::{Result, Unstructured};
use libfuzzer_sys::fuzz_target;
use plug_contract::{Contract, Digest, Section, Verdict, Wit, WitOptions, check_nesting, judge, lint, sniff};
use plug_fuzz::{harmless, shown};
use wit_component::{ComponentEncoder, DecodedWasm, StringEncoding, WitPrinter};
use wit_parser::ManglingAndAbi;

static STANDARD: LazyLock<Contract> = LazyLock::new(|| Wit::standard().contract(Some("plugin")).unwrap());

/// The most bytes that are changed in one component.
const MOST_CHANGES: usize = 8;

fuzz_target!(|bytes: &[u8]| {
    if bytes.starts_with(b"\0asm") {
        look_at(bytes);
    } else {
        shown(&sniff(bytes).expect_err("it is no WebAssembly"));
        let _ = make(&mut Unstructured::new(bytes));
    }
});

/// All that is done with bytes of a stranger, and what must be true of them whatever they are.
fn look_at(bytes: &[u8]) {
    let digest = Digest::of(bytes);
    assert_eq!(digest.to_string().parse(), Ok(digest));
    if let Err(error) = sniff(bytes) {
        shown(&error);
    }
    let is_flat = check_nesting(bytes).is_ok();
    match Section::read(bytes) {
        Ok(None) => {}
        Ok(Some(section)) => {
            let written = section.embed(bytes).expect("what was read can be written");
            assert_eq!(Section::read(&written).unwrap().as_ref(), Some(&section));
            assert_eq!(section.embed(&written).unwrap(), written);
            if let Ok(declared) = section.declared() {
                assert_eq!(declared.hash(), section.contract.api);
            }
        }
        Err(error) => {
            shown(&error);
        }
    }
    match Contract::from_component(bytes) {
        Ok(contract) => {
            assert!(is_flat, "it nests too deeply, and was read");
            assert_eq!(contract, Contract::from_component(bytes).unwrap());
            assert_eq!(judge(&contract, &contract).verdict(), Verdict::Identical);
            for report in [judge(&STANDARD, &contract), judge(&contract, &STANDARD)] {
                let is_same = contract.hash() == STANDARD.hash();
                assert_eq!(report.verdict() == Verdict::Identical, is_same, "{report}");
                harmless(&report.to_string());
            }
            let _ = lint(&contract.into(), None);
        }
        Err(error) => {
            shown(&error);
        }
    }
}

fn make(input: &mut Unstructured<'_>) -> Result<()> {
    let mut changes: Vec<(usize, u8)> = Vec::new();
    for _ in 0..input.int_in_range(0..=MOST_CHANGES)? {
        changes.push(input.arbitrary()?);
    }
    // small, since many small ones find more than a few large ones
    let config = wit_smith::Config {
        max_packages: 2,
        max_pkg_items: 4,
        max_world_items: 4,
        max_interface_items: 4,
        max_resource_items: 3,
        max_type_parts: 4,
        ..wit_smith::Config::default()
    };
    let package = wit_smith::smith(&config, input)?;
    let Ok(DecodedWasm::WitPackage(resolve, package)) = wit_component::decode(&package) else {
        panic!("wit-smith makes packages");
    };
    let Some((name, _)) = resolve.packages[package].worlds.first() else { return Ok(()) };
    let nested: Vec<_> = resolve.packages.iter().map(|(id, _)| id).filter(|id| *id != package).collect();
    let mut printer = WitPrinter::default();
    printer.print(&resolve, package, &nested).expect("a package can be printed");
    let options = WitOptions::default().all_features();
    let Ok(wit) = options.read_text("printed.wit", &printer.output.to_string()) else { return Ok(()) };
    let Ok(declared) = wit.contract(Some(name)) else { return Ok(()) };

    let world = wit.select_world(Some(name)).expect("its contract was read");
    let mut module = wit_component::dummy_module(wit.resolve(), world, ManglingAndAbi::Standard32);
    wit_component::embed_component_metadata(&mut module, wit.resolve(), world, StringEncoding::UTF8)
        .expect("a dummy takes metadata");
    let encoder = ComponentEncoder::default().module(&module).expect("a dummy is a module");
    let Ok(component) = encoder.validate(false).encode() else { return Ok(()) };
    let Ok(actual) = Contract::from_component(&component) else { return Ok(()) };

    let section = Section::declare(&wit, Some(name), &actual, Default::default(), Default::default());
    if let Ok(Ok(mut bytes)) = section.as_ref().map(|section| section.embed(&component)) {
        let section = section.expect("it was embedded");
        assert_eq!(Section::read(&bytes).unwrap().as_ref(), Some(&section));
        let verified = section.verify(&actual).unwrap_or_else(|error| panic!("{error}\n{}", section.wit));
        assert_eq!(verified.hash(), declared.hash());
        assert_eq!(Contract::from_component(&bytes).unwrap(), actual, "a section changes no contract");
        for (at, value) in changes {
            let at = at % bytes.len();
            bytes[at] = value;
        }
        look_at(&bytes);
    }
    Ok(())
}
