use plug_guest_sdk::prelude::*;

use std::cell::Cell;

struct Counting;

#[derive(Debug)]
struct MyCounter(Cell<u32>);

#[plugin(path = "wit")]
impl Counters for Counting {
    type Counter = MyCounter;

    fn sum(all: Vec<Counter>) -> u32 {
        all.iter().map(|counter| counter.get::<MyCounter>().0.get()).sum()
    }

    fn peek(one: CounterBorrow<'_>) -> Report {
        Report { value: one.get::<MyCounter>().0.get(), owner: None }
    }
}

impl GuestCounter for MyCounter {
    fn new(start: u32) -> Self {
        MyCounter(Cell::new(start))
    }

    fn next(&self) -> u32 {
        self.0.set(self.0.get() + 1);
        self.0.get()
    }

    fn join(one: Counter, other: Counter) -> Result<Counter, String> {
        let one = one.into_inner::<MyCounter>();
        let other = other.into_inner::<MyCounter>();
        Ok(Counter::new(MyCounter(Cell::new(one.0.get() + other.0.get()))))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_counter_counts() {
        let counter = MyCounter::new(4);
        assert_eq!(counter.next(), 5);
    }
}
