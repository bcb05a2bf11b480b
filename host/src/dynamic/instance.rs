//! A running component of which nothing was known beforehand.

use std::fmt;
use std::time::{Duration, Instant};

use wasmtime::Store;
use wasmtime::component::{Instance, ResourceAny, ResourceType, Val};

use super::plugin::DynamicPlugin;
use super::resource::DynamicResource;
use crate::capability::State;
use crate::error::{CallError, HostErrorKind, LoadError};
use crate::plugin::{Clock, Life, initialize, new_store, run};

/// An instance whose functions are called by name. It is dead after a call that broke, was
/// stopped, or whose future was dropped.
pub struct DynamicInstance {
    plugin: DynamicPlugin,
    store: Store<State<()>>,
    instance: Instance,
    /// The types that handles have here, in the order of the plugin's resources.
    resources: Vec<Option<ResourceType>>,
    life: Option<Life>,
    alive: bool,
    start_time: Duration,
}

impl DynamicInstance {
    pub(super) async fn start(plugin: DynamicPlugin, clock: Clock) -> Result<DynamicInstance, LoadError> {
        let begin = Instant::now();
        let (engine, settings) = (plugin.engine(), plugin.settings());
        let mut store = new_store(engine, (), settings);
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
        let own =
            plugin.resources().iter().map(|resource| instance.get_resource(&mut store, resource.index?));
        let resources = own.collect();
        let start_time = begin.elapsed();
        Ok(DynamicInstance { plugin, store, instance, resources, life, alive: true, start_time })
    }

    /// Calls the function of that path (`plug:plugin/processor@1.0.0#process`) with these arguments.
    ///
    /// Functions of resources are called `…#[constructor]image`, `…#[method]image.width` and
    /// `…#[static]image.merge`; a method takes the handle first. A handle in the result is the
    /// caller's, as a [`Val::Resource`], until it is an argument of a type `own` or
    /// [dropped](Self::drop_handle). An argument of a type `borrow` stays the caller's.
    ///
    /// # Errors
    /// When there is no such function, the arguments do not fit it, or the plugin breaks or is
    /// stopped.
    pub async fn call(&mut self, path: &str, arguments: &[Val]) -> Result<Option<Val>, CallError> {
        let found = self.plugin.functions().iter().find(|function| function.path() == path);
        let Some(function) = found.cloned() else {
            let there =
                self.plugin.functions().iter().map(|function| format!("`{}`", function.path())).collect();
            return Err(self.host_error(HostErrorKind::NoFunction { name: path.to_owned(), there }));
        };
        if function.params.len() != arguments.len() {
            let reason = format!("it takes {}, not {}", function.params.len(), arguments.len());
            return Err(self.host_error(HostErrorKind::Arguments { function: path.to_owned(), reason }));
        }
        let mut results = vec![Val::Bool(false); usize::from(function.result.is_some())];
        let instance = self.instance;
        let body = async |_: Option<&Life>, store: &mut Store<State<()>>| {
            let callee = instance
                .get_func(&mut *store, function.index)
                .ok_or_else(|| wasmtime::Error::msg("the function is not in the instance"))?;
            callee.call_async(store, arguments, &mut results).await
        };
        match self.guarded(body).await {
            Ok(()) => Ok(results.pop()),
            Err(error) => Err(self.argument_error(path, error)),
        }
    }

    /// Drops a handle that a call returned; the plugin's destructor runs, within the limits of a call.
    /// Handles that nobody drops are gone with the instance, without their destructors.
    ///
    /// # Errors
    /// When the handle is not the caller's any more, or the destructor breaks or is stopped.
    pub async fn drop_handle(&mut self, handle: ResourceAny) -> Result<(), CallError> {
        let body =
            async |_: Option<&Life>, store: &mut Store<State<()>>| handle.resource_drop_async(store).await;
        self.guarded(body).await.map_err(|error| self.argument_error("[resource-drop]", error))
    }

    /// The resource that a handle is of; none if the plugin imports that.
    #[must_use]
    pub fn resource(&self, handle: ResourceAny) -> Option<&DynamicResource> {
        let place = self.resources.iter().position(|ty| *ty == Some(handle.ty()))?;
        self.plugin.resources().get(place)
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
        self.guarded(body).await
    }

    /// How long it took to make the instance and initialize it.
    #[must_use]
    pub fn start_time(&self) -> Duration {
        self.start_time
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

    async fn guarded<T, F>(&mut self, body: F) -> Result<T, CallError>
    where
        F: AsyncFnOnce(Option<&Life>, &mut Store<State<()>>) -> wasmtime::Result<T>,
    {
        if !std::mem::replace(&mut self.alive, false) {
            return Err(self.host_error(HostErrorKind::Dead));
        }
        let (engine, settings) = (self.plugin.engine(), self.plugin.settings());
        let clock = Clock::start(settings.limits.deadline);
        let life = self.life.as_ref();
        let outcome =
            run(engine, settings, &mut self.store, clock, async |store| body(life, store).await).await;
        self.alive = outcome.as_ref().err().is_none_or(CallError::leaves_instance_usable);
        outcome
    }

    /// Nothing but the arguments can fail outside the plugin in a call by name.
    fn argument_error(&self, function: &str, error: CallError) -> CallError {
        let CallError::Host { error, .. } = error else { return error };
        self.host_error(match error.into_failure() {
            Ok(source) if !source.is::<wasmtime::WasmBacktrace>() => {
                HostErrorKind::Arguments { function: function.to_owned(), reason: format!("{source:#}") }
            }
            Ok(source) => HostErrorKind::Failed { source },
            Err(kind) => kind,
        })
    }

    fn host_error(&self, kind: HostErrorKind) -> CallError {
        CallError::host(self.plugin.settings().plugin.clone(), kind)
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
