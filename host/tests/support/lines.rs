//! What plugins write to the log.

#![allow(dead_code, reason = "each test file uses its own part")]

use std::sync::{Arc, Mutex};

use tracing::field::{Field, Visit};
use tracing_subscriber::layer::{Context, Layer, SubscriberExt as _};

/// One event of `tracing`, as far as it is of interest here.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Line {
    pub target: String,
    pub level: String,
    pub plugin: String,
    pub stream: String,
    pub cut: Option<u64>,
    pub message: String,
}

#[derive(Clone, Default)]
pub struct Lines(Arc<Mutex<Vec<Line>>>);

impl<S: tracing::Subscriber> Layer<S> for Lines {
    fn on_event(&self, event: &tracing::Event<'_>, _: Context<'_, S>) {
        let mut line = Line {
            target: event.metadata().target().to_owned(),
            level: event.metadata().level().to_string(),
            ..Line::default()
        };
        event.record(&mut line);
        self.0.lock().unwrap().push(line);
    }
}

impl Visit for Line {
    fn record_str(&mut self, field: &Field, value: &str) {
        if field.name() == "stream" {
            self.stream = value.to_owned();
        }
    }

    fn record_u64(&mut self, field: &Field, value: u64) {
        if field.name() == "cut" {
            self.cut = Some(value);
        }
    }

    fn record_debug(&mut self, field: &Field, value: &dyn std::fmt::Debug) {
        match field.name() {
            "plugin" => self.plugin = format!("{value:?}"),
            "message" => self.message = format!("{value:?}"),
            _ => {}
        }
    }
}

impl Lines {
    /// All that was said since it was cleared.
    pub fn all(&self) -> Vec<Line> {
        self.0.lock().unwrap().clone()
    }

    pub fn clear(&self) {
        self.0.lock().unwrap().clear();
    }

    /// What plugins have written; our own messages stand under other targets.
    pub fn of_plugins(&self) -> Vec<Line> {
        let mut lines = self.all();
        lines.retain(|line| line.target == "plug::plugin");
        lines
    }
}

/// Collects what is logged on this thread.
pub fn listen() -> (Lines, tracing::subscriber::DefaultGuard) {
    let lines = Lines::default();
    let subscriber = tracing_subscriber::registry().with(lines.clone());
    (lines, tracing::subscriber::set_default(subscriber))
}
