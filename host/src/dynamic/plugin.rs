//! A component, ready to run, of which nothing is known beforehand.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use plug_admission::{Admission, Revision};
use plug_contract::{Digest, Section};
use plug_policy::{Grant, Policy};
use wasmtime::component::types::ComponentItem;
use wasmtime::component::{Component, InstancePre, Linker, ResourceType};

use super::function::{DynamicFunction, Functions};
use super::instance::DynamicInstance;
use super::resource::{DynamicResource, Places, Resources};
use crate::capability::{self, CapabilityManager, CustomCapabilities, SharedResolver, State};
use crate::engine::{Engine, EngineKind};
use crate::error::{Cause, LoadError};
use crate::event::{Events, Post};
use crate::limits::Limits;
use crate::plugin::{Clock, Lifecycle, Settings, Terms, admit_any, compile};

/// As many events as a slow subscriber can be behind.
const EVENTS: usize = 1024;

/// What a component is run with.
#[derive(Debug, Clone, Default)]
#[must_use]
pub struct DynamicOptions {
    limits: Limits,
    config: BTreeMap<String, String>,
    policy: Option<Policy>,
    grants: Vec<Grant>,
    audit: bool,
    admission: Admission,
    signature: Option<Vec<u8>>,
}

impl DynamicOptions {
    /// The limits. [`Limits::default`] otherwise.
    pub fn limits(mut self, limits: Limits) -> Self {
        self.limits = limits;
        self
    }

    /// What it may do, by the name that it is compiled under. Without a policy it gets nothing that must
    /// be asked for. A component that has no manifest counts as wanting whatever is granted. Entries for
    /// contracts do not count, as anybody can claim a contract.
    pub fn policy(mut self, policy: Policy) -> Self {
        self.policy = Some(policy);
        self
    }

    /// What it may do beside that.
    pub fn allow(mut self, grants: impl IntoIterator<Item = Grant>) -> Self {
        self.grants.extend(grants);
        self
    }

    /// Whether denials are recorded in full: see [`CapabilityManager::denied`].
    pub fn audit(mut self, audit: bool) -> Self {
        self.audit = audit;
        self
    }

    /// What it has to be: pinned, signed. Without it any component may be, but where the policy requires a
    /// signature: then none is good enough.
    pub fn admission(mut self, admission: Admission) -> Self {
        self.admission = admission;
        self
    }

