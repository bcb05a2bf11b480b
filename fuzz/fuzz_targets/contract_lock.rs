//! `contract.lock`, which freezes a version of a contract: `cargo fuzz run contract-lock`.
//!
//! The reader is a part of the command line, which is no library, so its file is taken in here.
#![no_main]
#![allow(dead_code, reason = "the command line uses more of them")]

#[path = "../../cargo-plug/src/contract_lock.rs"]
mod contract_lock;
#[path = "../../cargo-plug/src/worlds.rs"]
mod worlds;

use std::collections::BTreeMap;

use contract_lock::ContractLock;
use libfuzzer_sys::fuzz_target;
use plug_contract::WitOptions;

fuzz_target!(|text: &str| {
    match ContractLock::parse(text.as_bytes()) {
        Ok(lock) => {
            let _ = lock.verify().map_err(|error| (error.to_string(), error.help()));
            let again = ContractLock::parse(lock.to_text().as_bytes()).expect("what was written is read");
            assert_eq!(again, lock);
        }
        Err(error) => {
            let _ = (error.to_string(), error.help());
        }
    }
    frozen(text);
});

/// What is frozen of a package says the truth about it.
fn frozen(text: &str) {
    let plain = WitOptions::default().read_text("fuzz.wit", text);
    let all = WitOptions::default().all_features().read_text("fuzz.wit", text);
    let (Ok(plain), Ok(all)) = (plain, all) else { return };
    let files = BTreeMap::from([("fuzz.wit".to_owned(), "sha256:0".to_owned())]);
    let Ok(lock) = ContractLock::of(&plain, &all, &[], files) else { return };
    let again = ContractLock::parse(lock.to_text().as_bytes()).expect("what was written is read");
    assert!(again.is_same(&lock));
    again.verify().expect("it is true");
}
