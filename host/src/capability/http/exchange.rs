//! One request and its response.

use std::time::Duration;

use http::header::{CONNECTION, CONTENT_LENGTH, HOST, HeaderValue};
use http::uri::PathAndQuery;
use http_body::Body as _;
use http_body_util::BodyExt as _;
use hyper::client::conn::http1;
use tokio::sync::{OwnedSemaphorePermit, oneshot};
use tokio::time::{Instant, sleep, sleep_until};
use wasmtime_wasi::runtime::spawn;
use wasmtime_wasi_http::io::TokioIo;
use wasmtime_wasi_http::{Error, RequestOptions, Result, WasiBody};

use super::HttpLimits;
use super::body::{RequestBody, ResponseBody};
use super::connect::{Lookups, connect};
use super::errors::of_request;
use super::hooks::{Answer, Driver};
use super::target::Target;
use crate::capability::permit::Permit;

/// The longest that anything takes: what a clock can count without overflow.
const LONGEST: Duration = Duration::from_secs(365 * 24 * 60 * 60);

/// How long a connection that nobody uses may outlive a revocation.
const WATCH: Duration = Duration::from_millis(100);

/// One request, which is granted as far as could be said.
pub(super) struct Exchange {
    pub(super) target: Target,
    pub(super) permit: Permit,
    pub(super) limits: HttpLimits,
    pub(super) lookups: Lookups,
    /// Its place among the requests in flight.
    pub(super) place: OwnedSemaphorePermit,
}

impl Exchange {
    /// Sends the request and waits for the head of the response. What drives the connection comes
    /// with it; dropping that, or this future, ends the connection.
    pub(super) async fn run(
        self,
        request: http::Request<WasiBody>,
        options: RequestOptions,
    ) -> Result<Answer> {
        let Exchange { target, permit, limits, lookups, place } = self;
        let end = Instant::now() + limits.total.min(LONGEST);
        let most = limits.request_bytes;
        if declared(&request).is_some_and(|size| size > most) {
            return Err(Error::HttpRequestBodySize(Some(most)));
        }

        let time = lower(limits.connect.min(limits.total), options.connect_timeout);
        let stream = connect(&target, &permit, &lookups, time).await?;
        let handshake = http1::handshake(TokioIo::new(stream)).await;
        let (mut sender, connection) = handshake.map_err(|error| of_request(&error))?;
        let connection = spawn(drive(connection, end, permit.clone()));

        let (request, sent) = to_server(request, &target, most, &permit)?;
        let first_byte = lower(limits.first_byte, options.first_byte_timeout);
        let late = async {
            // an error means the same: the body was dropped
            let _ = sent.await;
            sleep(first_byte).await;
        };
        let response = tokio::select! {
            // the connection is given up at the same time, which is no answer
            biased;
            () = sleep_until(end) => Err(Error::HttpResponseTimeout),
            () = late => Err(Error::ConnectionReadTimeout),
            response = sender.send_request(request) => response.map_err(|error| of_request(&error)),
        };
        if permit.is_ended() {
            return Err(Error::HttpRequestDenied);
        }

        let (head, body) = response?.into_parts();
        let most = limits.response_bytes;
        if body.size_hint().lower() > most {
            return Err(Error::HttpResponseBodySize(Some(most)));
        }
        let between = options.between_bytes_timeout.map(|between| between.min(LONGEST));
        let body = ResponseBody::new(body, most, end, between, permit).boxed_unsync();
        let driver: Driver = Box::new(async move {
            connection.await;
            drop(place);
            Ok(())
        });
        Ok((http::Response::from_parts(head, body), driver))
    }
}

/// Reads and writes until both bodies are through, it takes too long, or something was revoked.
async fn drive<C>(connection: C, end: Instant, permit: Permit)
where
    C: Future<Output = hyper::Result<()>>,
{
    let revoked = async {
        while !permit.is_ended() {
            sleep(WATCH).await;
        }
    };
    tokio::select! {
        biased;
        () = revoked => {}
        () = sleep_until(end) => {}
        outcome = connection => {
            if let Err(error) = outcome {
                tracing::debug!(%error, "a connection failed");
            }
        }
    }
}

/// The request as it is written to the server, and what ends when its body is sent.
fn to_server(
    request: http::Request<WasiBody>,
    target: &Target,
    most: u64,
    permit: &Permit,
) -> Result<(http::Request<RequestBody>, oneshot::Receiver<()>)> {
    let (mut head, body) = request.into_parts();
    let path = head.uri.path_and_query().cloned().unwrap_or_else(|| PathAndQuery::from_static("/"));
    head.uri = path.into();
    let host = HeaderValue::try_from(target.authority()).map_err(|_| Error::HttpRequestUriInvalid)?;
    head.headers.insert(HOST, host);
    // one connection for each request: none outlives it, and none is shared
    head.headers.insert(CONNECTION, HeaderValue::from_static("close"));
    let (body, sent) = RequestBody::new(body, most, permit.clone());
    Ok((http::Request::from_parts(head, body), sent))
}

/// What the request itself says that its body has.
fn declared<B>(request: &http::Request<B>) -> Option<u64> {
    request.headers().get(CONTENT_LENGTH)?.to_str().ok()?.parse().ok()
}

/// The plugin may ask for less time than it has, never for more.
fn lower(limit: Duration, asked: Option<Duration>) -> Duration {
    asked.map_or(limit, |asked| asked.min(limit)).min(LONGEST)
}
