//! Running a tool: its output line by line, and an end to it when it hangs.

use std::ffi::{OsStr, OsString};
use std::io::{self, BufRead, BufReader, Read};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::mpsc::{self, RecvTimeoutError, Sender};
use std::thread;
use std::time::{Duration, Instant};

use crate::environment::{Environment, Patience};

/// How many lines a failure quotes.
const QUOTED_LINES: usize = 4;

/// How often a silent tool is looked at.
const PULSE: Duration = Duration::from_millis(100);

/// One run of one tool.
pub(crate) struct Process {
    command: Command,
    name: String,
    patience: Patience,
    watched: Option<PathBuf>,
}

/// Why a tool did not do its work.
#[derive(Debug, thiserror::Error)]
pub(crate) enum ProcessError {
    #[error("{program} cannot be started")]
    NotStarted { program: String, source: io::Error },
    #[error("{program} failed ({status}){}", quoted(.complaint))]
    Failed { program: String, status: ExitStatus, complaint: String },
    #[error("{program} gave no sign of life for {} s and was stopped", .silence.as_secs())]
    Silent { program: String, silence: Duration },
    #[error("{program} was not done after {} s and was stopped", .total.as_secs())]
    Endless { program: String, total: Duration },
}

impl ProcessError {
    /// The error and its cause in one line.
    pub(crate) fn in_one_line(&self) -> String {
        match self {
            Self::NotStarted { source, .. } => format!("{self}: {source}"),
            _ => self.to_string(),
        }
    }
}

fn quoted(complaint: &str) -> String {
    if complaint.is_empty() { String::new() } else { format!(": {complaint}") }
}

/// What a failing tool's standard error comes down to: the lines that say `error`, or else its
/// last ones.
#[derive(Default)]
struct Complaint(Vec<String>);

impl Complaint {
    fn hear(&mut self, line: &str) {
        let is_error = |line: &str| line.starts_with("error") || line.starts_with("E: ");
        let heard_error = self.0.first().is_some_and(|first| is_error(first));
        match (is_error(line), heard_error) {
            (false, true) => return,
            (false, false) if line.is_empty() => return,
            (true, true) if self.0.len() == QUOTED_LINES => return,
            (true, false) => self.0.clear(),
            _ => {}
        }
        if self.0.len() == QUOTED_LINES {
            self.0.remove(0);
        }
        self.0.push(line.to_owned());
    }
}

enum Line {
    Out(String),
    Err(String),
}

impl Process {
    /// `program` is a path as found by [`Environment::find`].
    pub(crate) fn new(environment: &Environment, program: &Path, dir: &Path) -> Self {
        let mut command = Command::new(program);
        command.env_clear().envs(environment.variables()).current_dir(dir).stdin(Stdio::null());
        let name = program.file_stem().unwrap_or(program.as_os_str()).to_string_lossy().into_owned();
        Self { command, name, patience: environment.patience(), watched: None }
    }

    pub(crate) fn arg(mut self, arg: impl AsRef<OsStr>) -> Self {
        self.command.arg(arg);
        self
    }

    pub(crate) fn args<A: AsRef<OsStr>>(mut self, args: impl IntoIterator<Item = A>) -> Self {
        self.command.args(args);
        self
    }

    /// Runs it in another folder.
    pub(crate) fn in_dir(mut self, dir: &Path) -> Self {
        self.command.current_dir(dir);
        self
    }

    pub(crate) fn var(mut self, name: &str, value: impl AsRef<OsStr>) -> Self {
        self.command.env(name, value);
        self
    }

    pub(crate) fn without_vars(mut self, names: &[&str]) -> Self {
        for name in names {
            self.command.env_remove(name);
        }
        self
    }

    /// A change of that folder's size counts as a sign of life.
    pub(crate) fn watching(mut self, folder: Option<PathBuf>) -> Self {
        self.watched = folder;
        self
    }

    /// A tool that is known to be silent for long.
    pub(crate) fn patience(mut self, patience: Patience) -> Self {
        self.patience = patience;
        self
    }

