use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering::SeqCst};
use std::time::{Duration, Instant};

use super::ticker::{Ticker, TickerDead};
use super::{Engine, EngineKind, Meter};
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
fn the_epochs_of_both_engines_move_while_a_call_runs() {
    let engine = Engine::builder().tick(Duration::from_millis(2)).build().unwrap();
    let _running = engine.running().unwrap();
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    for (text, kind) in [(SPINS.to_owned(), EngineKind::Lean), (needing_full(SPINS), EngineKind::Full)] {
        let component = engine.compile(&wat::parse_str(&text).unwrap()).unwrap();
        assert_eq!(engine.kind_of(&component), kind);
        let mut store = wasmtime::Store::new(component.engine(), ());
        store.set_epoch_deadline(3);
        let linker = wasmtime::component::Linker::new(component.engine());
        // without ticks this would never end
        let made = runtime.block_on(linker.instantiate_async(&mut store, &component));
        assert_eq!(made.unwrap_err().downcast_ref(), Some(&wasmtime::Trap::Interrupt), "{kind:?}");
    }
}

const SPINS: &str = "(component
    (core module $m (start 0) (func (loop (br 0))))
    (core instance (instantiate $m)))";

/// The same with something that only the full engine has.
fn needing_full(text: &str) -> String {
    text.replacen("(component", "(component (type (list u8 4))", 1)
}

#[test]
fn the_full_engine_is_made_when_it_is_needed() {
    let engine = Engine::new().unwrap();
    let compile = |text: &str| engine.compile(&wat::parse_str(text).unwrap());
    assert_eq!(engine.kind_of(&compile("(component)").unwrap()), EngineKind::Lean);
    compile("(component (export \"a\" (func 0)))").unwrap_err();
    assert!(!engine.has_full(), "what no engine takes does not need it");
    let first = compile(&needing_full("(component)")).unwrap();
    assert!(engine.has_full());
    let second = compile(&needing_full("(component (component))")).unwrap();
    assert!(wasmtime::Engine::same(first.engine(), second.engine()), "there is one of them");
    assert_eq!(engine.kind_of(&compile("(component)").unwrap()), EngineKind::Lean, "all others stay");
}

/// Our validation and wasmtime's agree: a feature that one of them has and the other has not would send a
/// component to the wrong engine, or to none.
#[test]
fn each_component_goes_to_the_engine_that_takes_it() {
    let builder = Engine::builder();
    let [lean, full] =
        [EngineKind::Lean, EngineKind::Full].map(|kind| builder.wasmtime_engine(kind).unwrap());
    for (item, expected) in [
        ("", Some(EngineKind::Lean)),
        ("(type (list u8))", Some(EngineKind::Lean)),
        ("(core module (memory i64 1) (memory 1))", Some(EngineKind::Lean)),
        (
            "(core module (func (param v128)) (func (return_call 0 (v128.const i32x4 0 0 0 0))))",
            Some(EngineKind::Lean),
        ),
        ("(type (func async))", Some(EngineKind::Full)),
        ("(type (stream u8))", Some(EngineKind::Full)),
        ("(type (future))", Some(EngineKind::Full)),
        ("(core func (canon task.cancel))", Some(EngineKind::Full)),
        ("(core func (canon waitable-set.new))", Some(EngineKind::Full)),
        ("(core func (canon thread.yield))", Some(EngineKind::Full)),
        ("(type (map string u8))", Some(EngineKind::Full)),
        ("(type (list u8 4))", Some(EngineKind::Full)),
        ("(component (component (type (list u8 4))))", Some(EngineKind::Full)),
        // experimental, and on neither
        ("(type error-context)", None),
        ("(core func (canon subtask.cancel async))", None),
        ("(core func (canon thread.index))", None),
        ("(core module (memory 1 1 shared))", None),
        ("(core module (type (struct)))", None),
        ("(core module (tag))", None),
        ("(core module (type (func)) (type (cont 0)))", None),
        ("(core module (memory 1 (pagesize 1)))", None),
        (
            "(core module (func (param i64 i64 i64 i64) (result i64 i64)
            (i64.add128 (local.get 0) (local.get 1) (local.get 2) (local.get 3))))",
            None,
        ),
    ] {
        let bytes =
            wat::parse_str(format!("(component {item})")).unwrap_or_else(|why| panic!("{item}: {why}"));
        assert_eq!(EngineKind::needed_by(&bytes).ok(), expected, "{item}");
        for (engine, takes) in [(&lean, expected == Some(EngineKind::Lean)), (&full, expected.is_some())] {
            let taken = wasmtime::component::Component::from_binary(engine, &bytes);
            assert_eq!(taken.is_ok(), takes, "{item}: {:?}", taken.err());
        }
    }
}

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
