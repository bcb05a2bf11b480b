use plug_guest_sdk::prelude::*;

use std::cell::Cell;

struct Counting;
struct MyCounter(Cell<u32>);

impl GuestCounter for MyCounter {
    fn new(start: u32) -> Self {
        MyCounter(Cell::new(start))
    }

    fn next(&self) -> u32 {
        self.0.set(self.0.get() + 1);
        self.0.get()
    }
}

#[plugin(path = "wit")]
impl Counters for Counting {
    type Conter = MyCounter;

    fn sum(all: Vec<Counter>) -> u32 {
        all.len() as u32
    }
}