    /// What it prints to standard output, when it succeeds.
    pub(crate) fn capture(self) -> Result<String, ProcessError> {
        let mut text = String::new();
        self.drive(&mut |line| {
            if let Line::Out(line) = line {
                text.push_str(line);
                text.push('\n');
            }
        })?;
        Ok(text)
    }

    /// Runs it to its end, handing over each line of both outputs.
    pub(crate) fn run(self, on_line: &mut dyn FnMut(&str)) -> Result<(), ProcessError> {
        self.drive(&mut |line| match line {
            Line::Out(line) | Line::Err(line) => on_line(line),
        })
    }

    fn drive(mut self, on_line: &mut dyn FnMut(&Line)) -> Result<(), ProcessError> {
        self.command.stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = self
            .command
            .spawn()
            .map_err(|source| ProcessError::NotStarted { program: self.name.clone(), source })?;

        let (sender, receiver) = mpsc::channel();
        if let Some(pipe) = child.stdout.take() {
            read_lines(pipe, sender.clone(), Line::Out);
        }
        if let Some(pipe) = child.stderr.take() {
            read_lines(pipe, sender, Line::Err);
        }

        let start = Instant::now();
        let mut last_sign = start;
        let mut size = self.watched.as_deref().map(folder_size);
        let mut complaint = Complaint::default();
        loop {
            match receiver.recv_timeout(PULSE) {
                Ok(line) => {
                    last_sign = Instant::now();
                    on_line(&line);
                    if let Line::Err(text) = line {
                        complaint.hear(text.trim());
                    }
                }
                Err(RecvTimeoutError::Timeout) => {
                    let now = self.watched.as_deref().map(folder_size);
                    if now != size {
                        size = now;
                        last_sign = Instant::now();
                    }
                }
                // Both outputs are closed: the tool is done, or as good as done.
                Err(RecvTimeoutError::Disconnected) => break,
            }
            if let Some(error) = self.lost_patience(start, last_sign) {
                return Err(stop(&mut child, error));
            }
        }
        loop {
            match child.try_wait() {
                Ok(Some(status)) if status.success() => return Ok(()),
                Ok(Some(status)) => {
                    return Err(ProcessError::Failed {
                        program: self.name,
                        status,
                        complaint: complaint.0.join(" | "),
                    });
                }
                Ok(None) => thread::sleep(PULSE / 10),
                Err(source) => {
                    return Err(ProcessError::NotStarted { program: self.name, source });
                }
            }
            if let Some(error) = self.lost_patience(start, last_sign) {
                return Err(stop(&mut child, error));
            }
        }
    }

    fn lost_patience(&self, start: Instant, last_sign: Instant) -> Option<ProcessError> {
        let Patience { silence, total } = self.patience;
        let program = self.name.clone();
        if last_sign.elapsed() > silence {
            Some(ProcessError::Silent { program, silence })
        } else if start.elapsed() > total {
            Some(ProcessError::Endless { program, total })
        } else {
            None
        }
    }
}

/// Ends the tool. Its readers are left alone: a grandchild may hold the pipes open for ever.
fn stop(child: &mut Child, error: ProcessError) -> ProcessError {
    // It may have ended by itself meanwhile, which is as good.
    let _ = child.kill();
    let _ = child.wait();
    error
}

fn read_lines(pipe: impl Read + Send + 'static, sender: Sender<Line>, wrap: fn(String) -> Line) {
    thread::spawn(move || {
        let mut reader = BufReader::new(pipe);
        let mut bytes = Vec::new();
        while let Ok(1..) = reader.read_until(b'\n', &mut bytes) {
            let text = String::from_utf8_lossy(&bytes);
            if sender.send(wrap(text.trim_end_matches(['\n', '\r']).to_owned())).is_err() {
                return;
            }
            bytes.clear();
        }
    });
}

fn folder_size(folder: &Path) -> u64 {
    let Ok(entries) = folder.read_dir() else { return 0 };
    entries.flatten().filter_map(|entry| entry.metadata().ok()).map(|data| data.len()).sum()
}

/// `NAME=VALUE` as one argument.
pub(crate) fn option(name: &str, value: impl AsRef<OsStr>) -> OsString {
    let mut text = OsString::from(name);
    text.push("=");
    text.push(value);
    text
}
