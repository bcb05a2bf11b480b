//! `plug.lock`, which pins artifacts: `cargo fuzz run lock`.
#![no_main]

use libfuzzer_sys::fuzz_target;
use plug_admission::{Admission, Candidate, Lock};
use plug_fuzz::shown;

fuzz_target!(|text: &str| {
    let lock = match Lock::parse("plug.lock", text) {
        Ok(lock) => lock,
        Err(error) => return shown(&error),
    };
    let written = lock.to_text();
    assert_eq!(Lock::parse("plug.lock", &written).as_ref(), Ok(&lock), "{written}");
    for (name, pin) in lock.pins() {
        assert_eq!(lock.pin(name), Some(pin));
    }
    let bytes = b"\0asm\x0d\0\x01\0";
    let refused = Admission::new().lock(lock).check(&Candidate::new("upper", bytes));
    shown(&refused.expect_err("no pin fits a contract that is not known"));
});
