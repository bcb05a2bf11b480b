//! Any bytes as a component: `cargo fuzz run component` in `contract/`.
#![no_main]

use libfuzzer_sys::fuzz_target;
use plug_contract::{Contract, Section, judge, sniff};

fuzz_target!(|bytes: &[u8]| {
    let _ = sniff(bytes);
    if let Ok(Some(section)) = Section::read(bytes) {
        let _ = section.declared();
        let written = section.embed(bytes).expect("what was read can be written");
        assert_eq!(Section::read(&written).unwrap().as_ref(), Some(&section));
    }
    if let Ok(contract) = Contract::from_component(bytes) {
        assert_eq!(contract.hash(), Contract::from_component(bytes).unwrap().hash());
        let _ = judge(&contract, &contract).to_string();
    }
});
