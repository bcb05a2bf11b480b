use plug_guest_sdk::prelude::*;

struct Counting;

#[plugin(path = "../ui/pass/resources/wit")]
impl Counters for Counting {
    type Counter = MyCounter;

    fn sum(all: Vec<Counter>) -> u32 {
        0
    }

    fn peek(one: CounterBorrow<'_>) -> Report {
        Report { value: 1, owner: None }
    }
}
