//! What a command tells while it works. Commands push these; only the reporter knows how they look.

/// Something that happened on the way.
#[derive(Debug, Clone)]
pub(crate) enum Event {
    /// A plugin's folder was written.
    Created { name: String, folder: String, from: Origin },
    /// A file that was there was left as it is.
    Kept { path: String },
    /// A contract was copied into the new plugin.
    ContractCopied { source: String, world: String, files: usize, functions: usize },
    /// A version of a contract was frozen: its worlds with their hashes.
    Frozen { package: String, folder: String, files: usize, hashes: Vec<(String, String)> },
    /// The new plugin was entered into the workspace around it.
    JoinedWorkspace { manifest: String, needs_profile: bool },
    /// What the user would do next.
    NextSteps { folder: String },
    /// A program is about to run.
    Running { command: String },
    /// A plugin is being checked and packed.
    Packing { name: String },
    /// The contract of a plugin is not the one it was built for the last time.
    ContractChanged { name: String, old: String, new: String, changes: Vec<String> },
    /// A file that the command is there to write was written.
    Wrote { path: String },
    /// What set-up is going to do.
    Plan { steps: Vec<String>, is_done: bool },
    /// A step of it began.
    Step { what: String },
    /// A line about the step that runs.
    Detail { line: String },
    /// Set-up is through.
    SetUp { target: &'static str },
    /// Something that the user should know but that stops nothing.
    Warning { message: String, help: Option<String> },
    /// A plugin wrote to its host's log.
    #[cfg_attr(not(feature = "run"), allow(dead_code, reason = "only `call` runs plugins"))]
    PluginLog { level: String, plugin: String, message: String },
    /// A plugin emitted an event.
    #[cfg_attr(not(feature = "run"), allow(dead_code, reason = "only `call` runs plugins"))]
    PluginEmitted { plugin: String, event_type: String, payload: String },
    /// A plugin tried what it may not: the access as it is written after `--allow`.
    #[cfg_attr(not(feature = "run"), allow(dead_code, reason = "only `call` runs plugins"))]
    PluginDenied { plugin: String, access: String, can_be_granted: bool },
    /// How long a stage of a call took.
    #[cfg_attr(not(feature = "run"), allow(dead_code, reason = "only `call` runs plugins"))]
    Took { stage: &'static str, time: std::time::Duration },
}

/// What a new plugin was made from.
#[derive(Debug, Clone)]
pub(crate) enum Origin {
    Template(&'static str),
    Contract(String),
}
