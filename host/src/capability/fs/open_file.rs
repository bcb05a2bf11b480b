//! What an instance has open, and how much of it.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};

use bytes::Bytes;
use wasmtime_wasi::p2::{
    DynInputStream, DynOutputStream, InputStream, OutputStream, Pollable, StreamError, StreamResult,
};

use super::super::permit::Permit;

/// A file or folder that is open. The descriptor and the streams made of it share it, as any of them
/// keeps it open.
#[derive(Debug)]
pub(super) struct OpenFile {
    path: Arc<str>,
    count: Arc<AtomicUsize>,
}

impl OpenFile {
    /// One more of those that `count` counts, at a path as the plugin sees it.
    pub(super) fn new(path: Arc<str>, count: &Arc<AtomicUsize>) -> Arc<OpenFile> {
        count.fetch_add(1, Relaxed);
        Arc::new(OpenFile { path, count: Arc::clone(count) })
    }

    pub(super) fn path(&self) -> &str {
        &self.path
    }
}

impl Drop for OpenFile {
    fn drop(&mut self) {
        self.count.fetch_sub(1, Relaxed);
    }
}

/// A stream that keeps its file counted, and ends when the file was revoked.
pub(super) struct FileStream<S> {
    stream: S,
    permit: Permit,
    _file: Option<Arc<OpenFile>>,
}

impl<S> FileStream<S> {
    pub(super) fn new(stream: S, permit: Permit, file: Option<Arc<OpenFile>>) -> FileStream<S> {
        FileStream { stream, permit, _file: file }
    }

    fn alive(&self) -> StreamResult<()> {
        if self.permit.is_ended() { Err(StreamError::Closed) } else { Ok(()) }
    }
}

#[wasmtime_wasi::async_trait]
impl Pollable for FileStream<DynInputStream> {
    async fn ready(&mut self) {
        self.stream.ready().await;
    }
}

#[wasmtime_wasi::async_trait]
impl InputStream for FileStream<DynInputStream> {
    fn read(&mut self, size: usize) -> StreamResult<Bytes> {
        self.alive()?;
        self.stream.read(size)
    }

    async fn blocking_read(&mut self, size: usize) -> StreamResult<Bytes> {
        self.alive()?;
        self.stream.blocking_read(size).await
    }

    async fn cancel(&mut self) {
        self.stream.cancel().await;
    }
}

#[wasmtime_wasi::async_trait]
impl Pollable for FileStream<DynOutputStream> {
    async fn ready(&mut self) {
        self.stream.ready().await;
    }
}

#[wasmtime_wasi::async_trait]
impl OutputStream for FileStream<DynOutputStream> {
    fn write(&mut self, bytes: Bytes) -> StreamResult<()> {
        self.alive()?;
        self.stream.write(bytes)
    }

    fn flush(&mut self) -> StreamResult<()> {
        self.stream.flush()
    }

    fn check_write(&mut self) -> StreamResult<usize> {
        self.alive()?;
        self.stream.check_write()
    }

    async fn blocking_write_and_flush(&mut self, bytes: Bytes) -> StreamResult<()> {
        self.alive()?;
        self.stream.blocking_write_and_flush(bytes).await
    }

    async fn cancel(&mut self) {
        self.stream.cancel().await;
    }
}
