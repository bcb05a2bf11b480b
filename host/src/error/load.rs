//! A plugin cannot be loaded, or not be unloaded in order.

use std::error::Error;
use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use plug_contract::{Report, SectionError, printable};

use super::{CallError, Excess, TrapError, Withheld};

/// A plugin cannot be loaded. Each stage has its own variant; nothing of the plugin is left behind.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum LoadError {
    /// The name is none that a plugin can have.
    #[error("`{name}` cannot be a plugin's name: {reason}")]
    #[non_exhaustive]
    BadName {
        /// The name.
        name: String,
        /// What is wrong with it.
        reason: &'static str,
    },
    /// There is a plugin of that name.
    #[error("plugin `{plugin}` is loaded already; unload it first, or give this one another name")]
    #[non_exhaustive]
    AlreadyLoaded {
        /// The plugin's name on this host.
        plugin: Arc<str>,
    },
    /// What the component declares of itself cannot be read, or has another hash than it says.
    #[error("plugin `{plugin}` declares a contract that cannot be believed")]
    #[non_exhaustive]
    Declaration {
        /// The plugin's name on this host.
        plugin: Arc<str>,
        /// What is wrong with it.
        #[source]
        source: Box<SectionError>,
    },
    /// The component is not what it declares to be.
    #[error("plugin `{plugin}` is not what it declares to be: {report}")]
    #[non_exhaustive]
    FalseClaim {
        /// The plugin's name on this host.
        plugin: Arc<str>,
        /// The component against its own declaration.
        report: Box<Report>,
    },
    /// The component does not fit the host's contract.
    #[error("cannot load plugin `{plugin}`: {report}")]
    #[non_exhaustive]
    Contract {
        /// The plugin's name on this host.
        plugin: Arc<str>,
        /// What does not fit, and how to mend it.
        report: Box<Report>,
    },
    /// The component imports what this host serves to nobody.
    #[error("plugin `{plugin}` imports what this sandbox does not serve: {}", printable::line(&.imports.join(", ")))]
    #[non_exhaustive]
    Imports {
        /// The plugin's name on this host.
        plugin: Arc<str>,
        /// The names of the imports.
        imports: Vec<String>,
    },
    /// wasmtime cannot compile the component.
    #[error("plugin `{plugin}` cannot be compiled")]
    #[non_exhaustive]
    Compile {
        /// The plugin's name on this host.
        plugin: Arc<str>,
        /// wasmtime's own error.
        #[source]
        source: Cause,
    },
    /// There is more of something in the artifact than this host compiles.
    #[error("plugin `{plugin}` is more than this host compiles: {excess}")]
    #[non_exhaustive]
    Oversized {
        /// The plugin's name on this host.
        plugin: Arc<str>,
        /// What there is too much of.
        excess: Excess,
    },
    /// Judging or compiling took longer than it may.
    #[error(
        "plugin `{plugin}` took longer than the {limit:?} that it may to be compiled (`LoadLimits::compile`)"
    )]
    #[non_exhaustive]
    Overdue {
        /// The plugin's name on this host.
        plugin: Arc<str>,
        /// How long it may.
        limit: Duration,
    },
    /// All places for compiling were taken.
    #[error(
        "plugin `{plugin}` cannot be loaded now: others were being compiled in all places for {waited:?}; try again later, or raise `LoadLimits::wait`"
    )]
    #[non_exhaustive]
    Busy {
        /// The plugin's name on this host.
        plugin: Arc<str>,
        /// How long the load waited.
        waited: Duration,
    },
    /// wasmtime cannot link the component, although it fits the contract as far as we can judge: an
    /// import is not served, an export is missing, or one of the two has another type.
    #[error("plugin `{plugin}` cannot be linked{}", judged(.report.as_deref(), .source))]
    #[non_exhaustive]
    Link {
        /// The plugin's name on this host.
        plugin: Arc<str>,
        /// Our own judgement; none for a component that is called without a contract.
        report: Option<Box<Report>>,
        /// wasmtime's own error.
        #[source]
        source: Cause,
    },
    /// No instance can be made: a limit is too low, or the component breaks as it starts.
    #[error("no instance of plugin `{plugin}` can be made: {error}")]
    #[non_exhaustive]
    Instantiate {
        /// The plugin's name on this host.
        plugin: Arc<str>,
        /// Why not.
        error: Box<CallError>,
    },
    /// The plugin's `initialize` answered with an error.
    #[error("plugin `{plugin}` refused to start: {}", printable::line(.message))]
    #[non_exhaustive]
    Refused {
        /// The plugin's name on this host.
        plugin: Arc<str>,
        /// What it answered.
        message: String,
    },
    /// The plugin's `initialize` or `get-metadata` broke.
    #[error("plugin `{plugin}` broke as it started: {error}")]
    #[non_exhaustive]
    Start {
        /// The plugin's name on this host.
        plugin: Arc<str>,
        /// How.
        error: Box<CallError>,
    },
    /// The artifact may not be loaded: its digest is not the one that is pinned, or its signature is not
    /// good. All that speaks against it is told together.
    #[error("{refused}")]
    #[non_exhaustive]
    NotAdmitted {
        /// The plugin's name on this host.
        plugin: Arc<str>,
        /// All reasons.
        refused: Box<plug_admission::Refused>,
    },
    /// The plugin is not granted what it needs, or what it is granted cannot be given to it.
    #[error("plugin `{plugin}` cannot be given what it needs: {source}")]
    #[non_exhaustive]
    Withheld {
        /// The plugin's name on this host.
        plugin: Arc<str>,
        /// What, and what to do about it.
        source: Box<Withheld>,
    },
    /// There are as many instances as there may be. Try again when some are gone.
    #[error("no further instance of plugin `{plugin}`: there are {most} {}", whose(*.of_plugin))]
    #[non_exhaustive]
    TooMany {
        /// The plugin's name on this host.
        plugin: Arc<str>,
        /// How many there may be.
        most: usize,
        /// Of this plugin; otherwise of all plugins of the engine.
        of_plugin: bool,
    },
    /// Its fuel is limited, and the engine does not count it.
    #[error(
        "plugin `{plugin}` has a limit of fuel, and the engine counts none: make it with `Engine::builder().fuel(true)`, or take the limit out"
    )]
    #[non_exhaustive]
    Uncounted {
        /// The plugin's name on this host.
        plugin: Arc<str>,
    },
    /// Not within a tokio runtime.
    #[error(
        "plugin `{plugin}` cannot be loaded: not within a tokio runtime; the host's async functions need one with time enabled"
    )]
    #[non_exhaustive]
    NoRuntime {
        /// The plugin's name on this host.
        plugin: Arc<str>,
    },
}

