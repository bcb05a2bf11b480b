//! Standard output and error of a plugin, line by line into the log.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use bytes::Bytes;
use wasmtime_wasi::cli::{IsTerminal, StdoutStream};
use wasmtime_wasi::p2::{OutputStream, Pollable, StreamError, StreamResult};

use plug_policy::Stdio;
use wasmtime::component::Linker;
use wasmtime_wasi::cli::{WasiCli, WasiCliView as _};
use wasmtime_wasi::p2::bindings::cli;

use super::definition::{Capability, InstanceContext, PluginContext};
use super::log::{LogSink, Origin};
use super::state::State;
use super::violation::Violation;
use crate::bindings::host_api::Level;
use crate::error::ConfigureError;

/// How many bytes a plugin may write at once.
const PERMIT: usize = 64 << 10;

/// `stdio`: standard output and error, line by line into the log, or closed. Standard input is at
/// its end, and nothing is a terminal.
#[derive(Debug)]
pub(crate) struct StdioCapability;

/// The two streams of an instance.
#[derive(Debug)]
pub(crate) struct StdioInstance {
    stderr: Output,
}

impl StdioInstance {
    /// Writes out what has no line end yet, so that an error can tell it.
    pub(super) fn finish(&self) {
        self.stderr.finish();
    }
}

impl Capability for StdioCapability {
    const NAME: &'static str = "stdio";
    const INTERFACES: &'static [&'static str] = &[
        "wasi:cli/stdin@0.2",
        "wasi:cli/stdout@0.2",
        "wasi:cli/stderr@0.2",
        "wasi:cli/terminal-input@0.2",
        "wasi:cli/terminal-output@0.2",
        "wasi:cli/terminal-stdin@0.2",
        "wasi:cli/terminal-stdout@0.2",
        "wasi:cli/terminal-stderr@0.2",
    ];
    type Plugin = Stdio;
    type Instance = StdioInstance;

    fn link<A: Send + 'static>(linker: &mut Linker<State<A>>) -> wasmtime::Result<()> {
        cli::stdin::add_to_linker::<_, WasiCli>(linker, State::cli)?;
        cli::stdout::add_to_linker::<_, WasiCli>(linker, State::cli)?;
        cli::stderr::add_to_linker::<_, WasiCli>(linker, State::cli)?;
        cli::terminal_input::add_to_linker::<_, WasiCli>(linker, State::cli)?;
        cli::terminal_output::add_to_linker::<_, WasiCli>(linker, State::cli)?;
        cli::terminal_stdin::add_to_linker::<_, WasiCli>(linker, State::cli)?;
        cli::terminal_stdout::add_to_linker::<_, WasiCli>(linker, State::cli)?;
        cli::terminal_stderr::add_to_linker::<_, WasiCli>(linker, State::cli)
    }

    fn configure(&self, plugin: &PluginContext<'_>) -> Result<Stdio, ConfigureError> {
        Ok(plugin.effective.stdio)
    }

    fn instantiate(stdio: &Stdio, instance: &mut InstanceContext<'_>) -> StdioInstance {
        let open = *stdio == Stdio::Log;
        let stdout = Output::new(instance.log.clone(), Origin::Stdout, open);
        let stderr = Output::new(instance.log.clone(), Origin::Stderr, open);
        instance.wasi.stdout(stdout).stderr(stderr.clone());
        StdioInstance { stderr }
    }
}

/// One of the two streams. What is still without a line end is written when the instance is
/// dropped.
#[derive(Debug, Clone)]
struct Output(Arc<Mutex<Lines>>);

#[derive(Debug)]
struct Lines {
    log: LogSink,
    origin: Origin,
    /// Whether anything may be written.
    open: bool,
    unfinished: Vec<u8>,
}

impl Output {
    fn new(log: LogSink, origin: Origin, open: bool) -> Output {
        Output(Arc::new(Mutex::new(Lines { log, origin, open, unfinished: Vec::new() })))
    }

    fn lines(&self) -> MutexGuard<'_, Lines> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Writes out what has no line end yet.
    fn finish(&self) {
        self.lines().finish();
    }
}

impl Lines {
    fn push(&mut self, mut bytes: &[u8]) {
        while let Some(end) = bytes.iter().position(|byte| *byte == b'\n') {
            self.extend(&bytes[..end]);
            self.write();
            bytes = &bytes[end + 1..];
        }
        self.extend(bytes);
    }

    /// No line grows past the longest message: the rest of it is dropped.
    fn extend(&mut self, bytes: &[u8]) {
        let room = self.log.longest().saturating_sub(self.unfinished.len());
        self.unfinished.extend_from_slice(&bytes[..bytes.len().min(room)]);
    }

    fn write(&mut self) {
        let line = String::from_utf8_lossy(&self.unfinished);
        let level = if self.origin == Origin::Stderr { Level::Warn } else { Level::Info };
        // too many lines are dropped, which the log reports by itself
        let _ = self.log.write(level, self.origin, line.trim_end_matches('\r'));
        self.unfinished.clear();
    }

    fn finish(&mut self) {
        if !self.unfinished.is_empty() {
            self.write();
        }
    }
}

impl Drop for Lines {
    fn drop(&mut self) {
        self.finish();
    }
}

impl IsTerminal for Output {
    fn is_terminal(&self) -> bool {
        false
    }
}

impl StdoutStream for Output {
    fn async_stream(&self) -> Box<dyn tokio::io::AsyncWrite + Send + Sync> {
        Box::new(self.clone())
    }

    fn p2_stream(&self) -> Box<dyn OutputStream> {
        Box::new(self.clone())
    }
}

#[wasmtime_wasi::async_trait]
impl Pollable for Output {
    async fn ready(&mut self) {}
}

impl OutputStream for Output {
    fn write(&mut self, bytes: Bytes) -> StreamResult<()> {
        // wasmtime holds only the blocking writes to what `check-write` permits
        if bytes.len() > PERMIT {
            return Err(StreamError::Trap(wasmtime::Error::new(Violation(
                "it wrote more bytes at once than check-write permits",
            ))));
        }
        let mut lines = self.lines();
        if !lines.open {
            return Err(StreamError::Closed);
        }
        lines.push(&bytes);
        Ok(())
    }

    fn flush(&mut self) -> StreamResult<()> {
        Ok(())
    }

    fn check_write(&mut self) -> StreamResult<usize> {
        if !self.lines().open {
            return Err(StreamError::Closed);
        }
        Ok(PERMIT)
    }
}

impl tokio::io::AsyncWrite for Output {
    fn poll_write(
        self: std::pin::Pin<&mut Self>,
        _: &mut std::task::Context<'_>,
        bytes: &[u8],
    ) -> std::task::Poll<std::io::Result<usize>> {
        let mut lines = self.lines();
        if !lines.open {
            return std::task::Poll::Ready(Err(std::io::ErrorKind::BrokenPipe.into()));
        }
        lines.push(bytes);
        std::task::Poll::Ready(Ok(bytes.len()))
    }

    fn poll_flush(
        self: std::pin::Pin<&mut Self>,
        _: &mut std::task::Context<'_>,
    ) -> std::task::Poll<std::io::Result<()>> {
        std::task::Poll::Ready(Ok(()))
    }

    fn poll_shutdown(
        self: std::pin::Pin<&mut Self>,
        _: &mut std::task::Context<'_>,
    ) -> std::task::Poll<std::io::Result<()>> {
        std::task::Poll::Ready(Ok(()))
    }
}
