//! What plugins log, out of the stream of `tracing` and into that of the reporter.

use std::fmt;
use std::sync::mpsc::SyncSender;

use tracing::field::{Field, Visit};
use tracing::{Metadata, Subscriber};
use tracing_subscriber::layer::{Context, Layer, SubscriberExt};

use crate::report::Event;

/// The target under which plug-host reports them.
const TARGET: &str = "plug::plugin";

/// Sends each line, wrapped into a message of the receiver's.
pub(super) struct LogEvents<M> {
    sender: SyncSender<M>,
    wrap: fn(Event) -> M,
}

impl<M> LogEvents<M> {
    pub(super) fn new(sender: SyncSender<M>, wrap: fn(Event) -> M) -> Self {
        Self { sender, wrap }
    }
}

/// Does `work` while this thread's log goes to `log`.
pub(super) fn listening<M: Send + 'static, T>(log: LogEvents<M>, work: impl FnOnce() -> T) -> T {
    tracing::subscriber::with_default(tracing_subscriber::registry().with(log), work)
}

impl<S: Subscriber, M: Send + 'static> Layer<S> for LogEvents<M> {
    fn enabled(&self, metadata: &Metadata<'_>, _: Context<'_, S>) -> bool {
        metadata.target() == TARGET
    }

    fn on_event(&self, event: &tracing::Event<'_>, _: Context<'_, S>) {
        let mut line = Line::default();
        event.record(&mut line);
        let level = event.metadata().level().as_str().to_ascii_lowercase();
        // A stream of the plugin's has no levels of its own.
        let level = line.stream.unwrap_or(level);
        let event = Event::PluginLog { level, plugin: line.plugin, message: line.message };
        drop(self.sender.send((self.wrap)(event)));
    }
}

#[derive(Default)]
struct Line {
    plugin: String,
    stream: Option<String>,
    message: String,
}

impl Line {
    fn set(&mut self, field: &Field, value: String) {
        match field.name() {
            "plugin" => self.plugin = value,
            "stream" => self.stream = Some(value),
            "message" => self.message = value,
            _ => {}
        }
    }
}

impl Visit for Line {
    fn record_debug(&mut self, field: &Field, value: &dyn fmt::Debug) {
        self.set(field, format!("{value:?}"));
    }

    fn record_str(&mut self, field: &Field, value: &str) {
        self.set(field, value.to_owned());
    }
}
