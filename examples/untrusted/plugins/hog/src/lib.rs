//! Eats all the memory that it gets.

use plug_guest_sdk::prelude::*;

struct Hog;

#[plugin(path = "../../wit", world = "acme:errands/runner")]
impl Errand for Hog {
    fn run() -> Vec<Attempt> {
        let mut eaten: Vec<Vec<u8>> = Vec::new();
        loop {
            eaten.push(vec![1; 1 << 20]);
            std::hint::black_box(&eaten);
        }
    }
}
