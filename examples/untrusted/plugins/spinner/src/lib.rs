//! Never comes to an end.

use plug_guest_sdk::prelude::*;

struct Spinner;

#[plugin(path = "../../wit", world = "acme:errands/runner")]
impl Errand for Spinner {
    fn run() -> Vec<Attempt> {
        loop {
            std::hint::black_box(());
        }
    }
}
