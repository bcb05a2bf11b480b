//! A component, ready to run, of which nothing is known beforehand.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use plug_contract::{Contract, Digest, Item, Section};
use wasmtime::component::{InstancePre, Linker, ResourceType};

use super::function::{DynamicFunction, functions};
use super::instance::DynamicInstance;
use super::resource::{DynamicResource, resources};
use crate::artifact::Artifact;
use crate::capability::{self, State};
use crate::engine::Engine;
use crate::error::{Cause, LoadError};
use crate::event::{EventBus, Events};
use crate::limits::Limits;
use crate::plugin::{Clock, Lifecycle, Settings, compile};

/// As many events as a slow subscriber can be behind.
const EVENTS: usize = 1024;

/// What a component is run with.
#[derive(Debug, Clone, Default)]
#[must_use]
pub struct DynamicOptions {
    limits: Limits,
    config: BTreeMap<String, String>,
}

impl DynamicOptions {
    /// The limits. [`Limits::default`] otherwise.
    pub fn limits(mut self, limits: Limits) -> Self {
        self.limits = limits;
        self
    }

    /// The configuration: what `initialize` gets and `get-config` answers.
    pub fn config<K, V>(mut self, pairs: impl IntoIterator<Item = (K, V)>) -> Self
    where
        K: Into<String>,
        V: Into<String>,
    {
        self.config = pairs.into_iter().map(|(key, value)| (key.into(), value.into())).collect();
        self
    }
}

/// Any component, compiled and linked to what every plugin may import. Cheap to clone.
#[derive(Clone)]
pub struct DynamicPlugin(Arc<Parts>);

struct Parts {
    engine: Engine,
    settings: Settings,
    pre: InstancePre<State<()>>,
    lifecycle: Option<Lifecycle>,
    functions: Vec<DynamicFunction>,
    resources: Vec<DynamicResource>,
    artifact: Artifact,
    compile_time: Duration,
}

impl DynamicPlugin {
    /// Compiles and links. `name` stands for the component in messages and in the log.
    ///
    /// # Errors
    /// When the component imports anything but `plug:plugin/host-api` and WASI, or does not compile.
    pub async fn compile(
        engine: &Engine,
        name: &str,
        artifact: Artifact,
        options: DynamicOptions,
    ) -> Result<DynamicPlugin, LoadError> {
        let plugin: Arc<str> = name.into();
        let imports = unserved(artifact.contract());
        if !imports.is_empty() {
            return Err(LoadError::Imports { plugin, imports });
        }
        let (component, compile_time) = compile(engine, &artifact, &plugin).await?;
        let mut linker = Linker::new(engine.wasmtime());
        let linked = capability::link(&mut linker).and_then(|()| linker.instantiate_pre(&component));
        let pre = linked.map_err(|source| LoadError::Link {
            plugin: Arc::clone(&plugin),
            report: None,
            source: Cause::new(source),
        })?;
        Ok(DynamicPlugin(Arc::new(Parts {
            engine: engine.clone(),
            settings: Settings::new(
                plugin,
                Arc::new(options.limits),
                Arc::new(options.config),
                EventBus::new(EVENTS),
            ),
            // a component that does not have our lifecycle is called without
            lifecycle: Lifecycle::prepare(&pre).ok(),
            functions: functions(engine, &component),
            resources: resources(engine, &component),
            pre,
            artifact,
            compile_time,
        })))
    }

    /// A fresh instance. If the component exports our lifecycle, it is initialized.
    ///
    /// # Errors
    /// When it cannot be made within the limits, or its `initialize` refuses or breaks.
    pub async fn instantiate(&self) -> Result<DynamicInstance, LoadError> {
        DynamicInstance::start(self.clone(), Clock::start(self.0.settings.limits.deadline)).await
    }

    /// The functions that it exports.
    #[must_use]
    pub fn functions(&self) -> &[DynamicFunction] {
        &self.0.functions
    }

    /// The resources that its functions may take and return handles of: those that it imports, then
    /// its own.
    #[must_use]
    pub fn resources(&self) -> &[DynamicResource] {
        &self.0.resources
    }

    /// The resource of a type [`Own`] or [`Borrow`] in the functions.
    ///
    /// [`Own`]: wasmtime::component::Type::Own
    /// [`Borrow`]: wasmtime::component::Type::Borrow
    #[must_use]
    pub fn resource(&self, ty: ResourceType) -> Option<&DynamicResource> {
        self.resources().iter().find(|resource| resource.ty == ty)
    }

    /// Whether it exports our lifecycle.
    #[must_use]
    pub fn has_lifecycle(&self) -> bool {
        self.0.lifecycle.is_some()
    }

    /// The name given to it.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.0.settings.plugin
    }

    /// The SHA-256 of the component.
    #[must_use]
    pub fn digest(&self) -> Digest {
        self.0.artifact.digest()
    }

    /// What the component imports and exports.
    #[must_use]
    pub fn contract(&self) -> &Contract {
        self.0.artifact.contract()
    }

    /// What the component says of itself; a claim.
    #[must_use]
    pub fn section(&self) -> Option<&Section> {
        self.0.artifact.section()
    }

    /// The events of its instances, from now on.
    #[must_use]
    pub fn events(&self) -> Events {
        self.0.settings.events.subscribe()
    }

    /// How long it took to compile.
    #[must_use]
    pub fn compile_time(&self) -> Duration {
        self.0.compile_time
    }

    pub(super) fn engine(&self) -> &Engine {
        &self.0.engine
    }

    pub(super) fn settings(&self) -> &Settings {
        &self.0.settings
    }

    pub(super) fn pre(&self) -> &InstancePre<State<()>> {
        &self.0.pre
    }

    pub(super) fn lifecycle(&self) -> Option<&Lifecycle> {
        self.0.lifecycle.as_ref()
    }
}

impl fmt::Debug for DynamicPlugin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("DynamicPlugin")
            .field("name", &self.name())
            .field("digest", &self.digest())
            .finish_non_exhaustive()
    }
}

/// Imports that nobody serves, by their exact names.
fn unserved(contract: &Contract) -> Vec<String> {
    contract
        .imports()
        .filter_map(|(key, item)| match item {
            Item::Interface(interface) if interface.is_linked() && !capability::serves(key) => {
                Some(interface.exact_id().to_owned())
            }
            Item::Function(_) | Item::Resource(_) => Some(key.to_owned()),
            Item::Interface(_) | Item::Type(_) => None,
        })
        .collect()
}
