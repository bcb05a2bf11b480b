//! What went wrong, in WASI's own terms.

use std::error::Error as _;
use std::io;

use wasmtime::component::{Linker, Resource};
use wasmtime_wasi_http::Error;
use wasmtime_wasi_http::p2::bindings::http::types::{ErrorCode, IoError};

use crate::capability::state::State;

/// The interface as wasmtime-wasi-http links it.
const TYPES: &str = "wasi:http/types@0.2.12";

/// Has `http-error-code` know the errors of bodies. The one of wasmtime-wasi-http 48 looks for a
/// type that its own streams do not fail with, so a plugin would learn from it nothing.
pub(super) fn link<A: Send + 'static>(linker: &mut Linker<State<A>>) -> wasmtime::Result<()> {
    linker.allow_shadowing(true);
    let linked = linker.instance(TYPES).and_then(|mut types| {
        types.func_wrap("http-error-code", |mut store, (error,): (Resource<IoError>,)| {
            let (_, table) = store.data_mut().parts();
            Ok((code(table.get(&error)?),))
        })
    });
    linker.allow_shadowing(false);
    linked
}

fn code(error: &IoError) -> Option<ErrorCode> {
    if let Some(code) = error.downcast_ref::<ErrorCode>() {
        return Some(code.clone());
    }
    Some(match error.downcast_ref::<Error>()? {
        Error::ConnectionReadTimeout => ErrorCode::ConnectionReadTimeout,
        Error::ConnectionTerminated => ErrorCode::ConnectionTerminated,
        Error::HttpRequestDenied => ErrorCode::HttpRequestDenied,
        Error::HttpResponseBodySize(size) => ErrorCode::HttpResponseBodySize(*size),
        Error::HttpResponseIncomplete => ErrorCode::HttpResponseIncomplete,
        Error::HttpResponseTimeout => ErrorCode::HttpResponseTimeout,
        _ => ErrorCode::HttpProtocolError,
    })
}

/// Why no response came.
pub(super) fn of_request(error: &hyper::Error) -> Error {
    // what the request's own body failed with comes back as the cause
    match error.source().and_then(|cause| cause.downcast_ref::<Error>()) {
        Some(Error::HttpRequestBodySize(size)) => Error::HttpRequestBodySize(*size),
        Some(Error::HttpRequestDenied) => Error::HttpRequestDenied,
        Some(_) => Error::HttpProtocolError,
        None => of_response(error),
    }
}

/// Why a response is not whole.
pub(super) fn of_response(error: &hyper::Error) -> Error {
    tracing::debug!(?error, "no whole response");
    let io = error.source().and_then(|cause| cause.downcast_ref::<io::Error>());
    let ended = io.is_some_and(|io| io.kind() == io::ErrorKind::UnexpectedEof);
    if error.is_incomplete_message() || ended {
        Error::HttpResponseIncomplete
    } else if error.is_parse_too_large() {
        Error::HttpResponseHeaderSectionSize(None)
    } else if io.is_some() || error.is_canceled() || error.is_closed() {
        Error::ConnectionTerminated
    } else {
        Error::HttpProtocolError
    }
}
