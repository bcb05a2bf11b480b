//! The only part that prints. stdout is data, stderr is talk.

mod event;
mod github;
mod human;
mod json;
mod output_error;
mod page;
mod sarif;
mod style;

use std::io::{self, BufRead as _, Write};

pub(crate) use event::{Event, Origin};
use output_error::OutputError;
use page::Page;
use style::Style;

use crate::cli::{Color, Command, CompatFormat, ContractCommand, Format, Talk};
use crate::commands::Outcome;
use crate::commands::call::{self, Answer};
use crate::commands::inspect::Form;
use crate::env::{Place, Streams};
use crate::failure::Failure;

/// How data stands on stdout.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Layout {
    /// It is one piece, of as many lines as it takes.
    Whole,
    /// It is one piece after another, each on a line.
    Lines,
}

/// Renders events while a command works, and what it returned when it is through.
pub(crate) struct Reporter {
    streams: Streams,
    talk: Talk,
    place: Place,
    page: Page,
    stderr: Style,
    /// Whether a machine reads stdout.
    is_json: bool,
    layout: Layout,
    /// Writing failed once.
    is_broken: bool,
}

impl Reporter {
    pub(crate) fn new(streams: Streams, talk: Talk, command: Option<&Command>, place: &Place) -> Self {
        let colour = |is_terminal: bool| match talk.color {
            Color::Always => true,
            Color::Never => false,
            Color::Auto => {
                is_terminal && place.var("NO_COLOR").is_none() && place.var("TERM") != Some("dumb".as_ref())
            }
        };
        let (data, stderr) =
            (Style::new(colour(streams.stdout_is_terminal)), Style::new(colour(streams.stderr_is_terminal)));
        let is_json = command.is_some_and(wants_json);
        let layout = if command.is_some_and(is_series) { Layout::Lines } else { Layout::Whole };
        let page = Page {
            style: data,
            is_terminal: streams.columns.is_some(),
            width: Page::width(streams.columns),
            verbose: talk.verbose,
        };
        Self { streams, talk, place: place.clone(), page, stderr, is_json, layout, is_broken: false }
    }

    pub(crate) fn talk(&self) -> &Talk {
        &self.talk
    }

    /// Whether the output could not be written, as to a pipe that nobody reads any more.
    pub(crate) fn is_broken(&self) -> bool {
        self.is_broken
    }

    /// Tells what happens.
    pub(crate) fn event(&mut self, event: Event) {
        let text = human::event(&event, self.stderr, self.talk.quiet, self.talk.verbose);
        self.write_stderr(&text);
    }

    /// Whether what is said on stderr has colours.
    pub(crate) fn has_colour(&self) -> bool {
        self.stderr.is_on()
    }

    /// Passes on what another program said.
    pub(crate) fn pass_on(&mut self, bytes: &[u8]) {
        self.is_broken |= self.streams.stderr.write_all(bytes).is_err();
    }

    /// Asks for a yes. `None` when there is nobody to answer.
    pub(crate) fn ask(&mut self, question: &str) -> Option<bool> {
        if !(self.streams.stdin_is_terminal && self.streams.stderr_is_terminal) {
            return None;
        }
        self.write_stderr(&format!("{question} [y/N] "));
        self.streams.stderr.flush().ok()?;
        let mut answer = String::new();
        self.streams.stdin.read_line(&mut answer).ok()?;
        Some(matches!(answer.trim(), "y" | "Y" | "yes"))
    }

    /// Asks for what nobody else may see. `None` when there is nobody to answer.
    pub(crate) fn ask_secret(&mut self, question: &str) -> Option<io::Result<String>> {
        (self.streams.stdin_is_terminal && self.streams.stderr_is_terminal)
            .then(|| rpassword::prompt_password(question))
    }

