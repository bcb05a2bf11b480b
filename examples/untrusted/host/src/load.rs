//! The good plugin under load, alone and beside all the others.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use anyhow::Context as _;
use plug_host::{Artifact, Host, PluginHandle};
use tokio::sync::mpsc;
use tokio::task::JoinSet;

use crate::Runner;
use crate::strangers::{COME_AND_GO, GOOD, Stranger};

/// As many call the good plugin, each again and again.
const CALLERS: usize = 4;
/// What a caller does between two calls takes so long.
const PAUSE: Duration = Duration::from_millis(10);
/// A stranger that was refused or stopped tries again after this time.
const AGAIN: Duration = Duration::from_millis(10);

/// What the good plugin did for its callers.
#[derive(Debug, Default)]
pub struct Served {
    times: Vec<Duration>,
    failed: usize,
    /// What the first call that failed said.
    why: Option<String>,
}

/// What became of the attempts of the strangers, and how often: by plugin, attempt and outcome.
#[derive(Debug, Clone, Default)]
pub struct Attempts(Arc<Mutex<BTreeMap<[String; 3], u64>>>);

/// Runs the good plugin alone, then beside the strangers; each for that time.
pub async fn compare(
    host: &Host<Runner>,
    all: &[Stranger],
    time: Duration,
) -> anyhow::Result<(Served, Served, Attempts)> {
    let good = all.iter().find(|plugin| plugin.name == GOOD);
    let good = good.with_context(|| format!("there is no plugin `{GOOD}`"))?;
    let good = host.load(GOOD, Artifact::from_file(&good.file)?).await?;
    let alone = serve(&good, time).await?;

    let (attempts, over) = (Attempts::default(), Arc::new(AtomicBool::new(false)));
    let (loading, mut loaded) = mpsc::channel::<()>(1);
    let mut loops = JoinSet::new();
    for stranger in all.iter().filter(|plugin| plugin.name != GOOD).cloned() {
        let artifact = Artifact::from_file(&stranger.file)?;
        let (host, attempts) = (host.clone(), attempts.clone());
        let (over, loading) = (over.clone(), loading.clone());
        loops.spawn(async move {
            have_its_way(&host, &stranger, &artifact, &attempts, &over, loading).await;
        });
    }
    drop(loading);
    // each of them says that it was loaded, or refused, by going away
    while loaded.recv().await.is_some() {}
    let beside = serve(&good, time).await;
    over.store(true, Ordering::Relaxed);
    while let Some(ended) = loops.join_next().await {
        ended?;
    }
    host.unload(GOOD).await?;
    Ok((alone, beside?, attempts))
}

/// Loads a stranger and calls it again and again, until it is over.
async fn have_its_way(
    host: &Host<Runner>,
    stranger: &Stranger,
    artifact: &Artifact,
    attempts: &Attempts,
    over: &AtomicBool,
    loading: mpsc::Sender<()>,
) {
    let name = &stranger.name;
    let mut loading = Some(loading);
    while !over.load(Ordering::Relaxed) {
        let plugin = host.load(name, artifact.clone()).await;
        drop(loading.take());
        match plugin {
            Ok(plugin) => {
                loop {
                    match plugin.call(async |p, store| p.errand().call_run(store).await).await {
                        Ok(told) => {
                            for attempt in told {
                                let outcome = if attempt.outcome.is_ok() { "done" } else { "denied" };
                                attempts.add(name, &attempt.what, outcome);
                            }
                        }
                        Err(error) => attempts.add(name, "run its errand", &stopped(error.code())),
                    }
                    if over.load(Ordering::Relaxed) || stranger.does == Some(COME_AND_GO) {
                        break;
                    }
                    tokio::time::sleep(AGAIN).await;
                }
                // one that broke has no instance that could be told
                drop(host.unload(name).await);
            }
            Err(refused) => attempts.add(name, "be loaded", &stopped(refused.code())),
        }
        tokio::time::sleep(AGAIN).await;
    }
}

