//! Any text as WIT: `cargo fuzz run wit` in `contract/`.
#![no_main]

use libfuzzer_sys::fuzz_target;
use plug_contract::Wit;

fuzz_target!(|text: &str| {
    let Ok(wit) = Wit::from_text("fuzz.wit", text) else { return };
    for world in wit.world_names() {
        let Ok(contract) = wit.contract(Some(&world)) else { continue };
        // printing and reading again changes nothing that counts
        if let Ok(printed) = wit.to_text() {
            let again = Wit::from_text("printed.wit", &printed).expect("what was printed parses");
            assert_eq!(again.contract(Some(&world)).unwrap().hash(), contract.hash());
        }
    }
});
