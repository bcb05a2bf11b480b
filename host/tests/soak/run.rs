//! A run, from the seed to the verdict.
#![allow(clippy::print_stdout, reason = "a run of half an hour says how it is going")]

use std::env;
use std::io;
use std::sync::Arc;
use std::time::{Duration, Instant};

use tokio::runtime::{Handle, Runtime};
use tokio::sync::Semaphore;
use tokio::task::JoinSet;

use crate::cast::Cast;
use crate::harness::resident;
use crate::performer::Performer;
use crate::plan::{Plan, SLOTS};
use crate::samples::{Sample, Samples, threads};

/// So many actions are under way at once.
const AT_ONCE: usize = 4;
/// After so many it is quiet for a moment.
const ROUND: u64 = 100;
/// As an ordinary test it is over after so many rounds.
const ROUNDS: u64 = 2;
/// What is given up is given back within this time.
const PATIENCE: Duration = Duration::from_secs(20);
/// A thread that has nothing to do goes after this time.
const IDLE: Duration = Duration::from_millis(500);
/// The time between two lines.
const PACE: Duration = Duration::from_secs(10);

#[test]
fn healthy_and_hostile_plugins_together() {
    let number =
        |name| env::var(name).ok().map(|value| value.parse().unwrap_or_else(|_| panic!("{name}={value}")));
    let seed: u64 = number("PLUG_SOAK_SEED").unwrap_or(1);
    let minutes: Option<u64> = number("PLUG_SOAK_MINUTES");
    // what plugins log is formatted, as it would be in an application
    let log = tracing_subscriber::fmt().with_writer(io::sink).finish();
    // in this process, nobody else sets one
    tracing::subscriber::set_global_default(log).unwrap();
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .thread_keep_alive(IDLE)
        .enable_all()
        .build()
        .unwrap();
    let wrong = soak(&runtime, seed, minutes.map(|minutes| Duration::from_secs(60 * minutes)));
    assert!(wrong.is_empty(), "seed {seed}:\n  {}", wrong.join("\n  "));
}

/// What is wrong in the end.
fn soak(runtime: &Runtime, seed: u64, time: Option<Duration>) -> Vec<String> {
    let cast = Cast::new();
    println!("seed {seed}, {} hostile plugins, {SLOTS} healthy ones at any time", cast.hostile.len());
    // what is made once for a process is there before its threads are counted
    runtime.block_on(async {
        Performer::new(Cast::new()).await.host.shutdown().await.unwrap();
        tokio::time::sleep(2 * IDLE).await;
    });
    let before = runtime.block_on(settled(runtime.handle(), 0, usize::MAX));

    let plan = Plan::new(seed, cast.hostile.len());
    let performer = Arc::new(runtime.block_on(Performer::new(cast)));
    let mut wrong = runtime.block_on(act(&performer, plan, time));
    if let Err(error) = runtime.block_on(performer.host.shutdown()) {
        wrong.push(format!("the host does not shut down: {error:#}"));
    }
    let tally = std::mem::take(&mut *performer.tally());
    drop(performer);
    let after = runtime.block_on(settled(runtime.handle(), 0, before.threads));
    if after.tasks > 0 || after.threads > before.threads {
        wrong.push(format!("when the host is gone, there are {after:?}; before it there were {before:?}"));
    }
    println!("\n{tally}\nthe longest call of a healthy plugin took {:?}", tally.longest);
    wrong.extend(tally.wrong);
    println!("verdict: {}", if wrong.is_empty() { "fine" } else { "wrong" });
    wrong
}

/// Has the performer do what is planned; what is wrong with the whole.
async fn act(performer: &Arc<Performer>, mut plan: Plan, time: Option<Duration>) -> Vec<String> {
    let handle = Handle::current();
    let tasks = handle.metrics().num_alive_tasks();
    let (begin, mut said) = (Instant::now(), Instant::now());
    let (mut number, mut samples, mut wrong) = (0, Samples::default(), Vec::new());
    let places = Arc::new(Semaphore::new(AT_ONCE));
    loop {
        let mut round = JoinSet::new();
        for _ in 0..ROUND {
            let place = places.clone().acquire_owned().await.unwrap();
            let (performer, action) = (performer.clone(), plan.draw());
            number += 1;
            round.spawn(async move {
                performer.perform(number, action).await;
                drop(place);
            });
        }
        while let Some(ended) = round.join_next().await {
            if let Err(panic) = ended {
                wrong.push(format!("before action {number}: {panic}"));
            }
        }
        let now = settled(&handle, tasks, usize::MAX).await;
        if now.tasks > tasks {
            wrong.push(format!("after action {number} there are {} tasks, not {tasks}", now.tasks));
        }
        let loaded = performer.host.list().len();
        if loaded != SLOTS {
            wrong.push(format!("after action {number} there are {loaded} plugins, not {SLOTS}"));
        }
        let sample = Sample { at: begin.elapsed(), memory: resident(), threads: now.threads };
        samples.add(sample);
        let over = match time {
            Some(time) => begin.elapsed() >= time,
            None => number >= ROUND * ROUNDS,
        };
        // more of the same would only hide what was first
        let over = over || !wrong.is_empty() || performer.tally().wrong.len() > 10;
        if over || number == ROUND || said.elapsed() >= PACE {
            said = Instant::now();
            println!(
                "{:5} s  {number:7} actions  {loaded} loaded  {:4} MiB  {:2} threads  {}",
                sample.at.as_secs(),
                sample.memory >> 20,
                sample.threads,
                performer.tally().by_outcome()
            );
        }
        if over {
            break;
        }
    }
    println!("\n{}", samples.quarters());
    wrong.extend(samples.growth());
    wrong
}

#[derive(Debug, Clone, Copy)]
struct Alive {
    tasks: usize,
    threads: usize,
}

/// What is alive when it is no more than that, or when one has waited long enough.
async fn settled(handle: &Handle, tasks: usize, most: usize) -> Alive {
    let begin = Instant::now();
    loop {
        let alive = Alive { tasks: handle.metrics().num_alive_tasks(), threads: threads() };
        if alive.tasks <= tasks && alive.threads <= most || begin.elapsed() > PATIENCE {
            return alive;
        }
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
}