/// Whose instances there are too many of, and what to do.
fn whose(of_plugin: bool) -> &'static str {
    match of_plugin {
        true => "of it already, as many as `Limits::instances` allows; drop some, or raise it",
        false => {
            "of all plugins already, as many as `EngineBuilder::instances` allows; drop some, or raise it"
        }
    }
}

/// wasmtime's own error behind one of ours.
///
/// wasmtime names what is in the component, so it and its causes are shown with control characters
/// escaped; [`wasmtime`](Cause::wasmtime) has the error as it is.
pub struct Cause {
    error: wasmtime::Error,
    shown: Layer,
}

/// A layer of the error, and what caused it, as they are shown.
#[derive(Debug)]
struct Layer {
    text: String,
    cause: Option<Box<Layer>>,
}

impl Cause {
    pub(crate) fn new(error: wasmtime::Error) -> Cause {
        let layers: Vec<String> =
            error.chain().map(|layer| printable::line(&layer.to_string()).into_owned()).collect();
        let layer = |cause: Option<Box<Layer>>, text: String| Some(Box::new(Layer { text, cause }));
        let shown = layers.into_iter().rev().fold(None, layer);
        let shown = shown.map_or_else(|| Layer { text: String::new(), cause: None }, |layer| *layer);
        Cause { error, shown }
    }

    /// The error itself.
    #[must_use]
    pub fn wasmtime(&self) -> &wasmtime::Error {
        &self.error
    }
}

impl fmt::Debug for Cause {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.shown.fmt(f)
    }
}

impl fmt::Display for Cause {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.shown.fmt(f)
    }
}

impl Error for Cause {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        self.shown.source()
    }
}

impl fmt::Display for Layer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl Error for Layer {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        self.cause.as_ref().map(|cause| &**cause as &(dyn Error + 'static))
    }
}

/// The answer to an error of wasmtime's that our judgement did not foresee.
fn judged(report: Option<&Report>, source: &Cause) -> String {
    let Some(report) = report else { return unjudged(source) };
    if !report.findings().is_empty() {
        return format!(", although it was judged:\n{report}");
    }
    let (host, plugin) = (report.old(), report.new());
    let mut text = format!(
        ", although we judged it to fit the contract {}\n  host:   {}\n  plugin: {}",
        host.id, host.hash, plugin.hash
    );
    if report.environment().is_empty() {
        text.push_str("\n  help: this is a defect of Plug; please report it with both hashes");
    } else {
        text.push_str(&format!(
            "\n  not judged: {}\n  help: if wasmtime names one of these, build the plugin against an interface of WASI that this host has; else this is a defect of Plug: please report it with both hashes",
            report.environment().join(", ")
        ));
    }
    text
}

/// The same without a contract: which import it is, and where in it, as wasmtime says.
fn unjudged(source: &Cause) -> String {
    let named = |layer: &str, before: &str| {
        let (name, _) = layer.split_once(before)?.1.split_once('`')?;
        Some(format!("`{name}`"))
    };
    let layers: Vec<_> =
        source.wasmtime().chain().map(|layer| printable::line(&layer.to_string()).into_owned()).collect();
    let import = layers
        .iter()
        .find_map(|layer| layer.starts_with("component imports ").then(|| named(layer, "`")).flatten());
    let inner = layers.iter().filter_map(|layer| named(layer, "instance export `"));
    let place: Vec<_> = import.into_iter().chain(inner).collect();
    if place.is_empty() {
        return ": what it imports is not what this sandbox serves".to_owned();
    }
    format!(
        ": it imports something else than what this sandbox serves under that name\n  where: {}\n  help: build it against `plug:plugin@1.0.0` and WASI 0.2 as they are published, or call it in the application that serves this import",
        place.join(", in it ")
    )
}

impl LoadError {
    /// The plugin's name on this host.
    #[must_use]
    pub fn plugin(&self) -> &str {
        match self {
            LoadError::BadName { name, .. } => name,
            LoadError::AlreadyLoaded { plugin }
            | LoadError::Declaration { plugin, .. }
            | LoadError::FalseClaim { plugin, .. }
            | LoadError::Contract { plugin, .. }
            | LoadError::Imports { plugin, .. }
            | LoadError::Compile { plugin, .. }
            | LoadError::Oversized { plugin, .. }
            | LoadError::Overdue { plugin, .. }
            | LoadError::Busy { plugin, .. }
            | LoadError::Link { plugin, .. }
            | LoadError::Instantiate { plugin, .. }
            | LoadError::Refused { plugin, .. }
            | LoadError::Start { plugin, .. }
            | LoadError::Withheld { plugin, .. }
            | LoadError::NotAdmitted { plugin, .. }
            | LoadError::TooMany { plugin, .. }
            | LoadError::Uncounted { plugin }
            | LoadError::NoRuntime { plugin } => plugin,
        }
    }

