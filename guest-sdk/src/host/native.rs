//! No host: what a plugin says is kept for the test that runs it. Each thread has its own, as each
//! test has a thread.

use std::cell::RefCell;
use std::collections::BTreeMap;

use crate::log::Level;
use crate::testing::{Event, LogLine};

/// What a test sets and sees.
#[derive(Default)]
pub(crate) struct Stage {
    pub(crate) config: BTreeMap<String, String>,
    pub(crate) log: Vec<LogLine>,
    pub(crate) events: Vec<Event>,
    pub(crate) event_refusal: Option<String>,
}

thread_local! {
    static STAGE: RefCell<Stage> = RefCell::default();
}

/// Works on the thread's stage; on a default one while the thread ends.
pub(crate) fn with_stage<T>(work: impl FnOnce(&mut Stage) -> T) -> T {
    let mut work = Some(work);
    let done = STAGE.try_with(|stage| {
        let mut stage = stage.try_borrow_mut().ok()?;
        work.take().map(|work| work(&mut stage))
    });
    match (done, work) {
        (Ok(Some(out)), _) => out,
        (_, Some(work)) => work(&mut Stage::default()),
        (_, None) => unreachable!("work was taken and gave no result"),
    }
}

pub(crate) fn log(level: Level, message: &str) {
    let name = format!("{level:?}").to_uppercase();
    #[expect(clippy::print_stderr, reason = "without a host, stderr is the log")]
    {
        eprintln!("{name:>5} {message}");
    }
    with_stage(|stage| stage.log.push(LogLine { level, message: message.to_owned() }));
}

pub(crate) fn config(key: &str) -> Option<String> {
    with_stage(|stage| stage.config.get(key).cloned())
}

pub(crate) fn emit(event_type: &str, payload: &str) -> Result<(), String> {
    with_stage(|stage| match &stage.event_refusal {
        Some(reason) => Err(reason.clone()),
        None => {
            stage.events.push(Event { event_type: event_type.to_owned(), payload: payload.to_owned() });
            Ok(())
        }
    })
}
