//! Standard output and error of a plugin, line by line into the log.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use bytes::Bytes;
use wasmtime_wasi::cli::{IsTerminal, StdoutStream};
use wasmtime_wasi::p2::{OutputStream, Pollable, StreamError, StreamResult};

use super::host_api::{Log, Origin};
use super::violation::Violation;
use crate::bindings::host_api::Level;

/// How many bytes a plugin may write at once.
const PERMIT: usize = 64 << 10;

/// One of the two streams. What is still without a line end is written when the instance is
/// dropped.
#[derive(Debug, Clone)]
pub(super) struct Output(Arc<Mutex<Lines>>);

#[derive(Debug)]
struct Lines {
    log: Log,
    origin: Origin,
    unfinished: Vec<u8>,
}

impl Output {
    pub(super) fn new(log: Log, origin: Origin) -> Output {
        Output(Arc::new(Mutex::new(Lines { log, origin, unfinished: Vec::new() })))
    }

    fn lines(&self) -> MutexGuard<'_, Lines> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Writes out what has no line end yet.
    pub(super) fn finish(&self) {
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
        self.lines().push(&bytes);
        Ok(())
    }

    fn flush(&mut self) -> StreamResult<()> {
        Ok(())
    }

    fn check_write(&mut self) -> StreamResult<usize> {
        Ok(PERMIT)
    }
}

impl tokio::io::AsyncWrite for Output {
    fn poll_write(
        self: std::pin::Pin<&mut Self>,
        _: &mut std::task::Context<'_>,
        bytes: &[u8],
    ) -> std::task::Poll<std::io::Result<usize>> {
        self.lines().push(bytes);
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