    /// The bytes of its signature file, in minisign's format.
    pub fn signature(mut self, signature: Option<Vec<u8>>) -> Self {
        self.signature = signature;
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
    events: Post,
    manager: CapabilityManager,
    pre: InstancePre<State<()>>,
    lifecycle: Option<Lifecycle>,
    functions: Functions,
    resources: Resources,
    digest: Digest,
    section: Option<Section>,
    compile_time: Duration,
}

impl DynamicPlugin {
    /// Compiles and links the bytes of a component, or an [`Artifact`](crate::Artifact). `name` stands
    /// for it in messages and in the log. No contract is needed: components that WIT cannot express are
    /// taken too.
    ///
    /// # Errors
    /// When the component may not be loaded, does not compile, what it says of itself cannot be read, or it
    /// imports anything but `plug:plugin/host-api` and WASI.
    pub async fn compile(
        engine: &Engine,
        name: &str,
        component: impl AsRef<[u8]> + Send + Sync + 'static,
        options: DynamicOptions,
    ) -> Result<DynamicPlugin, LoadError> {
        let plugin: Arc<str> = name.into();
        let manager = CapabilityManager::new(options.policy, None, CustomCapabilities::default());
        let digest = Digest::of(component.as_ref());
        let section = Section::read(component.as_ref()).map_err(|source| LoadError::Declaration {
            plugin: Arc::clone(&plugin),
            source: Box::new(source),
        })?;
        let events = Post::new(EVENTS);
        let terms = Terms {
            manager: &manager,
            limits: options.limits,
            config: Arc::new(options.config),
            events: events.clone(),
            resolver: SharedResolver::default(),
            admission: Arc::new(options.admission),
            artifact: digest,
            contract: None,
        };
        let component = Arc::new(component);
        let candidate = Arc::clone(&component);
        admit_any(engine, &plugin, candidate, section.as_ref(), options.signature, &terms).await?;
        let (component, compile_time) = compile(engine, Shared(component), &plugin).await?;
        let imports = unserved(&component, &manager);
        if !imports.is_empty() {
            return Err(LoadError::Imports { plugin, imports });
        }
        let mut linker = Linker::new(component.engine());
        let linked = capability::link(&mut linker).and_then(|()| linker.instantiate_pre(&component));
        let pre = linked.map_err(|source| LoadError::Link {
            plugin: Arc::clone(&plugin),
            report: None,
            source: Cause::new(source),
        })?;
        manager.prepare(&plugin, options.grants, options.audit);
        let settings = terms.settle_any(&plugin, section.as_ref())?.on(engine)?;
        Ok(DynamicPlugin(Arc::new(Parts {
            engine: engine.clone(),
            settings,
            events,
            manager,
            // a component that does not have our lifecycle is called without
            lifecycle: Lifecycle::prepare(&pre).ok(),
            functions: Functions::of(&component),
            resources: Resources::of(&component),
            pre,
            digest,
            section,
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
        self.0.functions.list()
    }

    /// The function of that path: `plug:plugin/processor@1.0.0#process`.
    #[must_use]
    pub fn function(&self, path: &str) -> Option<&DynamicFunction> {
        self.0.functions.find(path)
    }

    /// The resources that its functions may take and return handles of: those that it imports, then
    /// its own.
    #[must_use]
    pub fn resources(&self) -> &[DynamicResource] {
        self.0.resources.list()
    }

    /// The resource of a type [`Own`] or [`Borrow`] in the functions.
    ///
    /// [`Own`]: wasmtime::component::Type::Own
    /// [`Borrow`]: wasmtime::component::Type::Borrow
    #[must_use]
    pub fn resource(&self, ty: ResourceType) -> Option<&DynamicResource> {
        self.0.resources.find(ty)
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
        self.0.digest
    }

    /// The fingerprint of it as it is run: component, configuration, powers and limits.
    #[must_use]
    pub fn revision(&self) -> Revision {
        self.0.settings.identity().revision
    }

    /// What the component says of itself; a claim.
    #[must_use]
    pub fn section(&self) -> Option<&Section> {
        self.0.section.as_ref()
    }

    /// The events of its instances, from now on.
    #[must_use]
    pub fn events(&self) -> Events {
        self.0.events.subscribe()
    }

    /// What it may do, what it was denied, and how that is changed.
    #[must_use]
    pub fn capabilities(&self) -> &CapabilityManager {
        &self.0.manager
    }

    /// The kind of engine that it runs on.
    #[must_use]
    pub fn engine_kind(&self) -> EngineKind {
        self.engine().kind_of(self.pre().component())
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

/// Bytes that two threads read.
struct Shared<B>(Arc<B>);

impl<B: AsRef<[u8]>> AsRef<[u8]> for Shared<B> {
    fn as_ref(&self) -> &[u8] {
        (*self.0).as_ref()
    }
}

/// Imports that nobody serves, by their exact names.
fn unserved(component: &Component, manager: &CapabilityManager) -> Vec<String> {
    let engine = component.engine();
    let ty = component.component_type();
    let mut resources = Places::default();
    let mut imports = Vec::new();
    for (name, item) in ty.imports(engine) {
        let is_asked_for = match item.ty {
            ComponentItem::ComponentInstance(instance) => {
                let mut has_more_than_types = false;
                for (_, item) in instance.exports(engine) {
                    has_more_than_types |= !matches!(item.ty, ComponentItem::Type(_));
                    if let ComponentItem::Resource(ty) = item.ty {
                        resources.insert(ty, 0);
                    }
                }
                has_more_than_types && !manager.serves(name)
            }
            // another name for the resource of an interface is none that is asked for
            ComponentItem::Resource(ty) => resources.insert(ty, 0),
            ComponentItem::Type(_) => false,
            _ => true,
        };
        if is_asked_for {
            imports.push(name.to_owned());
        }
    }
    imports
}
