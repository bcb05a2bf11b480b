//! A running component of which nothing was known beforehand.

use std::borrow::Cow;
use std::fmt;
use std::time::{Duration, Instant};

use wasmtime::Store;
use wasmtime::component::{Instance, ResourceAny, Val};

use super::arguments;
use super::plugin::DynamicPlugin;
use super::resource::{DynamicResource, Places};
use super::transmit::{self, Reading};
use crate::capability::{State, Usage};
use crate::engine::EngineKind;
use crate::error::{Backtrace, CallError, HostErrorKind, LoadError, TrapError, TrapKind};
use crate::plugin::{Clock, Life, initialize, new_store, run};

/// As many functions are named to somebody who looked for another one.
const SHOWN: usize = 10;

/// An instance whose functions are called by name. It is dead after a call that broke, was
/// stopped, or whose future was dropped.
pub struct DynamicInstance {
    plugin: DynamicPlugin,
    store: Store<State<()>>,
    instance: Instance,
    /// Where the types that handles have here are among the plugin's resources.
    resources: Places,
    /// The handles that the caller has: those that calls returned, until they are given away or
    /// dropped.
    held: Vec<ResourceAny>,
    life: Option<Life>,
    alive: bool,
    start_time: Duration,
}

impl DynamicInstance {
    pub(super) async fn start(plugin: DynamicPlugin, clock: Clock) -> Result<DynamicInstance, LoadError> {
        let begin = Instant::now();
        let (engine, settings) = (plugin.engine(), plugin.settings());
        let mut store = new_store(engine, plugin.pre().engine(), (), settings)?;
        let body = async |store: &mut Store<State<()>>| {
            let instance = plugin.pre().instantiate_async(&mut *store).await?;
            let life = plugin.lifecycle().map(|lifecycle| lifecycle.bind(store, &instance)).transpose()?;
            Ok((instance, life))
        };
        let (instance, life) = run(engine, settings, &mut store, clock, body).await.map_err(|error| {
            LoadError::Instantiate { plugin: settings.plugin.clone(), error: Box::new(error) }
        })?;
        if let Some(life) = &life {
            initialize(engine, settings, &mut store, clock, life).await?;
        }
        let mut resources = Places::default();
        for (place, resource) in plugin.resources().iter().enumerate() {
            if let Some(ty) = resource.index.and_then(|index| instance.get_resource(&mut store, index)) {
                resources.insert(ty, place);
            }
        }
        let start_time = begin.elapsed();
        let held = Vec::new();
        Ok(DynamicInstance { plugin, store, instance, resources, held, life, alive: true, start_time })
    }

