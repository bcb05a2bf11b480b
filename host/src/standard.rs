//! The standard world, ready made.

use crate::error::CallError;
use crate::plugin::Instance;
use crate::registry::PluginHandle;

pub use bindings::exports::plug::plugin::processor::{ProcessRequest, ProcessResponse};

plug_host_macros::world! {
    /// The standard world: strings in, strings out. For applications that need no contract of
    /// their own.
    pub Standard,
    world = "plugin",
    module = bindings,
    derives = [PartialEq, Eq],
    crate = crate,
}

impl ProcessRequest {
    /// A request without options.
    pub fn new(input: impl Into<String>) -> ProcessRequest {
        ProcessRequest { input: input.into(), options: Vec::new() }
    }

    /// The request with one more option.
    #[must_use]
    pub fn option(mut self, key: impl Into<String>, value: impl Into<String>) -> ProcessRequest {
        self.options.push((key.into(), value.into()));
        self
    }
}

impl PluginHandle<Standard> {
    /// Has the plugin process a request. Whether it could is in the answer.
    ///
    /// # Errors
    /// As [`call`](PluginHandle::call).
    pub async fn process(&self, request: &ProcessRequest) -> Result<ProcessResponse, CallError> {
        self.call(async |plugin, store| plugin.processor().call_process(store, request).await).await
    }
}

impl Instance<Standard> {
    /// Has the plugin process a request. Whether it could is in the answer.
    ///
    /// # Errors
    /// As [`call`](Instance::call).
    pub async fn process(&mut self, request: &ProcessRequest) -> Result<ProcessResponse, CallError> {
        self.call(async |plugin, store| plugin.processor().call_process(store, request).await).await
    }
}
