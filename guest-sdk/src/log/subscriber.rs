//! The macros of the crate `tracing`.

use std::cell::RefCell;
use std::fmt::{self, Write};
use std::sync::atomic::{AtomicU64, Ordering};

use tracing_core::field::{Field, Visit};
use tracing_core::span::{Attributes, Current, Id, Record};
use tracing_core::{Dispatch, Event, Interest, Metadata, Subscriber};

use super::Level;

/// Writes events to the host's log, with the open spans before them: `resize{width=3}: done`.
#[derive(Default)]
struct HostSubscriber {
    last_id: AtomicU64,
}

/// A guest has one thread, a native test one for itself.
#[derive(Default)]
struct Spans {
    known: Vec<Known>,
    entered: Vec<u64>,
}

struct Known {
    id: u64,
    handles: usize,
    text: Text,
    metadata: &'static Metadata<'static>,
}

thread_local! {
    static SPANS: RefCell<Spans> = RefCell::default();
}

/// Spans are gone while a thread ends, and not to be had by code that runs while they change.
fn with_spans<T>(work: impl FnOnce(&mut Spans) -> T) -> Option<T> {
    SPANS.try_with(|spans| spans.try_borrow_mut().ok().map(|mut spans| work(&mut spans))).ok().flatten()
}

impl Spans {
    fn find(&mut self, id: u64) -> Option<&mut Known> {
        self.known.iter_mut().find(|span| span.id == id)
    }
}

impl Subscriber for HostSubscriber {
    fn register_callsite(&self, metadata: &'static Metadata<'static>) -> Interest {
        if self.enabled(metadata) { Interest::always() } else { Interest::never() }
    }

    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        super::is_enabled(level(metadata))
    }

    fn new_span(&self, attributes: &Attributes<'_>) -> Id {
        let id = self.last_id.fetch_add(1, Ordering::Relaxed) + 1;
        let mut text = Text::default();
        attributes.record(&mut text);
        with_spans(|spans| spans.known.push(Known { id, handles: 1, text, metadata: attributes.metadata() }));
        Id::from_u64(id)
    }

    fn record(&self, span: &Id, values: &Record<'_>) {
        with_spans(|spans| {
            if let Some(span) = spans.find(span.into_u64()) {
                values.record(&mut span.text);
            }
        });
    }

    fn record_follows_from(&self, _span: &Id, _follows: &Id) {}

    fn event(&self, event: &Event<'_>) {
        let mut text = Text::default();
        event.record(&mut text);
        let mut line = String::new();
        with_spans(|spans| {
            for id in &spans.entered {
                if let Some(span) = spans.known.iter().find(|span| span.id == *id) {
                    // a String takes everything
                    let _ = write!(line, "{}{}: ", span.metadata.name(), span.text.in_braces());
                }
            }
        });
        line.push_str(&text.message);
        if !text.fields.is_empty() {
            if !line.is_empty() && !line.ends_with(' ') {
                line.push(' ');
            }
            line.push_str(&text.fields);
        }
        super::write(level(event.metadata()), format_args!("{line}"));
    }

    fn enter(&self, span: &Id) {
        with_spans(|spans| spans.entered.push(span.into_u64()));
    }

    fn exit(&self, span: &Id) {
        with_spans(|spans| {
            if let Some(index) = spans.entered.iter().rposition(|id| *id == span.into_u64()) {
                spans.entered.remove(index);
            }
        });
    }

    fn clone_span(&self, id: &Id) -> Id {
        with_spans(|spans| {
            if let Some(span) = spans.find(id.into_u64()) {
                span.handles += 1;
            }
        });
        id.clone()
    }

    fn try_close(&self, id: Id) -> bool {
        with_spans(|spans| {
            let Some(index) = spans.known.iter().position(|span| span.id == id.into_u64()) else {
                return false;
            };
            spans.known[index].handles -= 1;
            let closed = spans.known[index].handles == 0;
            if closed {
                spans.known.remove(index);
            }
            closed
        })
        .unwrap_or(false)
    }

    fn current_span(&self) -> Current {
        let current = with_spans(|spans| {
            let id = *spans.entered.last()?;
            spans.find(id).map(|span| (span.id, span.metadata))
        });
        match current.flatten() {
            Some((id, metadata)) => Current::new(Id::from_u64(id), metadata),
            None => Current::none(),
        }
    }
}

fn level(metadata: &Metadata<'_>) -> Level {
    match *metadata.level() {
        tracing_core::Level::ERROR => Level::Error,
        tracing_core::Level::WARN => Level::Warn,
        tracing_core::Level::INFO => Level::Info,
        tracing_core::Level::DEBUG => Level::Debug,
        tracing_core::Level::TRACE => Level::Trace,
    }
}

/// The message, and the other fields as `name=value`.
#[derive(Default)]
struct Text {
    message: String,
    fields: String,
}

impl Text {
    fn in_braces(&self) -> String {
        if self.fields.is_empty() { String::new() } else { format!("{{{}}}", self.fields) }
    }

    fn add(&mut self, field: &Field, value: fmt::Arguments<'_>) {
        // a String takes everything
        let _ = if field.name() == "message" {
            self.message.write_fmt(value)
        } else {
            let space = if self.fields.is_empty() { "" } else { " " };
            write!(self.fields, "{space}{}={value}", field.name())
        };
    }
}

impl Visit for Text {
    fn record_debug(&mut self, field: &Field, value: &dyn fmt::Debug) {
        self.add(field, format_args!("{value:?}"));
    }

    fn record_error(&mut self, field: &Field, value: &(dyn std::error::Error + 'static)) {
        self.add(field, format_args!("{value}"));
    }
}

/// A subscriber that the plugin has installed itself stays.
pub(crate) fn install() {
    let _ = tracing_core::dispatcher::set_global_default(Dispatch::new(HostSubscriber::default()));
}

#[cfg(test)]
mod tests {
    use crate::log::Level;
    use crate::testing;

    fn messages() -> Vec<(Level, String)> {
        testing::log().into_iter().map(|line| (line.level, line.message)).collect()
    }

    #[test]
    fn events_arrive_with_fields_and_spans() {
        super::install();
        testing::reset();
        tracing::warn!(rows = 3, name = "a b", "some are {}", "bad");
        let outer = tracing::info_span!("resize", width = 3, height = tracing::field::Empty);
        outer.record("height", 4);
        {
            let _outer = outer.enter();
            let inner = tracing::debug_span!("read").entered();
            tracing::error!("gone");
            drop(inner);
            tracing::info!(done = true);
        }
        tracing::trace!("after");
        assert_eq!(
            messages(),
            [
                (Level::Warn, "some are bad rows=3 name=\"a b\"".to_owned()),
                (Level::Error, "resize{width=3 height=4}: read: gone".to_owned()),
                (Level::Info, "resize{width=3 height=4}: done=true".to_owned()),
                (Level::Trace, "after".to_owned()),
            ]
        );
    }

    #[test]
    fn closed_spans_are_forgotten() {
        super::install();
        let span = tracing::info_span!("short");
        let copy = span.clone();
        drop(span);
        copy.in_scope(|| assert!(tracing::Span::current().metadata().is_some()));
        drop(copy);
        super::with_spans(|spans| assert!(spans.known.is_empty() && spans.entered.is_empty())).unwrap();
    }
}
