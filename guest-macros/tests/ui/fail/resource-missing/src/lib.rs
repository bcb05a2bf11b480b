use plug_guest_sdk::prelude::*;

struct Counting;

#[plugin(path = "wit")]
impl Counters for Counting {
    fn sum(all: Vec<Counter>) -> u32 {
        all.len() as u32
    }
}
