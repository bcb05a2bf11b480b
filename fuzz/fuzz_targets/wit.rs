//! Any text as WIT: `cargo fuzz run wit`.
#![no_main]

use libfuzzer_sys::fuzz_target;
use plug_contract::{Wit, WitOptions, lint};
use plug_fuzz::shown;

fuzz_target!(|text: &str| {
    match Wit::from_text("fuzz.wit", text) {
        Ok(wit) => look_at(&wit, &WitOptions::default()),
        Err(error) => shown(&error),
    }
    let all = WitOptions::default().all_features();
    if let Ok(wit) = all.read_text("fuzz.wit", text) {
        look_at(&wit, &all);
    }
});

/// Printing and reading again changes nothing that counts.
fn look_at(wit: &Wit, options: &WitOptions) {
    let printed = wit.to_text();
    for world in wit.world_names() {
        let contract = match wit.contract(Some(&world)) {
            Ok(contract) => contract,
            Err(error) => {
                shown(&error);
                continue;
            }
        };
        let _ = lint(&contract.clone().into(), None);
        if let Ok(printed) = &printed {
            let again = options.read_text("printed.wit", printed).expect("what was printed parses");
            let again = again.contract(Some(&world)).unwrap();
            assert_eq!((again.hash(), again.abi_hash()), (contract.hash(), contract.abi_hash()), "{printed}");
        }
    }
}
