//! Bodies, held to the limits.

use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use bytes::Bytes;
use http_body::{Body, Frame, SizeHint};
use tokio::sync::oneshot;
use tokio::time::{Instant, Sleep, sleep_until};
use wasmtime_wasi_http::{Error, WasiBody};

use super::errors::of_response;
use crate::capability::permit::Permit;

type Next = Option<Result<Frame<Bytes>, Error>>;

/// The body of a request, as it leaves.
pub(super) struct RequestBody {
    inner: WasiBody,
    permit: Permit,
    most: u64,
    sent: u64,
    /// Dropped when all of it is sent, or nobody wants more of it.
    _unfinished: Option<oneshot::Sender<()>>,
}

impl RequestBody {
    /// The body, and what ends when all of it is sent.
    pub(super) fn new(inner: WasiBody, most: u64, permit: Permit) -> (RequestBody, oneshot::Receiver<()>) {
        let (unfinished, finished) = oneshot::channel();
        (RequestBody { inner, permit, most, sent: 0, _unfinished: Some(unfinished) }, finished)
    }
}

impl Body for RequestBody {
    type Data = Bytes;
    type Error = Error;

    fn poll_frame(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Next> {
        let next = ready!(Pin::new(&mut self.inner).poll_frame(cx));
        if self.permit.is_ended() {
            return Poll::Ready(Some(Err(Error::HttpRequestDenied)));
        }
        match &next {
            Some(Ok(frame)) => {
                self.sent = self.sent.saturating_add(size(frame));
                if self.sent > self.most {
                    return Poll::Ready(Some(Err(Error::HttpRequestBodySize(Some(self.most)))));
                }
            }
            Some(Err(_)) => {}
            None => self._unfinished = None,
        }
        Poll::Ready(next)
    }

    fn is_end_stream(&self) -> bool {
        self.inner.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.inner.size_hint()
    }
}

/// The body of a response, as it comes.
pub(super) struct ResponseBody {
    inner: hyper::body::Incoming,
    permit: Permit,
    most: u64,
    received: u64,
    /// When all of it has to be here.
    end: Pin<Box<Sleep>>,
    /// How long the plugin waits for each part, and until when for the next one.
    between: Option<(Duration, Pin<Box<Sleep>>)>,
    /// Whether there was an error, after which there is nothing.
    failed: bool,
}

impl ResponseBody {
    pub(super) fn new(
        inner: hyper::body::Incoming,
        most: u64,
        end: Instant,
        between: Option<Duration>,
        permit: Permit,
    ) -> ResponseBody {
        ResponseBody {
            inner,
            permit,
            most,
            received: 0,
            end: Box::pin(sleep_until(end)),
            between: between.map(|between| (between, Box::pin(tokio::time::sleep(between)))),
            failed: false,
        }
    }

    fn next(&mut self, cx: &mut Context<'_>) -> Poll<Next> {
        if self.end.as_mut().poll(cx).is_ready() {
            return Poll::Ready(Some(Err(Error::HttpResponseTimeout)));
        }
        let next = match Pin::new(&mut self.inner).poll_frame(cx) {
            Poll::Ready(next) => next,
            Poll::Pending => {
                if let Some((_, sleep)) = &mut self.between {
                    ready!(sleep.as_mut().poll(cx));
                    return Poll::Ready(Some(Err(Error::ConnectionReadTimeout)));
                }
                return Poll::Pending;
            }
        };
        if self.permit.is_ended() {
            return Poll::Ready(Some(Err(Error::HttpRequestDenied)));
        }
        let Some(frame) = next else { return Poll::Ready(None) };
        let frame = match frame {
            Ok(frame) => frame,
            // the connection is given up at the same time
            Err(_) if self.end.deadline() <= Instant::now() => {
                return Poll::Ready(Some(Err(Error::HttpResponseTimeout)));
            }
            Err(error) => return Poll::Ready(Some(Err(of_response(&error)))),
        };
        self.received = self.received.saturating_add(size(&frame));
        if self.received > self.most {
            return Poll::Ready(Some(Err(Error::HttpResponseBodySize(Some(self.most)))));
        }
        if let Some((between, sleep)) = &mut self.between {
            sleep.as_mut().reset(Instant::now() + *between);
        }
        Poll::Ready(Some(Ok(frame)))
    }
}

impl Body for ResponseBody {
    type Data = Bytes;
    type Error = Error;

    fn poll_frame(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Next> {
        if self.failed {
            return Poll::Ready(None);
        }
        let next = ready!(self.next(cx));
        self.failed = matches!(next, Some(Err(_)));
        Poll::Ready(next)
    }

    fn is_end_stream(&self) -> bool {
        self.failed || self.inner.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.inner.size_hint()
    }
}

fn size(frame: &Frame<Bytes>) -> u64 {
    frame.data_ref().map_or(0, |data| data.len() as u64)
}
