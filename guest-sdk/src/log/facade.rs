//! The macros of the crate `log`.

use log::{LevelFilter, Log, Metadata, Record};

use super::Level;

struct HostLog;

impl Log for HostLog {
    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        super::is_enabled(level(metadata.level()))
    }

    fn log(&self, record: &Record<'_>) {
        super::write(level(record.level()), *record.args());
    }

    fn flush(&self) {}
}

fn level(level: log::Level) -> Level {
    match level {
        log::Level::Error => Level::Error,
        log::Level::Warn => Level::Warn,
        log::Level::Info => Level::Info,
        log::Level::Debug => Level::Debug,
        log::Level::Trace => Level::Trace,
    }
}

pub(super) fn filter(least: Level) -> LevelFilter {
    match least {
        Level::Error => LevelFilter::Error,
        Level::Warn => LevelFilter::Warn,
        Level::Info => LevelFilter::Info,
        Level::Debug => LevelFilter::Debug,
        Level::Trace => LevelFilter::Trace,
    }
}

/// A logger that the plugin has installed itself stays.
pub(crate) fn install() {
    if log::set_logger(&HostLog).is_ok() {
        log::set_max_level(LevelFilter::Trace);
    }
}

#[cfg(test)]
mod tests {
    use crate::log::Level;

    #[test]
    fn lines_of_the_crate_log_arrive() {
        super::install();
        crate::testing::reset();
        log::error!("{} lost", 3);
        log::trace!("detail");
        let lines = crate::testing::log();
        assert_eq!((lines[0].level, lines[0].message.as_str()), (Level::Error, "3 lost"));
        assert_eq!((lines[1].level, lines[1].message.as_str()), (Level::Trace, "detail"));
    }
}
