//! The two directions of a connection, which end when something was revoked.

use bytes::Bytes;
use wasmtime_wasi::async_trait;
use wasmtime_wasi::p2::{
    DynInputStream, DynOutputStream, InputStream, OutputStream, Pollable, StreamError, StreamResult,
};

use crate::capability::permit::Permit;

/// A stream that is as if the other side had closed it once something was revoked.
pub(super) struct Guarded<S> {
    stream: S,
    permit: Permit,
}

impl<S> Guarded<S> {
    pub(super) fn new(stream: S, permit: Permit) -> Guarded<S> {
        Guarded { stream, permit }
    }

    fn open(&mut self) -> StreamResult<&mut S> {
        if self.permit.is_ended() { Err(StreamError::Closed) } else { Ok(&mut self.stream) }
    }
}

#[async_trait]
impl<S: Pollable> Pollable for Guarded<S> {
    async fn ready(&mut self) {
        if let Ok(stream) = self.open() {
            stream.ready().await;
        }
    }
}

#[async_trait]
impl InputStream for Guarded<DynInputStream> {
    fn read(&mut self, size: usize) -> StreamResult<Bytes> {
        self.open()?.read(size)
    }

    async fn cancel(&mut self) {
        self.stream.cancel().await;
    }
}

#[async_trait]
impl OutputStream for Guarded<DynOutputStream> {
    fn write(&mut self, bytes: Bytes) -> StreamResult<()> {
        self.open()?.write(bytes)
    }

    fn flush(&mut self) -> StreamResult<()> {
        self.open()?.flush()
    }

    fn check_write(&mut self) -> StreamResult<usize> {
        self.open()?.check_write()
    }

    async fn cancel(&mut self) {
        self.stream.cancel().await;
    }
}
