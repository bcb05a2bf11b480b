//! A plugin that is loaded.

use std::fmt;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::SystemTime;

use super::PluginInfo;
use super::delivery::Delivery;
use crate::error::{CallError, HostErrorKind};
use crate::plugin::{CallStore, Instance, Metadata, Plugin};
use crate::pool::Resident;
use crate::world::World;

/// What a plugin answers as an error is the guest's choice, so what is kept of it is bounded.
const LONGEST_ERROR: usize = 4 << 10;

/// A plugin that is loaded, with its live instance. Cheap to clone; it stays valid when the plugin
/// is unloaded, but then calls fail.
pub struct PluginHandle<W: World>(pub(super) Arc<Loaded<W>>);

pub(super) struct Loaded<W: World> {
    pub(super) resident: Resident<W>,
    /// None when the plugin has no handler of events.
    pub(super) delivery: Option<Delivery>,
    metadata: Metadata,
    loaded_at: SystemTime,
    calls: AtomicU64,
    failures: AtomicU64,
    last_error: Mutex<Option<String>>,
}

impl<W: World> PluginHandle<W> {
    pub(crate) fn new(instance: Instance<W>, metadata: Metadata) -> PluginHandle<W> {
        let delivery = instance.hears().then(|| Delivery::new(instance.plugin()));
        PluginHandle(Arc::new(Loaded {
            delivery,
            resident: Resident::new(instance),
            metadata,
            loaded_at: SystemTime::now(),
            calls: AtomicU64::new(0),
            failures: AtomicU64::new(0),
            last_error: Mutex::new(None),
        }))
    }

    /// Calls the plugin. The closure gets the world's bindings and the store that they need:
    ///
    /// ```no_run
    /// # use plug_host::{CallError, PluginHandle, ProcessRequest, Standard};
    /// # async fn f(upper: PluginHandle<Standard>, request: ProcessRequest) -> Result<(), CallError> {
    /// let answer = upper.call(async |p, store| p.processor().call_process(store, &request).await).await?;
    ///
    /// // several calls of functions in one turn
    /// let twice = upper.call(async |p, mut store| {
    ///     p.processor().call_process(&mut store, &request).await?;
    ///     p.processor().call_process(store, &request).await
    /// });
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// Calls to one plugin take turns, each in its caller's task. The deadline covers the waiting,
    /// the plugin's code and the host's functions. When a call breaks the instance, or its future is
    /// dropped, the instance is dropped too and the next call gets a fresh one.
    ///
    /// The future can be spawned on a multi-threaded runtime if all that the closure uses can be used from
    /// several threads. This cannot, for an `Rc` is in it (PLG0519 tells what to do):
    ///
    /// ```compile_fail,E0277
    /// # use std::rc::Rc;
    /// # use plug_host::{PluginHandle, ProcessRequest, Standard};
    /// # fn f(upper: PluginHandle<Standard>, request: ProcessRequest) {
    /// let request = Rc::new(request); // an `Arc` would do
    /// tokio::spawn(async move {
    ///     upper.call(async |p, store| p.processor().call_process(store, &request).await).await
    /// });
    /// # }
    /// ```
    ///
    /// # Errors
    /// When too many calls wait, the plugin breaks or is stopped, the closure or a function of the
    /// host fails, or the plugin was unloaded.
    pub async fn call<T, F>(&self, call: F) -> Result<T, CallError>
    where
        F: AsyncFnOnce(&W::Bindings, CallStore<'_, W>) -> wasmtime::Result<T>,
    {
        let outcome = self.0.resident.call(call).await;
        self.0.count(outcome.as_ref().err());
        outcome
    }

    /// Calls a function that answers with a WIT `result`; the plugin's own error becomes a
    /// [`CallError::Guest`].
    ///
    /// # Errors
    /// As [`call`](PluginHandle::call), and when the plugin answers with an error.
    pub async fn try_call<T, E, F>(&self, call: F) -> Result<T, CallError>
    where
        E: Into<Box<dyn std::error::Error + Send + Sync>>,
        F: AsyncFnOnce(&W::Bindings, CallStore<'_, W>) -> wasmtime::Result<Result<T, E>>,
    {
        self.call(async |bindings, store| crate::plugin::answered(call(bindings, store).await?)).await
    }

    /// [`call`](Self::call), unless `cancelled` is first: then the call ends at once wherever it is, and its
    /// instance is dropped. For a token of `tokio-util` that is `token.cancelled()`. A call whose future is
    /// dropped ends in the same way.
    ///
    /// # Errors
    /// As [`call`](Self::call), and when it was cancelled: see [`CallError::is_cancelled`].
    pub async fn call_until<T, F>(&self, cancelled: impl Future<Output = ()>, call: F) -> Result<T, CallError>
    where
        F: AsyncFnOnce(&W::Bindings, CallStore<'_, W>) -> wasmtime::Result<T>,
    {
        tokio::select! {
            biased;
            () = cancelled => {
                let error = CallError::host(self.plugin().identity(), HostErrorKind::Cancelled);
                self.0.count(Some(&error));
                Err(error)
            }
            outcome = self.call(call) => outcome,
        }
    }

    /// The plugin's name on this host.
    #[must_use]
    pub fn name(&self) -> &str {
        self.plugin().name()
    }

    /// What it is an instance of; for instances of one's own.
    #[must_use]
    pub fn plugin(&self) -> &Plugin<W> {
        self.0.resident.plugin()
    }

    /// Who the plugin says it is.
    #[must_use]
    pub fn metadata(&self) -> &Metadata {
        &self.0.metadata
    }

    /// What is known of it now.
    #[must_use]
    pub fn info(&self) -> PluginInfo {
        let loaded = &*self.0;
        PluginInfo {
            name: self.name().to_owned(),
            metadata: loaded.metadata.clone(),
            contract: W::contract().id(),
            contract_hash: W::contract().hash(),
            digest: self.plugin().digest(),
            revision: self.plugin().revision(),
            signer: self.plugin().admitted().signer.clone(),
            loaded_at: loaded.loaded_at,
            instances: self.plugin().instances(),
            cpu: loaded.resident.cpu(),
            events: loaded.delivery.as_ref().map(Delivery::info),
            calls: loaded.calls.load(Relaxed),
            failures: loaded.failures.load(Relaxed),
            last_error: loaded.last_error.lock().unwrap_or_else(PoisonError::into_inner).clone(),
        }
    }

    pub(crate) async fn close(&self) -> Result<(), CallError> {
        if let Some(delivery) = &self.0.delivery {
            delivery.close();
        }
        self.0.resident.close().await
    }
}

impl<W: World> Loaded<W> {
    fn count(&self, error: Option<&CallError>) {
        self.calls.fetch_add(1, Relaxed);
        if let Some(error) = error {
            self.failures.fetch_add(1, Relaxed);
            let mut text = error.to_string();
            text.truncate(text.floor_char_boundary(LONGEST_ERROR));
            *self.last_error.lock().unwrap_or_else(PoisonError::into_inner) = Some(text);
        }
    }
}

impl<W: World> Clone for PluginHandle<W> {
    fn clone(&self) -> Self {
        PluginHandle(Arc::clone(&self.0))
    }
}

impl<W: World> fmt::Debug for PluginHandle<W> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PluginHandle").field("plugin", self.plugin()).finish_non_exhaustive()
    }
}
