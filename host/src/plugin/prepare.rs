//! From an artifact to something that can be run.

use std::fmt;
use std::sync::Arc;
use std::time::{Duration, Instant};

use plug_admission::{Admitted, Revision};
use plug_contract::{Contract, Digest, Report, Section};
use tokio::sync::oneshot;
use tokio::time::timeout;
use wasmtime::Store;
use wasmtime::component::{Component, InstancePre};

use super::admission;
use super::instance::Instance;
use super::lifecycle::{Life, Lifecycle};
use super::linkers::Linkers;
use super::run::Clock;
use super::settings::{Settings, Terms};
use super::weigh::{Overweight, weigh};
use crate::artifact::Artifact;
use crate::capability::{State, Subscribed};
use crate::engine::{Engine, EngineKind};
use crate::error::{Cause, Identity, LoadError};
use crate::event::Inbox;
use crate::limits::Limits;
use crate::world::World;

/// Makes the application's own state for an instance of the plugin of that name.
pub(crate) type AppFactory<A> = Arc<dyn Fn(&str) -> A + Send + Sync>;

/// A component that is compiled, linked, and judged to fit the world `W`. It never changes, and is
/// cheap to clone.
pub struct Plugin<W: World>(Arc<Parts<W>>);

struct Parts<W: World> {
    engine: Engine,
    settings: Settings,
    app: AppFactory<W::App>,
    pre: InstancePre<State<W::App>>,
    indices: W::Indices,
    lifecycle: Lifecycle,
    artifact: Artifact,
    report: Report,
    admitted: Admitted,
    compile_time: Duration,
}

impl<W: World> Plugin<W> {
    /// Judges, compiles and links. Judging comes first: its report says what does not fit.
    pub(crate) async fn prepare(
        engine: &Engine,
        linkers: &Linkers<W::App>,
        artifact: Artifact,
        plugin: Arc<str>,
        terms: Terms<'_>,
        app: AppFactory<W::App>,
    ) -> Result<Plugin<W>, LoadError> {
        let (report, admitted) = admission::admit::<W>(engine, &artifact, &plugin, &terms).await?;
        let settings = terms.settle(&plugin, artifact.section())?.on(engine)?;
        let (component, compile_time) = compile(engine, artifact.clone(), &plugin).await?;
        let linked = linkers.instantiate_pre(&component).and_then(|pre| {
            let lifecycle = Lifecycle::prepare(&pre)?;
            let indices = W::prepare(&pre)?;
            Ok((pre, lifecycle, indices))
        });
        match linked {
            Ok((pre, lifecycle, indices)) => Ok(Plugin(Arc::new(Parts {
                engine: engine.clone(),
                settings,
                app,
                pre,
                indices,
                lifecycle,
                artifact,
                report,
                admitted,
                compile_time,
            }))),
            Err(source) => Err(cannot_link(plugin, report, source)),
        }
    }

    /// The two views on a fresh instance.
    pub(super) fn bind(
        &self,
        store: &mut Store<State<W::App>>,
        instance: &wasmtime::component::Instance,
    ) -> wasmtime::Result<(Life, W::Bindings)> {
        let life = self.0.lifecycle.bind(store, instance)?;
        let bindings = W::bind(&self.0.indices, store, instance)?;
        Ok((life, bindings))
    }

    /// wasmtime sees at an instance only what our judgement should have seen before.
    pub(super) fn cannot_link(&self, source: wasmtime::Error) -> LoadError {
        cannot_link(Arc::clone(&self.0.settings.plugin), self.0.report.clone(), source)
    }

    /// A fresh instance, initialized with the plugin's configuration, all within the limits of one
    /// call.
    ///
    /// # Errors
    /// When it cannot be made within the limits, or its `initialize` refuses or breaks.
    pub async fn instantiate(&self) -> Result<Instance<W>, LoadError> {
        self.instantiate_by(Clock::start(self.limits().deadline)).await
    }

    pub(crate) async fn instantiate_by(&self, clock: Clock) -> Result<Instance<W>, LoadError> {
        Instance::start(self.clone(), clock).await
    }

