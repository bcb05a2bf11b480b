use plug_guest_sdk::prelude::*;

struct Counting;
struct MyCounter;

impl GuestCounter for MyCounter {
    fn new(_start: u32) -> Self {
        MyCounter
    }
}

#[plugin(path = "wit")]
impl Counters for Counting {
    type Counter = MyCounter;

    fn sum(all: Vec<Counter>) -> u32 {
        all.len() as u32
    }
}