    /// Calls the function of that path (`plug:plugin/processor@1.0.0#process`) with these arguments.
    ///
    /// Functions of resources are called `…#[constructor]image`, `…#[method]image.width` and
    /// `…#[static]image.merge`; a method takes the handle first. A handle in the result is the
    /// caller's, as a [`Val::Resource`], until it is an argument of a type `own` or
    /// [dropped](Self::drop_handle). An argument of a type `borrow` stays the caller's.
    ///
    /// A stream of [elements](crate::stream_element) is a [`Val::List`] here, a future of one its value: in
    /// arguments they are made, and in the result they are read to their end.
    ///
    /// # Errors
    /// When there is no such function or the arguments do not fit it, which leaves the instance as
    /// it was; or the plugin breaks or is stopped.
    pub async fn call(&mut self, path: &str, arguments: &[Val]) -> Result<Option<Val>, CallError> {
        let Some(function) = self.plugin.function(path).cloned() else {
            let known = self.plugin.functions();
            let there = known.iter().take(SHOWN).map(|function| format!("`{}`", function.path())).collect();
            let more = known.len().saturating_sub(SHOWN);
            return Err(self.host_error(HostErrorKind::NoFunction { name: path.to_owned(), there, more }));
        };
        if !self.alive {
            return Err(self.host_error(HostErrorKind::Dead));
        }
        let Some(callee) = self.instance.get_func(&mut self.store, function.index) else {
            let source = wasmtime::Error::msg("the function is not in the instance");
            return Err(self.host_error(HostErrorKind::Failed { source }));
        };
        let given = arguments::check(&callee.ty(&self.store), arguments, &self.held)
            .map_err(|reason| self.misfit(path, reason))?;
        let limit = self.plugin.settings().limits.transfer;
        let size = arguments.iter().map(arguments::size).fold(0, usize::saturating_add);
        if size > limit {
            return Err(self.host_error(HostErrorKind::TooBig { function: path.to_owned(), size, limit }));
        }
        self.held.retain(|handle| !given.contains(handle));
        let mut results = vec![Val::Bool(false); usize::from(function.result.is_some())];
        let mut arguments = Cow::Borrowed(arguments);
        let has_streams = self.plugin.engine_kind() == EngineKind::Full;
        let transfer = self.plugin.settings().limits.transfer;
        let body = async |_: Option<&Life>, store: &mut Store<State<()>>| {
            if has_streams {
                for ((_, ty), argument) in function.params.iter().zip(arguments.to_mut()) {
                    transmit::send(store, ty, argument)?;
                }
            }
            callee.call_async(&mut *store, &arguments, &mut results).await?;
            match (&function.result, results.first_mut()) {
                (Some(ty), Some(result)) => {
                    let reading = Reading::begin(store, ty, result, transfer)?;
                    reading.end(store, ty, result).await
                }
                _ => Ok(()),
            }
        };
        let clock = Clock::start(self.plugin.settings().limits.deadline);
        self.guarded(clock, body).await.map_err(|error| self.blame(path, error))?;
        let result = results.pop();
        if let Some(result) = &result {
            handles(result, &mut self.held);
        }
        Ok(result)
    }

    /// Drops a handle that a call returned; the plugin's destructor runs, within the limits of a call.
    /// Handles that nobody drops are gone with the instance, without their destructors.
    ///
    /// # Errors
    /// When the handle is not the caller's any more, or the destructor breaks or is stopped.
    pub async fn drop_handle(&mut self, handle: ResourceAny) -> Result<(), CallError> {
        self.drop_handles([handle]).await.map_err(|error| error.error)
    }

    /// Drops several handles in that order, all of them within the limits of one call.
    ///
    /// # Errors
    /// At the first handle that is not the caller's any more, or whose destructor breaks or is
    /// stopped. Those behind it are not dropped.
    pub async fn drop_handles(
        &mut self,
        handles: impl IntoIterator<Item = ResourceAny>,
    ) -> Result<(), DropError> {
        let clock = Clock::start(self.plugin.settings().limits.deadline);
        for handle in handles {
            self.drop_by(clock, handle).await.map_err(|error| DropError { handle, error })?;
        }
        Ok(())
    }

    async fn drop_by(&mut self, clock: Clock, handle: ResourceAny) -> Result<(), CallError> {
        const DROP: &str = "[resource-drop]";
        if !self.alive {
            return Err(self.host_error(HostErrorKind::Dead));
        }
        let Some(place) = self.held.iter().position(|held| *held == handle) else {
            let reason = "the handle was given away or dropped, or is of another instance";
            return Err(self.misfit(DROP, reason.to_owned()));
        };
        self.held.remove(place);
        let body =
            async |_: Option<&Life>, store: &mut Store<State<()>>| handle.resource_drop_async(store).await;
        self.guarded(clock, body).await.map_err(|error| self.blame(DROP, error))
    }

    /// The resource that a handle is of; none if the plugin imports that.
    #[must_use]
    pub fn resource(&self, handle: ResourceAny) -> Option<&DynamicResource> {
        self.plugin.resources().get(self.resources.find(handle.ty())?)
    }

    /// Tells the plugin that its end has come, if it has our lifecycle, and drops it.
    ///
    /// # Errors
    /// When the plugin answers with an error, breaks, or is stopped.
    pub async fn shutdown(mut self) -> Result<(), CallError> {
        let body = async |life: Option<&Life>, store: &mut Store<State<()>>| match life {
            Some(life) => life.shutdown(store).await,
            None => Ok(()),
        };
        let clock = Clock::start(self.plugin.settings().limits.deadline);
        self.guarded(clock, body).await
    }

