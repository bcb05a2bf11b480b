//! The one place that prints, and what a failed chore prints.
#![allow(clippy::print_stdout, clippy::print_stderr, reason = "talking to people is its job")]

use std::fmt::Display;
use std::time::Duration;

/// Why a chore stopped.
#[derive(Debug)]
pub(crate) struct Failure {
    message: String,
    mend: Option<String>,
    exit_code: u8,
}

impl Failure {
    pub(crate) fn new(message: impl Into<String>) -> Self {
        Self { message: message.into(), mend: None, exit_code: 1 }
    }

    /// With what can be done about it.
    pub(crate) fn mend(mut self, mend: impl Into<String>) -> Self {
        self.mend = Some(mend.into());
        self
    }

    /// With the exit code of the tool that failed.
    pub(crate) fn exit(mut self, code: Option<i32>) -> Self {
        self.exit_code = code.and_then(|code| u8::try_from(code).ok()).filter(|code| *code != 0).unwrap_or(1);
        self
    }

    pub(crate) fn exit_code(&self) -> u8 {
        self.exit_code
    }
}

/// A part of a chore begins.
pub(crate) fn heading(text: &str) {
    println!("\n==> {text}");
}

/// Something worth a line.
pub(crate) fn note(text: impl Display) {
    println!("    {text}");
}

/// The command that runs next, and where, as one would type it.
pub(crate) fn command(folder: &str, line: &str) {
    println!("\n{folder}$ {line}");
}

/// How long the last command took.
pub(crate) fn took(time: Duration) {
    println!("  ({})", seconds(time));
}

pub(crate) fn seconds(time: Duration) -> String {
    match time.as_secs() {
        0..60 => format!("{:.1} s", time.as_secs_f64()),
        whole => format!("{} min {:02} s", whole / 60, whole % 60),
    }
}

pub(crate) fn help(usage: &str) {
    println!("{usage}");
}

pub(crate) fn usage_error(mistake: &str, usage: &str) {
    eprintln!("error: {mistake}\n\n{usage}");
}

pub(crate) fn failure(failure: &Failure) {
    eprintln!("\nerror: {}", failure.message);
    if let Some(mend) = &failure.mend {
        eprintln!("{mend}");
    }
}