    /// The judgement, if the component does not fit or could not be linked.
    #[must_use]
    pub fn report(&self) -> Option<&Report> {
        match self {
            LoadError::Contract { report, .. }
            | LoadError::FalseClaim { report, .. }
            | LoadError::Link { report: Some(report), .. } => Some(report),
            _ => None,
        }
    }

    /// How the plugin broke, if it did.
    #[must_use]
    pub fn as_trap(&self) -> Option<&TrapError> {
        match self {
            LoadError::Instantiate { error, .. } | LoadError::Start { error, .. } => error.as_trap(),
            _ => None,
        }
    }

    /// Whether the same load may well succeed a little later: others were first.
    #[must_use]
    pub fn is_busy(&self) -> bool {
        matches!(self, LoadError::Busy { .. } | LoadError::TooMany { .. })
    }

    /// The code of its page under `docs/errors`.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            LoadError::BadName { .. } => "PLG0501",
            LoadError::AlreadyLoaded { .. } => "PLG0502",
            LoadError::Declaration { source, .. } => source.code(),
            LoadError::FalseClaim { .. } => "PLG0517",
            LoadError::Contract { .. } => "PLG0301",
            LoadError::Compile { .. } => "PLG0503",
            LoadError::Oversized { .. } => "PLG0524",
            LoadError::Overdue { .. } => "PLG0525",
            LoadError::Busy { .. } => "PLG0526",
            LoadError::Link { .. } => "PLG0504",
            LoadError::Instantiate { .. } => "PLG0505",
            LoadError::Refused { .. } => "PLG0506",
            LoadError::Start { .. } => "PLG0507",
            LoadError::Imports { .. } => "PLG0511",
            LoadError::NotAdmitted { refused, .. } => refused.code(),
            LoadError::TooMany { .. } => "PLG0527",
            LoadError::Uncounted { .. } => "PLG0528",
            LoadError::Withheld { source, .. } => source.code(),
            LoadError::NoRuntime { .. } => "PLG0513",
        }
    }
}

/// A plugin was not unloaded in order. Unless there was none of that name, it is gone all the same.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum UnloadError {
    /// There is no plugin of that name.
    #[error("no plugin `{plugin}` is loaded")]
    #[non_exhaustive]
    NotLoaded {
        /// The name.
        plugin: String,
    },
    /// The plugin's `shutdown` answered with an error, broke, or could not be called in time.
    #[error("plugin `{plugin}` was unloaded, but did not shut down in order: {error}")]
    #[non_exhaustive]
    Shutdown {
        /// The plugin's name on this host.
        plugin: Arc<str>,
        /// How it failed.
        error: Box<CallError>,
    },
}

impl UnloadError {
    /// The code of its page under `docs/errors`.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            UnloadError::NotLoaded { .. } => "PLG0509",
            UnloadError::Shutdown { .. } => "PLG0510",
        }
    }
}

/// Some plugins did not shut down in order. All are gone all the same.
#[derive(Debug, thiserror::Error)]
#[error("{} of the host's plugins did not shut down in order, the first: {}", .errors.len(), .errors[0])]
pub struct ShutdownError {
    errors: Vec<UnloadError>,
}

impl ShutdownError {
    /// None when there is nothing to tell.
    pub(crate) fn of(errors: Vec<UnloadError>) -> Result<(), ShutdownError> {
        if errors.is_empty() { Ok(()) } else { Err(ShutdownError { errors }) }
    }

    /// What was wrong with each.
    #[must_use]
    pub fn errors(&self) -> &[UnloadError] {
        &self.errors
    }

    /// The code of its page under `docs/errors`.
    #[must_use]
    pub fn code(&self) -> &'static str {
        self.errors[0].code()
    }
}
