use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering::SeqCst};
use std::time::{Duration, Instant};

use super::ticker::{Ticker, TickerDead};
use super::{Engine, Meter};
use crate::limits::Limits;
use wasmtime::ResourceLimiter;

fn until(what: &str, mut done: impl FnMut() -> bool) {
    let begin = Instant::now();
    while !done() {
        assert!(begin.elapsed() < Duration::from_secs(10), "waited in vain for {what}");
        std::thread::sleep(Duration::from_millis(1));
    }
}

#[test]
fn it_ticks_while_calls_run_and_parks_when_none_do() {
    let ticks = Arc::new(AtomicUsize::new(0));
    let counted = Arc::clone(&ticks);
    let ticker = Ticker::start(Duration::from_millis(1), move || {
        counted.fetch_add(1, SeqCst);
    })
    .unwrap();

    let running = ticker.running().unwrap();
    until("ticks", || ticks.load(SeqCst) > 20);
    drop(running);
    until("the ticker to park", || ticker.is_parked());
    let parked_at = ticks.load(SeqCst);
    std::thread::sleep(Duration::from_millis(50));
    assert_eq!(ticks.load(SeqCst), parked_at, "a parked ticker does not tick");

    // long after its last tick it is not taken for dead, and ticks again
    let running = ticker.running().unwrap();
    until("ticks after parking", || ticks.load(SeqCst) > parked_at + 5);
    drop(running);
}

#[test]
fn it_ends_with_its_owner() {
    let ticker = Ticker::start(Duration::from_millis(1), || {}).unwrap();
    let ended = ticker.ended();
    until("the ticker to park", || ticker.is_parked());
    assert!(!ended());
    drop(ticker);
    until("a parked ticker to end", &ended);

    let ticker = Ticker::start(Duration::from_millis(1), || {}).unwrap();
    let ended = ticker.ended();
    drop(ticker.running().unwrap());
    drop(ticker);
    until("a running ticker to end", &ended);
}

#[test]
fn a_ticker_that_panics_is_noticed() {
    let ticker = Ticker::start(Duration::from_millis(1), || panic!("for the test")).unwrap();
    let running = ticker.running().unwrap();
    until("the end of the thread", ticker.ended());
    drop(running);
    assert_eq!(ticker.running().err(), Some(TickerDead));
}

#[test]
fn a_ticker_that_hangs_is_noticed() {
    let ticker = Ticker::stuck(Duration::from_millis(1));
    assert_eq!(ticker.running().err(), Some(TickerDead));
}

#[test]
fn a_slow_ticker_is_not_a_dead_one() {
    let ticker = Ticker::stuck(Duration::from_secs(1));
    assert!(ticker.running().is_ok(), "two seconds of silence are two ticks");
}

#[test]
fn the_epoch_moves_while_a_call_runs() {
    let engine = Engine::builder().tick(Duration::from_millis(2)).build().unwrap();
    let mut store = wasmtime::Store::new(engine.wasmtime(), ());
    let module = wasmtime::Module::new(engine.wasmtime(), LOOPS).unwrap();
    store.set_epoch_deadline(3);
    let _running = engine.running().unwrap();
    // without ticks this would never end
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    let error = runtime.block_on(wasmtime::Instance::new_async(&mut store, &module, &[])).unwrap_err();
    assert_eq!(error.downcast_ref(), Some(&wasmtime::Trap::Interrupt));
}

/// `(module (start 0) (func (loop (br 0))))`
const LOOPS: &[u8] =
    b"\0asm\x01\0\0\0\x01\x04\x01\x60\0\0\x03\x02\x01\0\x08\x01\0\x0a\x09\x01\x07\0\x03\x40\x0c\0\x0b\x0b";

#[test]
fn time_is_counted_in_whole_ticks() {
    let engine = Engine::builder().tick(Duration::from_millis(2)).build().unwrap();
    assert_eq!(engine.tick(), Duration::from_millis(2));
    assert_eq!(engine.ticks(Duration::from_millis(5)), 3);
    assert_eq!(engine.ticks(Duration::ZERO), 0);
    assert_eq!(engine.ticks(Duration::MAX), u64::MAX);
}

#[test]
fn memory_is_counted_over_all_memories_of_an_instance() {
    let mut meter = Meter::new(&Limits::default().memory(3 << 16));
    assert!(meter.memory_growing(0, 1 << 16, None).unwrap());
    assert!(meter.memory_growing(0, 2 << 16, None).unwrap());
    assert_eq!(meter.memory(), 3 << 16);
    assert!(!meter.memory_growing(1 << 16, 2 << 16, None).unwrap());
    assert_eq!(meter.take_denied(), Some(super::Denied::Memory(4 << 16)));
    assert_eq!(meter.take_denied(), None);
    // what the memory itself cannot hold is no matter of the limit
    let mut meter = Meter::new(&Limits::default());
    assert!(!meter.memory_growing(0, 1 << 16, Some(0)).unwrap());
    assert_eq!(meter.take_denied(), None);
    assert_eq!(meter.memory(), 0);
}

#[test]
fn an_engine_that_wasmtime_refuses() {
    let mut builder = Engine::builder();
    builder.stack = 0;
    let error = builder.build().unwrap_err();
    assert_eq!(error.code(), "PLG0508");
    assert_eq!(error.to_string(), "cannot make an engine");
    let why = std::error::Error::source(&error).unwrap().to_string();
    assert!(why.contains("max_wasm_stack"), "{why}");
}