    /// The plugin's name on this host.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.0.settings.plugin
    }

    /// What an instance may use up.
    #[must_use]
    pub fn limits(&self) -> &Limits {
        &self.0.settings.limits
    }

    /// The SHA-256 of the component.
    #[must_use]
    pub fn digest(&self) -> Digest {
        self.0.artifact.digest()
    }

    /// What the component really imports and exports.
    #[must_use]
    pub fn contract(&self) -> &Contract {
        self.0.artifact.contract()
    }

    /// What the component says of itself; a claim.
    #[must_use]
    pub fn section(&self) -> Option<&Section> {
        self.0.artifact.section()
    }

    /// How well it fits the world.
    #[must_use]
    pub fn report(&self) -> &Report {
        &self.0.report
    }

    /// Who signed it, and whether it is pinned.
    #[must_use]
    pub fn admitted(&self) -> &Admitted {
        &self.0.admitted
    }

    /// The fingerprint of the plugin as it is deployed: artifact, configuration, what takes effect of its
    /// grants now, limits and contract.
    #[must_use]
    pub fn revision(&self) -> Revision {
        self.0.settings.identity().revision
    }

    /// How many instances of it there are.
    #[must_use]
    pub fn instances(&self) -> usize {
        self.0.settings.powers.instances().living()
    }

    /// Where the events wait that it subscribes to.
    pub(crate) fn inbox(&self) -> Inbox {
        let Settings { plugin, limits, powers } = &self.0.settings;
        Inbox::new(Arc::clone(plugin), Subscribed(Arc::clone(powers)), limits.event_queue)
    }

    pub(crate) fn identity(&self) -> Identity {
        self.0.settings.identity()
    }

    /// The kind of engine that it runs on.
    #[must_use]
    pub fn engine_kind(&self) -> EngineKind {
        self.engine().kind_of(self.0.pre.component())
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

    pub(super) fn pre(&self) -> &InstancePre<State<W::App>> {
        &self.0.pre
    }

    pub(super) fn new_app(&self) -> W::App {
        (self.0.app)(self.name())
    }
}

impl<W: World> Clone for Plugin<W> {
    fn clone(&self) -> Self {
        Plugin(Arc::clone(&self.0))
    }
}

impl<W: World> fmt::Debug for Plugin<W> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Plugin")
            .field("name", &self.name())
            .field("digest", &self.digest())
            .finish_non_exhaustive()
    }
}

fn cannot_link(plugin: Arc<str>, report: Report, source: wasmtime::Error) -> LoadError {
    LoadError::Link { plugin, report: Some(Box::new(report)), source: Cause::new(source) }
}

/// Compiles on a thread of its own, once it is known how much there is to compile.
pub(crate) async fn compile(
    engine: &Engine,
    bytes: impl AsRef<[u8]> + Send + 'static,
    plugin: &Arc<str>,
) -> Result<(Component, Duration), LoadError> {
    let work = {
        let engine = engine.clone();
        move || {
            weigh(bytes.as_ref(), engine.load_limits())?;
            let begin = Instant::now();
            let component = engine.compile(bytes.as_ref());
            Ok(component.map(|component| (component, begin.elapsed())))
        }
    };
    let failed = |source| LoadError::Compile { plugin: Arc::clone(plugin), source: Cause::new(source) };
    match off_executor(engine, plugin, work).await? {
        Ok(compiled) => compiled.map_err(failed),
        Err(Overweight::Excess(excess)) => Err(LoadError::Oversized { plugin: Arc::clone(plugin), excess }),
        Err(other) => Err(failed(wasmtime::Error::new(other))),
    }
}

/// Runs what foreign bytes can make long on a thread of its own, when the engine has a place for it.
///
/// Nothing stops that thread, so nothing waits for its end but its place: not this future beyond the time
/// that compiling may take, nor the runtime, which would wait for a thread of its own pool when it is
/// dropped.
pub(super) async fn off_executor<T: Send + 'static>(
    engine: &Engine,
    plugin: &Arc<str>,
    work: impl FnOnce() -> T + Send + 'static,
) -> Result<T, LoadError> {
    let plugin = || Arc::clone(plugin);
    if tokio::runtime::Handle::try_current().is_err() {
        return Err(LoadError::NoRuntime { plugin: plugin() });
    }
    let lost = |why| LoadError::Compile { plugin: plugin(), source: Cause::new(why) };
    let (wait, limit) = (engine.load_limits().wait, engine.load_limits().compile);
    let place = timeout(wait, engine.workplace())
        .await
        .map_err(|_elapsed| LoadError::Busy { plugin: plugin(), waited: wait })?;
    let (sender, done) = oneshot::channel();
    let thread = std::thread::Builder::new().name("plug-compile".to_owned());
    let started = thread.spawn(move || {
        let _place = place;
        // nobody listens any more when the time is over
        let _ = sender.send(work());
    });
    started.map_err(|why| lost(wasmtime::Error::new(why)))?;
    match timeout(limit, done).await {
        Ok(Ok(done)) => Ok(done),
        Ok(Err(panicked)) => Err(lost(wasmtime::Error::new(panicked))),
        Err(_elapsed) => Err(LoadError::Overdue { plugin: plugin(), limit }),
    }
}