    /// How long it took to make the instance and initialize it.
    #[must_use]
    pub fn start_time(&self) -> Duration {
        self.start_time
    }

    /// What the last call used up.
    #[must_use]
    pub fn usage(&self) -> Usage {
        self.store.data().usage()
    }

    /// Bytes of linear memory that it has.
    #[must_use]
    pub fn memory(&self) -> usize {
        self.store.data().memory()
    }

    /// Whether it can be called.
    #[must_use]
    pub fn is_alive(&self) -> bool {
        self.alive
    }

    async fn guarded<T, F>(&mut self, clock: Clock, body: F) -> Result<T, CallError>
    where
        F: AsyncFnOnce(Option<&Life>, &mut Store<State<()>>) -> wasmtime::Result<T>,
    {
        if !std::mem::replace(&mut self.alive, false) {
            return Err(self.host_error(HostErrorKind::Dead));
        }
        let (engine, settings) = (self.plugin.engine(), self.plugin.settings());
        let life = self.life.as_ref();
        let outcome =
            run(engine, settings, &mut self.store, clock, async |store| body(life, store).await).await;
        self.alive = outcome.as_ref().err().is_none_or(CallError::leaves_instance_usable);
        outcome
    }

    /// Whose fault a plain error of wasmtime's is. The arguments were looked at before the call: what
    /// is left of them is their size, and all else was wrong with what the plugin handed over.
    fn blame(&self, function: &str, error: CallError) -> CallError {
        let CallError::Host { error, .. } = error else { return error };
        match error.into_failure() {
            Ok(source) if source.is::<wasmtime::WasmBacktrace>() => {
                self.host_error(HostErrorKind::Failed { source })
            }
            Ok(source) => {
                let reason = source.root_cause().to_string();
                if is_too_large(&reason) {
                    return self.misfit(function, reason);
                }
                let kind = TrapKind::InvalidData(reason);
                let error = TrapError::new(kind, Backtrace::default(), None, None);
                CallError::trap(self.store.data().identity(), error)
            }
            Err(kind) => self.host_error(kind),
        }
    }

    fn misfit(&self, function: &str, reason: String) -> CallError {
        self.host_error(HostErrorKind::Arguments { function: function.to_owned(), reason })
    }

    fn host_error(&self, kind: HostErrorKind) -> CallError {
        CallError::host(self.store.data().identity(), kind)
    }
}

/// Of several handles, one was not dropped.
#[derive(Debug, thiserror::Error)]
#[error("{error}")]
#[non_exhaustive]
pub struct DropError {
    /// The handle.
    pub handle: ResourceAny,
    /// Why not.
    pub error: CallError,
}

/// What wasmtime says of arguments that are too large for any memory of a guest.
fn is_too_large(reason: &str) -> bool {
    reason.ends_with("too large to copy into wasm")
        || reason.starts_with("byte length ")
        || reason.starts_with("size overflow copying ")
}

/// The handles in a value.
fn handles(value: &Val, found: &mut Vec<ResourceAny>) {
    match value {
        Val::Resource(handle) => found.push(*handle),
        Val::List(values) | Val::Tuple(values) | Val::FixedLengthList(values) => {
            values.iter().for_each(|value| handles(value, found));
        }
        Val::Map(pairs) => pairs.iter().for_each(|(key, value)| {
            handles(key, found);
            handles(value, found);
        }),
        Val::Record(fields) => fields.iter().for_each(|(_, value)| handles(value, found)),
        Val::Variant(_, Some(value))
        | Val::Option(Some(value))
        | Val::Result(Ok(Some(value)) | Err(Some(value))) => handles(value, found),
        _ => {}
    }
}

impl fmt::Debug for DynamicInstance {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("DynamicInstance")
            .field("plugin", &self.plugin)
            .field("alive", &self.alive)
            .finish_non_exhaustive()
    }
}