fn stopped(code: &str) -> String {
    format!("stopped ({code})")
}

/// Has several call the plugin, until the time is over.
async fn serve(good: &PluginHandle<Runner>, time: Duration) -> anyhow::Result<Served> {
    let end = Instant::now() + time;
    let mut callers = JoinSet::new();
    for _ in 0..CALLERS {
        let good = good.clone();
        callers.spawn(async move {
            let mut served = Served::default();
            while Instant::now() < end {
                let begin = Instant::now();
                let answer = good.call(async |p, store| p.errand().call_run(store).await).await;
                served.times.push(begin.elapsed());
                // it says of each thing that it was granted whether it could do it
                let why = match answer {
                    Ok(told) => told.into_iter().find_map(|attempt| attempt.outcome.err()),
                    Err(error) => Some(error.to_string()),
                };
                if why.is_some() {
                    served.failed += 1;
                    served.why = served.why.or(why);
                }
                tokio::time::sleep(PAUSE).await;
            }
            served
        });
    }
    let mut all = Served::default();
    while let Some(served) = callers.join_next().await {
        let served = served?;
        all.times.extend(served.times);
        all.failed += served.failed;
        all.why = all.why.or(served.why);
    }
    all.times.sort_unstable();
    Ok(all)
}

impl Served {
    /// Whether it was called at all, and no call failed.
    pub fn always(&self) -> bool {
        self.failed == 0 && !self.times.is_empty()
    }

    /// What the first call that failed said.
    pub fn why(&self) -> Option<&str> {
        self.why.as_deref()
    }

    /// So many of a hundred calls took no longer.
    fn percentile(&self, hundredths: usize) -> Duration {
        let rank = (self.times.len() * hundredths).div_ceil(100).max(1);
        self.times.get(rank - 1).copied().unwrap_or_default()
    }
}

impl fmt::Display for Served {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let milliseconds = |time: Duration| format!("{:.1} ms", time.as_secs_f64() * 1000.0);
        write!(
            f,
            "{:>8}  {:>6}  {:>9}  {:>9}  {:>9}",
            self.times.len(),
            self.failed,
            milliseconds(self.percentile(50)),
            milliseconds(self.percentile(99)),
            milliseconds(self.percentile(100)),
        )
    }
}

impl Attempts {
    fn add(&self, plugin: &str, attempt: &str, outcome: &str) {
        let mut counts = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        *counts.entry([plugin, attempt, outcome].map(str::to_owned)).or_default() += 1;
    }
}

impl fmt::Display for Attempts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let counts = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let width =
            |column: usize| counts.keys().map(|row| row[column].chars().count()).max().unwrap_or_default();
        let (plugins, attempts) = (width(0), width(1));
        writeln!(f, "{:plugins$}  {:attempts$}  {:17}  {:>9}", "plugin", "attempt", "outcome", "how often")?;
        let mut last = "";
        for ([plugin, attempt, outcome], count) in &*counts {
            let name = if plugin == last { "" } else { plugin };
            last = plugin;
            writeln!(f, "{name:plugins$}  {attempt:attempts$}  {outcome:17}  {count:>9}")?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn percentiles_are_those_of_the_calls() {
        let served = |times: &[u64]| Served {
            times: times.iter().copied().map(Duration::from_millis).collect(),
            ..Served::default()
        };
        let hundred = served(&(1..=100).collect::<Vec<_>>());
        assert_eq!([50, 99, 100].map(|of| hundred.percentile(of).as_millis()), [50, 99, 100]);
        assert_eq!(served(&[7]).percentile(50), Duration::from_millis(7));
        assert_eq!(served(&[]).percentile(99), Duration::ZERO);
        assert!(hundred.always() && !served(&[]).always());
        assert!(!Served { failed: 1, ..hundred }.always());
    }
}
