//! Who drives the sockets.

use std::io;
use std::pin::pin;
use std::sync::LazyLock;

use std::future::poll_fn;
use tokio::runtime::{Builder, Handle, Runtime};

/// A thread that waits for the sockets of all plugins. The application's runtime may have no I/O, and
/// tokio panics where a socket is made on such a one; whether it has, tokio does not say.
static DRIVER: LazyLock<io::Result<Runtime>> = LazyLock::new(|| {
    Builder::new_multi_thread().worker_threads(1).thread_name("plug-net").enable_io().build()
});

/// Polls a future that makes sockets, or connects them for the first time. Whoever polls it after that is
/// woken all the same.
///
/// # Errors
/// When there can be no thread for it.
pub(in crate::capability) async fn driven<F: Future>(future: F) -> io::Result<F::Output> {
    let driver = handle()?;
    let mut future = pin!(future);
    Ok(poll_fn(|context| {
        let _entered = driver.enter();
        future.as_mut().poll(context)
    })
    .await)
}

/// The driver, to be entered while sockets are made.
///
/// # Errors
/// When there can be no thread for it.
pub(super) fn handle() -> io::Result<&'static Handle> {
    match &*DRIVER {
        Ok(runtime) => Ok(runtime.handle()),
        Err(error) => {
            tracing::error!("plugins get no sockets, as there can be no thread to drive them: {error}");
            Err(io::Error::new(error.kind(), error.to_string()))
        }
    }
}