    /// Shows what a command returned.
    pub(crate) fn outcome(&mut self, outcome: &Outcome) {
        let text = match outcome {
            Outcome::Done => String::new(),
            Outcome::Build(report) if self.is_json => json::build(report),
            Outcome::Build(report) => human::build(report, self.page.style),
            Outcome::Inspect(inspection, Form::Json) => json::inspection(inspection),
            Outcome::Inspect(inspection, Form::Wit) => human::wit(&inspection.wit),
            Outcome::Inspect(inspection, Form::Human) => human::inspection(inspection, self.page.style),
            Outcome::Caps(report) if report.format == Format::Json => json::caps(report),
            Outcome::Caps(report) => human::caps(report, self.page.style),
            Outcome::Call(called) => match (&called.unshown, &called.failure) {
                (Some(answer), Some(failure)) => json::answer_and_failure(answer, failure),
                (Some(answer), None) => self.answer_text(answer),
                (None, _) => String::new(),
            },
            Outcome::Functions(functions) if self.is_json => json::functions(functions),
            Outcome::Functions(functions) => human::functions(functions, self.page.style),
            Outcome::Comparison(comparison) => match comparison.format {
                CompatFormat::Human => human::comparison(comparison, self.page),
                CompatFormat::Json => json::comparison(comparison),
                CompatFormat::Github => github::comparison(comparison),
                CompatFormat::Sarif => sarif::comparison(comparison),
            },
            Outcome::Keys(keys) if keys.format == Format::Json => json::keys(keys),
            Outcome::Keys(keys) => human::keys(keys, self.page.style),
            Outcome::Signed(signed) if signed.format == Format::Json => json::signed(signed),
            Outcome::Signed(signed) => human::signed(signed, self.page.style),
            Outcome::Verification(verification) if verification.format == Format::Json => {
                json::verification(verification)
            }
            Outcome::Verification(verification) => human::verification(verification, self.page.style),
            Outcome::Locked(report) if report.format == Format::Json => json::locked(report),
            Outcome::Locked(report) => human::locked(report, self.page.style),
            Outcome::Hashes(hashes) if hashes.format == Format::Json => json::hashes(hashes),
            Outcome::Hashes(hashes) => human::hashes(hashes, self.page.style),
            Outcome::Drift(report) if report.format == Format::Json => json::drift(report),
            Outcome::Drift(report) => human::drift(report, self.page.style),
            Outcome::Doctor(examination) if examination.form == Format::Json => {
                json::examination(examination)
            }
            Outcome::Doctor(examination) => human::examination(examination, self.page.style),
            Outcome::Page(text) => (*text).to_owned(),
            Outcome::Codes(codes) => human::codes(codes),
        };
        self.write_stdout(&text);
        if let Outcome::Call(call::Called { failure: Some(failure), .. }) = outcome {
            let text = human::failure(failure, &self.place, self.stderr);
            self.write_stderr(&text);
        }
    }

    /// Shows the answer of one call, of which more may follow.
    pub(crate) fn answer(&mut self, answer: &Answer) {
        let text = self.answer_text(answer);
        self.write_stdout(&text);
    }

    fn answer_text(&self, answer: &Answer) -> String {
        match (self.is_json, self.layout) {
            (true, layout) => json::answer(answer, layout),
            (false, Layout::Whole) => human::answer(answer),
            (false, Layout::Lines) => human::answer_line(answer),
        }
    }

    /// Shows why a command failed: to the person, and to the machine if one listens.
    pub(crate) fn failure(&mut self, failure: &Failure) {
        if self.is_json {
            self.write_stdout(&json::failure(failure, self.layout));
        }
        let text = human::failure(failure, &self.place, self.stderr);
        self.write_stderr(&text);
    }

    /// Shows what clap has to say.
    pub(crate) fn usage(&mut self, error: &clap::Error) {
        let is_colourful = if error.use_stderr() { self.stderr.is_on() } else { self.page.style.is_on() };
        let rendered = error.render();
        let text = if is_colourful { rendered.ansi().to_string() } else { rendered.to_string() };
        if error.use_stderr() {
            self.write_stderr(&human::usage(&text));
        } else {
            self.write_stdout(&text);
        }
    }

    fn write_stdout(&mut self, text: &str) {
        let written =
            self.streams.stdout.write_all(text.as_bytes()).and_then(|()| self.streams.stdout.flush());
        let Err(error) = written else { return };
        let is_news = !std::mem::replace(&mut self.is_broken, true);
        // A reader that went away, as `head` does, has all that it wanted.
        if is_news && error.kind() != io::ErrorKind::BrokenPipe {
            let text = human::failure(&Failure::from(OutputError(error)), &self.place, self.stderr);
            self.write_stderr(&text);
        }
    }

    fn write_stderr(&mut self, text: &str) {
        self.is_broken |= self.streams.stderr.write_all(text.as_bytes()).is_err();
    }
}

fn wants_json(command: &Command) -> bool {
    use crate::cli::{CallFormat, InspectFormat};

    match command {
        Command::Build(args) => args.message_format == Format::Json,
        Command::Inspect(args) => args.format == InspectFormat::Json,
        Command::Caps(args) => args.format == Format::Json,
        Command::Call(args) => args.format == CallFormat::Json,
        Command::CheckCompat(args) => args.format == CompatFormat::Json,
        Command::Contract(args) => match &args.command {
            ContractCommand::Drift(args) => args.format == Format::Json,
            ContractCommand::Hash(args) => args.format == Format::Json,
            ContractCommand::Diff(args) => args.format == Format::Json,
            ContractCommand::Freeze(_) => false,
        },
        Command::Keygen(args) => args.format == Format::Json,
        Command::Sign(args) => args.format == Format::Json,
        Command::Verify(args) => args.format == Format::Json,
        Command::Lock(args) => args.format == Format::Json,
        Command::Doctor(args) => args.format == Format::Json,
        Command::New(_) | Command::Init(_) | Command::Setup(_) | Command::Explain(_) => false,
    }
}

/// Whether several answers follow one another, so that each has a line.
fn is_series(command: &Command) -> bool {
    matches!(command, Command::Call(args) if args.calls.len() > 1)
}
